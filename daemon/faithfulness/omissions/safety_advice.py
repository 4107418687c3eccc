"""What the patient was told to watch for, and when to come back or call, that stands in no statement.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission


def omitted_safety_advice(note: Texts, source: Texts) -> Iterator[Omission]:
    """None yet."""
    yield from ()
