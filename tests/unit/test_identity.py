"""The patient of a letter: copied, never completed; two patients in one packet are said aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.computed.identity import COLUMNS, NO_BIRTH_DATE, NO_NAME, identity
from daemon.computed.identity_doubts import is_same_day, same_name
from daemon.computed.material import Computed, Material
from daemon.documents.form import read_form
from daemon.documents.loader import load_documents
from daemon.model.passage import Reading
from daemon.model.source import Source
from tests.fakes.passages import FORM, printed, spoken

REFERRAL = load_documents(None)["referral"]
SPEC = next(spec for spec in REFERRAL.sections if spec.computed == "identity")


def of(memo: Sequence[str] = (), form: Sequence[str] = ()) -> Computed:
    said = spoken(memo)
    read = tuple(replace(one, id=f"f{one.id}") for one in printed(form, "s2"))
    sources = (Source("s1", "recording", "0" * 64), Source("s2", "scan", "1" * 64))
    reading = Reading(sources, (*said, *read))
    return identity(Material(REFERRAL, reading, read_form(REFERRAL, reading.passages)), SPEC)


def rows(made: Computed) -> list[tuple[str, ...]]:
    return [statement.cells for statement in made.statements]


def test_nothing_said_is_two_placeholders() -> None:
    made = of(["The weather is nice.", "Dr. Lee called."])
    assert rows(made) == [("Name", NO_NAME), ("Date of birth", NO_BIRTH_DATE)]
    assert {(s.manner, s.evidence) for s in made.statements} == {("printed", ())}
    assert made.columns == COLUMNS
    assert made.cautions == ()


def test_speech_and_form_that_agree_are_one_patient() -> None:
    made = of(["I am referring Mrs. Lindholm for chest pain.", "Date of birth February third 1965."], FORM)
    assert rows(made)[:2] == [("Name", "Mara Lindholm"), ("Date of birth", "February third 1965")]
    assert [s.evidence for s in made.statements[:2]] == [("p1", "fp3"), ("p2", "fp4")]
    assert made.cautions == ()


def test_two_patients_are_shown_both_and_cried_out() -> None:
    made = of(["The patient is Walter Nguyen, date of birth April 5th 1961."], FORM)
    assert rows(made)[:4] == [("Name", "Walter Nguyen"), ("Name", "Mara Lindholm"), ("Date of birth", "April 5th 1961"),
                              ("Date of birth", "02/03/1965")]  # fmt: skip
    assert [(c.code, c.severity, c.evidence) for c in made.cautions] == [
        ("identity-conflict", "high", ("p1", "fp3")),
        ("identity-conflict", "high", ("p1", "fp4")),
    ]
    assert "“Walter Nguyen” (the recording s1)" in made.cautions[0].text
    assert "“Mara Lindholm” (the scan s2)" in made.cautions[0].text


def test_another_birth_date_of_the_same_name_is_cried_out() -> None:
    made = of(["The patient is Mara Lindholm, date of birth March 2nd 1965."], FORM)
    assert [(c.severity, "date of birth" in c.text) for c in made.cautions] == [("high", True)]


def test_a_name_heard_in_another_way_is_only_doubted() -> None:
    made = of(["The patient is Maria Lindholm, date of birth 2/3/65."], FORM)
    assert [(c.code, c.severity) for c in made.cautions] == [("identity-conflict", "medium")]


def test_a_mister_who_is_nobody_else_is_asked_about() -> None:
    made = of(["The patient is John Smith.", "Mr. Garcia should be seen soon."])
    assert rows(made)[0] == ("Name", "John Smith")
    assert [(c.severity, c.evidence) for c in made.cautions] == [("medium", ("p1", "p2"))]
    assert of(["The patient is John Smith.", "Mr. Smith is well."]).cautions == ()


def test_a_mister_alone_is_the_patient() -> None:
    made = of(["Mr. Hill has back pain.", "His neighbor, Mrs. Wu, found him."])
    assert rows(made)[0] == ("Name", "Mr. Hill")


def test_first_and_last_name_of_a_form_stay_apart() -> None:
    made = of([], ["First name: Mara", "Last name: Lindholm", "DOB: 02/03/1965", "Sex: F", "Phone: 555-0100"])
    assert rows(made) == [
        ("First name", "Mara"),
        ("Last name", "Lindholm"),
        ("Date of birth", "02/03/1965"),
        ("Sex", "F"),
        ("Phone", "555-0100"),
    ]
    both = of(["The patient is Walter Nguyen."], ["First name: Mara", "Last name: Lindholm"])
    assert [c.severity for c in both.cautions] == ["high"]


def test_an_emergency_contact_is_not_the_patient() -> None:
    made = of([], ["Name: Mara Lindholm", "Emergency contact", "Name: Peter Lindholm", "Phone: 555-0199"])
    assert rows(made)[0] == ("Name", "Mara Lindholm")
    assert "Peter" not in str(rows(made))


def test_a_document_without_labels_reads_forms_all_the_same() -> None:
    bare = replace(SPEC, fields=())
    document = replace(REFERRAL, sections=(bare,))
    passages = printed(FORM)
    made = identity(
        Material(document, Reading((Source("s1", "scan", "1" * 64),), passages), read_form(document, passages)), bare
    )
    assert ("Name", "Mara Lindholm") in rows(made)


def test_names_and_days() -> None:
    assert same_name("Mrs. Jones", "Jane Jones")
    assert same_name("J. Jones", "Jane Jones")
    assert same_name("JONES, JANE", "Jane Jones")
    assert not same_name("Jane Jones", "Jane Smith")
    assert not same_name("Jane Jones", "Ann Jones")
    assert is_same_day("4/5/1961", "April fifth nineteen sixty one")
    assert is_same_day("4/5/61", "April 5th 1961")
    assert not is_same_day("4/5/1961", "May 4th 1961")
    assert not is_same_day("4/5/1961", "unclear")


LINES = st.sampled_from(
    ["Name: Mara Lindholm", "DOB: 2/3/65", "Patient is Walter Nguyen", "Mr. Hill is here", "date of birth april fifth nineteen sixty one", "MRN 4471",
     "a 58-year-old woman", "Age: 61", "Phone: 555-0100", "First name: Ann", "Re: Jane Doe", "her son Tom Doe, born 3/3/2001", "Sex: F", "Address: 12 Elm St"]
)  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(st.lists(LINES | st.text(max_size=60), max_size=5), st.lists(LINES, max_size=5))
def test_every_value_stands_in_a_passage_it_cites(memo: list[str], form: list[str]) -> None:
    texts = {p.id: " ".join(p.text.split()) for p in spoken(memo)} | {
        f"f{p.id}": " ".join(p.text.split()) for p in printed(form)
    }
    for statement in of(memo, form).statements:
        if statement.evidence:
            assert any(statement.text in texts[name] for name in statement.evidence)
            assert statement.cells[1] == statement.text
        else:
            assert statement.text in {NO_NAME, NO_BIRTH_DATE}
