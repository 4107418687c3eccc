"""Contradictions: found where two places cannot both be right, and never where notes only look like it."""

from __future__ import annotations

import pytest

from daemon.faithfulness.contradiction.contradictions import find_contradictions

_FOUND = [
    ("side", "Side of the shoulder", "He comes in with pain in the left shoulder.", "On exam the right shoulder is tender over the front."),
    ("side", "Side of the hip", "New patient visit, he comes in with pain in the left hip.", "On exam, the right hip is tender."),
    ("side", "Side of the knee", "She complains of right knee pain.", "MRI of the left knee shows a meniscal tear."),
    ("side", "Side of the ear", "Right ear pain for two days.", "On exam the left ear is red and bulging."),
    ("side", "Side of the knee", "Consent was obtained for injection of the right knee.", "The left knee was prepped and injected."),
    ("side", "Side of the knee", "I am requesting approval of a right total knee replacement.", "X-ray of the left knee shows bone on bone."),
    ("side", "Side of the forearm", "Shave biopsy of a lesion on the left forearm.", "It was taken from the right forearm."),
    ("value", "Blood pressure", "Blood pressure is 138/84.", "BP 148/90, pulse 72."),
    ("value", "Blood pressure", "Blood pressure is 138 over 84.", "Today her blood pressure is one forty eight over ninety."),
    ("value", "Pulse", "Pulse 72.", "Heart rate is 104 and regular."),
    ("value", "Temperature", "Temp 98.6.", "Temperature is 38.9."),
    ("value", "Weight", "Weight: 180 lb", "He weighs 95 kilograms."),
    ("value", "Oxygen saturation", "SpO2 98% on room air.", "Oxygen saturation is 89 percent."),
    ("value", "A1c", "Her A1c is 7.2 percent.", "A1c 8.4%, uncontrolled."),
    ("dose", "Dose of lisinopril", "She takes lisinopril 10 mg daily.", "Continue lisinopril 20 mg daily."),
    ("dose", "Dose of levothyroxine", "Synthroid 75 mcg daily.", "Levothyroxine 0.1 mg daily."),
    ("symptom", "Fever", "She reports fever and chills.", "She denies fever, cough or sore throat."),
    ("symptom", "Chest pain", "He has chest pain.", "No nausea, vomiting, or chest pain."),
    ("symptom", "Cough", "She has had a dry cough for three weeks.", "She denies cough."),
    ("symptom", "Thoughts of suicide", "He reports suicidal thoughts.", "Denies suicidal ideation."),
    ("allergy", "Allergy to penicillin", "She is allergic to penicillin, it gave her hives.", "Start amoxicillin 500 mg three times a day."),
    ("allergy", "Allergy to sulfa", "Allergies: sulfa", "Prescribe Bactrim DS twice daily for three days."),
    ("allergy", "Allergy to ibuprofen", "Allergic to ibuprofen.", "Naproxen 500 mg twice daily as needed."),
    ("allergy", "Allergy to NSAID", "NSAIDs allergy with wheezing.", "She takes meloxicam 15 mg daily."),
    ("allergy", "Allergy to codeine", "Allergy to codeine.", "Start hydrocodone 5 mg at night."),
    ("allergy", "Allergy to lisinopril", "Intolerant to lisinopril.", "Continue lisinopril 20 mg daily."),
    ("allergy", "Allergies", "No known drug allergies.", "She is allergic to penicillin."),
    ("allergy", "Allergies", "NKDA", "Allergies: sulfa drugs, rash"),
    ("habit", "Tobacco", "She is a never smoker.", "Social history: 20 pack-years."),
    ("habit", "Tobacco", "He does not smoke.", "He smokes one pack per day."),
    ("habit", "Alcohol", "Denies alcohol use.", "He drinks two beers every night."),
    ("habit", "Medications", "He takes no medications.", "He takes metformin 500 mg daily."),
    ("habit", "Operations", "No prior surgeries.", "Appendectomy in 2010."),
    ("habit", "Diabetes", "She has type 2 diabetes.", "No history of diabetes."),
    ("person", "Age", "This is a 58-year-old woman.", "63 year old female with cough."),
    ("person", "Sex", "A 58-year-old woman with cough.", "His prostate is enlarged."),
    ("person", "Sex", "A 58-year-old man with cough.", "Last menstrual period two weeks ago."),
    ("person", "Sex", "44 year old male.", "Sex: F"),
    ("person", "He or she", "A 58-year-old woman with cough.", "He denies fever."),
    ("person", "Date of birth", "Date of birth: 03/04/1962", "DOB 4/3/1963"),
    ("person", "Date of birth", "Born on March 4th, 1962.", "DOB: 03/04/1972"),
    ("person", "Name", "Patient name: Walter Nguyen", "Name: Grace Holloway"),
    ("person", "Name", "Prior authorization letter for Grace Holloway, date of birth September 12th 1972.", "NAME: ROSA DELGADO"),
    ("person", "Pregnancy", "She is 12 weeks pregnant.", "Her pregnancy test is negative."),
]  # fmt: skip

