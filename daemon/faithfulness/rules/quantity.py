"""`quantity-unsupported`: a number of the statement stands in none of the passages it cites."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.faithfulness.quantities import unsupported_quantities
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def quantity_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Each number, with its unit, that the cited passages say in none of their admissible readings."""
    for quantity in unsupported_quantities(claim.text, source.cited_text(claim)):
        yield Finding("quantity-unsupported", "high", quantity.text, quantity.span)
