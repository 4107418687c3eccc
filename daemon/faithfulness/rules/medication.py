"""`medication-unsupported`: a drug that was not named; `medication-misheard`: what may be a misheard name, with suggestions.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def medication_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """None yet."""
    yield from ()
