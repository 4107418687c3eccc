"""Which drugs the doubtful words of a sentence may be, by their sound: "loss out on" before a dose is losartan perhaps.

A guess is worth listening for and no more (`second_hearing`); most of them are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.misheard_drugs import is_strength
from daemon.faithfulness.medicines.sound_alike import likeness, sound_key, sounding_like
from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.vocabulary.plain_words import is_plain_word, is_unit
from daemon.faithfulness.vocabulary.turning_words import turns_a_fact
from daemon.model.doubtful_words import is_small
from daemon.model.passage import Word

DOUBTED: Final = 0.7
"""Below this a word may be part of a drug that was not understood; most such words are none."""
_GUESSWORK: Final = 0.5
"""Below this a word of English may be one."""
_LEAST_ALIKE_BEFORE_DOSE: Final = 0.5
_LEAST_ALIKE: Final = 0.6
"""Of 360 places in 156 recordings that were listened to again 36 more had lain below it, of which 3 were drugs."""
_A_SURE_WORD: Final = 0.08
"""So much less alike a run counts for a word in it that was surely heard: "she takes leatheric sine" is no cetirizine."""
_LEAST_LETTERS = 5
_MOST_RUN = 4
_BREAK = re.compile(r"[.,;:?!]$")
_EDGES = re.compile(r"^\W+|\W+$")
_NOT_LETTER = re.compile(r"[^a-z]")
_DIGIT = re.compile(r"\d")


class Guess(NamedTuple):
    """Words `first` up to `end` may be the drug `name`; `alike`: how much they sound so, 0 to 1, less a little for each that was surely heard;
    `dosed`: whether a dose follows. `surely`: none of them was heard badly, or one turns a fact; they may be doubted and not replaced."""

    name: str
    first: int
    end: int
    alike: float
    dosed: bool
    surely: bool = False


def guessed_drugs(words: Sequence[Word], usual: Iterable[str] = ()) -> tuple[Guess, ...]:
    """The drugs that runs of doubted words may be, each name once for words that overlap, where they sound most like it.

    No run has a number, a unit or a drug in it, and only before a dose, where a drug stands, one that was surely heard or a word that
    turns a fact ("do not be ill 10 mg"). `usual`: drugs that are meant often here.
    """
    best: dict[str, list[Guess]] = {}
    for first, end, letters in _runs(words):
        dosed = is_strength(" ".join(word.text for word in words[end : end + 2]))
        surely = not _is_doubted(words[first:end])
        if surely and not dosed:
            continue
        sure = _A_SURE_WORD * sum(map(_is_sure, words[first:end]))
        least = _LEAST_ALIKE_BEFORE_DOSE - sure if dosed else _LEAST_ALIKE
        for name in _names(letters, usual):
            if (alike := likeness(letters, name, least + sure) - sure) >= least:
                _keep(best.setdefault(name, []), Guess(name, first, end, alike, dosed, surely))
    found = (guess for ones in best.values() for guess in ones)
    return tuple(sorted(found, key=lambda one: (one.first, -one.alike, one.name)))


def _keep(ones: list[Guess], new: Guess) -> None:
    """Put in a guess unless one that it overlaps is as like; those that are less so go."""
    near = [one for one in ones if one.first < new.end and new.first < one.end]
    if all(one.alike < new.alike for one in near):
        ones[:] = [one for one in ones if one not in near] + [new]


def _runs(words: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
    """The first word, the end and the letters of one to four words that stand together."""
    bare = [bare_word(word.text) for word in words]
    named = _named(bare)
    stops = [bool(_DIGIT.search(each)) or is_unit(each) or at in named for at, each in enumerate(bare)]
    for first in range(len(words)):
        letters = ""
        for end in range(first + 1, min(first + _MOST_RUN, len(words)) + 1):
            if stops[end - 1] or (end - 1 > first and _BREAK.search(words[end - 2].text)):
                break
            letters += _NOT_LETTER.sub("", bare[end - 1])
            if len(letters) >= _LEAST_LETTERS:
                yield first, end, letters


def _named(bare: Sequence[str]) -> set[int]:
    """Which words name a drug, alone or with the next."""
    pairs = {at for at, (one, other) in enumerate(pairwise(bare)) if f"{one} {other}" in drug_names()}
    return {at for at, each in enumerate(bare) if each in drug_names()} | pairs | {at + 1 for at in pairs}


def _is_doubted(run: Sequence[Word]) -> bool:
    """Whether a word was not surely heard, one is more than English that was heard fairly well, and none turns a fact."""
    bare = [bare_word(word.text) for word in run]
    return (
        any(word.confidence < DOUBTED for word in run)
        and not any(map(turns_a_fact, bare))
        and not all(
            is_plain_word(each) and (word.confidence > _GUESSWORK or is_small(each))
            for word, each in zip(run, bare, strict=True)
        )
    )


def _is_sure(word: Word) -> bool:
    bare = bare_word(word.text)
    return word.confidence >= DOUBTED and is_plain_word(bare)


def _names(letters: str, usual: Iterable[str]) -> set[str]:
    # What sounds like a trade name is asked for as the drug, if that sounds so, too.
    alike = {one.generic.lower() for one in sounding_like(letters)}
    return alike.union(prescribed().get(sound_key(letters)[:1], ()), usual)


def bare_word(text: str) -> str:
    """A word in lower case without the marks around it."""
    return _EDGES.sub("", text).lower().replace("’", "'")


@cache
def prescribed() -> dict[str, tuple[str, ...]]:
    """The drugs that are often prescribed, by the sound they begin with."""
    names = [line for line in package_text("prescribed_drugs.txt").splitlines() if line and not line.startswith("#")]
    keys = {sound_key(name)[:1] for name in names}
    return {key: tuple(name for name in names if sound_key(name)[:1] == key) for key in keys}
