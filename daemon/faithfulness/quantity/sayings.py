"""Where a source says each number, in which unit, and what stands around it: read once, for all statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.quantity.lexicon import LATIN_TIMES, PERIODS, TIMES
from daemon.faithfulness.quantity.little_words import LINKS, LITTLE_WORDS
from daemon.faithfulness.quantity.mention import Mention, Value, word_at
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.quantity.names import name_keys
from daemon.faithfulness.quantity.units import in_base_unit
from daemon.faithfulness.reading.tokens import Token
from daemon.faithfulness.texts import Texts

STEM_LENGTH = 5
""" "medication" and "medicine", "smoke" and "smoking" meet in their beginnings."""
_AROUND = 10
"""Words on either side of a number that say what it is a number of."""


VAGUE = {"couple": (2, 3), "few": (2, 5), "several": (3, 9)}
"""What may be meant by it, from and to."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A number that a passage says: tokens `first` to `end` of passage number `place`, in this reading in `unit`."""

    unit: str | None
    place: int
    mention: Mention


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as its reader sees it. `vague` are the tokens that say "a couple", "a few", "several"."""

    id: str
    text: str
    tokens: list[Token]
    found: list[Mention]
    vague: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """All numbers of a source by their values, by what they are in the smallest unit of their kind, and its names with digits."""

    passages: tuple[Passage, ...]
    places: Mapping[str, int]
    values: Mapping[Value, list[Saying]]
    bases: Mapping[tuple[str, Decimal], list[Saying]]
    names: Mapping[str, frozenset[int]]

    def sayings(self, value: Value) -> list[Saying]:
        """Where `value` is said, in any unit or none."""
        return self.values.get(value, [])

    def stems_near(self, saying: Saying) -> frozenset[str]:
        """What the words around a saying are about; of a short passage, what its neighbours say as well."""
        tokens = self.passages[saying.place].tokens
        near = stems(tokens[max(0, saying.mention.first - _AROUND) : saying.mention.end + _AROUND])
        if len(tokens) < _AROUND and saying.place:
            near |= stems(self.passages[saying.place - 1].tokens[-2 * _AROUND :])
        return near


def said(source: Texts) -> Said:
    """All that `source` says in numbers. Linear in its length; for `Texts.learn`."""
    passages = tuple(_passage(name, text) for name, text in source.by_id.items())
    values: dict[Value, list[Saying]] = {}
    bases: dict[tuple[str, Decimal], list[Saying]] = {}
    names: dict[str, set[int]] = {}
    for place, passage in enumerate(passages):
        for key in name_keys(passage.tokens, passage.found):
            names.setdefault(key, set()).add(place)
        for mention in passage.found:
            for value, unit in mention.readings:
                saying = Saying(unit, place, mention)
                values.setdefault(value, []).append(saying)
                if isinstance(value, Decimal) and (base := in_base_unit(value, unit)):
                    bases.setdefault(base, []).append(saying)
    places = {passage.id: place for place, passage in enumerate(passages)}
    return Said(passages, places, values, bases, {key: frozenset(where) for key, where in names.items()})


def _passage(name: str, text: str) -> Passage:
    tokens, found = mentions(text)
    return Passage(name, text, tokens, found, tuple(at for at, token in enumerate(tokens) if token.text in VAGUE))


def drugs_said(source: Texts) -> tuple[tuple[DrugMention, ...], ...]:
    """The drugs that each passage names, in the order of the passages; for `Texts.learn`."""
    return tuple(find_drugs(text) for text in source.by_id.values())


def stems(tokens: list[Token]) -> frozenset[str]:
    """The beginnings of the words that carry meaning."""
    return frozenset(
        token.text[:STEM_LENGTH]
        for token in tokens
        if token.kind == "word" and len(token.text) > 1 and token.text not in LITTLE_WORDS
    )


_HOW_OFTEN = TIMES.keys() | PERIODS.keys() | LATIN_TIMES.keys()
"""Of "metformin one thousand twice a day": the number counts no "twice"."""


def noun_after(tokens: list[Token], index: int) -> str:
    """The stem of the word that a number at tokens before `index` counts ("two kids"), or "" where it counts nothing."""
    word = word_at(tokens, index)
    if not word or not word.isalpha() or word in LITTLE_WORDS or word in LINKS or word in _HOW_OFTEN:
        return ""
    return word[:STEM_LENGTH]


def words_before(tokens: list[Token], index: int, most: int = 4) -> Iterator[str]:
    """The words before token `index` of the same line, the nearest first."""
    for at in islice(range(index - 1, -1, -1), most):
        if tokens[at + 1].new_line:
            return
        yield tokens[at].text
