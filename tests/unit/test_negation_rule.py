"""`negation-flipped` and `certainty-changed`."""

from __future__ import annotations

import pytest

from daemon.faithfulness.polarity.polarity import read_text
from daemon.faithfulness.polarity.traces import doubled_denials, lost_denials
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.negation import negation_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

VISIT = read_transcript(
    "[doctor] what brings you in ?\n"
    "[patient] i've had a cough for two weeks , and i've been hiking in the mountains every weekend .\n"
    "[doctor] any fever or chest pain ?\n"
    "[patient] no , nothing like that .\n"
    "[doctor] do you have headaches ?\n"
    "[patient] yeah , every morning .\n"
    "[doctor] it might be pneumonia . your lungs are clear . i hear a systolic murmur .\n"
    "[patient] i used the inhaler but it did n't help at all .\n"
)


def _found(text: str, source: Texts = VISIT, evidence: tuple[str, ...] = ()) -> list[Finding]:
    return list(negation_findings(Claim(text, evidence, inferred=not evidence), source))


@pytest.mark.parametrize(
    ("text", "detail", "severity"),
    [
        ("She reports fever.", "fever", "high"),
        ("She has chest pain.", "chest pain", "high"),
        ("Denies headaches.", "headaches", "high"),
        ("Cardiovascular: No murmurs.", "murmurs", "high"),
        ("Positive for wheezing.", "wheezing", "high"),
        ("She reports palpitations.", "palpitations", "medium"),
        (
            "She has not been hiking in the mountains every weekend.",
            "not been hiking in the mountains every weekend",
            "high",
        ),
        ("Reports syncope, palpitations, or hemoptysis.", "syncope", "medium"),
    ],
)
def test_what_is_turned_is_found_where_it_stands(text: str, detail: str, severity: str) -> None:
    found = [one for one in _found(text) if one.detail == detail]

    assert [(one.code, one.severity) for one in found] == [("negation-flipped", severity)]
    start, end = found[0].span or (0, 0)
    assert text[start:end] == detail


def test_the_question_and_the_answer_speak_against_it() -> None:
    (found,) = _found("She reports fever.")

    assert [VISIT.by_id[one] for one in found.evidence] == ["any fever or chest pain ?", "no , nothing like that ."]


@pytest.mark.parametrize(
    "text",
    [
        "She denies fever or chest pain.",
        "She reports headaches.",
        "She has had a cough for 2 weeks.",
        "No wheezing.",
        "Lungs clear to auscultation.",
        "Systolic murmur.",
        "She has been hiking in the mountains.",
        "The inhaler did not help.",
        "She denies palpitations.",
        "",
    ],
)
def test_what_was_said_so_is_left_alone(text: str) -> None:
    assert _found(text) == []


def test_sources_that_disagree_give_no_high_finding() -> None:
    source = Texts({"a": "Denies chest pain.", "b": "She has chest pain when climbing stairs."})

    assert all(
        one.severity != "high" for text in ("Denies chest pain.", "Reports chest pain.") for one in _found(text, source)
    )


def test_what_was_only_possible_is_no_fact() -> None:
    (found,) = _found("Pneumonia.")

    assert (found.code, found.severity, found.detail) == ("certainty-changed", "low", "Pneumonia")
    assert _found("Possible pneumonia.") == []


def test_a_quotation_is_never_in_doubt() -> None:
    source = Texts({"a": "Any chest pain?", "b": "No."})

    assert _found("Any chest pain?", source) != []
    assert _found("Any chest pain?", source, ("a",)) == []


def test_an_affirmed_list_with_or_has_lost_its_denial_unless_all_of_it_was_said() -> None:
    source = Texts({"a": "He has numbness in the left hand."})

    assert [one.severity for one in _found("Reports numbness, weakness, or swelling.", source)] == ["medium"]
    assert _found("Reports numbness or weakness.", Texts({"a": "He has numbness and weakness."})) == []


def test_a_dictation_without_speakers_is_read_as_well() -> None:
    source = Texts({"a": "He denies chest pain, dyspnea, or syncope. He has had back pain since March."})

    assert [one.detail for one in _found("He has dyspnea.", source)] == ["dyspnea"]
    assert [one.detail for one in _found("He denies back pain.", source)] == ["back pain"]
    assert _found("He denies trouble breathing.", source) == []


def test_a_relative_is_another_person() -> None:
    source = Texts({"a": "Any family history of seizures?", "b": "No."})

    assert _found("There is no family history of seizures.", source) == []
    assert _found("There is a family history of seizures.", source) != []


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("She has had any incidents.", "had any incidents"),
        ("He has seen the specialist yet.", "has seen the specialist yet."),
        ("She is longer seeing a therapist.", "is longer seeing"),
        ("He is sure if it helped.", "is sure if"),
        ("The risks include but limited to infection.", "but limited to"),
    ],
)
def test_what_stands_only_with_a_denial_tells_that_one_was_lost(text: str, detail: str) -> None:
    assert detail in [one.detail for one in _found(text)]


@pytest.mark.parametrize(
    "text",
    [
        "She has not had any incidents.",
        "He has not seen the specialist yet.",
        "She is no longer seeing a therapist.",
        "Call with any questions.",
        "He has had a cough ever since.",
        "She has difficulty lifting any objects.",
        "It has been longer than a year.",
    ],
)
def test_where_the_denial_stands_or_none_is_needed_nothing_was_lost(text: str) -> None:
    assert list(lost_denials(read_text(text))) == []


def test_a_denial_of_a_denial_is_doubted() -> None:
    assert "denies that she no longer" in [one.detail for one in _found("She denies that she no longer smokes.")]
    assert list(doubled_denials(read_text("She denies palpitations, and she does not smoke."))) == []


def test_a_condition_is_held_against_the_conditions_of_the_source() -> None:
    source = Texts({"a": "if you're not better in two weeks we'll get an mri ."})

    (found,) = _found("If she improves, we will obtain an MRI.", source)
    assert (found.detail, found.evidence) == ("If she improves", ("a",))
    assert _found("If she does not improve, we will obtain an MRI.", source) == []
    assert _found("If symptoms persist, we will obtain an MRI.", source) == []


def test_a_reaction_to_what_is_not_tolerated_is_no_symptom_of_today() -> None:
    source = Texts(
        {"p1": "There is no vomiting, no rush.", "p2": "She is allergic to amoxicillin, which caused hives last year."}
    )

    assert all(one.severity != "high" for one in negation_findings(Claim("No vomiting, no rash.", ("p1",)), source))
