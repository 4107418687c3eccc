"""Where a summary's sections stand in two columns, and how large its type may be: by an estimate of the lines they take."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.adapters.rendering.draft_view import SectionView

COLUMN_INCHES = 3.55
# The type's points, largest first, and how many lines of it stand on a page below the banner and the title: seen with
# LibreOffice in Arial's widths, less a tenth for fonts that are wider.
_STEPS = ((10.0, 51), (9.5, 54), (9.0, 57), (8.5, 60))
# In lines of text, seen in the same way: a heading with the space above it, and a row of a table.
_HEADING, _ROW = 2.0, 1.4


def parted(sections: Sequence[SectionView]) -> tuple[list[SectionView], list[SectionView]]:
    """The sections that something is to be shown of, and those that nothing is known for: one line names these."""
    known = [section for section in sections if section.statements or section.placeholder or section.is_table]
    return known, [section for section in sections if section not in known]


def fitting_type(first: Sequence[SectionView], known: Sequence[SectionView]) -> tuple[float, bool]:
    """The largest type in points that a summary stands on one page in, and whether there is one.

    `first` stand across the page, `known` in two columns.
    """
    for points, room in _STEPS:
        across = sum(section_lines(section, 2 * column_letters(points)) for section in first)
        if across + longer_column(known, column_letters(points)) <= room:
            return points, True
    return _STEPS[-1][0], False


def column_letters(points: float) -> int:
    """How many letters a line of a column has: a letter is about half as wide as its type is high."""
    return round(COLUMN_INCHES * 72 / (points * 0.5))


def split_columns(sections: Sequence[SectionView], letters: int) -> tuple[list[SectionView], list[SectionView]]:
    """The sections in two columns of `letters` letters, in order, so that the longer one is as short as can be."""
    lines = [section_lines(section, letters) for section in sections]
    at = min(range(len(sections) + 1), key=lambda nth: max(sum(lines[:nth]), sum(lines[nth:])))
    return list(sections[:at]), list(sections[at:])


def longer_column(sections: Sequence[SectionView], letters: int) -> float:
    """How many lines the longer of two columns has."""
    columns = split_columns(sections, letters)
    return max(sum(section_lines(section, letters) for section in column) for column in columns)


def section_lines(section: SectionView, letters: int) -> float:
    """How many lines a section takes, with its heading."""
    texts = [statement.text for statement in section.statements] or [section.empty_text]
    if section.is_table:
        return _HEADING + _ROW * (1 + sum(-(-len(text) // letters) for text in texts))
    if section.runs_together:
        texts = ["; ".join(texts)]
    return _HEADING + sum(-(-len(text) // letters) for text in texts)
