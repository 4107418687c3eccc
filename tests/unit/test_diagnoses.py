"""Which diagnoses a text names, and how it means them."""

from __future__ import annotations

import pytest

from daemon.faithfulness.vocabulary.diagnoses import concept_of, find_diagnoses, named_in, unnamed_diagnoses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She has high blood pressure and type 2 diabetes.", [("hypertension", "affirmed"), ("type 2 diabetes", "affirmed")]),
        ("Assessment: HTN, hyperlipidemia.", [("hypertension", "affirmed"), ("high cholesterol", "affirmed")]),
        ("Ankle sprains heal.", [("ankle sprain", "affirmed")]),
        ("Crohn’s disease in remission", [("Crohn's disease", "affirmed")]),
        ("A blood clot in the left leg.", [("deep vein thrombosis", "affirmed")]),
        ("History of asthma.", [("asthma", "affirmed")]),
        ("Ms. Lee, multiple sclerosis.", [("multiple sclerosis", "affirmed")]),
        ("No pneumonia on the film.", [("pneumonia", "denied")]),
        ("Denies asthma or COPD.", [("asthma", "denied"), ("COPD", "denied")]),
        ("No history of asthma, diabetes, or stroke.", [("asthma", "denied"), ("diabetes", "denied"), ("stroke", "denied")]),
        ("She does not have strep throat, but she has sinusitis.", [("strep throat", "denied"), ("sinusitis", "affirmed")]),
        ("Pneumonia was ruled out.", [("pneumonia", "denied")]),
        ("The strep test was negative.", [("strep throat", "denied")]),
        ("We don't think this is a stroke.", [("stroke", "denied")]),
        ("X-ray to rule out pneumonia.", [("pneumonia", "uncertain")]),
        ("Possible UTI.", [("urinary tract infection", "uncertain")]),
        ("Gastritis versus GERD.", [("gastritis", "uncertain"), ("GERD", "uncertain")]),
        ("Do I have cancer?", [("cancer", "uncertain")]),
        ("Her mother had breast cancer.", [("breast cancer", "other")]),
        ("Family history of colon cancer.", [("colon cancer", "other")]),
        ("Mom says he has asthma.", [("asthma", "affirmed")]),
        ("Flu shot today.", [("influenza", "other")]),
        ("Screening for diabetes.", [("diabetes", "other")]),
        ("It lowers the risk of stroke.", [("stroke", "other")]),
        ("Call if you get pneumonia.", [("pneumonia", "other")]),
        ("If your asthma gets worse, call.", [("asthma", "affirmed")]),
        ("Kawasaki disease and myositis.", [("kawasaki disease", "affirmed"), ("myositis", "affirmed")]),
        ("No Ehlers-Danlos syndrome.", [("ehlers-danlos syndrome", "denied")]),
        ("The diagnosis of a serious disease takes empathy.", []),
        ("Pain, fever and a cough since Monday.", []),
        ("The foot turns cold, blue or numb.", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_diagnosis_is_found_with_how_it_is_meant(text: str, expected: list[tuple[str, str]]) -> None:
    found = find_diagnoses(text)
    assert [(each.concept, each.status) for each in found] == expected
    assert all(text[slice(*each.span)] == each.text for each in found)


@pytest.mark.parametrize(
    ("text", "sources", "unnamed"),
    [
        ("You have high blood pressure.", ["Hypertension, not at goal."], []),
        ("You have cancer.", ["Breast cancer, stage one."], []),
        ("Your thyroid disease", ["Hypothyroidism."], []),
        ("You have type 2 diabetes.", ["She is diabetic."], ["type 2 diabetes"]),
        ("You have pneumonia.", ["No pneumonia on the film."], ["pneumonia"]),
        ("You have pneumonia.", ["Rule out pneumonia."], ["pneumonia"]),
        ("You have breast cancer.", ["Her mother had breast cancer."], ["breast cancer"]),
        ("The film showed no pneumonia.", ["No pneumonia on the film."], []),
        ("The film showed no pneumonia.", ["Chest film is clear."], ["pneumonia"]),
        ("Rest the ankle.", [], []),
        ("You have Kawasaki disease.", ["Fever for five days."], ["Kawasaki disease"]),
        ("You have Kawasaki disease.", ["Kawasaki disease, day five."], []),
        ("Your asthma and your gout", ["Asthma."], ["gout"]),
    ],
)
def test_what_no_source_names_is_unnamed(text: str, sources: list[str], unnamed: list[str]) -> None:
    assert [each.text for each in unnamed_diagnoses(text, named_in(sources))] == unnamed


def test_a_name_that_the_list_does_not_have_is_looked_for_as_it_stands() -> None:
    assert find_diagnoses("She has tight hips.") == ()
    (found,) = find_diagnoses("She has tight hips.", ["Tight hips"])
    assert (found.concept, found.status) == ("tight hips", "affirmed")
    assert concept_of("Tight hips") == "tight hips"
    assert concept_of("high blood pressure") == "hypertension"


@pytest.mark.parametrize("between", [" ", "  ", "\n", " \t"])
@pytest.mark.parametrize("ending", ["", "s", "es", "S"])
def test_a_name_is_found_in_any_case_and_over_any_blanks(between: str, ending: str) -> None:
    text = f"She has Heart{between}FAILURE{ending}, and heart rates."
    assert [(one.concept, one.text) for one in find_diagnoses(text)] == [
        ("heart failure", f"Heart{between}FAILURE{ending}")
    ]


@pytest.mark.parametrize("text", ["She has heart failure-like signs.", "She has heart failures2.", "She has a heart."])
def test_a_name_that_goes_on_is_none(text: str) -> None:
    assert not find_diagnoses(text)
