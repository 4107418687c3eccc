"""Whatever a model writes: what stands has its numbers, drugs and sides from the lines, and errors put in are turned down."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.drafting.statement_check import Heard, reject
from daemon.adapters.drafting.statement_form import finished
from daemon.evaluation.twins import twins_of
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.medicines.source_drugs import passages_naming
from daemon.faithfulness.persons.sides import sides_of_source, sides_of_statement
from daemon.faithfulness.quantity.quantities import unsupported_quantities
from daemon.faithfulness.texts import Texts

LINES = st.lists(
    st.sampled_from(
        ["Patient: My left knee hurts.", "Patient: I take metformin five hundred milligrams twice a day.", "Doctor: Any fever?", "Patient: No.",
         "Patient: Yes, for two weeks.", "Doctor: Start lisinopril 10 mg.", "My right shoulder is better.", "Patient: My mother had a stroke."]
    ),
    min_size=1, max_size=3,
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "left",
        "right",
        "knee",
        "shoulder",
        "pain",
        "fever",
        "denies",
        "reports",
        "no",
        "metformin",
        "lisinopril",
        "10",
        "20",
        "500",
        "mg",
        "mcg",
        "twice",
        "once",
        "a",
        "day",
        "daily",
        "for",
        "2",
        "weeks",
        "two",
        "three",
        "mother",
        "father",
        "had",
        "stroke",
        "she",
        "he",
        "the",
        "patient",
        "takes",
        "hurts",
        "bilateral",
        "and",
        ",",
        ".",
        ";",
        "start",
        "stop",
        "better",
        "warfarin",
    ]
)
TEXTS = st.one_of(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), st.text(max_size=40))


@settings(max_examples=200, deadline=None)
@given(LINES, TEXTS)
def test_what_stands_has_its_facts_from_the_lines(lines: list[str], written: str) -> None:
    text, heard = finished(written), Heard.of(lines)
    if text.strip(".") in {"-", ""} or reject(text, heard, "the patient", "Subjective"):
        return
    assert text.isprintable()
    assert not unsupported_quantities(text, heard.joined)
    assert all(passages_naming(drug, heard.texts) for drug in find_drugs(text))
    said = {one.side for one in sides_of_source(Texts(heard.texts.by_id))}
    assert {one.side for one in sides_of_statement(text)} <= said | ({"both"} if len(said) > 1 else set())


TRUE = (
    (("Patient: I take metformin five hundred milligrams twice a day.",), "The patient takes metformin 500 mg twice a day."),
    (("Doctor: Any fever, chills or chest pain?", "Patient: No."), "The patient denies fever, chills or chest pain."),
    (("Patient: My left knee has been swollen for three weeks.",), "The patient has left knee swelling for 3 weeks."),
    (("There is no wheezing, and oxygen saturation is ninety six percent.",), "No wheezing, oxygen saturation 96%."),
    (("We will increase lisinopril to forty milligrams daily and see her in six weeks.",), "Increase lisinopril to 40 mg daily, return in 6 weeks."),
    (("Doctor: Do you smoke?", "Patient: I quit five years ago, it was ten a day."), "The patient quit smoking 5 years ago."),
)  # fmt: skip


@pytest.mark.parametrize(("lines", "text"), TRUE)
def test_an_error_put_into_a_true_statement_turns_it_down(lines: tuple[str, ...], text: str) -> None:
    heard = Heard.of(lines)
    assert reject(text, heard, "the patient", "Subjective") == ""
    twins = list(twins_of(text, "Subjective"))
    assert twins
    stand = [twin.text for twin in twins if not reject(finished(twin.text), heard, "the patient", "Subjective")]
    assert stand == []
