"""Plans that a pronoun takes back, or that the patient refuses, and statements that carry them all the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.reading.sentences import note_sections
from daemon.faithfulness.reading.source_text import read_source
from daemon.faithfulness.rules.retraction import retraction_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

CARRIED = (
    ("Doctor: Flu shot today. Lisinopril goes to forty. Rosuvastatin up to twenty, I think. Well, let's hold off on that, keep it at ten.", 'Plan\nIncrease rosuvastatin to 20 mg.'),
    ("x ray shows no fracture so she can bear weight with physio enoxaparin forty milligrams once a day no hang on we've changed that it's apixaban two point five milligrams twice a day for thirty five days", 'Plan\nEnoxaparin 40 mg once daily for 35 days.'),
    ("Doctor: Increase rosuvastatin to 20 mg. Actually, let's hold off on that.", 'Plan\nIncrease rosuvastatin to 20 mg.'),
    ("Doctor: Increase rosuvastatin to 20 mg. Actually, let's hold off on that.", 'Increase rosuvastatin to 20 mg.'),
    ("Doctor: Let's start montelukast 4 mg. Actually no, let's leave that out.", 'Start montelukast 4 mg.'),
    ("Doctor: I was thinking morphine, but since you're nearly pain free we'll skip that.", 'Plan\nStart morphine.'),
    ("Left hand, I thought about cryotherapy, no, scrap that, we'll use Efudix cream.", 'Plan\nCryotherapy to left hand.'),
    ("We'll order an MRI. Actually, let's not.", 'MRI ordered.'),
    ("Doctor: We could add mirtazapine at night, fifteen milligrams.\nPatient: I'd rather not take another tablet.\nDoctor: That's fair, let's not do that then.", 'Plan\nStart mirtazapine 15 mg at night.'),
    ("enoxaparin forty milligrams once a day no hang on we've changed that it's apixaban two point five milligrams twice a day", 'Enoxaparin 40 mg once daily.'),
    ('She takes ferrous sulfate 200 mg once a day. Start metformin 500 mg once daily, correction, 500 mg twice daily with food.', 'Start metformin 500 mg once daily with food.'),
    ("Doctor: I was going to add in montelukast, four milligrams at night, actually no, let's leave that out, let's get the preventer right first.", 'Plan\nStart montelukast 4 mg at night.'),
    ("Doctor: Let's get a chest x-ray.\nPatient: Okay.\nDoctor: Actually, on reflection, no, you had one last week.", 'Plan\nChest x-ray.'),
    ("Doctor: I'd like to refer you to a dietitian.\nPatient: No, thank you.\nDoctor: Okay, no problem.", 'Plan\nRefer to dietitian.'),
    ("Doctor: We'll give you a flu shot today.\nPatient: I'd rather not.\nDoctor: Okay, then we won't.", 'Plan\nFlu shot given today.'),
    ('Plan: start gabapentin 100 mg at night. Forget that.', 'Plan\nStart gabapentin 100 mg at night.'),
    ("I'll book a colonoscopy. No, don't do that.", 'Plan\nColonoscopy booked.'),
    ("Doctor: We may start allopurinol. Let's hold off on that until the labs are back.", 'Plan\nStart allopurinol.'),
    ("Patient: I take rosuvastatin 10 mg.\nDoctor: Let's increase rosuvastatin to 20 mg. Actually, let's hold off on that.", 'Plan\nRosuvastatin 20 mg daily.'),
    ("Doctor: I want to stop the aspirin. Actually, let's not do that yet.", 'Plan\nStop aspirin.'),
    ("Doctor: I'll put you on amitriptyline ten milligrams at night. Mind you, you've got glaucoma, so scrap that.", 'Plan\nStart amitriptyline 10 mg nightly.'),
    ("Doctor: We might try a nicotine patch.\nPatient: I don't fancy that.\nDoctor: Fair enough, we'll leave it.", 'Plan\nNicotine patch prescribed.'),
    ("Plan: add spironolactone 25 mg daily. Potassium is already 5.2, so let's not.", 'Plan\nAdd spironolactone 25 mg daily.'),
    ("Doctor: Let's double the furosemide to 80 mg. Hmm, actually your kidneys are a bit off, I'd rather hold that.", 'Plan\nIncrease furosemide to 80 mg.'),
    ("I was going to arrange a CT of the abdomen. Thinking about it, we don't need that.", 'Plan\nCT abdomen.'),
    ("we'll start tamsulosin point four at night um you know what let's leave it out he's dizzy already continue finasteride", 'Start tamsulosin 0.4 mg at night.'),
    ("Doctor: How about we do the shingles vaccine today?\nPatient: I'd prefer not to.\nDoctor: That's fine.", 'Plan\nShingles vaccine administered.'),
    ('Refer to physical therapy. Cancel that.', 'Plan\nReferral to physical therapy.'),
    ("Doctor: We'll repeat the colonoscopy this year. Oh wait, you had one in June. Forget about that.", 'Plan\nRepeat colonoscopy this year.'),
    ('Start prednisone 40 mg for five days. Drop that, his sugars are too high.', 'Prescribed prednisone 40 mg for 5 days.'),
    ('I suggested trazodone 50 mg at bedtime. The patient declined.', 'Plan\nStart trazodone 50 mg at bedtime.'),
    ("Doctor: I'd like to stop your amlodipine. On second thoughts, no.", 'Plan\nDiscontinue amlodipine.'),
    ("Doctor: Let's get a sleep study. We can park that for now.", 'Plan\nOrder sleep study.'),
    ("Doctor: We can give you a steroid injection in the knee.\nPatient: I'd rather not have another one.\nDoctor: Okay, that's completely fine.", 'Plan\nSteroid injection of the knee.'),
    ("Doctor: I want to begin insulin glargine ten units. Patient: Oh no. Doctor: No, let's not do that just yet.", 'Plan\nBegin insulin glargine 10 units.'),
    ("Let's check a ferritin. No, don't bother with that, it was done in May.", 'Plan\nCheck ferritin.'),
    ("Doctor: I'd send you for an MRI, but with your pacemaker we won't do that.", 'Plan\nMRI lumbar spine.'),
    ("Doctor: Start Wegovy, well, your insurance won't pay, so put that on hold.", 'Plan\nStart Wegovy.'),
    ('Doctor: Switch to escitalopram 10 mg. Actually, no.', 'Plan\nSwitch to escitalopram 10 mg.'),
    ('Doctor: Aspirin 81 mg daily. Start atorvastatin 40 mg. Scrap that, 20 mg.', 'Plan\nStart atorvastatin 40 mg.'),
    ('Bisoprolol 2.5 mg once daily. Ramipril 5 mg once daily, correction, 10 mg once daily.', 'Medications\nRamipril 5 mg once daily.'),
)  # fmt: skip
KEPT = (
    ("Doctor: Flu shot today. Lisinopril goes to forty. Rosuvastatin up to twenty, I think. Well, let's hold off on that, keep it at ten.", 'Plan\nFlu shot today. Continue rosuvastatin 10 mg.'),
    ("Left hand, I thought about cryotherapy, no, scrap that, we'll use Efudix cream.", 'Plan\nEfudix cream to left hand.'),
    ("Doctor: We could add mirtazapine at night, fifteen milligrams.\nPatient: I'd rather not take another tablet.\nDoctor: That's fair, let's not do that then.", 'Plan\nMirtazapine discussed, patient declined.'),
    ("enoxaparin forty milligrams once a day no hang on we've changed that it's apixaban two point five milligrams twice a day", 'Apixaban 2.5 mg BD.'),
    ('She takes ferrous sulfate 200 mg once a day. Start metformin 500 mg once daily, correction, 500 mg twice daily with food.', 'Ferrous sulfate 200 mg once daily.'),
    ('She takes ferrous sulfate 200 mg once a day. Start metformin 500 mg once daily, correction, 500 mg twice daily with food.', 'Start metformin 500 mg twice daily with food.'),
    ('She takes ferrous sulfate two hundred milligrams once a day. Start metformin five hundred milligrams once daily, correction, five hundred milligrams twice daily with food.', 'Medications:\nFerrous sulfate 200 mg once daily\nPlan:\nStart metformin 500 mg BD.'),
    ("Doctor: I was going to add in montelukast, four milligrams at night, actually no, let's leave that out, let's get the preventer right first.", 'Plan\nMontelukast not started.'),
    ("Doctor: I'd like to refer you to a dietitian.\nPatient: No, thank you.\nDoctor: Okay, but I really recommend it.\nPatient: All right.", 'Plan\nRefer to dietitian.'),
    ("Let's hold off on that until the labs are back.", 'Plan\nHold off until labs are back.'),
    ("Doctor: We may start allopurinol. Let's hold off on that until the labs are back.", 'Plan\nHold off on allopurinol until labs are back.'),
    ("Doctor: Start metformin 500 mg. And let's not forget to check your feet.", 'Plan\nStart metformin 500 mg.'),
    ('He is a scrap metal worker. Start naproxen 500 mg.', 'Plan\nStart naproxen 500 mg.'),
    ("Doctor: Start lisinopril 10 mg. Don't forget that you need labs in two weeks.", 'Plan\nStart lisinopril 10 mg.'),
    ("Patient: I take lisinopril 10 mg.\nDoctor: Let's go up to 20 on the lisinopril. Hmm, no, leave it, let's hold off on that.", 'Medications\nLisinopril 10 mg.'),
    ("Patient: I take rosuvastatin 10 mg.\nDoctor: Let's increase rosuvastatin to 20 mg. Actually, let's hold off on that.", 'Plan\nContinue rosuvastatin 10 mg.'),
    ("Doctor: I want to stop the aspirin. Actually, let's not do that yet.", 'Plan\nContinue aspirin.'),
    ("Doctor: Start sertraline 50 mg. Actually, let's hold off on that. \nPatient: I'd really like to try it.\nDoctor: Okay, let's start it then.", 'Plan\nStart sertraline 50 mg.'),
    ("We will start apixaban 5 mg. We'll skip that for now and bridge with heparin.", 'Plan\nHeparin bridge.'),
    ("Doctor: Do you want to hold off on that?\nPatient: No, let's do it.", 'Plan\nStart naproxen.'),
    ("Doctor: Let's double the furosemide to 80 mg. Hmm, actually your kidneys are a bit off, I'd rather hold that.", 'Plan\nContinue furosemide 40 mg.'),
    ("we'll start tamsulosin point four at night um you know what let's leave it out he's dizzy already continue finasteride", 'Continue finasteride.'),
    ("Doctor: How about we do the shingles vaccine today?\nPatient: I'd prefer not to.\nDoctor: That's fine.", 'Plan\nShingles vaccine declined.'),
    ('I suggested trazodone 50 mg at bedtime. The patient declined.', 'Plan\nPatient declined trazodone.'),
    ("Doctor: We can give you a steroid injection in the knee.\nPatient: I'd rather not wait any longer.\nDoctor: Okay, let's do it today.", 'Plan\nSteroid injection of the knee today.'),
    ('Doctor: Start escitalopram 10 mg. If it upsets your stomach we can skip that dose.', 'Plan\nStart escitalopram 10 mg.'),
    ('Doctor: Start iron tablets. Forget the coffee with them.', 'Plan\nStart iron tablets.'),
    ("Doctor: Order a DEXA scan. Don't forget that appointment.", 'Plan\nDEXA scan.'),
    ('Doctor: You should start walking daily. Patient: I hold it in because of pain. Doctor: okay.', 'Plan\nDaily walking.'),
    ('Doctor: Start losartan 50 mg. Hold that arm still for me.', 'Plan\nStart losartan 50 mg.'),
    ('Doctor: Start cetirizine. You can drop it if it makes you sleepy.', 'Plan\nStart cetirizine.'),
    ("Doctor: Increase metoprolol to 100 mg. Patient: I thought we'd skip that one. Doctor: No, we need it.", 'Plan\nIncrease metoprolol to 100 mg.'),
    ('Doctor: Aspirin 81 mg daily. Start atorvastatin 40 mg. Scrap that, 20 mg.', 'Plan\nStart atorvastatin 20 mg.'),
    ('Doctor: Aspirin 81 mg daily. Start atorvastatin 40 mg. Scrap that, 20 mg.', 'Plan\nAspirin 81 mg daily.'),
    ('Bisoprolol 5 mg once daily. Ramipril 5 mg once daily, correction, 10 mg once daily.', 'Medications\nBisoprolol 5 mg once daily.'),
    ("Doctor: We'll do a stress test next week. Patient: No thanks. Doctor: Alright, but think about it.", 'Plan\nStress test next week.'),
)  # fmt: skip


def findings(said: str, note: str) -> list[Finding]:
    source = read_source(said).texts
    index = PassageIndex.of_source(source)
    return [
        one
        for section in note_sections(note)
        for text in section.statements
        for one in retraction_findings(Claim(text, index.cite(text), section.title, inferred=True), source)
    ]


@pytest.mark.parametrize(("said", "note"), CARRIED)
def test_a_plan_that_fell_is_found_with_who_took_it_back(said: str, note: str) -> None:
    (finding, *_) = findings(said, note)
    assert (finding.code, finding.severity) == ("plan-retracted", "high")
    assert finding.detail
    assert finding.detail in note
    assert finding.evidence
    assert set(finding.evidence) <= set(read_source(said).texts.by_id)


@pytest.mark.parametrize(("said", "note"), KEPT)
def test_what_holds_or_says_that_it_fell_is_left_alone(said: str, note: str) -> None:
    assert not findings(said, note)


_PIECES = st.sampled_from(
    [
        "Start",
        "metformin 500 mg",
        "order an MRI",
        "actually, let's not",
        "scrap that",
        "hold off on that.",
        "I'd rather not.",
        "okay",
        "20 mg",
        ";",
        "\n",
        "\x00",
        "no",
        "increase",
        "Plan",
    ]
)
_TEXTS = st.one_of(st.text(max_size=80), st.lists(_PIECES, max_size=12).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(st.lists(_TEXTS, max_size=5), _TEXTS)
def test_any_text_is_read_and_every_finding_is_a_piece_of_it(said: list[str], text: str) -> None:
    source = Texts({f"p{number}": each for number, each in enumerate(said)})
    claim = Claim(text, tuple(source.by_id), "Plan", inferred=True)
    found = list(retraction_findings(claim, source))
    assert found == list(retraction_findings(claim, Texts(source.by_id)))
    for one in found:
        assert one.span is not None
        assert one.detail == text[slice(*one.span)] != ""
        assert one.evidence
        assert set(one.evidence) <= set(source.by_id)


def test_the_drug_is_the_smallest_span_and_the_refusal_the_evidence() -> None:
    said = "Doctor: Let's start montelukast 4 mg.\nPatient: Okay.\nDoctor: Actually no, let's leave that out."
    (finding,) = findings(said, "Plan\nStart montelukast 4 mg at night.")
    assert (finding.detail, finding.evidence) == ("montelukast", ("p3",))
