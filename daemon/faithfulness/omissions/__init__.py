"""What was said and stands in no statement, each with its passages. Each module looks for one kind of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from daemon.faithfulness.omissions.allergies import omitted_allergies
from daemon.faithfulness.omissions.diagnoses import omitted_diagnoses
from daemon.faithfulness.omissions.follow_ups import omitted_follow_ups
from daemon.faithfulness.omissions.medications import omitted_medications
from daemon.faithfulness.omissions.numbers import omitted_numbers
from daemon.faithfulness.omissions.reported_symptoms import omitted_reported_symptoms
from daemon.faithfulness.omissions.safety_advice import omitted_safety_advice
from daemon.faithfulness.omissions.symptoms import omitted_symptoms
from daemon.faithfulness.texts import Texts
from daemon.model.finding import OMISSION_KINDS, Omission

OmissionRule = Callable[[Texts, Texts], Iterable[Omission]]
"""Reads the statements of a note and the passages of its source."""

RULES: Mapping[str, OmissionRule] = {
    "medication": omitted_medications,
    "allergy": omitted_allergies,
    "number": omitted_numbers,
    "negated-symptom": omitted_symptoms,
    "symptom": omitted_reported_symptoms,
    "diagnosis": omitted_diagnoses,
    "follow-up": omitted_follow_ups,
    "safety-advice": omitted_safety_advice,
}
assert tuple(RULES) == OMISSION_KINDS


def find_omissions(note: Texts, source: Texts, kinds: Iterable[str] = OMISSION_KINDS) -> tuple[Omission, ...]:
    """What of these `kinds` stands in the passages of `source` and in no statement of `note`, by kind and then as it was said."""
    found = [omission for kind in dict.fromkeys(kinds) for omission in RULES[kind](note, source)]
    allergies = [omission for omission in found if omission.kind == "allergy"]
    return tuple(one for one in found if one.kind != "medication" or not any(_tells(each, one) for each in allergies))


def _tells(allergy: Omission, medication: Omission) -> bool:
    """Whether what looked like a medication that is taken is what an allergy is to: it is left out once, not twice."""
    named = medication.text.strip(" .").casefold()
    return named in allergy.text.casefold() and set(medication.evidence) <= set(allergy.evidence)
