"""Which of the drugs that are often prescribed the words right before a dose may be, however badly they were heard.

"loss out on 100 milligrams" is not near any name by its letters; before a dose a drug stands, and of those that begin with this
sound and are prescribed, losartan is the nearest. Of 64 misheard drugs before a dose in 50 recordings the right one was among the
three nearest of all drugs in 45.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.guessed_drugs import prescribed
from daemon.faithfulness.medicines.misheard_drugs import runs_before_doses
from daemon.faithfulness.medicines.sound_alike import likeness, sound_key
from daemon.model.passage import Word

_LEAST_LETTERS = 5
_LEAST_ALIKE: Final = 0.56
_NOT_LETTER = re.compile(r"[^a-z]")


class Dosed(NamedTuple):
    """Words `first` to `last` before a dose, and the drugs that some of them sound like, each with how much (0 to 1), the likest first."""

    first: int
    last: int
    names: tuple[tuple[str, float], ...]


def dosed_words(words: Sequence[Word], doubted: float) -> Iterator[Dosed]:
    """The runs of words before a dose that no drug stands in and of which a word is less sure than `doubted`, with what they sound like."""
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    for runs in runs_before_doses(" ".join(word.text for word in words)):
        within = [[at for at in range(len(words)) if start <= starts[at] < end] for start, end in runs]
        found = dict[str, float]()
        places = set[int]()
        for run in filter(None, within):
            said = [words[at] for at in run]
            if any(_letters(word.text) in drug_names() for word in said):
                break
            if any(word.confidence < doubted for word in said):
                places.update(run)
                for name, score in _likest("".join(_letters(word.text) for word in said)):
                    found[name] = max(found.get(name, 0.0), score)
        if found:
            yield Dosed(min(places), max(places), tuple(sorted(found.items(), key=lambda one: (-one[1], one[0]))))


def _likest(letters: str) -> Iterator[tuple[str, float]]:
    if len(letters) < _LEAST_LETTERS:
        return
    for name in prescribed().get(sound_key(letters)[:1], ()):
        if (score := likeness(letters, name)) >= _LEAST_ALIKE:
            yield name, score


def _letters(text: str) -> str:
    return _NOT_LETTER.sub("", text.lower())
