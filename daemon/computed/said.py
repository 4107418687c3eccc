"""What was said, sentence by sentence, as a checklist looks at it: a heading or a question is one with what answers it.

A checklist that calls missing what stands there is worse than none, and so is one that takes an empty line of a form, a question
nobody answered or "allergies were not asked" for an answer. Both are decided here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from daemon.documents.filler import is_filler
from daemon.faithfulness.spans import sentence_spans
from daemon.model.passage import PageAnchor, Passage

_LABELLED = re.compile(r"\s*(?:[-*•]\s*)?[^\W\d_][\w /&'’().-]{0,40}:\s*\S")
_UNTICKED = re.compile(r"\s*(?:\[\s*\]|☐|□|\(\s\))")
_ENDS = (".", "!", "?", ";", ":")
_LONGEST_BARE_WORDS = 8
_WITHHELD = re.compile(
    r"\b(?:(?:not|n't|never)\s+(?:been\s+|yet\s+|be\s+)?(?:asked|ask|discussed|discuss|addressed|documented|document|recorded|record"
    r"|noted|mentioned|mention|obtained|obtain|reviewed|review|assessed|assess|examined|examine|done|performed|checked|check"
    r"|taken|measured|measure|available|listed|provided|stated|specified|given|filled|completed|verified|known)"
    r"|no\s+mention|without\s+mention|unknown|unavailable|undocumented|unrecorded|deferred|left\s+blank|to\s+be\s+(?:determined"
    r"|documented|obtained|confirmed|added|completed|updated|entered|asked|recorded)|forgot|need(?:s|ed)?\s+to\s+(?:ask|check|document"
    r"|obtain|add|confirm|find\s+out|clarify|record|verify|update|be\s+(?:documented|asked|obtained|added|recorded|confirmed"
    r"|clarified|updated))|(?:i|we)(?:\s+will|'ll)\s+(?:ask|find\s+out|clarify)|tbd|still\s+missing|is\s+missing|are\s+missing"
    r"|no\s+(?:[^\W\d_]+\s+){0,3}(?:was|were|is|are)\s+(?:documented|recorded|asked|obtained|listed|given|noted))\b",
    re.IGNORECASE,
)
_NAMES_NOTHING_MISSING = re.compile(
    r"\b(?:no|not?\s+any|none)\b[^.;,]{0,30}\bknown\b|\bnot\s+known\s+to\s+(?:have|be)\b|\bunable\s+to\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[,;]\s|\s(?:but|and|while|although|though)\s")
_DENIES = re.compile(
    r"\b(?:no|not|never|denies|denied|denying|without|negative\s+for|n't|none|nor|neither|rather\s+than|instead\s+of|rule\s+out"
    r"|ruled\s+out|family\s+history\s+of|history\s+of)\b[^.;:]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, or a heading or question with what follows it. `labels` are the classifier's for its passages."""

    text: str
    evidence: tuple[str, ...]
    labels: frozenset[str] = frozenset()

    def withholds(self, span: tuple[int, int]) -> bool:
        """Whether what stands at `span` is only said to be unasked, unmeasured or unknown."""
        start, end = span
        before = [cut.end() for cut in _CLAUSE_END.finditer(self.text, 0, start)]
        first = before[-1] if before else 0
        after = _CLAUSE_END.search(self.text, end)
        last = after.start() if after else len(self.text)
        clause = self.text[first:last]
        if _NAMES_NOTHING_MISSING.search(clause):
            return False
        if _WITHHELD.search(clause):
            return True
        return after is not None and _WITHHELD.match(self.text[after.end() :].lstrip()) is not None

    def denies(self, span: tuple[int, int]) -> bool:
        """Whether what stands at `span` is denied, or somebody else's or of the past."""
        return _DENIES.search(self.text[: span[0]]) is not None


def said(
    passages: Sequence[Passage],
    labels: Mapping[str, Sequence[str]],
    *,
    headings: Collection[str] = (),
    blank: Collection[str] = (),
) -> tuple[Said, ...]:
    """All that was said, in order. `headings` are words that alone only announce something ("allergies"), lower case; `blank`
    the ids of passages on which a form was left empty."""
    whole = _rejoined([one for passage in passages for one in _sentences(passage, labels)], passages)
    kept = [one for one in whole if not set(one.evidence) & set(blank) and not _UNTICKED.match(one.text)]
    return tuple(_answered(kept, headings))


def _sentences(passage: Passage, labels: Mapping[str, Sequence[str]]) -> Iterator[Said]:
    if is_filler(passage.text):
        return
    own = frozenset(labels.get(passage.id, ()))
    for start, end in sentence_spans(passage.text):
        yield Said(" ".join(passage.text[start:end].split()), (passage.id,), own)


def _rejoined(sentences: Sequence[Said], passages: Sequence[Passage]) -> list[Said]:
    """A sentence that runs on over the end of a line or of a clause is one again."""
    place = {passage.id: passage.anchor.source for passage in passages}
    on_page = {passage.id for passage in passages if isinstance(passage.anchor, PageAnchor)}
    joined: list[Said] = []
    for one in sentences:
        last = joined[-1] if joined else None
        apart = (
            last is None or last.evidence[-1] == one.evidence[0] or place[last.evidence[-1]] != place[one.evidence[0]]
        )
        if last is None or apart or not _runs_on(last, one, last.evidence[-1] in on_page):
            joined.append(one)
            continue
        joined[-1] = _both(last, one, " ")
    return joined


def _runs_on(one: Said, after: Said, on_page: bool) -> bool:
    if one.text.endswith(_ENDS) or not after.text[:1].islower():
        return False
    return not on_page or len(one.text) >= _LONGEST_BARE_WORDS * 4


def _answered(sentences: Sequence[Said], headings: Collection[str]) -> Iterator[Said]:
    waiting: Said | None = None
    for one, after in pairwise([*sentences, None]):
        if one is None:
            break
        here = one if waiting is None else _both(waiting, one, " ")
        waiting = None
        if after is not None and _is_bare(one.text, headings) and not _opens_another(one.text, after.text, headings):
            waiting = replace(here, text=here.text.rstrip(" .:?") + ":")
            continue
        if not _is_bare(one.text, headings):
            yield here


def _is_bare(text: str, headings: Collection[str]) -> bool:
    """Whether it only announces or asks: "Allergies.", "Current medications:", "Any allergies?"."""
    if text.endswith("?"):
        return True
    if text.endswith(":"):
        return len(text.split()) <= _LONGEST_BARE_WORDS
    return text.strip(" .,:-–—").lower() in headings


def _opens_another(heading: str, after: str, headings: Collection[str]) -> bool:
    if heading.endswith("?"):
        return after.endswith("?")
    return _LABELLED.match(after) is not None or _is_bare(after, headings)


def _both(one: Said, other: Said, between: str) -> Said:
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))
    return Said(f"{one.text}{between}{other.text}", evidence, one.labels | other.labels)
