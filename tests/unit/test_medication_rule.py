"""What is said against a drug in a statement: one that nobody named, and one whose name was heard otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.drugs import drug_names, find_drugs
from daemon.faithfulness.rules.medication import medication_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

SUPPORTED = [
    ("She takes Zestril 20 mg.", "i take lisinopril every day"),
    ("Continue metoprolol succinate ER 50 mg.", "the toprol is fine"),
    ("He uses acetaminophen.", "just some tylenol"),
    ("HCTZ 25 mg daily.", "the hydrochlorothiazide in the morning"),
    ("Lisinopril/HCTZ 20/12.5 mg.", "she is on lisinopril and on hydrochlorothiazide"),
    ("Continue the statin.", "keep taking your atorvastatin"),
    ("He takes a blood pressure medication.", "I do take the pills for my blood pressure"),
    ("Advised to avoid NSAIDs.", "no more ibuprofen for you"),
    ("Continue the immunosuppressant.", "your immunosuppressive pills"),
    ("On vitamin D.", "your vitamin d level is better"),
    ("Takes insulin.", "20 units of lantus at night"),
    ("Norco as needed.", "i still have some hydrocodone"),
    ("Acyclovir cream.", "put the aciclovir on it"),
]
UNSUPPORTED = [
    ("She takes lisinopril 20 mg.", "i take my blood pressure pill", "lisinopril", "high"),
    ("Start hydralazine 25 mg.", "let's start hydroxyzine 25 mg", "hydralazine", "high"),
    ("Start prednisolone.", "let's start prednisone", "prednisolone", "high"),
    ("Clonidine 0.1 mg.", "clonazepam zero point one", "Clonidine", "high"),
    ("Celexa 20 mg daily.", "celebrex twenty milligrams", "Celexa", "high"),
    ("Takes insulin.", "metformin is what i take", "insulin", "high"),
    ("On a beta blocker.", "i take metformin", "beta blocker", "medium"),
    ("Uses an inhaler.", "i take metformin", "inhaler", "low"),
    ("Augmentin for ten days.", "amoxicillin for ten days", "Augmentin", "medium"),
    ("Takes aspirin, asap.", "do it asap", "aspirin", "high"),
]
HEARD = [
    ("Lisinopril 20 mg daily.", "lisinipril twenty milligrams", "Lisinopril"),
    ("Metformin 1000 mg twice daily.", "Medications are met for men 1,000 milligrams twice daily.", "Metformin"),
    ("Takes glipizide.", "she takes glip size", "glipizide"),
    ("Continue atorvastatin.", "we keep a torvastatin", "atorvastatin"),
    ("Allergic to penicillin.", "pen a cillin gives me hives", "penicillin"),
    ("Methotrexate 15 mg weekly.", "Metatrexate 15mg once weekly", "Methotrexate"),
    ("Start losartan.", "start low sartan", "losartan"),
]


def _found(text: str, *said: str, cited: tuple[str, ...] = (), inferred: bool = True) -> list[Finding]:
    source = Texts({f"p{number}": each for number, each in enumerate(said, 1)})
    return list(medication_findings(Claim(text, cited, "", inferred), source))


@pytest.mark.parametrize(("text", "said"), SUPPORTED)
def test_any_name_of_a_drug_and_any_member_of_a_class_supports_it(text: str, said: str) -> None:
    assert _found(text, said) == []


@pytest.mark.parametrize(("text", "said", "name", "severity"), UNSUPPORTED)
def test_a_drug_that_nobody_named_is_found(text: str, said: str, name: str, severity: str) -> None:
    (found,) = _found(text, said)
    assert (found.code, found.severity, found.detail) == ("medication-unsupported", severity, name)
    assert found.span is not None
    assert text[slice(*found.span)] == name


@pytest.mark.parametrize(("text", "said", "name"), HEARD)
def test_a_name_spelled_by_ear_is_the_same_drug(text: str, said: str, name: str) -> None:
    (found,) = _found(text, said)
    assert (found.code, found.severity, found.detail) == ("medication-misheard", "low", name)
    assert found.evidence == ("p1",)


def test_what_the_passage_names_instead_is_suggested_with_the_passage() -> None:
    (found,) = _found("Start hydralazine.", "hello", "let's start hydroxyzine", cited=("p2",))
    assert found.suggestions == ("hydroxyzine",)
    assert found.evidence == ("p2",)


def test_a_cited_drug_may_stand_in_the_question_before() -> None:
    said = ("do you take metformin?", "yes, twice a day")
    assert _found("Takes metformin.", *said, cited=("p2",), inferred=False) == []


def test_a_cited_drug_that_is_named_only_far_away_is_doubted() -> None:
    far = ["i take metformin", *["well"] * 5]
    (lost,) = _found("Takes metformin.", *far, "yes, daily", cited=("p7",), inferred=False)
    (swapped,) = _found("Takes metformin.", *far, "lisinopril daily", cited=("p7",), inferred=False)
    assert (lost.severity, lost.evidence) == ("medium", ())
    assert (swapped.severity, swapped.evidence, swapped.suggestions) == ("high", ("p7",), ("lisinopril",))
    assert _found("Takes metformin.", *far, "lisinopril daily", cited=("p7",), inferred=True) == []


def test_a_quote_of_a_passage_has_no_doubt() -> None:
    for _, said in SUPPORTED:
        assert _found(said, said, cited=("p1",), inferred=False) == []


@given(st.sampled_from(sorted(name for name, (_, kind) in drug_names().items() if kind == "drug")))
def test_every_name_supports_itself_and_nothing_else_does(name: str) -> None:
    text = f"She takes {name} 20 mg."
    assert [one for one in _found(text, f"we take {name} here") if one.code == "medication-unsupported"] == []
    missing = [one for one in _found(text, "nothing was said") if one.code == "medication-unsupported"]
    assert len(missing) == len(find_drugs(text))


@given(st.text(max_size=300), st.lists(st.text(max_size=200), max_size=4), st.booleans())
def test_any_text_is_read_the_same_way_twice(text: str, said: list[str], inferred: bool) -> None:
    both = [_found(text, *said, cited=("p1", "p9"), inferred=inferred) for _ in range(2)]
    assert both[0] == both[1]
    for one in both[0]:
        assert one.span is not None
        assert text[slice(*one.span)] == one.detail


def test_very_long_texts_are_read() -> None:
    drugs = "takes lisinopril 20 mg " * 2000
    assert len(_found(drugs, "aspirin\0 \U0001f600 " * 3000)) == 2000
