"""Which places of a recording are listened to once more, for drugs that were perhaps not understood, and what becomes of the answer.

A sentence with "loss out on 100 mg" in it is written down again with losartan in the place of these words, and with each other drug that
they sound like. Recognition is not asked what it hears, but how likely each of these texts is, told of their drugs: it can leave nothing
out and make nothing up. The likeliest is taken over if it is likely enough for how much it sounds like what was heard. It stays marked,
with what was heard at first beside it.

Asked for its own words instead, the same model heard 43 of 91 drugs, forgot a "no", and went round in circles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.guessed_drugs import Guess, guessed_drugs
from daemon.model.doubtful_words import FIRST_HEARD, LOW_CONFIDENCE
from daemon.model.passage import Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames

MOST_GUESSES: Final = 3
"""At one place. Of 227 drugs that were taken over from four 226 were the likest of all that were held against the words, or the next."""
AROUND: Final = 2
"""Words before and after that are listened to with it. Whole sentences took a third longer and told no more."""
MOST_SECONDS: Final = 12.0
MOST_LOOKS: Final = 200
_SENTENCE_END = re.compile(r"[.?!]$")
_TAKEN_CONFIDENCE, _DOUBTED_CONFIDENCE = 0.3, 0.4

# A logistic regression on 178 places of 69 recordings, 131 of them right. On these and 87 recordings more 224 drugs were taken over, one of them
# wrong: oxacillin for amoxicillin. With 0.5 less another 16, four of them wrong.
_LIKELIER, _ALIKE, _DOSED, _AHEAD = 0.133, 13.97, 1.6, 0.089
_LEAST_SURE = 11.7
_LEAST_SUGGESTED = 10.0
"""Of 15 runs that were surely heard before a dose, seven above this were drugs and none below it was one."""
_LEAST_AHEAD, _MOST_AHEAD = 3.0, 20.0
"""In nats: with a drug as near as this none is taken over ("S-Italapram": citalopram or escitalopram), and both are suggested."""
_WORTH_OF_ALIKE = 20.0
"""Of two guesses that one is taken whose text is likelier, in nats, with this added for its likeness."""


@dataclass(frozen=True, slots=True)
class Look:
    """A place of a passage to listen to once more: its seconds, what some of its words may be, and the texts to choose from: as it was heard
    at first, and then with each guess."""

    passage: int
    start: float
    end: float
    guesses: tuple[Guess, ...]
    texts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The drugs that recognition is told of."""
        return tuple(dict.fromkeys(guess.name for guess in self.guesses))


def second_looks(passages: Sequence[Passage], names: SpeechNames | None = None) -> tuple[Look, ...]:
    """The places of a recording, after `heard_words.weighed`, where doubted words sound like a drug. `names.usual`: drugs that are meant
    often here."""
    usual = tuple(name.lower() for name in (names.usual if names else ()) if name.lower() in drug_names())
    found = [look for at, passage in enumerate(passages) for look in _looks(at, passage, usual)]
    return tuple(found[:MOST_LOOKS])


def heard_again(
    passages: Sequence[Passage], looks: Sequence[Look], chances: Sequence[Sequence[float]]
) -> tuple[Passage, ...]:
    """The passages with the drugs that were heard the second time, before or after `heard_words.weighed`. `chances`: for each look the
    logarithm of how likely each of its texts is, or nothing where that could not be told."""
    found = list(passages)
    # From the last to the first: the places of words before stay.
    for look, likely in sorted(zip(looks, chances, strict=True), key=lambda one: -one[0].guesses[0].first):
        if len(likely) != len(look.texts):
            continue
        [guess, *rivals], sure = _likeliest(look, likely)
        passage = found[look.passage]
        if sure >= _LEAST_SURE and not guess.surely and not rivals:
            found[look.passage] = _with_words(passage, guess, _with_drug(passage.words, guess))
        elif sure >= (_LEAST_SUGGESTED if guess.surely else _LEAST_SURE):
            found[look.passage] = _with_words(passage, guess, _with_suggestions(passage.words, guess, rivals))
    return tuple(found)


