"""The Markdown of handouts: headings, paragraphs, bullet and numbered lists, bold, and slots. Nothing else is understood.

A slot is `{{ name }}` or `{{ name | what is printed where nothing was said }}`. What this Markdown does not know (HTML, tables,
images, code fences) is a fault and not passed through: a patient would read the marks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["title", "heading", "subheading", "paragraph", "bullet", "numbered"]

_HEADINGS: dict[str, BlockKind] = {"#": "title", "##": "heading", "###": "subheading"}
_HEADING = re.compile(r"(#{1,3})[ \t]+(.*?)[ \t#]*")
_BULLET = re.compile(r"[ \t]*[-*•+][ \t]+(.*)")
_NUMBERED = re.compile(r"[ \t]*(\d{1,2}[.)][ \t]+.*)")
_RULE = re.compile(r"[ \t]*(?:-{3,}|\*{3,})[ \t]*")
_SLOT = re.compile(r"\{\{[ \t]*(?P<name>[a-z][a-z0-9_-]*)[ \t]*(?P<bar>\|(?P<default>[^{}]*))?\}\}")
_PIECES = re.compile(rf"(?P<bold>\*\*)|{_SLOT.pattern}")
_NOT_UNDERSTOOD = (
    (re.compile(r"<!--|</?[a-zA-Z][^>]*>"), "HTML is not understood in a handout"),
    (re.compile(r"!\[[^\]]*\]\("), "pictures are not understood in a handout"),
    (re.compile(r"^[ \t]*\|"), "tables are not understood in a handout"),
    (re.compile(r"^[ \t]*(?:```|~~~)"), "code fences are not understood in a handout"),
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words that are printed as they stand."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to fill. `default` is what is printed where nothing was said; None: the author wrote nothing about that."""

    name: str
    default: str | None = None
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph or an item of a list. A numbered item's number is in its words."""

    kind: BlockKind
    parts: tuple[Words | Slot, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of the block, in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


def blocks(text: str) -> list[Block]:
    """The blocks of a handout without faults. Lines that follow each other are one paragraph, or one item."""
    found: list[tuple[BlockKind, list[str]]] = []
    open_block = False
    for line in text.splitlines():
        begun = _begin(line)
        if begun is not None:
            found.append(begun)
            open_block = begun[0] in {"bullet", "numbered"}
        elif not line.strip() or _RULE.fullmatch(line):
            open_block = False
        elif open_block:
            found[-1][1].append(line.strip())
        else:
            found.append(("paragraph", [line.strip()]))
            open_block = True
    return [Block(kind, tuple(_parts(" ".join(lines)))) for kind, lines in found]


def _begin(line: str) -> tuple[BlockKind, list[str]] | None:
    """The block that a line begins whatever stands before it; None for the line of a paragraph."""
    if heading := _HEADING.fullmatch(line):
        return _HEADINGS[heading[1]], [heading[2]]
    if bullet := _BULLET.fullmatch(line):
        return ("bullet", [bullet[1].strip()]) if not _RULE.fullmatch(line) else None
    if numbered := _NUMBERED.fullmatch(line):
        return "numbered", [numbered[1].strip()]
    return None


def _parts(text: str) -> Iterator[Words | Slot]:
    marks = list(_PIECES.finditer(text))
    unpaired = sum(mark["bold"] is not None for mark in marks) % 2
    last_bold = max((mark.start() for mark in marks if mark["bold"]), default=-1)
    bold, begin = False, 0
    for mark in marks:
        if unpaired and mark.start() == last_bold:
            continue  # two asterisks that close nothing are two asterisks
        if mark.start() > begin:
            yield Words(text[begin : mark.start()], bold)
        if mark["bold"]:
            bold = not bold
        else:
            default = mark["default"].strip() if mark["bar"] is not None else None
            yield Slot(mark["name"].replace("_", "-"), default, bold)
        begin = mark.end()
    if begin < len(text):
        yield Words(text[begin:], bold)


def faults(text: str, slots: Collection[str]) -> Iterator[tuple[int, str]]:
    """What is wrong with a handout's text, as (line from 1, reason). `slots` are the names that may be filled."""
    names = ", ".join(sorted(slot.replace("-", "_") for slot in slots))
    for number, line in enumerate(text.splitlines(), 1):
        for slot in _SLOT.finditer(line):
            if slot["name"].replace("_", "-") not in slots:
                yield number, f"there is no slot “{slot['name']}”; there are {names}"
        rest = _SLOT.sub("", line)
        if "{{" in rest or "}}" in rest:
            yield (
                number,
                "a slot is written {{ name }} or {{ name | what is printed where nothing was said }}, on one line",
            )
        yield from ((number, reason) for pattern, reason in _NOT_UNDERSTOOD if pattern.search(rest))
        if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cn", "Cs"} for letter in line.replace("\t", " ")):
            yield number, "a character that cannot be seen stands there"
