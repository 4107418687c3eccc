"""Which places of a recording are listened to once more, told of the drugs they may be, and what becomes of the answer.

Told of forty names for a whole recording, recognition leaves out sentences and adds others. Told of a handful for one sentence it
hears that sentence's drug ("furos might" is furosemide), and whatever else it changes is not taken: the words of the first hearing
stand but for a doubted run in whose place there is now one of the drugs asked for, and nothing new beside it. What is taken over
stays marked, with what was heard at first beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from daemon.faithfulness.medicines.dosed_words import dosed_words
from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.sound_alike import likeness, sounding_like
from daemon.faithfulness.vocabulary.plain_words import is_plain_word, is_unit
from daemon.faithfulness.vocabulary.turning_words import turns_a_fact
from daemon.model.doubtful_words import FIRST_HEARD, LOW_CONFIDENCE, is_small
from daemon.model.passage import Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames

MOST_NAMES: Final = 6
"""Drugs asked for at one place: more, and it hears one where none was said."""
LONGEST_SECONDS: Final = 12.0
"""Of a longer sentence clauses are listened to. Whole sentences are understood better: 23 drugs of 45, 16 in clauses alone."""
_LEAST_SECONDS = 4.0
MOST_LOOKS: Final = 200
_DOUBTED = 0.7
"""Below this a word may be part of a drug that was not understood; most such words are none."""
_LEAST_LETTERS = 5
_MOST_RUN = 4
_LEAST_TAKEN = 0.58
"""Of 60 dictations, 27 drugs were taken over above 0.4, one of them wrong, at 0.55; below 0.6 one was right."""
_LEAST_TAKEN_OF_SURE = 0.7
"""The same where a sure word goes with the doubted ones: "triumphs in alone" was triamcinolone."""
_MORE_WORDS = 3
"""So many more than were heard at first are looked at: the end of an answer goes round in circles."""
_TAKEN_CONFIDENCE = 0.3
_EDGES = re.compile(r"^\W+|\W+$")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BREAK = re.compile(r"[.,;:?!]$")
_SENTENCE_END = re.compile(r"[.?!]$")


@dataclass(frozen=True, slots=True)
class Look:
    """A place to listen to once more: words `first` to `last` of a passage, its seconds, and the drugs that it may be about."""

    passage: int
    first: int
    last: int
    start: float
    end: float
    names: tuple[str, ...]


def second_looks(passages: Sequence[Passage], names: SpeechNames | None = None) -> tuple[Look, ...]:
    """The places of a recording, after `heard_words.weighed`, where doubted words sound like a drug. `names.usual`: drugs that are meant
    often here, which may sound less alike."""
    usual = tuple(name.lower() for name in (names.usual if names else ()) if name.lower() in drug_names())
    found = [look for at, passage in enumerate(passages) for look in _looks(at, passage, usual)]
    return tuple(found[:MOST_LOOKS])


def heard_again(
    passages: Sequence[Passage], looks: Sequence[Look], untrusted_texts: Sequence[str]
) -> tuple[Passage, ...]:
    """The passages with what the second hearing has in place of doubted words; one text for each look, in their order."""
    found = list(passages)
    for look, untrusted in sorted(
        zip(looks, untrusted_texts, strict=True), key=lambda one: (one[0].passage, -one[0].first)
    ):
        found[look.passage] = _with_heard(found[look.passage], look, untrusted.split())
    return tuple(found)


# -- where to look -----------------------------------------------------------------------------------------------------
def _looks(number: int, passage: Passage, usual: Sequence[str]) -> Iterator[Look]:
    words = passage.words
    if not isinstance(passage.anchor, TimeAnchor) or " ".join(word.text for word in words) != passage.text:
        return
    for first, last in _pieces(words):
        start, end = words[first].start, words[last].end
        if start is not None and end is not None and 0 < end - start <= LONGEST_SECONDS:
            names = _names(words[first : last + 1], usual)
            if names:
                yield Look(number, first, last, start, end, names)


def _pieces(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """First and last words of sentences, and of the clauses of one that is long."""
    first = 0
    for at, word in enumerate(words):
        if at + 1 == len(words) or _SENTENCE_END.search(word.text):
            yield from [(first, at)] if _seconds(words, first, at) <= LONGEST_SECONDS else _clauses(words, first, at)
            first = at + 1


def _clauses(words: Sequence[Word], first: int, last: int) -> Iterator[tuple[int, int]]:
    for at in range(first, last + 1):
        if at == last or (_BREAK.search(words[at].text) and _seconds(words, first, at) >= _LEAST_SECONDS):
            yield first, at
            first = at + 1


def _seconds(words: Sequence[Word], first: int, last: int) -> float:
    return (words[last].end or 0.0) - (words[first].start or 0.0)


def _names(words: Sequence[Word], usual: Sequence[str]) -> tuple[str, ...]:
    """The drugs that doubted runs of words sound like, the likest first."""
    alike: dict[str, float] = {}
    for run in _runs(words):
        # What is asked for by a trade name is the drug: if only that name sounds so, it would not be taken over.
        for name in {one.generic.lower() for one in sounding_like(run)}.union(usual):
            if (score := likeness(run, name)) >= _LEAST_TAKEN:
                alike[name] = max(alike.get(name, 0.0), score)
    for dosed in dosed_words(words, _DOUBTED):
        for name, score in dosed.names:
            if score >= _LEAST_TAKEN:
                alike[name] = max(alike.get(name, 0.0), score)
    return tuple(sorted(alike, key=lambda name: (-alike[name], name))[:MOST_NAMES])


def _runs(words: Sequence[Word]) -> Iterator[str]:
    """The letters of one to four words that stand together, one of them doubted, and none a number, a unit or a drug."""
    for first in range(len(words)):
        letters, doubted = "", False
        for at in range(first, min(first + _MOST_RUN, len(words))):
            bare = _bare(words[at].text)
            if (
                _NUMBER.search(bare)
                or is_unit(bare)
                or bare in drug_names()
                or (at > first and _BREAK.search(words[at - 1].text))
            ):
                break
            letters += re.sub(r"[^a-z]", "", bare)
            doubted |= words[at].confidence < _DOUBTED and not is_small(bare)
            if doubted and len(letters) >= _LEAST_LETTERS:
                yield letters


# -- what is taken over ------------------------------------------------------------------------------------------------
def _with_heard(passage: Passage, look: Look, again: Sequence[str]) -> Passage:
    words = list(passage.words)
    here = [_bare(word.text) for word in words[look.first : look.last + 1]]
    there = [_bare(one) for one in again[: len(here) + _MORE_WORDS]]
    for kind, start, end, begin, until in reversed(SequenceMatcher(None, here, there, autojunk=False).get_opcodes()):
        first, last = look.first + start, look.first + end
        drug = _drug_instead(words[first:last], there[begin:until], look.names) if kind == "replace" else ""
        if drug:
            words[first:last] = _with_drug(words[first:last], drug)
    return replace(passage, words=tuple(words), text=" ".join(word.text for word in words))


def _with_drug(run: Sequence[Word], drug: str) -> Sequence[Word]:
    place = _replaced(run, drug)
    return [*run[: place.start], _taken(run[place], drug), *run[place.stop :]] if place else run


def _drug_instead(run: Sequence[Word], there: Sequence[str], names: Sequence[str]) -> str:
    """The drug in place of some of a run; empty if there is none, or if anything else is other than before."""
    drugs = [each for each in there if each in names]
    rest = [each for each in there if each not in names and not _NUMBER.search(each) and not is_unit(each)]
    if len(drugs) != 1 or rest or any(_bare(word.text) in drug_names() for word in run):
        return ""
    if _NUMBER.findall(" ".join(word.text for word in run)) != _NUMBER.findall(" ".join(there)):
        return ""
    if not _only_dose(run[_length(run) :]):
        return ""
    return drugs[0] if _replaced(run, drugs[0]) else ""


def _replaced(run: Sequence[Word], drug: str) -> slice | None:
    """Which words of a run, one of them doubted, sound most like a drug; of those that do so equally the fewest. Nothing that turns a
    fact is among them, and a plain word that was surely heard only if it takes that word to sound so."""
    words = run[: _length(run)]
    unsure = _likest(words, drug, lambda word: not _is_sure(word), _LEAST_TAKEN)
    return unsure or _likest(words, drug, lambda word: not turns_a_fact(_bare(word.text)), _LEAST_TAKEN_OF_SURE)


def _likest(words: Sequence[Word], drug: str, may_go: Callable[[Word], bool], least: float) -> slice | None:
    found: list[tuple[float, int, slice]] = []
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            some = words[first:last]
            if all(map(may_go, some)) and any(word.confidence < _DOUBTED for word in some):
                letters = "".join(_bare(word.text) for word in some)
                found.append((likeness(letters, drug), first - last, slice(first, last)))
    best = max(found, key=lambda one: one[:2], default=None)
    return best[2] if best and best[0] >= least else None


def _is_sure(word: Word) -> bool:
    """Whether a word turns a fact, or was surely heard and says something."""
    bare = _bare(word.text)
    return turns_a_fact(bare) or (word.confidence >= _DOUBTED and not is_small(bare) and is_plain_word(bare))


def _length(run: Sequence[Word]) -> int:
    """How many words stand before the number or unit."""
    return next((at for at, word in enumerate(run) if _is_dose(word)), len(run))


def _only_dose(words: Sequence[Word]) -> bool:
    return all(map(_is_dose, words))


def _is_dose(word: Word) -> bool:
    return _NUMBER.search(word.text) is not None or is_unit(_bare(word.text))


def _taken(run: Sequence[Word], drug: str) -> Word:
    """One word for a run, with the marks around it; never sure, whatever recognition says of it."""
    said = " ".join(word.text for word in run)
    bare = said.strip(".,;:?!")
    head, tail = said[: said.find(bare)], said[said.find(bare) + len(bare) :]
    name = drug.capitalize() if bare[:1].isupper() else drug
    sure = min(_TAKEN_CONFIDENCE, LOW_CONFIDENCE / 2, *(word.confidence for word in run))
    return Word(f"{head}{name}{tail}", sure, run[0].start, run[-1].end, (f"{FIRST_HEARD}{bare}",))


def _bare(text: str) -> str:
    return _EDGES.sub("", text).lower().replace("’", "'")
