"""Names of drugs and doses in a text: what is found, as it stands, and what is not a drug."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.doses import find_doses
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.package_data import package_text

FOUND = [
    ("She takes metformin and lisinopril.", ["metformin", "lisinopril"]),
    ("on Tylenol's extra strength", ["Tylenol"]),
    ("TYLENOL, Advil", ["TYLENOL", "Advil"]),
    ("trimethoprim-sulfamethoxazole", ["trimethoprim-sulfamethoxazole"]),
    ("TMP/SMX DS", ["TMP/SMX DS"]),
    ("lisinopril-HCTZ 20/12.5", ["lisinopril-HCTZ"]),
    ("hydrocodone/acetaminophen 5/325", ["hydrocodone/acetaminophen"]),
    ("co-codamol", ["co-codamol"]),
    ("HCTZ, ASA, APAP and NTG", ["HCTZ", "ASA", "APAP", "NTG"]),
    ("metoprolol succinate ER 50 mg", ["metoprolol succinate ER"]),
    ("insulin glargine at night", ["insulin glargine"]),
    ("St. John's wort", ["St. John's wort"]),
    ("a Z-Pak", ["Z-Pak"]),
    ("two statins and a beta blocker", ["statins", "beta blocker"]),
    ("her inhaler", ["inhaler"]),
    ("mycophenolate mofetil", ["mycophenolate mofetil"]),
    ("takes potassium 20 mEq", ["potassium"]),
    ("iron pills", ["iron pills"]),
    ("on vitamin D", ["vitamin D"]),
    ("testosterone cypionate 140 mg", ["testosterone cypionate"]),
]
NOT_FOUND = [
    "The patient drank water today.", "a patch of dry skin", "Potassium is 4.2.", "iron deficiency anemia", "insulin resistance",
    "methicillin-resistant staph", "serum calcium 9.1", "vitamin D level of 18", "lithium level", "estrogen receptor positive",
    "in good general health", "We have a choice next week.", "There was relief.", "blood glucose 120 mg/dL", "no oxygen needed",
    "She smokes tobacco and uses cocaine.", "Camila Armour came in.", "alcohol on weekends", "magnesium was normal", "zinc oxide is white",
]  # fmt: skip
DOSES = [
    ("metformin 1000 mg twice daily", ["1000 mg twice daily"]),
    ("two hundred fifty milligrams three times a day for ten days", ["two hundred fifty milligrams three times a day for ten days"]),
    ("Lasix 40 mg p.o. b.i.d.", ["40 mg p.o. b.i.d."]),
    ("20 mg of lisinopril once a day", ["20 mg", "once a day"]),
    ("two puffs every four to six hours as needed", ["two puffs every four to six hours as needed"]),
    ("500 mg p.o. q.8h. x 10 days", ["500 mg p.o. q.8h. x 10 days"]),
    ("10 units in the morning and 20 units at night", ["10 units in the morning and 20 units at night"]),
    ("morphine four M G", ["four M G"]),
    ("creatinine 1.2 mg/dL", []),
    ("62 years old", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), FOUND)
def test_a_drug_is_found_as_it_stands(text: str, names: list[str]) -> None:
    assert [drug.name for drug in find_drugs(text)] == names


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_is_no_drug_is_not_found(text: str) -> None:
    assert find_drugs(text) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tylenol", "acetaminophen"), ("Zestril", "lisinopril"), ("HCTZ", "hydrochlorothiazide"), ("Bactrim", "TMP-SMX")],
)
def test_two_names_of_one_drug_have_one_generic(one: str, other: str) -> None:
    assert find_drugs(one)[0].generic == find_drugs(other)[0].generic


def test_a_class_is_marked() -> None:
    assert [(drug.generic, drug.is_class) for drug in find_drugs("a statin, atorvastatin")] == [
        ("statin", True),
        ("atorvastatin", False),
    ]


@pytest.mark.parametrize(("text", "doses"), DOSES)
def test_a_dose_is_found_as_it_stands(text: str, doses: list[str]) -> None:
    assert [text[slice(*dose.span)] for dose in find_doses(text) if dose.tells] == doses


_WORDS = st.sampled_from(
    [
        "metformin",
        "Tylenol",
        "20",
        "mg",
        "twice",
        "daily",
        "of",
        "and",
        ",",
        "-",
        "/",
        "the",
        "patient",
        "ß",
        "µg",
        "’s",
        "iron",
        "\n",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=14).map(" ".join)))
def test_spans_are_in_order_and_say_what_stands_there(text: str) -> None:
    drugs, doses = find_drugs(text), find_doses(text)
    for spans in ([drug.span for drug in drugs], [dose.span for dose in doses]):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(text[slice(*drug.span)] == drug.name for drug in drugs)


def test_the_list_is_sorted_lower_case_and_names_no_common_word() -> None:
    lines = package_text("drugs.tsv").splitlines()
    assert lines == sorted(lines)
    assert len(lines) > 1500
    rows = [line.split("\t") for line in lines]
    assert {kind for _, kind, _ in rows} == {"drug", "class", "said"}
    names = [name for _, _, own in rows for name in own.split("|")]
    assert all(name == name.lower() and name.strip() == name and name for name in names)
    assert not {"water", "patch", "today", "relief", "control", "the", "cold", "alcohol"} & set(names)
