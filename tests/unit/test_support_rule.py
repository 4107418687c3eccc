"""How much of a statement stands in what was said, by weight, in other words too, and what is made of too little."""

from __future__ import annotations

import pytest

from daemon.faithfulness.rules.support import support, support_findings
from daemon.faithfulness.texts import Claim, Texts

SOURCE = Texts(
    {
        "p1": "so tell me what's been going on with the headaches",
        "p2": "they come and go , mostly when i'm at the warehouse , and i get sick to my stomach",
        "p3": "okay and you take tylenol for your high blood pressure headaches is that right",
        "p4": "yeah and my mom had a stroke",
        "p5": "let's get an ekg and i'll see you back in two weeks",
    }
)


def found(text: str, section: str = "HPI") -> list[tuple[str, str]]:
    return [(one.severity, one.detail) for one in support_findings(Claim(text, ("p1",), section), SOURCE)]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Hypertension.", "she has high blood pressure"),
        ("Denies dyspnea.", "not short of breath at all"),
        ("Myocardial infarction in 2019.", "he had a heart attack back then"),
        ("Electrocardiogram ordered.", "i ordered an ekg"),
        ("Swelling of the ankles.", "both ankles swell"),
    ],
)
def test_other_words_for_the_same_are_support(claim: str, source: str) -> None:
    assert support(claim, source) > 0.9


def test_support_is_graded() -> None:
    whole = support("Penicillin gives her hives.", "penicillin gave me hives")
    half = support("Penicillin gives her hives.", "i take penicillin")
    none = support("Penicillin gives her hives.", "the weather is lovely")
    assert 1.0 == whole > half > none == 0.0


def test_words_that_say_little_count_little() -> None:
    assert support("The patient reports that she has had gout.", "the patient reports that she has had it") < 0.5
    assert support("The patient has gout.", "gout") == 1.0


def test_words_far_apart_are_less_support_than_words_together() -> None:
    filler = (
        "we talked about garden tools, motor boats, painted fences, violin music, roasted chestnuts and marble chess boards "
        * 6
    )
    near = support("Warfarin bled bandages.", f"warfarin bled bandages {filler} {filler}")
    far = support("Warfarin bled bandages.", f"warfarin {filler} bled {filler} bandages")
    assert near > far > 0.4


def test_a_word_that_is_spelt_nearly_alike_counts() -> None:
    assert support("Methotrexate.", "metotrexate") == 1.0
    assert support("Methotrexate.", "methodist") == 0.0


def test_a_claim_that_says_nothing_is_supported() -> None:
    assert support("", "anything") == support("123, 45/6!", "") == support("He is.", "") == 1.0


def test_a_paraphrase_is_not_doubted() -> None:
    assert found("Intermittent headaches at work in a warehouse with nausea.") == []
    assert found("Mother had a cerebrovascular accident.", "Family History") == []
    assert found("Obtain an electrocardiogram; follow up in 2 weeks.", "Plan") == []


def test_an_invented_statement_is_found_by_how_little_of_it_is_said() -> None:
    assert found("He was bitten by a neighbor's terrier while gardening.") == [
        ("high", "bitten by a neighbor's terrier while gardening")
    ]
    assert [one[0] for one in found("Refer to hematology for phlebotomy and chelation.", "Plan")] == ["high"]
    assert [one[0] for one in found("Sarcoidosis.", "Past Medical History")] == ["low"]


def test_a_label_is_not_part_of_what_is_judged() -> None:
    ((_, detail),) = found("Genitourinary: Bitten terrier gardening.")
    assert detail == "Bitten terrier gardening"
    assert found("Gastrointestinal: Nausea.") == []


def test_a_quotation_and_what_other_rules_judge_are_left_alone() -> None:
    text = "He was bitten by a neighbor's terrier while gardening."
    quoted = Claim(text, ("p1",), "HPI")
    assert list(support_findings(quoted, Texts({"p1": text}))) == []
    assert found(text, "Physical Exam") == []


@pytest.mark.parametrize("title", ["Healthcare maintenance.", "Respiratory", "Musculoskeletal", "Eyes", "Reasoning"])
def test_a_bare_heading_asserts_nothing(title: str) -> None:
    assert not found(title, "Plan")


def test_the_title_of_a_problem_is_a_hint_at_most_and_a_statement_of_it_is_graver() -> None:
    assert [severity for severity, _ in found("Cirrhosis and varicose veins.", "Plan")] == ["low"]
    assert [severity for severity, _ in found("Has cirrhosis and varicose veins.", "Plan")] == ["high"]


def test_what_every_note_says_of_its_talk_is_a_hint_at_most() -> None:
    formula = "At this point, I discussed the diagnosis and treatment options with the patient."
    assert not {severity for severity, _ in found(formula, "Plan")} & {"high", "medium"}
    assert [severity for severity, _ in found("I discussed the xanthelasma excision.", "Plan")] == ["high"]
