"""Cuts a conversation into groups of passages on one matter: a question with its answer, or a few sentences of one speaker.

A pure rule over who speaks, where questions end, and what goes on with the sentence before; it looks at no medical word. An answer
never stands without its question, nor a question that only points back ("How long has that been going on?") without what it
points to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from daemon.adapters.drafting.section_features import NUMBER, spoken_words
from daemon.documents.filler import is_filler
from daemon.faithfulness.polarity.answers import answer_of
from daemon.faithfulness.reading.speaking import spoken_roles
from daemon.faithfulness.reading.transcript import named_lines, role_of
from daemon.model.passage import PageAnchor, Passage

MOST_WORDS = 60
"""A group is what a sentence of a note is made of; people say about three times as many words as they write."""
MOST_RUN_WORDS = 45
MOST_RUN = 3
"""So many passages of one speaker in a row are one group, and so many of an answer."""
SHORT_WORDS = 6
"""A sentence of so few words rarely says something by itself."""
LONG_WORDS = 30
_SHORT_REPLY = 4
_LEAST_QUESTIONS, _LEAST_SHARE = 3, 0.08
"""What is not a dictation, though nobody is named: so many questions with answers, and so many of the passages."""

_CHECKS_BACK = re.compile(
    r"(?:^|[,.;\s])\s*(?:okay|ok|all right|alright|right|yeah|you know|sounds? good|(?:does that )?(?:sounds?|make|makes) (?:like a plan|good|sense|okay))\s*\?\s*$",
    re.IGNORECASE,
)
"""Ends like a question, and asks nothing: "I will order an echocardiogram, okay?"."""
_ASKS_UNMARKED = re.compile(
    r"(?:^|[.,?!]\s*)(?:(?:and|so|okay|ok|now|um|uh|well)\b[\s,]*){0,3}"
    r"(?:(?:how|what) about|any|do you|have you|has (?:he|she|it|there)|are you|did you|does (?:it|he|she|that)|is there|are there)\b"
    r"(?! (?:questions?|concerns)\b)[^.?!]{0,80}[.,]?\s*$",
    re.IGNORECASE,
)
"""A question without its mark: "How about alcohol."."""
_POINTS_BACK = re.compile(
    r"\b(?:that|it|this|they|them|those|these|there|else|either)\b|^\W*(?:(?:and|so|okay|um|uh|,)\W+)*(?:how (?:long|often|bad|much|many)|when|since when|where|which|what kind|why)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"[\W_]*(?:(?:um|uh|and|but|or|so|because|which|then|also|it|it's|its|that|that's|this|they|these|those|he|she|especially|like|with|to|for)\b)",
    re.IGNORECASE,
)
_STOP_APART = re.compile(r" [.?!]+ (?=\S)")
_UNFINISHED = re.compile(r"[\w,-]\s*[-–—]$|,$|\.\.\.$|…$")
PLAIN = frozenset(
    re.findall(
        r"\w+",
        "a about after again ago all also always am an and any anything are as at bad be been before being better but bother by "
        "can come constant could day days did do does doing done during else even ever every feel feeling few find first for from get "
        "gets getting go goes going got gotten had happen happened happening happens has have having hear here hour hours how i if im "
        "in into is it its just kind know last lately like little long look lot make many maybe me minutes month months more morning "
        "much my night no not now of off often oh ok okay on once or other out over past pretty probably quite really right same say "
        "see seen severe since so some something sometimes soon sort started start starting still stop sure tell than thank thanks that "
        "thats the them then there these they thing things think this those time times to today told too uh um up us very was way we "
        "week weeks well went were what whats when where which while who why will with worse would year years yes yesterday yet you "
        "youve your youre yeah all right alright mm hmm mhm dont didnt havent hasnt isnt wasnt doesnt",
    )
) | {NUMBER}
"""Words that say when, how long, how much or nothing: a question of these alone has its matter elsewhere."""


@dataclass(frozen=True, slots=True)
class Said:
    """A passage of a conversation: `role` is "Doctor", "Patient" or "Other", "" where nobody is named; `text` is without the name."""

    id: str
    role: str
    text: str
    whole: str

    @property
    def line(self) -> str:
        """As it stands in a group."""
        return f"{self.role}: {self.text}" if self.role else self.text

    @property
    def asks(self) -> bool:
        """Whether somebody has to answer."""
        if self.text.rstrip().endswith("?"):
            return _CHECKS_BACK.search(self.text) is None
        return _ASKS_UNMARKED.search(self.text) is not None

    @property
    def size(self) -> int:
        """In words."""
        return len(self.text.split())


@dataclass(slots=True)
class Talk:
    """What belongs together. `before` is what it points back to, which another group says."""

    said: list[Said]
    before: Said | None = None

    @property
    def size(self) -> int:
        """In words."""
        return sum(one.size for one in self.said)

    @property
    def text(self) -> str:
        """What the section classifier sees: without who speaks, which it was not trained on."""
        return " ".join(one.text for one in self.said)

    @property
    def lines(self) -> tuple[str, ...]:
        """With what it points back to."""
        return tuple(one.line for one in ([self.before] if self.before else []) + self.said)


def conversation(passages: Sequence[Passage]) -> tuple[list[Said], list[Passage]]:
    """What of the passages is talk between people, and the rest. Each source is one or the other; pages of a scan are never talk."""
    talk: list[Said] = []
    rest: list[Passage] = []
    for _, group in groupby(passages, key=lambda one: one.anchor.source):
        own = list(group)
        said = [] if any(isinstance(one.anchor, PageAnchor) for one in own) else _said(own)
        talk += said
        rest += [] if said else own
    return talk, rest


def _said(passages: Sequence[Passage]) -> list[Said]:
    texts = [" ".join(passage.text.split()) for passage in passages]
    voices = spoken_roles(passages)
    named = [(voices.get(one.id, ""), text) for one, text in zip(passages, texts, strict=True)]
    named = named if voices else named_lines(texts)
    role = ""
    said: list[Said] = []
    for passage, whole, (name, text) in zip(passages, texts, named or [("", each) for each in texts], strict=True):
        role = role_of(name).capitalize() if name else "" if voices else role
        parts = list(_parts(text))
        wholes = [whole.removesuffix(text) + parts[0], *parts[1:]]
        said += (Said(passage.id, role, part, each) for part, each in zip(parts, wholes, strict=True))
    return said if named or _is_asked_and_answered(said) else []


def _parts(text: str) -> Iterator[str]:
    """A long passage by its sentences, where the marks stand apart ("on your exam . your lungs are clear ."), as some transcripts have them."""
    begin = 0
    for stop in _STOP_APART.finditer(text) if len(text.split()) > LONG_WORDS else ():
        if len(text[begin : stop.end()].split()) > SHORT_WORDS < len(text[stop.end() :].split()):
            yield text[begin : stop.end()].strip()
            begin = stop.end()
    yield text[begin:].strip()


def _is_asked_and_answered(said: Sequence[Said]) -> bool:
    """Whether a recording without names is a visit: a clinician who dictates asks nobody anything."""
    asked = sum(one.asks and not then.asks for one, then in pairwise(said))
    return asked >= _LEAST_QUESTIONS and asked >= _LEAST_SHARE * len(said)


def grouped(said: Sequence[Said]) -> list[Talk]:
    """The groups in order. In none is what says nothing: a filler that is no answer."""
    told = list(_without_fillers(said))
    found: list[Talk] = []
    at = 0
    while at < len(told):
        end = _end_of_pair(told, at) if told[at].asks else _end_of_run(told, at)
        if end < len(told) and told[end].asks and told[end].role == told[end - 1].role and _breaks_off(told[end - 1]):
            end = _end_of_pair(told, end)
        found += _placed_behind(found, Talk(told[at:end]))
        at = end
    return found


def _without_fillers(said: Sequence[Said]) -> Iterator[Said]:
    last: Said | None = None
    for one in said:
        answers = last is not None and last.asks and answer_of(one.text) is not None
        if answers or not is_filler(one.text):
            yield one
            last = one


def _end_of_pair(told: Sequence[Said], at: int) -> int:
    """Behind a question, with those that follow it in one breath, and its answer."""
    asker, size, end = told[at].role, told[at].size, at + 1
    while (
        end < len(told)
        and told[end].asks
        and told[end].role == asker
        and asker
        and size + told[end].size <= MOST_RUN_WORDS
    ):
        size, end = size + told[end].size, end + 1
    if asker and _explains(told, end, asker) and size + told[end].size <= MOST_RUN_WORDS:
        size, end = size + told[end].size, end + 1
    first = end
    while end < len(told) and end < first + MOST_RUN and not told[end].asks and (not asker or told[end].role != asker):
        size += told[end].size
        if end > first and (told[end].role != told[first].role or not _fits(told[end - 1], told[end], size)):
            break
        end += 1
    return end


def _explains(told: Sequence[Said], at: int, asker: str) -> bool:
    """Whether the one who asked says a sentence more before the other answers."""
    return told[at].role == asker and told[at + 1].role != asker if at + 1 < len(told) else False


def _fits(one: Said, then: Said, size: int) -> bool:
    """Whether an answer goes on: while it is short, and to the end of what is broken off or joined by its first word."""
    return size <= (MOST_WORDS if _belongs(one, then) else MOST_RUN_WORDS)


def _end_of_run(told: Sequence[Said], at: int) -> int:
    """Behind a few sentences of one speaker, and the short word with which another agrees."""
    size, end = told[at].size, at + 1
    while end < len(told) and end < at + MOST_RUN and told[end].role == told[at].role and not told[end].asks:
        size += told[end].size
        most = MOST_WORDS if _breaks_off(told[end - 1]) else MOST_RUN_WORDS
        if size > most or not _belongs(told[end - 1], told[end]):
            break
        end += 1
    replies = end < len(told) and told[end].role != told[at].role and told[end].size <= _SHORT_REPLY
    return end + 1 if replies and answer_of(told[end].text) is not None else end


def _belongs(one: Said, then: Said) -> bool:
    """Whether the second sentence of a speaker goes on with the first."""
    if one.role != then.role:
        return False
    short = min(one.size, then.size) <= SHORT_WORDS
    return short or _breaks_off(one) or _GOES_ON.match(then.text) is not None


def _breaks_off(one: Said) -> bool:
    return _UNFINISHED.search(one.text) is not None


def _placed_behind(found: list[Talk], talk: Talk) -> list[Talk]:
    """The talk as a group of its own, or none where it went to the one before, which it only says more of."""
    if not found or not _has_its_matter_before(talk):
        return [talk]
    last = found[-1]
    if last.size + talk.size <= MOST_WORDS:
        last.said += talk.said
        return []
    told = [one for one in last.said if not _is_plain(one.text)]
    talk.before = told[-1] if told else last.said[-1]
    return [talk]


def _has_its_matter_before(talk: Talk) -> bool:
    first = talk.said[0]
    if not first.asks:
        return all(_is_plain(one.text) for one in talk.said) and first.size <= SHORT_WORDS
    return (
        _is_plain(first.text)
        and _POINTS_BACK.search(first.text) is not None
        and talk.size - first.size <= MOST_WORDS // 3
    )


def _is_plain(text: str) -> bool:
    return all(word in PLAIN for word in spoken_words(text))
