"""`negation-flipped` and `certainty-changed`: what was denied is affirmed, what was affirmed denied, what was doubted stated.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def negation_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """None yet."""
    yield from ()
