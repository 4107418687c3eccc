"""Prior authorization: dictations of many specialties, each sentence where a reviewer looks for it, and what is still to be got."""

from __future__ import annotations

import pytest

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.loader import load_documents
from daemon.model.draft import Draft, Statement
from daemon.model.passage import Reading
from daemon.model.source import Source
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.passages import printed, spoken

LETTER = load_documents(None)["prior-auth"]
QUOTING = QuotingDrafter()
WRITTEN = {spec.key for spec in LETTER.sections if not spec.computed}

# Each line: the section that the sentence belongs into, then the sentence. "-" is only the request for the letter itself.
_DICTATED = {
    "dermatology": """
        request | I am requesting approval for adalimumab 40 milligrams under the skin every other week, for twelve months.
        diagnosis | The diagnosis is moderate to severe plaque psoriasis.
        history | She has had it for nine years.
        tried | She tried clobetasol ointment twice daily for four months without enough improvement.
        tried | She took methotrexate 15 milligrams once weekly for five months and had to stop because her liver enzymes rose.
        need | This treatment is medically necessary because the plaques on her palms keep her from working.
        findings | Her tuberculosis test in October was negative.
        enclosures | I will attach the dermatology note and the photographs.""",
    "imaging": """
        request | Prior auth for an MRI of the lumbar spine without contrast, CPT 72148.
        history | He has had low back pain radiating down the left leg since March 2026.
        tried | He completed six weeks of physical therapy from April to May without improvement.
        tried | He took naproxen 500 mg twice daily for eight weeks with no relief and could not tolerate gabapentin because of sedation.
        findings | On exam straight leg raise is positive on the left at 40 degrees and ankle reflex is diminished.
        findings | X-rays on May 3rd showed disc space narrowing at L5-S1.
        diagnosis | ICD-10 code M54.16.
        need | The MRI is needed to evaluate for nerve root compression before referral to surgery.
        enclosures | Please see attached physical therapy notes and x-ray report.""",
    "neurology": """
        request | I'm requesting coverage of erenumab 70 milligrams once a month for 12 months.
        diagnosis | Diagnosis chronic migraine.
        findings | She has 18 headache days a month.
        tried | Tried and failed topiramate 100 mg for three months and propranolol 80 mg for four months.
        tried | Botox was not effective after two cycles.
        prescriber | I am a neurologist, NPI 1234567893.
        prescriber | Call me at 555-0134 for a peer to peer.""",
    "appeal": """
        request | The plan denied infliximab on October 3rd.
        diagnosis | He has Crohn's disease of the small bowel.
        tried | He failed azathioprine and lost response to adalimumab after eleven months.
        findings | Colonoscopy in September showed deep ulcers in the terminal ileum.
        request | Please reconsider the denial.
        need | If it is not approved he will likely need another operation.
        enclosures | I enclose the denial letter and the colonoscopy report.""",
    "orthopedics": """
        request | Pre authorization request for right total knee arthroplasty at Lakeside Hospital, inpatient.
        diagnosis | Diagnosis is severe osteoarthritis of the right knee.
        tried | Injections of triamcinolone in January and April gave only temporary relief.
        tried | Physical therapy for three months did not help.
        findings | X-ray shows bone on bone in the medial compartment of the right knee.
        coverage | Blue Cross member number 88121.""",
    "endocrinology": """
        request | We are requesting authorization for a continuous glucose monitor.
        diagnosis | She has type 1 diabetes and is on four insulin injections a day.
        findings | Her A1c in August was 8.9 percent.
        need | Without it she is at risk of another severe hypoglycemia.
        coverage | Her insurance is Aetna, member ID W1200.""",
    "sleep": """
        request | I am requesting a CPAP machine for purchase.
        findings | The sleep study in June showed an apnea hypopnea index of 34.
        diagnosis | He has severe obstructive sleep apnea.
        tried | He tried an oral appliance for three months with no improvement.
        need | CPAP is necessary because he falls asleep at the wheel of his truck.""",
    "rheumatology": """
        request | Please approve etanercept 50 mg once weekly.
        diagnosis | She was diagnosed with rheumatoid arthritis in 2019.
        tried | Methotrexate 20 mg weekly for six months did not control her disease, and leflunomide was stopped because of diarrhea.
        findings | She has 9 swollen joints and 11 tender joints today.
        enclosures | Labs are enclosed.""",
    "psychiatry": """
        request | I am asking for approval of esketamine nasal spray, 56 milligrams twice a week for four weeks.
        diagnosis | The diagnosis is treatment resistant major depressive disorder.
        tried | He has failed sertraline, venlafaxine and bupropion, each for at least eight weeks.
        findings | PHQ-9 is 22.
        need | The goal is to keep him out of the hospital.""",
    "cardiology": """
        request | Requesting prior authorization for evolocumab 140 milligrams every two weeks.
        findings | LDL was 168 on rosuvastatin.
        tried | She was intolerant of atorvastatin, with muscle pain, and ezetimibe was ineffective.
        diagnosis | Primary diagnosis is familial hypercholesterolemia.""",
    "oncology": """
        request | I am seeking approval for a PET scan of the whole body.
        diagnosis | She carries a diagnosis of diffuse large B cell lymphoma.
        need | The scan will change management after two cycles of chemotherapy.""",
}
_LACKS = {
    "dermatology": {
        "Diagnosis code (ICD-10)",
        "NPI of the prescriber",
        "Member number",
        "Quantity and days' supply",
        "Laboratory results",
    },
    "imaging": {"Standard or expedited review", "Health plan", "NPI of the prescriber"},
    "neurology": {"Diagnosis code (ICD-10)", "Why it is needed", "Clinic notes"},
    "appeal": {"Diagnosis code (ICD-10)", "Severity, by a score or a measure"},
    "orthopedics": {"Code of the service (CPT or HCPCS)", "Clinic notes"},
    "endocrinology": {"Treatments tried before", "Code of the service (CPT or HCPCS)"},
}
_KNOWN = {
    "dermatology": {"Treatments tried before", "Dose of what was tried", "Photographs", "Clinic notes", "Duration of the approval asked for"},
    "imaging": {"Diagnosis code (ICD-10)", "Code of the service (CPT or HCPCS)", "Side and body part", "Result of each, or why it was stopped"},
    "neurology": {"NPI of the prescriber", "Specialty of the prescriber", "How the clinician can be reached for a peer-to-peer call", "Diagnosis"},
    "appeal": {"The plan's letter of denial", "Diagnosis", "Why it is needed"},
    "orthopedics": {"Health plan", "Member number", "Where and by whom it will be done", "Side and body part"},
    "endocrinology": {"Health plan", "Member number", "Why it is needed"},
}  # fmt: skip


