"""Allergies that were said and stand in no statement.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission


def omitted_allergies(note: Texts, source: Texts) -> Iterator[Omission]:
    """None yet."""
    yield from ()
