"""What was said, sentence by sentence, as a checklist looks at it: a heading or a question is one with what answers it.

A checklist that calls missing what stands there is worse than none, and so is one that takes an empty line of a form, a question
nobody answered or "allergies were not asked" for an answer. Both are decided here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from daemon.documents.cues import find_cue
from daemon.documents.filler import is_filler
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.model.passage import PageAnchor, Passage

_LABELLED = re.compile(r"\s*(?:[-*•]\s*)?(?P<label>[^\W\d_][\w /&'’().-]{0,40}?)\s*:")
_PARTS = frozenset(
    """medications;meds;current medications;medication list;allergies;drug allergies;past medical history;medical history;pmh;psh;
    past surgical history;surgical history;social history;family history;ros;review of systems;physical exam;physical examination;exam;
    examination;objective;subjective;vitals;vital signs;assessment;plan;assessment and plan;a/p;impression;diagnosis;diagnoses;labs;results;
    imaging;hpi;history of present illness;chief complaint;cc;reason for visit;immunizations;procedure;procedures;name;patient;patient name;
    date of birth;dob;date;address;phone;pharmacy;insurance;signature;age;sex;gender;instructions;follow-up;follow up;disposition;history;
    problem list;problems;tobacco;alcohol""".replace("\n", "")
    .replace("    ", "")
    .split(";")
)
"""What notes and forms head their parts with: it says of itself nothing, and ends the part before."""
_LEADS_ON = ("of", "to", "for", "with", "in", "from", "was", "is")
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
    r"|ruled\s+out|family\s+history\s+of|history\s+of|history\s+(?:is\s+)?significant\s+for|history\s+includes)\b[^.;:]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, or a heading or question with what follows it.

    `labels` are the classifier's for its passages; `answers` says that it begins with a question; `aside` are words put aside.
    """

    text: str
    evidence: tuple[str, ...]
    labels: frozenset[str] = frozenset()
    answers: bool = False
    aside: tuple[tuple[int, int], ...] = ()

    @property
    def plain(self) -> str:
        """The text with blanks where words are put aside: spans hold for both."""
        text = self.text
        for start, end in self.aside:
            text = f"{text[:start]}{' ' * (end - start)}{text[end:]}"
        return text

    def without(self, cues: Sequence[str]) -> Said:
        """The same with the words of these cues put aside, each where it is first said."""
        found = [span for cue in cues if (here := find_cue([cue], self.text)) is not None for span in [here.span]]
        return replace(self, aside=tuple(found)) if found else self

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
        if not _is_bare(one.text, headings):
            yield here
        elif (
            after is not None and _announces(one.text, headings) and not _opens_another(one.text, after.text, headings)
        ):
            waiting = replace(here, text=here.text.rstrip(" .:?") + ":", answers=one.text.endswith("?"))


def _is_bare(text: str, headings: Collection[str]) -> bool:
    """Whether it only announces or asks: "Allergies.", "Current medications:", "PHYSICAL EXAM", "Any allergies?"."""
    if text.endswith("?"):
        return True
    words = text.strip(" .,:-–—•*#").lower()
    capitals = text.isupper() and len(words.split()) > 1 and not any(character.isdigit() for character in words)
    marked = text.endswith(":") or (capitals and words not in headings and _begins(words, _PARTS))
    return words in _PARTS or words in headings or (marked and len(words.split()) <= _LONGEST_BARE_WORDS)


def _announces(text: str, headings: Collection[str]) -> bool:
    """Whether what follows belongs to it: it is a question, or headed by what something is looked for."""
    own = [heading for heading in headings if not heading.endswith(_LEADS_ON)]
    return text.endswith(("?", ":")) or _begins(text.strip(" .,:-–—•*#").lower(), own)


def _begins(words: str, names: Collection[str]) -> bool:
    return any(words == name or words.startswith(f"{name} ") for name in names)


def _opens_another(heading: str, after: str, headings: Collection[str]) -> bool:
    if heading.endswith("?"):
        return after.endswith("?")
    label = _LABELLED.match(after)
    return _is_bare(after, headings) or (label is not None and label["label"].strip().lower() in _PARTS)


def _both(one: Said, other: Said, between: str) -> Said:
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))
    return Said(f"{one.text}{between}{other.text}", evidence, one.labels | other.labels, one.answers)
