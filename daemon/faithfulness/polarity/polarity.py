"""What a text speaks of, and whether it affirms, denies or doubts it: note, dictation, form, or conversation with its answers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from daemon.faithfulness.polarity.answers import AGREES, NO, YES, answer_of, first_question, last_question
from daemon.faithfulness.polarity.scope import AFFIRMED, ASKED, DENIED, KIN, OTHER, UNCERTAIN, Scopes, scopes
from daemon.faithfulness.polarity.words import Naming, Symptom, Word, empty_words, namings, stem, words_of
from daemon.faithfulness.texts import DOCTOR, Texts

__all__ = [
    "AFFIRMED",
    "ASKED",
    "DENIED",
    "KIN",
    "OTHER",
    "UNCERTAIN",
    "Reading",
    "SaidOf",
    "SourceReading",
    "read_source",
    "read_text",
]

_NEAR = 8  # words before and behind a denial in which it may be meant
NORMAL = frozenset(
    [
        "normal",
        "clear",
        "unremarkable",
        "intact",
        "negative",
        "benign",
        "free",
        "less",
        "stopped",
        "quit",
        "only",
        "fine",
        "gone",
        "good",
        "stable",
        "full",
        "supple",
    ]
)
"""What says of a thing that nothing is wrong with it, or not any more: of these a denial may be made."""
_SHORT_QUESTION = 12  # words: "any chills?", asked before another question and answered with it
_MOST_QUESTIONS = 8  # in a row that one answer answers
_ANSWER = 80  # characters by which an answer is known
_LONG_QUESTION = 60  # words
_SHORT_PASSAGE = 80  # characters: of what may stand between a question and its answer
_BARE_QUESTION = 5  # words of a clinician that are a question by themselves: "cough headache"
_UNPUNCTUATED_QUESTION = 14  # words of a turn without marks that an answer is taken to answer


@dataclass(frozen=True, slots=True)
class SaidOf:
    """A symptom that is named, at which words (`last` included), and what is said of it."""

    symptom: Symptom
    first: int
    last: int
    polarity: str
    normal: bool


@dataclass(slots=True)
class Reading:
    """A text's words, what is said of each of them, the symptoms they name, and the stretches that are questions with an answer."""

    words: list[Word]
    scopes: Scopes
    namings: list[Naming]
    answered: list[tuple[int, int]] = field(default_factory=list)

    def said(self) -> list[SaidOf]:
        """The symptoms with what is said of them. A normal finding ("lungs clear") denies where it is affirmed."""
        return [
            SaidOf(
                one.symptom,
                one.first,
                one.last,
                _turned(self._polarity(one)) if one.normal else self._polarity(one),
                one.normal,
            )
            for one in self.namings
        ]

    def _polarity(self, one: Naming) -> str:
        return self.scopes.polarity[one.last]


@dataclass(slots=True)
class SourceReading:
    """All passages in one row of words.

    `passage` gives for each word the number of its passage, `ids` their ids; `denial_near` whether a denial stands close to it; `stems` the places at which each stem stands;
    `said` the symptoms by name, with the place of their last word; `answers` for a passage the one that answers it,
    and `answered` the places of the words that were asked and answered.
    """

    ids: list[str]
    polarity: list[str] = field(default_factory=list)
    passage: list[int] = field(default_factory=list)
    denial_near: list[bool] = field(default_factory=list)
    stems: dict[str, list[int]] = field(default_factory=dict)
    said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    answers: dict[int, int] = field(default_factory=dict)
    answered: set[int] = field(default_factory=set)

    def evidence(self, places: Sequence[int]) -> tuple[str, ...]:
        """The ids of the passages at `places` with those that answer them, in their order."""
        numbers = {self.passage[place] for place in places}
        asked = {self.passage[place] for place in places if place in self.answered}
        numbers |= {self.answers[number] for number in asked if number in self.answers}
        return tuple(self.ids[number] for number in sorted(numbers))


