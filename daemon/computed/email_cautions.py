"""What should make the sender of an administrative e-mail think: clinical detail, or a person who can be known by it.

The text stays as it was dictated. An e-mail may leave the practice unencrypted, so what is clinical belongs into the chart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.computed.material import Material
from daemon.computed.patient_facts import patient_facts
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.quantity.quantities import quantities
from daemon.faithfulness.vocabulary.diagnoses import find_diagnoses
from daemon.model.finding import Caution
from daemon.model.passage import PageAnchor, Passage

CODE = "clinical-detail-in-email"
_SOMEBODY = re.compile(r"\b(?:patients?|pt|mr|mrs|ms|miss|he|she|him|his|her|hers|they|their)\b", re.IGNORECASE)
_MOST_EXAMPLES = 4
_DOSES = frozenset({"mg", "mcg", "g", "ml", "iu", "unit", "meq", "mmol", "mg/dl", "mmhg", "%", "mg/ml"})
_RESULT = re.compile(
    r"\b(?:a1c|hemoglobin|hba1c|creatinine|egfr|potassium|sodium|glucose|ldl|cholesterol|tsh|inr|psa|troponin|wbc|white\s+count|platelets?|biopsy|pathology|"
    r"culture|mammogram|pap\s+smear|x-?ray|mri|ct\s+scan|ultrasound|ekg|ecg|colonoscopy|blood\s+pressure|lab\s+results?|test\s+results?|hiv|hepatitis|pregnancy\s+test|"
    r"drug\s+screen|strep\s+test|covid\s+test)\b[^.;]{0,40}?\b(?:is|was|were|are|came\s+back|shows?|showed|of|at|positive|negative|abnormal|normal|elevated|high|low|\d)\b(?:\s+[\d.]*\d%?)?",
    re.IGNORECASE,
)


def cautions(material: Material) -> tuple[Caution, ...]:
    """One caution that names what is clinical, with the passages that hold it; none for an e-mail without any."""
    found = [
        (what, passage.id)
        for passage in material.passages
        if not isinstance(passage.anchor, PageAnchor)
        for what in _clinical(passage)
    ]
    if not found:
        return ()
    words = list(dict.fromkeys(what for what, _ in found))
    named = ", ".join(f"“{word}”" for word in words[:_MOST_EXAMPLES]) + (
        " and more" if len(words) > _MOST_EXAMPLES else ""
    )
    text = f"This e-mail holds clinical detail or a patient's identity ({named}). Check that it may be sent this way, and to whom."
    return (Caution(CODE, "medium", text, tuple(dict.fromkeys(name for _, name in found))),)


def _clinical(passage: Passage) -> Iterator[str]:
    """Drugs, doses, diagnoses, results, and a full name beside a date of birth or a record number."""
    text = " ".join(passage.text.split())
    facts = patient_facts(text)
    if {"born", "record"} & {fact.kind for fact in facts}:
        yield from (text[slice(*fact.value)] for fact in facts if fact.kind in {"name", "born", "record"})
    if not (_SOMEBODY.search(text) or facts):
        return  # "order more lidocaine", "print the flu forms": nobody's
    yield from (drug.name for drug in find_drugs(text))
    yield from (one.text for one in quantities(text) if (one.unit or "").lower() in _DOSES)
    yield from (one.text for one in find_diagnoses(text) if one.status != "other")
    yield from (result.group() for result in _RESULT.finditer(text))
