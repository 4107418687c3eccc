"""What can be said against one statement by rule alone: no model, the same answer every time, for any text in any language.

Each module holds one rule; `RULES` names them all. A rule reads a claim and the texts it is held against, and yields findings:
a stable code, a severity, and the smallest span of the statement that is in doubt. None changes a text, none depends on another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from daemon.faithfulness.rules.doubles import without_doubles
from daemon.faithfulness.rules.examination import examination_findings
from daemon.faithfulness.rules.experiencer import experiencer_findings
from daemon.faithfulness.rules.frequency import frequency_findings
from daemon.faithfulness.rules.identity import identity_findings
from daemon.faithfulness.rules.laterality import laterality_findings
from daemon.faithfulness.rules.medication import medication_findings
from daemon.faithfulness.rules.medication_status import medication_status_findings
from daemon.faithfulness.rules.negation import negation_findings
from daemon.faithfulness.rules.quantity import quantity_findings
from daemon.faithfulness.rules.result_values import result_value_findings
from daemon.faithfulness.rules.retraction import retraction_findings
from daemon.faithfulness.rules.section import section_findings
from daemon.faithfulness.rules.support import support_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

Rule = Callable[[Claim, Texts], Iterable[Finding]]

RULES: tuple[Rule, ...] = (
    quantity_findings,
    frequency_findings,
    medication_findings,
    medication_status_findings,
    experiencer_findings,
    negation_findings,
    laterality_findings,
    identity_findings,
    examination_findings,
    retraction_findings,
    result_value_findings,
    support_findings,
    section_findings,
)

QUOTE_RULES: tuple[Rule, ...] = (medication_findings, retraction_findings)
"""What can be wrong with a passage's own words: a name that was misheard, a plan that was taken back."""


def verify_claim(claim: Claim, source: Texts, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """The findings of `rules` against `claim`, by their place in it, each cause once.

    What cites no passage, or one that does not exist, is `evidence-missing`; without any passage nothing more is judged, since
    that finding says it all.
    """
    cited = source.cited(claim)
    whole = bool(cited) and len(cited) == len(set(claim.evidence))
    missing = () if whole else (Finding("evidence-missing", "high", ""),)
    if not cited and not claim.inferred:
        return missing
    found = without_doubles((finding for rule in rules for finding in rule(claim, source)), claim.text)
    return found if claim.inferred else missing + found


def verify_statement(text: str, evidence_ids: Sequence[str], passages: Mapping[str, str]) -> tuple[Finding, ...]:
    """`verify_claim` for one statement by itself; `passages` are texts by id."""
    return verify_claim(Claim(text, tuple(evidence_ids)), Texts(passages))
