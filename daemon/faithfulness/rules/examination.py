"""`examination-unsupported` and `result-unsupported`: a finding without a passage in which somebody examines or reports.

Not built yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def examination_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """None yet."""
    yield from ()