_FINE = [
    ("Left knee pain for two weeks.", "She had a right knee replacement in 2015."),
    ("Left knee pain for two weeks.", "The right knee has full range of motion without tenderness."),
    ("Left knee pain.", "She also has right knee pain.", "On exam the right knee is tender."),
    ("Pain in both knees.", "On exam the right knee is tender.", "Left knee has an effusion."),
    ("Left shoulder pain.", "The right shoulder is weaker than the left shoulder."),
    ("She is right hand dominant.", "Left hand pain since Monday."),
    ("Left leg pain.", "On exam the right arm is tender."),
    ("Blood pressure is 138/84.", "BP 138 over 84."),
    ("Blood pressure is 168/94.", "Repeat blood pressure is 142/86."),
    ("BP was 150/90 last month.", "Blood pressure is 128/80."),
    ("BP 130/80 sitting.", "BP 118/70 standing."),
    ("03/01/2026 BP 150/90", "04/02/2026 BP 130/80"),
    ("Blood pressure is 150/90.", "The goal for blood pressure is 130/80."),
    ("A1c 8.1% in March.", "A1c is 7.2% today."),
    ("Temp 38.4 C", "Temperature is 101.1 F."),
    ("Weight 180 lb.", "Weight is 81.6 kg."),
    ("Pulse 72.", "Pulse ox 98%."),
    ("Radial pulse 2+.", "Pulse 88."),
    ("His father's blood pressure is 180/100.", "Blood pressure is 120/80."),
    ("Heart rate 80.", "Fetal heart rate 145."),
    ("She takes lisinopril 10 mg daily.", "Increase lisinopril to 20 mg daily."),
    ("She takes lisinopril 10 mg daily.", "Lisinopril 10 milligrams once a day."),
    ("He took metformin 500 mg last year.", "He takes metformin 1000 mg daily."),
    ("Gabapentin 300 mg in the morning.", "Gabapentin 600 mg at bedtime."),
    ("Levothyroxine 75 mcg.", "Synthroid 0.075 mg daily."),
    ("She takes metoprolol 25 mg.", "She takes atorvastatin 40 mg."),
    ("She had a fever last week.", "No fever today."),
    ("She denies fever.", "Call if there is fever."),
    ("He has chest pain with exertion.", "He has no chest pain at rest."),
    ("She has a cough.", "The cough is not getting better."),
    ("Her son has a fever.", "She denies fever."),
    ("Take acetaminophen for fever.", "She denies fever."),
    ("Do you have a fever?", "No fever."),
    ("She has numbness in the left hand.", "No numbness in the legs."),
    ("No other rash.", "She has a rash on the arm."),
    ("Risk of nausea was discussed.", "She denies nausea."),
    ("No relief of her headache.", "She has a headache."),
    ("Fever resolved, and she reports cough.", "She denies fever."),
    ("She is not allergic to penicillin.", "Start amoxicillin 500 mg."),
    ("She is allergic to penicillin.", "Avoid amoxicillin and other penicillins."),
    ("She is allergic to penicillin.", "Start azithromycin 250 mg daily."),
    ("She is allergic to penicillin.", "Start cephalexin 500 mg four times a day."),
    ("Her mother is allergic to penicillin.", "Start amoxicillin 500 mg."),
    ("Allergies: penicillin", "Amoxicillin caused hives in 2012."),
    ("Allergies: sulfa", "Continue hydrochlorothiazide 25 mg daily."),
    ("No known drug allergies.", "She has seasonal allergies, takes cetirizine 10 mg daily."),
    ("No known drug allergies.", "She is not allergic to penicillin."),
    ("He has never smoked.", "His father smoked one pack a day."),
    ("She takes no medications except vitamin D.", "She takes vitamin D 1000 units daily."),
    ("No medication changes.", "She takes metformin 500 mg twice daily."),
    ("He takes no medications.", "Start metformin 500 mg daily."),
    ("No surgery needed.", "Appendectomy in 2010."),
    ("A 58-year-old woman.", "Her mother died when she was 63 years old."),
    ("A 58-year-old woman.", "58 year old female."),
    ("A 34-year-old woman.", "Her husband had a vasectomy and his prostate is fine."),
    ("A 58-year-old woman seen with Dr. Lee.", "He agrees with the plan."),
    ("A 30-year-old transgender man.", "Pap smear is due, uterus in place."),
    ("Date of birth: 03/04/1962", "DOB 3/4/62"),
    ("Name: Nguyen, Walter", "Patient name: Walter T. Nguyen"),
    ("Name: Rosa Delgado", "Patient name: Rosa Delgato"),
    ("Emergency contact name: Ana Ruiz, sister", "Name: Rosa Delgado"),
    ("Patient reports history of asthma.", "Patient likes to travel."),
    ("No, I have headaches every day.", "No headaches."),
    ("I have a four year old.", "A 34-year-old woman."),
    ("A 76-year-old man.", "She will be helping me with your case."),
    ("Have you noticed any fever?", "no fever"),
    ("She is not pregnant.", "If she is pregnant she should call."),
]  # fmt: skip


