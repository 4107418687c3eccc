"""Gold sentences that say what stands nowhere in their source: a finding against them is right, and no false alarm.

A plain look, apart from the rules that are measured: a number in no form at all, a person's name, a drug's name and its other
names in no spelling near to it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from daemon.evaluation.plain_forms import holds_number, numbers_in, plain
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.texts import Texts

_NAMES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? ((?:[A-Z][a-z]+ ?){1,2})|^([A-Z][a-z]+ [A-Z][a-z]+)(?= (?:is|presents|was|returns)\b)"
)
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_DATE = re.compile(r"\b(\d{1,2})/(?:\d{1,2}/)?\d{2,4}\b")
_NEAR = 0.75
"""How alike a misheard name still is, by the ratio of Ratcliff and Obershelp."""


@dataclass(frozen=True, slots=True)
class _Said:
    text: str
    words: tuple[str, ...]
    generics: frozenset[str]


def nowhere(sentence: str, source: Texts) -> tuple[str, ...]:
    """What of the sentence's numbers, names of persons and drugs stands nowhere in `source`."""
    said = source.learn(_said)
    return tuple(dict.fromkeys([*_numbers(sentence, said), *_names(sentence, said), *_drugs(sentence, said)]))


def _said(source: Texts) -> _Said:
    whole = "\n".join(source.by_id.values())
    text = plain(whole)
    return _Said(text, tuple(sorted(set(text.split()))), frozenset(drug.generic for drug in find_drugs(whole)))


def _numbers(sentence: str, said: _Said) -> Iterator[str]:
    months = {date[1]: _MONTHS[(int(date[1]) - 1) % 12] for date in _DATE.finditer(sentence)}
    for number in numbers_in(sentence):
        if not holds_number(said.text, number) and f" {months.get(number, '-')} " not in said.text:
            yield number


def _names(sentence: str, said: _Said) -> Iterator[str]:
    for found in _NAMES.finditer(sentence):
        for name in (found[1] or found[2]).split():
            if not _is_near(name.lower(), said):
                yield name


def _drugs(sentence: str, said: _Said) -> Iterator[str]:
    for drug in find_drugs(sentence):
        if drug.is_class or drug.generic in said.generics:
            continue
        if not all(_is_near(word, said) for word in plain(drug.name).split()):
            yield drug.name


def _is_near(word: str, said: _Said) -> bool:
    return f" {word} " in said.text or bool(difflib.get_close_matches(word, said.words, 1, _NEAR))