def read_text(text: str) -> Reading:
    """`text` by itself: no question in it is answered."""
    words = words_of(text)
    return Reading(words, scopes(words), namings(words))


def read_source(source: Texts) -> SourceReading:
    """All passages, questions with the answers to them. For `Texts.learn`; linear in the length of the passages."""
    ids = list(source.by_id)
    readings = [read_text(source.by_id[one]) for one in ids]
    found = SourceReading(ids)
    _answer_questions(source, ids, readings, found)
    for number, reading in enumerate(readings):
        _enter(found, number, reading)
    return found


def _enter(found: SourceReading, number: int, reading: Reading) -> None:
    offset, empty = len(found.passage), empty_words()
    for at, word in enumerate(reading.words):
        found.passage.append(number)
        found.polarity.append(reading.scopes.polarity[at])
        if word.text not in empty and len(word.text) > 1:
            found.stems.setdefault(stem(word.text), []).append(offset + at)
    found.denial_near += [False] * len(reading.words)
    denials = [(first, last) for first, last, kind in reading.scopes.triggers if kind in (DENIED, OTHER)]
    denials += [(at, at) for at, word in enumerate(reading.words) if word.text in NORMAL]
    for first, last in denials:
        for at in range(max(0, first - _NEAR), min(len(reading.words), last + _NEAR + 1)):
            found.denial_near[offset + at] = True
    for first, last in reading.answered:
        found.answered.update(range(offset + first, offset + last))
    reacts = any(one.text == "allergic" and other.text == "to" for one, other in pairwise(reading.words))
    for one in reading.said():
        # "allergic to amoxicillin, which caused hives" is no rash of today
        polarity = OTHER if reacts and one.polarity == AFFIRMED else one.polarity
        found.said.setdefault(one.symptom.name, []).append((offset + one.last, polarity))


def _answer_questions(source: Texts, ids: Sequence[str], readings: Sequence[Reading], found: SourceReading) -> None:
    for number, reading in enumerate(readings):
        text = source.by_id[ids[number]]
        asked = _questions(reading, source, ids, number)
        for at, (first, last) in enumerate(asked):
            follows = asked[at + 1][0] if at + 1 < len(asked) else None
            answer = None
            if last < len(reading.words):  # answered in its own passage, or by what the next question is answered with
                begins = reading.words[last].start
                answer = answer_of(text[begins : begins + _ANSWER])
                if answer is None and follows == last:
                    answer = _closing_answer(source, ids, number, asked, at, found)
            else:
                answer = _next_answer(source, ids, number, found)
            _settle(reading, (first, last), answer)
            if answer is not None and at == 0 and first == 0:
                _settle_earlier(source, ids, readings, number, answer, found)


def _closing_answer(
    source: Texts, ids: Sequence[str], number: int, asked: Sequence[tuple[int, int]], at: int, found: SourceReading
) -> str | None:
    """The answer to a row of short questions, if the row ends the passage."""
    rest = asked[at : at + _MOST_QUESTIONS]
    joined = all(one[1] == other[0] and other[1] - other[0] <= _SHORT_QUESTION for one, other in pairwise(rest))
    return _next_answer(source, ids, number, found) if joined and len(asked) - at <= _MOST_QUESTIONS else None


def _next_answer(source: Texts, ids: Sequence[str], number: int, found: SourceReading) -> str | None:
    answered = _answering(source, ids, number)
    answer = answer_of(source.by_id[ids[answered]]) if answered is not None else None
    if answer is not None and answered is not None:
        found.answers[number] = answered
    return answer