def _passages(*texts: str) -> list[tuple[str, str, str]]:
    return [(f"p{number}", text, "s1") for number, text in enumerate(texts, 1)]


@pytest.mark.parametrize(("kind", "what", "one", "other"), _FOUND)
def test_what_cannot_both_be_right_is_found_in_either_order(kind: str, what: str, one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        found = find_contradictions(_passages(first, second))
        assert [(each.kind, each.what) for each in found] == [(kind, what)]
        assert found[0].passages == ("p1", "p2")
        assert first.rstrip(".") in found[0].why
        assert second.rstrip(".") in found[0].why


@pytest.mark.parametrize("texts", _FINE)
def test_what_only_looks_like_it_is_left_alone(texts: tuple[str, ...]) -> None:
    assert find_contradictions(_passages(*texts)) == ()
    assert find_contradictions(_passages(*texts[::-1])) == ()


def test_an_answer_is_read_with_its_question() -> None:
    texts = ["Are you allergic to anything?", "Sulfa, I get a rash.", "I will send in Bactrim twice a day."]
    assert [one.passages for one in find_contradictions(_passages(*texts))] == [("p2", "p3")]
    assert find_contradictions(_passages("Do you take anything?", *texts[1:])) == ()


def test_both_may_stand_in_one_passage() -> None:
    found = find_contradictions(_passages("Pulse 72. Left knee pain.\nExam: right knee effusion.", "Pulse 72."))
    assert [(one.what, one.passages) for one in found] == [("Side of the knee", ("p1", "p1"))]
