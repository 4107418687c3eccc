"""Plain words for the medical ones that occur in what a patient is told, from the list `glossary.txt`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources

from daemon.computed.handout_choice import choose
from daemon.computed.handouts import sort_drafted
from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement

_WORD = re.compile(r"(?<![\w-])[^\W_]+")
_Index = Mapping[str, Sequence[tuple[re.Pattern[str], str, str]]]


def glossary(material: Material, spec: SectionSpec) -> Computed:
    """The terms that stand in the handout's filled slots, or without a handout in all that was drafted, in order.

    Each is printed with its meaning and cites where it stands. It explains a word, and does not say that the patient has it.
    Without any the section is absent.
    """
    where: dict[tuple[str, str], list[str]] = {}
    for statement in _told(material):
        for term in terms_in(statement.text):
            where.setdefault(term, []).extend(statement.evidence)
    statements = tuple(
        Statement(f"{term}: {meaning}", tuple(dict.fromkeys(evidence)), "printed")
        for (term, meaning), evidence in where.items()
    )
    return Computed(statements, absent=not statements)


def terms_in(text: str) -> Iterator[tuple[str, str]]:
    """The terms of the list that stand in `text`, from left to right, as (term, meaning); of two at one place the longer."""
    done = 0
    for word in _WORD.finditer(text):
        if word.start() < done:
            continue
        for pattern, term, meaning in _index().get(word.group().casefold(), ()):
            found = pattern.match(text, word.start())
            if found is not None:
                done = found.end()
                yield term, meaning
                break


def _told(material: Material) -> Iterator[Statement]:
    key = next((spec.key for spec in material.document.sections if spec.computed == "handout"), None)
    if key is None:
        yield from (statement for section in material.written.values() for statement in section)
        return
    chosen = choose(material.handouts, material.passages).handout
    for statements in sort_drafted(material, key, chosen).fills.values():
        yield from statements


@lru_cache(maxsize=1)
def _index() -> _Index:
    """Each term's pattern, the term and its meaning by the term's first word, the longest term first."""
    content = (resources.files("daemon.computed") / "glossary.txt").read_text(encoding="utf-8")
    lines = (line.partition(" = ") for line in content.splitlines() if line.strip() and not line.startswith("#"))
    pairs = [(term, meaning) for terms, _, meaning in lines for term in terms.split(" | ")]
    index: dict[str, list[tuple[re.Pattern[str], str, str]]] = {}
    for term, meaning in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
        capitals = any(letter.isupper() for letter in term)
        spelled = r"\s+".join(map(re.escape, term.split()))
        pattern = re.compile(spelled + r"(?![\w-])", re.NOFLAG if capitals else re.IGNORECASE)
        first = _WORD.search(term)
        if first is not None:
            index.setdefault(first.group().casefold(), []).append((pattern, term, meaning))
    return index
