"""Which names speech recognition is told of, and which drugs may be meant where it was not sure.

It is told of the practice's own names alone, the most important first: as many as fit, which its own tokenizer says. Told of some
forty common drugs too, whisper `base` heard more of them and left out whole sentences, "methotrexate 15 milligrams" among them, and
ended three of four memos with a sentence that nobody had said (own memos, with and without). So drugs only serve to suggest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from daemon.faithfulness.medicines.drugs import drug_names, find_drugs
from daemon.faithfulness.package_data import package_text
from daemon.model.draft import Draft
from daemon.model.speech_names import SpeechNames

MOST_NAMES = 500
MOST_LETTERS = 60
"""Of one name. A longer line is a sentence, which would lead recognition astray."""
MOST_NAMED = 200
"""Of the drugs that the practice's drafts name most, so many are used."""

_BLANKS = re.compile(r"\s+")
_KINDS = frozenset("LMNPZ")


def names_in(untrusted_text: str) -> tuple[str, ...]:
    """The names of a vocabulary file: one a line, "#" begins a comment, each once in any case of letters.

    What is no name (too long, without a letter, with signs that are none of writing) is passed over.
    """
    return _once(_cleaned(line.partition("#")[0]) for line in untrusted_text.splitlines())[:MOST_NAMES]


def speech_names(own: Iterable[str], named: Mapping[str, int]) -> SpeechNames:
    """The names for one recording. `own`: the practice's, the most important first. `named`: how many of its drafts name a drug."""
    mine = _once(map(_cleaned, own))[:MOST_NAMES]
    known = generic_names()
    most = sorted((name for name in named if name in known and named[name] > 0), key=lambda name: (-named[name], name))
    return SpeechNames(mine, _once([*most[:MOST_NAMED], *common_drugs()]))


def drugs_named(draft: Draft) -> frozenset[str]:
    """The drugs, by their generic names, that the statements of a draft name. Classes ("a beta blocker") are none."""
    return frozenset(
        generic
        for section in draft.sections
        for statement in section.statements
        for drug in find_drugs(statement.text)
        if not drug.is_class
        for generic in drug.generic.split("/")
        if generic in generic_names()
    )


@cache
def generic_names() -> frozenset[str]:
    """What drugs are called in the list, classes left out."""
    return frozenset(generic for generic, kind in drug_names().values() if kind != "class")


@cache
def common_drugs() -> tuple[str, ...]:
    """Drugs that are often prescribed and that recognition often mishears, those first that gain most."""
    lines = package_text("common_drugs.txt").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _cleaned(line: str) -> str:
    name = _BLANKS.sub(" ", unicodedata.normalize("NFC", line)).strip(" ,;")
    written = all(unicodedata.category(letter)[0] in _KINDS for letter in name)
    return name if written and len(name) <= MOST_LETTERS and any(map(str.isalpha, name)) else ""


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_new(names))


def _new(names: Iterable[str]) -> Iterator[str]:
    seen = {""}
    for name in names:
        if (key := name.casefold()) not in seen:
            seen.add(key)
            yield name