# -- where to look -----------------------------------------------------------------------------------------------------
def _looks(number: int, passage: Passage, usual: Sequence[str]) -> Iterator[Look]:
    words = passage.words
    if not isinstance(passage.anchor, TimeAnchor) or " ".join(word.text for word in words) != passage.text:
        return
    for first, end in _sentences(words):
        found = [guess._replace(first=guess.first + first, end=guess.end + first) for guess in guessed_drugs(words[first:end], usual)]  # fmt: skip
        for guesses in _together(found):
            look = _look(number, words, (first, end), guesses)
            if look:
                yield look


def _sentences(words: Sequence[Word]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, word in enumerate(words, 1):
        if at == len(words) or _SENTENCE_END.search(word.text):
            yield first, at
            first = at


def _together(guesses: Sequence[Guess]) -> Iterator[tuple[Guess, ...]]:
    """Guesses about the same words, the likest of them; `guesses` are in the order of their first words."""
    while guesses:
        end, many = guesses[0].end, 0
        while many < len(guesses) and guesses[many].first < end:
            end = max(end, guesses[many].end)
            many += 1
        yield tuple(sorted(guesses[:many], key=lambda one: (-one.alike, one.name))[:MOST_GUESSES])
        guesses = guesses[many:]


def _look(number: int, words: Sequence[Word], sentence: tuple[int, int], guesses: tuple[Guess, ...]) -> Look | None:
    first = max(sentence[0], min(guess.first for guess in guesses) - AROUND)
    end = min(sentence[1], max(guess.end for guess in guesses) + AROUND)
    start, stop = words[first].start, words[end - 1].end
    if start is None or stop is None or not 0 < stop - start <= MOST_SECONDS:
        return None
    as_heard = " ".join(word.text for word in words[first:end])
    return Look(number, start, stop, guesses, (as_heard, *(_text(words, first, end, guess) for guess in guesses)))


def _text(words: Sequence[Word], first: int, end: int, guess: Guess) -> str:
    drug = _with_drug(words, guess)
    return " ".join(word.text for word in (*words[first : guess.first], *drug, *words[guess.end : end]))


# -- what is taken over ------------------------------------------------------------------------------------------------
def _likeliest(look: Look, likely: Sequence[float]) -> tuple[list[Guess], float]:
    """The best guess and other drugs that are nearly as good, and how sure the best is."""
    worth = {
        guess: each - likely[0] + _WORTH_OF_ALIKE * guess.alike
        for guess, each in zip(look.guesses, likely[1:], strict=True)
    }
    best = max(worth, key=lambda guess: worth[guess])
    others = {guess: worth[best] - value for guess, value in worth.items() if guess.name != best.name}
    ahead = min([*others.values(), _MOST_AHEAD])
    likelier = worth[best] - _WORTH_OF_ALIKE * best.alike
    sure = _LIKELIER * likelier + _ALIKE * best.alike + _DOSED * best.dosed + _AHEAD * ahead
    return [best, *(guess for guess, behind in others.items() if behind < _LEAST_AHEAD)], sure


def _with_words(passage: Passage, guess: Guess, new: Sequence[Word]) -> Passage:
    words = (*passage.words[: guess.first], *new, *passage.words[guess.end :])
    return replace(passage, words=words, text=" ".join(word.text for word in words))


def _with_drug(words: Sequence[Word], guess: Guess) -> Sequence[Word]:
    """One word for a run, with the marks around it; never sure, whatever recognition says of it."""
    run = words[guess.first : guess.end]
    said = " ".join(word.text for word in run)
    bare = said.strip(".,;:?!")
    head, tail = said[: said.find(bare)], said[said.find(bare) + len(bare) :]
    name = guess.name.capitalize() if bare[:1].isupper() else guess.name
    sure = min(_TAKEN_CONFIDENCE, LOW_CONFIDENCE / 2, *(word.confidence for word in run))
    return [Word(f"{head}{name}{tail}", sure, run[0].start, run[-1].end, (f"{FIRST_HEARD}{bare}",))]


def _with_suggestions(words: Sequence[Word], guess: Guess, rivals: Sequence[Guess]) -> Sequence[Word]:
    names = tuple(dict.fromkeys([guess.name, *(one.name for one in rivals)]))
    return [
        replace(word, confidence=min(word.confidence, _DOUBTED_CONFIDENCE), suggestions=names)
        for word in words[guess.first : guess.end]
    ]
