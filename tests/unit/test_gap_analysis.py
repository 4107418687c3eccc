"""Whole notes through the draft step: what a clinician would expect to be told, and nothing drafted of what is missing."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.loader import load_documents
from daemon.model.codec import draft_from_bytes, draft_to_bytes
from daemon.model.draft import Draft, Statement
from daemon.model.passage import Reading
from daemon.model.source import Source, SourceKind
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import printed, spoken

GAP = load_documents(None)["gap-analysis"]
QUOTING = QuotingDrafter()


@dataclass(frozen=True)
class Note:
    """A note, the kinds of visit it is, items that it lacks and that it has, and what of it contradicts itself."""

    texts: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    lacks: frozenset[str] = frozenset()
    has: frozenset[str] = frozenset()
    contradicts: tuple[str, ...] = ()
    scan: bool = False


def _note(text: str, kinds: str = "", lacks: str = "", has: str = "", *contradicts: str, scan: bool = False) -> Note:
    return Note(tuple(text.strip().split("\n")), _names(kinds), _names(lacks), _names(has), contradicts, scan)


def _names(words: str) -> frozenset[str]:
    return frozenset(one.strip() for one in words.split(";") if one.strip())


_NOTES = {
    "shoulder": _note(
        "Documentation gap analysis.\nNew patient visit.\nOmar Haddad is 47 years old and comes in with pain in the left shoulder.\n"
        "It began about two months ago after he painted a ceiling.\nHe takes naproxen.\n"
        "On exam the right shoulder is tender over the front and abduction is limited to 90 degrees.\nStrength is normal.\n"
        "I think this is rotator cuff tendinopathy.\nWe will start physical therapy twice a week.",
        "New patient; New or acute problem; Injury or pain of a joint",
        "Allergies; Dose and frequency of the medications; Vital signs; Follow-up interval; Tobacco use; When to call or come back sooner",
        "Current medications; Examination; Onset and duration; Assessment or diagnosis; Plan for each problem; Reason for the visit",
        "left shoulder",
    ),
    "biopsy": _note(
        "Procedure note.\nShave biopsy of a lesion on the left forearm.\nRisks and benefits were discussed and she agreed to proceed.\n"
        "The site was cleaned with alcohol and anesthetized with one milliliter of 1 percent lidocaine.\n"
        "A shave biopsy was taken from the right forearm and sent to pathology.\nShe tolerated it well.\nKeep it clean and dry.",
        "Procedure; Procedure that takes tissue or fluid; Skin complaint", "Time-out; Allergies",
        "Consent; Complications, or that there were none; Specimen, or that none was taken; Instructions for afterwards", "left forearm",
    ),
    "well child": _note(
        "Four year old girl here for her well child visit with her mother.\nShe eats a varied diet and sleeps ten hours.\n"
        "She speaks in full sentences.\nWeight 16.2 kilograms, 55th percentile.\nHeart and lungs are normal.\nVaccines today, MMR.\n"
        "We talked about car seats.\nReturn in one year.",
        "Child; Well-child visit", "Allergies; Assessment or diagnosis",
        "Growth with percentiles; Immunizations; Who gave the history; Development; Weight of the child; Follow-up interval",
    ),
    "depression": _note(
        "Follow up visit for depression.\nHis mood is a little better on sertraline 50 milligrams daily.\nSleep is still poor.\nPHQ-9 is 12, was 18.\n"
        "No side effects.\nHe has no known drug allergies.\nIncrease sertraline to 100 milligrams daily.\nReturn in four weeks.",
        "Follow-up of a known condition; Mental health", "Risk of suicide or self-harm; Mental status examination; Alcohol and other substances",
        "Standard score of mood or anxiety; Sleep and appetite; Allergies; Whether the medications are taken and tolerated",
    ),
    "prenatal": _note(
        "Prenatal visit, she is 28 weeks pregnant.\nNo bleeding, no leakage of fluid, good fetal movement.\nBlood pressure 112 over 68.\n"
        "Fetal heart tones 144.\nAllergies were not asked.\nReturn in two weeks, call if there is bleeding.",
        "Pregnancy", "Allergies; Pregnancies and births so far",
        "Gestational age or due date; Bleeding, fluid, contractions and fetal movement; Fetal heart tones or ultrasound; Blood pressure reading",
    ),
    "diabetes, scanned": _note(
        "PROGRESS NOTE\nCC: diabetes follow-up\nHPI: 68 y/o male seen for follow-up of type 2 diabetes. No lows. Taking meds as prescribed.\n"
        "MEDICATIONS:\nmetformin 1000 mg BID\nglipizide 5 mg daily\nALLERGIES:\nNKDA\nVITALS: BP 142/88 P 76 Wt 212 lb\n"
        "EXAM: feet intact, monofilament normal\nA1c 8.1%\nA/P: T2DM uncontrolled. Increase glipizide to 10 mg.\nRTC 3 months",
        "Follow-up of a known condition; Diabetes", "Tobacco use; When to call or come back sooner",
        "Allergies; Current medications; Dose and frequency of the medications; A1c or glucose readings; Follow-up interval; Vital signs", scan=True,
    ),
    "blank form": _note(
        "VISIT NOTE\nReason for visit: sore throat\nAllergies:\nMedications:\nTemp: 101.2\nThroat red with exudate.\nAssessment: strep pharyngitis\n"
        "Plan: amoxicillin 500 mg twice daily for 10 days",
        "New or acute problem; Respiratory illness or infection", "Allergies; Onset and duration; Follow-up interval",
        "Fever, or that there is none; Assessment or diagnosis; Plan for each problem", scan=True,
    ),
    "conversation": _note(
        "What brings you in today?\nI have had a burning when I urinate for three days.\nAny fever?\nNo.\nAre you allergic to anything?\nSulfa, I get a rash.\n"
        "Urine dip shows nitrites.\nThis is a urinary tract infection.\nI will send in Bactrim twice a day for three days.\nCall if you get a fever.",
        "Urinary complaint", "Vital signs; Examination; Follow-up interval",
        "Allergies; Reaction to each allergy, or that there is none; Fever, or that there is none; Urine test, or why none was needed", "Bactrim",
    ),
    "telehealth": _note(
        "Video visit.\nThe patient is at home in Boise and agrees to a telehealth visit.\nHe wants a refill of lisinopril 10 mg, takes it every day.\n"
        "Home blood pressures run around 128 over 78.\nRefilled for one year.",
        "Telehealth; Medication refill", "Allergies; When to call or come back sooner",
        "Consent to telehealth; Where the patient was, and how they were seen; Dose and frequency of the medications",
    ),
    "injection": _note(
        "Right knee injection.\nConsent was obtained and a time out was done.\nThe right knee was prepped with chlorhexidine.\n"
        "40 milligrams of triamcinolone with 4 milliliters of lidocaine were injected.\nNo complications.\nNo known allergies.",
        "Procedure", "Follow-up interval",
        "Consent; Time-out; Site and side of the procedure; Complications, or that there were none; Cleaning and technique; Allergies",
    ),
    "chest": _note(
        "Fifty eight year old man with chest tightness when he climbs stairs for two weeks.\nHe takes no medications.\nHe takes metoprolol 25 milligrams twice daily.\n"
        "Penicillin allergy, anaphylaxis.\nBlood pressure 150 over 92.\nEKG shows no acute changes.\nThis may be angina.\nStress test this week.",
        "Chest pain", "Severity, or what it keeps the patient from doing; Follow-up interval",
        "Electrocardiogram, done or why not; Radiation and relation to exertion; Allergies; Reaction to each allergy, or that there is none", "no medications",
    ),
    "sparse": _note("Seen today.\nDoing fine.\nSee me next year.", "", "Allergies; Current medications; Examination", "Follow-up interval"),
    "off-topic": _note("Remember to buy coffee for the break room.\nThe printer is out of toner.", "", "Allergies; Assessment or diagnosis; Plan for each problem"),
}  # fmt: skip


def _draft(note: Note) -> Draft:
    kind: SourceKind = "scan" if note.scan else "recording"
    reading = Reading((Source("s1", kind, "0" * 64),), (printed if note.scan else spoken)(note.texts))
    return draft("j1", GAP, reading, QUOTING, FakeClock())


def _section(made: Draft, key: str) -> tuple[Statement, ...]:
    return next(section.statements for section in made.sections if section.key == key)


@pytest.mark.parametrize("name", _NOTES)
def test_a_note(name: str) -> None:
    note, made = _NOTES[name], _draft(_NOTES[name])
    kinds = {
        one.text.split(", by the words")[0].split(" of a joint")[0] for one in _section(made, "visit") if one.evidence
    }
    assert kinds == {kind.split(" of a joint")[0] for kind in note.kinds}
    lacks, has = ({one.cells[0] for one in _section(made, key)} for key in ("missing", "documented"))
    assert note.lacks - lacks == set()
    assert note.has - has == set()
    assert lacks & has == set()
    doubts = _section(made, "contradictions")
    assert [any(words in one.text for one in doubts) for words in note.contradicts] == [True] * len(note.contradicts)
    assert len(doubts) == len(note.contradicts)


@pytest.mark.parametrize("name", _NOTES)
def test_nothing_is_drafted_and_everything_cited_is_there(name: str) -> None:
    made = _draft(_NOTES[name])
    said = " ".join(" ".join(_NOTES[name].texts).split())
    ids = {passage.id for passage in made.passages}
    for section in made.sections:
        for one in section.statements:
            assert one.manner == "printed"
            assert set(one.evidence) <= ids
            assert section.key in {"missing", "visit"} or one.evidence
    for one in _section(made, "documented"):
        for quote in one.cells[1].removeprefix("“").removesuffix("”").split("” “"):
            words = quote.removeprefix("… ").removesuffix(" …").replace(":", "").replace("?", "").rstrip(".")
            assert words in said.replace(":", "").replace("?", "")
    assert draft_from_bytes(draft_to_bytes(made)) == made


def test_a_caution_points_to_what_contradicts_itself() -> None:
    (caution,) = _draft(_NOTES["shoulder"]).cautions
    assert (caution.code, caution.severity, caution.evidence) == ("contradiction", "high", ("p3", "p6"))
    assert "one place: see “What contradicts itself”" in caution.text
    assert _draft(_NOTES["well child"]).cautions == ()


def test_nothing_read_is_delivered_all_the_same() -> None:
    made = draft("j1", GAP, Reading((Source("s1", "recording", "0" * 64),), ()), QUOTING, FakeClock())
    assert not _section(made, "documented")
    assert not _section(made, "contradictions")
    assert len(_section(made, "missing")) > 5


def test_code_writes_it_all_so_no_drafter_is_asked() -> None:
    drafter = FakeDrafter()
    draft("j1", GAP, Reading((Source("s1", "recording", "0" * 64),), spoken(["NKDA."])), drafter, FakeClock())
    assert drafter.calls == 0
