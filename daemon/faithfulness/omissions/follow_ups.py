"""Appointments, tests and referrals that were agreed and stand in no statement.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission


def omitted_follow_ups(note: Texts, source: Texts) -> Iterator[Omission]:
    """None yet."""
    yield from ()