def _questions(reading: Reading, source: Texts, ids: Sequence[str], number: int) -> list[tuple[int, int]]:
    """What is asked, from the first word to behind the last. "…, okay?" asks nothing."""
    words = reading.words
    asked: list[tuple[int, int]] = []
    begins = 0
    for at, word in enumerate(words):
        if word.text == "?":
            if at > begins and not _only_checks(words, at):
                asked.append((begins + first_question([one.text for one in words[begins:at]]), at + 1))
            begins = at + 1
        elif word.text in ".!\n":
            begins = at + 1
    last = _unmarked_question(words[begins:], source, ids, number)
    return [*asked, (begins + last, len(words))] if last is not None else asked


def _only_checks(words: Sequence[Word], at: int) -> bool:
    before = [word.text for word in words[max(0, at - 3) : at]]
    return before[-2:] in ([",", "okay"], [",", "ok"], [",", "right"], ["you", "know"], ["sound", "good"]) or before[
        -2:
    ] == ["all", "right"]


def _unmarked_question(words: Sequence[Word], source: Texts, ids: Sequence[str], number: int) -> int | None:
    """Where a question begins among `words` that end a turn without a mark, as recognised speech has it."""
    if not words or number + 1 >= len(ids):
        return None
    speaker, after = source.speakers.get(ids[number]), source.speakers.get(ids[number + 1])
    if not speaker or speaker == after:
        return None
    begins = last_question([word.text for word in words])
    if begins is not None:
        return begins if len(words) - begins <= _LONG_QUESTION else None
    answered = answer_of(source.by_id[ids[number + 1]]) is not None
    longest = _UNPUNCTUATED_QUESTION if answered else _BARE_QUESTION
    return 0 if speaker == DOCTOR and len(words) <= longest else None


def _answering(source: Texts, ids: Sequence[str], number: int) -> int | None:
    """The passage that may answer what ends `number`: the next, or if the asker goes on asking, that of the next speaker."""
    asker = source.speakers.get(ids[number])
    for later in range(number + 1, min(number + 5, len(ids))):
        if not asker or source.speakers.get(ids[later]) != asker:
            return later
        if not source.by_id[ids[later]].rstrip().endswith("?") or len(source.by_id[ids[later]]) > _SHORT_PASSAGE:
            return None
    return None


def _settle(reading: Reading, asked: tuple[int, int], answer: str | None) -> None:
    """Say of the words that were asked what the answer says. A "yes" to several things may mean one of them."""
    polarity = reading.scopes.polarity
    if answer is not None:
        reading.answered.append(asked)
    first, last = (bisect_left(reading.namings, place, key=lambda one: one.first) for place in asked)
    several = len({one.symptom.name for one in reading.namings[first:last]}) > 1
    for at in range(*asked):
        polarity[at] = OTHER if several and answer == YES else _answered(polarity[at], answer)


def _answered(said: str, answer: str | None) -> str:
    if said in (OTHER, UNCERTAIN) and answer is None:
        return said
    if said == KIN and answer != NO:
        return KIN if answer is not None else ASKED
    if answer is None or (answer == YES and said == DENIED):
        return ASKED
    if answer == NO:
        return DENIED
    if answer == AGREES:
        return AFFIRMED if said == ASKED else said
    return AFFIRMED if said != OTHER else OTHER


def _settle_earlier(
    source: Texts, ids: Sequence[str], readings: Sequence[Reading], number: int, answer: str, found: SourceReading
) -> None:
    """Short questions of the same speaker right before the one that is answered are answered with it."""
    for earlier in range(number - 1, max(number - 8, -1), -1):
        words = readings[earlier].words
        same = source.speakers.get(ids[earlier]) == source.speakers.get(ids[number])
        short = len(words) <= _SHORT_QUESTION and words[-1:] and words[-1].text == "?"
        if not same or not short or earlier in found.answers or number not in found.answers:
            return
        _settle(readings[earlier], (0, len(words)), answer)
        found.answers[earlier] = found.answers[number]


def _turned(polarity: str) -> str:
    return {AFFIRMED: DENIED, DENIED: AFFIRMED}.get(polarity, polarity)
