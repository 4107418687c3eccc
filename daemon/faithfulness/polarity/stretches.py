"""The stretches of a statement of which one thing is said, and how a denial or a stress leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.faithfulness.polarity.polarity import AFFIRMED, DENIED, KIN, NORMAL, Reading, SaidOf
from daemon.faithfulness.polarity.words import empty_words, stem

_STRESSING = frozenset(["reports", "reported", "endorses", "positive", "complains", "there", "reveal", "reveals"])
_OUTCOMES = frozenset(["relief", "improvement", "benefit", "success"])
_OUTCOME_REACH = 3  # words between "with" and how it went
_STRESS_REACH = 3  # words between "reports" and what is reported


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a statement, by their numbers, the number of the word that leads to them (a denial, or the first of them), and the
    symptoms they name."""

    polarity: str
    words: tuple[int, ...]
    trigger: int
    symptoms: tuple[SaidOf, ...] = ()

    def span(self, reading: Reading) -> tuple[int, int]:
        """Where the stretch stands in the text, with what leads to it."""
        return reading.words[min(self.words[0], self.trigger)].start, reading.words[self.words[-1]].end

    def stems(self, reading: Reading) -> list[str]:
        """By what its words are compared."""
        return stems_of(reading, self.words)

    def denies_clause(self, reading: Reading) -> bool:
        """Whether something done is denied rather than a thing: "denies that she …", "has not been …"."""
        trigger = reading.words[self.trigger].text
        return len(self.words) > 1 and (trigger.startswith("den") or trigger in ("not", "never"))

    def is_stressed(self, reading: Reading) -> bool:
        """Whether "reports", "positive for" or "there is" leads to it."""
        return any(text in _STRESSING for text in self._before(reading, _STRESS_REACH))

    def is_positive(self, reading: Reading) -> bool:
        """Whether "positive for" stands right before it."""
        return self._before(reading, 2) == ["positive", "for"]

    def says_normal(self, reading: Reading) -> bool:
        """Whether a word in it says that nothing is wrong."""
        return any(word.text in NORMAL for word in reading.words[self.words[0] : self.words[-1] + 1])

    def says_little(self, reading: Reading) -> bool:
        """Whether it is a single word without stress; "it did help" and "with relief" stress."""
        if len(self.words) > 1 or self._before(reading, 1) in (["do"], ["does"], ["did"]):
            return False
        return reading.words[self.words[0]].text not in _OUTCOMES or "with" not in self._before(reading, _OUTCOME_REACH)

    def _before(self, reading: Reading, count: int) -> list[str]:
        first = self.words[0]
        return [word.text for word in reading.words[max(0, first - count) : first]]


def stretches(reading: Reading) -> list[Stretch]:
    """The stretches of a statement that affirm, deny or tell of relatives, and have words of their own."""
    units: dict[tuple[int, str, bool], list[int]] = {}
    outcomes = _outcomes(reading)
    for at, word in enumerate(reading.words):
        if word.text not in empty_words() and len(word.text) > 1:
            units.setdefault((reading.scopes.unit[at], reading.scopes.polarity[at], at in outcomes), []).append(at)
    starts: dict[int, int] = {}
    for first, _, kind in reading.scopes.triggers:
        if kind == DENIED:
            starts.setdefault(reading.scopes.unit[first], first)
    named: dict[int, list[SaidOf]] = {}
    for one in reading.said():
        named.setdefault(one.last, []).append(one)
    return [
        Stretch(
            polarity,
            tuple(words),
            starts.get(unit, words[0]),
            tuple(one for at in words for one in named.get(at, ())),
        )
        for (unit, polarity, _), words in units.items()
        if polarity in (AFFIRMED, DENIED, KIN) and not _is_label(reading, words[-1])
    ]


def stems_of(reading: Reading, places: Iterable[int]) -> list[str]:
    """The stems of the words at `places` that say something, each once."""
    words = (reading.words[at].text for at in places)
    return sorted({stem(word) for word in words if word not in empty_words()})


def is_or_list(symptoms: Sequence[SaidOf], reading: Reading) -> bool:
    """Whether symptoms are listed with "or", as they are only where they are denied."""
    if len({one.symptom.name for one in symptoms}) <= 1:
        return False
    return any(word.text == "or" for word in reading.words[symptoms[0].last : symptoms[-1].first])


def _outcomes(reading: Reading) -> set[int]:
    """The words that say how something went, which is a matter of its own: "ibuprofen with good relief"."""
    found: set[int] = set()
    for at, word in enumerate(reading.words):
        if word.text == "with":
            for last in range(at + 1, min(at + 1 + _OUTCOME_REACH, len(reading.words))):
                if reading.words[last].text in _OUTCOMES:
                    found.add(last)
    return found


def _is_label(reading: Reading, last: int) -> bool:
    """Whether the stretch that ends with the word `last` is only the name of what follows: "Neck: …"."""
    return last + 1 < len(reading.words) and reading.words[last + 1].text == ":"