def _lines(name: str) -> list[tuple[str, str]]:
    rows = (line.split(" | ", 1) for line in _DICTATED[name].strip().splitlines())
    return [(section.strip(), text.strip()) for section, text in rows]


def _draft(texts: list[str], kind: str = "recording") -> Draft:
    passages = printed(texts) if kind == "scan" else spoken(texts)
    return draft("j1", LETTER, Reading((Source("s1", kind, "0" * 64),), passages), QUOTING, FakeClock())  # type: ignore[arg-type]  # a literal's name


def _statements(made: Draft, key: str) -> tuple[Statement, ...]:
    return next(section.statements for section in made.sections if section.key == key)


def _missing(made: Draft) -> set[str]:
    return {one.cells[0] for key in ("payer-missing", "attachments-missing") for one in _statements(made, key)}


@pytest.mark.parametrize("name", _DICTATED)
def test_each_sentence_stands_where_a_reviewer_looks_for_it(name: str) -> None:
    lines = _lines(name)
    made = _draft([text for _, text in lines])
    placed = {
        one.text.rstrip("."): section.key
        for section in made.sections
        for one in section.statements
        if one.manner == "quoted"
    }
    assert {text: placed.get(text.rstrip(".")) for _, text in lines} == {text: section for section, text in lines}


@pytest.mark.parametrize("name", _LACKS)
def test_what_plans_ask_for_and_nobody_said_is_listed_for_the_office(name: str) -> None:
    made = _draft([text for _, text in _lines(name)])
    assert _LACKS[name] - _missing(made) == set()
    assert _KNOWN[name] & _missing(made) == set()


def test_the_office_pages_are_no_part_of_the_letter() -> None:
    made = _draft(["I am requesting approval for a walker."])
    office = [section.key for section in made.sections if section.audience == "office"]
    assert office == [section.key for section in made.sections][-len(office) :]
    assert {"payer-missing", "attachments-missing", "contradictions"} <= set(office)
    assert (made.form, made.closing) == ("letter", "Sincerely,")
    assert made.opening.startswith("To the utilization review")


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["Remember to buy coffee for the break room.", "The printer is out of toner."],
        ["Prior authorization letter."],
    ],
)
def test_with_nothing_to_say_all_is_a_placeholder_and_all_is_missing(texts: list[str]) -> None:
    made = _draft(texts)
    said = set(texts)
    assert {one.text for key in WRITTEN for one in _statements(made, key)} <= said
    assert all(section.placeholder for section in made.sections if section.key in WRITTEN)
    wanted = {one.item for one in LETTER.expects if not one.visits and not one.given}
    assert _missing(made) == wanted


def test_a_form_is_read_by_its_labels() -> None:
    made = _draft(
        ["Patient Name: Maria Santos", "Date of Birth: 05/06/1990", "Member ID: 00991", "Insurance: Cigna",
         "Medication requested: dupilumab 300 mg every 2 weeks", "Diagnosis: atopic dermatitis", "ICD-10: L20.9",
         "Previous treatments: tacrolimus 0.1% 3 months, no improvement", "NPI:", "Emergency contact: Ana Santos"],
        "scan",
    )  # fmt: skip
    keys = ("coverage", "request", "diagnosis", "tried", "other")
    assert [[one.evidence for one in _statements(made, key)] for key in keys] == [
        [("p3",), ("p4",)], [("p5",)], [("p6",), ("p7",)], [("p8",)], [("p10",)],
    ]  # fmt: skip
    assert "NPI of the prescriber" in _missing(made)
    assert {"Member number", "Health plan", "Diagnosis code (ICD-10)"} & _missing(made) == set()


def test_a_code_is_never_completed() -> None:
    made = _draft(["I am requesting adalimumab.", "The diagnosis is plaque psoriasis."])
    letter = " ".join(
        one.text for section in made.sections if section.audience == "reader" for one in section.statements
    )
    assert "L40" not in letter
    assert "Diagnosis code (ICD-10)" in _missing(made)


def test_the_wrong_side_is_pointed_out_to_the_office() -> None:
    made = _draft(
        ["I am requesting approval of a right total knee replacement.", "X-ray of the left knee shows bone on bone."]
    )
    assert [one.evidence for one in _statements(made, "contradictions")] == [("p1", "p2")]
