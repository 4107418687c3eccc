"""Parts of a draft that have a shape of their own: a letter's reference line, a handout's blocks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from daemon.adapters.rendering.draft_pieces import Piece, split_label
from daemon.adapters.rendering.draft_view import DraftView, SectionView, StatementView
from daemon.model.handout import HANDOUT_COLUMNS

_NAMES = frozenset({"name", "patient", "patient name", "full name"})
_KINDS = frozenset({"title", "heading", "subheading", "paragraph", "bullet", "numbered"})
_LISTS = frozenset({"bullet", "numbered"})


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a statement: its label where it is set apart, and its text in runs of (pieces, bold)."""

    statement: StatementView
    runs: tuple[tuple[tuple[Piece, ...], bool], ...]
    checks: tuple[int, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a line of a list of a handout; `number` is what a numbered line begins with, "1."."""

    kind: str
    parts: tuple[Part, ...]
    number: str = ""


def reference(section: SectionView) -> tuple[Part, ...]:
    """Who a letter is about: the name first and in bold, then what else is known, each with its label."""
    return tuple(_reference(statement, first=not nth) for nth, statement in enumerate(section.statements))


def labelled(statement: StatementView, *, bold: bool = False) -> Part:
    """A line of a form: the printed label, where it has one, and the answer."""
    label, value = split_label(statement.pieces)
    return Part(statement, ((value, bold),), statement.checks, label)


def is_filled_handout(section: SectionView) -> bool:
    """Whether a section holds a practice's handout, block by block."""
    return section.columns == HANDOUT_COLUMNS and bool(section.statements)


def has_own_title(view: DraftView) -> bool:
    """Whether a handout brings its own title along."""
    return any(is_filled_handout(section) for section in view.sections)


def handout_blocks(section: SectionView) -> tuple[Block, ...]:
    """A filled handout; what is of the kind "run" goes on in the block before it."""
    blocks: list[Block] = []
    for statement in section.statements:
        kind = "".join(piece.text for piece in statement.cells[0]) if statement.cells else "paragraph"
        part = _part(statement)
        if kind == "run" and blocks:
            blocks[-1] = replace(blocks[-1], parts=(*blocks[-1].parts, part))
        else:
            blocks.append(_block(kind if kind in _KINDS else "paragraph", part))
    return tuple(blocks)


def handout_groups(section: SectionView) -> tuple[tuple[str, tuple[Block, ...]], ...]:
    """The blocks, with the lines of one list together."""
    blocks = enumerate(handout_blocks(section))
    groups = groupby(blocks, lambda one: (one[1].kind, -1 if one[1].kind in _LISTS else one[0]))
    return tuple((kind, tuple(block for _, block in found)) for (kind, _), found in groups)


def _reference(statement: StatementView, *, first: bool) -> Part:
    if len(statement.cells) < 2:
        return Part(statement, ((statement.pieces, first),), statement.checks)
    what = "".join(piece.text for piece in statement.cells[0]).strip()
    label = "" if first and what.lower() in _NAMES else what
    return Part(statement, tuple((cell, first) for cell in statement.cells[1:]), statement.cell_checks, label)


def _part(statement: StatementView) -> Part:
    if len(statement.cells) < 2:
        return Part(statement, ((statement.pieces, False),), statement.checks)
    runs = tuple((pieces, nth % 2 == 1) for nth, pieces in enumerate(statement.cells[1:]))
    return Part(statement, runs, statement.cell_checks)


def _block(kind: str, part: Part) -> Block:
    """A numbered line's own number is set apart, so that the lines after the first stand in."""
    (first, bold), *others = part.runs
    number, space, rest = first[0].text.partition(" ") if first else ("", "", "")
    if kind != "numbered" or not space or not number[:-1].isdigit():
        return Block(kind, (part,))
    pieces = (replace(first[0], text=rest), *first[1:])
    return Block(kind, (replace(part, runs=((pieces, bold), *others)),), number)
