"""`laterality-unsupported`: a side of the body that was not said.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def laterality_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """None yet."""
    yield from ()
