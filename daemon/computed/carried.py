"""Which of a drafter's statements a computed list does not carry: they stay, in their own words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from daemon.faithfulness.reading.lines import sentences_of
from daemon.model.draft import Statement


def left_over(written: Iterable[Statement], carried: Sequence[str]) -> tuple[Statement, ...]:
    """The statements of which some sentence stands in none of the texts `carried`."""
    return tuple(one for one in written if not all(_stands(text, carried) for text in sentences_of(one.text)))


def _stands(text: str, carried: Sequence[str]) -> bool:
    plain = text.strip(" .,;")
    return any(plain in each for each in carried)
