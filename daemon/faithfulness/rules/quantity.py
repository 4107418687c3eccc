"""What can be said against one statement by rule alone: no model, the same answer every time.

1. `evidence-missing`: it cites no passage, or one that does not exist.
2. `quantity-unsupported`: a number of it stands in none of the passages it cites.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.faithfulness.quantities import unsupported_quantities
from daemon.model.finding import Finding


def verify_statement(text: str, evidence_ids: Sequence[str], passages: Mapping[str, str]) -> tuple[Finding, ...]:
    """The findings against the statement `text` that cites `evidence_ids`; `passages` are texts by id.

    Without any evidence that exists the quantities are not judged: the first finding says it all.
    """
    cited = [passages[each] for each in evidence_ids if each in passages]
    missing = () if cited and len(cited) == len(evidence_ids) else (Finding("evidence-missing", "high", ""),)
    if not cited:
        return missing
    # On lines of their own, so that no number is read across the border of two passages.
    return missing + tuple(
        Finding("quantity-unsupported", "high", quantity.text, quantity.span)
        for quantity in unsupported_quantities(text, "\n".join(cited))
    )
