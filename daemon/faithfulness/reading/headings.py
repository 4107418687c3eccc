"""What usually stands under a heading of a note, as far as the heading is known."""

from __future__ import annotations

import re

from daemon.model.remembered import remembered

_KINDS = {
    "subjective": "subjective; history of present illness; hpi; interval history; present illness; history; genhx; interval; complaint's story; story",
    "complaint": "chief complaint; cc; reason for visit; reason for referral; presenting complaint; chief concern; reason",
    "past": "past medical history; pmh; medical history; past history; pastmedicalhx; past medical and surgical history; past surgical history; "
    "psh; surgical history; pastsurgical; problem list; other history; obstetric history; gynecologic history; gynhx; birth history",
    "family": "family history; fh; fhx; famhx; fam/sochx; social and family history; family and social history",
    "social": "social history; sh; shx; habits; substance use",
    "symptoms": "review of systems; ros; symptoms; systems review",
    "medications": "medications; current medications; medication list; meds; home medications; your medicines; medicines",
    "allergies": "allergies; allergy; drug allergies; medication allergies; allergies and intolerances",
    "vitals": "vitals; vital signs; vitals reviewed; vital signs reviewed",
    "objective": "objective; findings; supporting findings; objective findings; data",
    "examination": "physical exam; physical examination; exam; examination; pe; clinical examination; msk; mental status exam; mental status examination; "
    "exam findings; physical findings; special testing; musculoskeletal exam; neurological exam; neurologic exam; skin exam; orthopedic exam",
    "results": "results; labs; laboratory; laboratory results; lab results; imaging; imaging results; diagnostics; diagnostic results; studies; "
    "laboratory data; tests; diagnostic studies; test results; radiology; data reviewed; results reviewed",
    "procedure": "procedure; procedures",
    "assessment": "assessment; impression; diagnosis; diagnoses; clinical impression; differential diagnosis; final diagnosis",
    "plan": "plan; treatment plan; plan of care; disposition; recommendations; orders; instructions; patient instructions; follow-up; follow up; "
    "what to do at home; discharge instructions; edcourse; next steps",
    "assessment-plan": "assessment and plan; assessment & plan; a/p; a&p; impression and plan; assessment/plan; medical decision making; ap",
}
_BY_NAME = {name.strip(): kind for kind, names in _KINDS.items() for name in names.split(";")}
_EDGES = re.compile(r"^[\W\d_]+|[\W_]+$")
_LONGEST = 60

EXAMINATIONS = frozenset({"examination", "objective", "vitals"})
"""Kinds under which findings of an examination stand."""


@remembered(1024)
def kind_of(title: str) -> str:
    """One of the kinds above, or "" for a heading that is not known. Case, numbering and marks at its ends do not count."""
    if len(title) > _LONGEST:
        return ""
    return _BY_NAME.get(" ".join(_EDGES.sub("", title.casefold()).split()), "")
