"""`plan-retracted`: what was said and then taken back ("no, make that…", "scratch that").

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def retraction_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """None yet."""
    yield from ()
