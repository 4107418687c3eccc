"""What a model wrote of a few lines, and why it may not stand."""

from __future__ import annotations

import pytest

from daemon.adapters.drafting.statement_check import Heard, has_clinical_fact, reject
from daemon.adapters.drafting.statement_form import finished
from daemon.adapters.drafting.statement_visit import Visit, subject_of
from daemon.documents.loader import load_documents
from daemon.model.statement_request import Subject
from tests.fakes.passages import spoken

ASKED = ("Doctor: Any fever, chills or chest pain?", "Patient: No.")
DOSED = ("We put her on lisinopril twenty milligrams once a day for her blood pressure.",)
KNEE = ("Doctor: Which knee is it?", "Patient: My left knee, it has been swollen for three weeks.")
MOTHER = ("Doctor: Does anything run in the family?", "Patient: My mother had breast cancer at forty two.")


def code(text: str, lines: tuple[str, ...], subject: Subject = "the patient", section: str = "Subjective") -> str:
    return reject(finished(text), Heard.of(lines), subject, section)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (ASKED, "Denies fever, chills or chest pain."),
        (ASKED, "No fever, chills, or chest pain"),
        (DOSED, "Lisinopril 20 mg once a day for blood pressure."),
        (DOSED, "The patient was put on lisinopril 20 mg daily."),
        (KNEE, "Left knee has been swollen for 3 weeks."),
        (MOTHER, "Mother had breast cancer at age 42."),
        (("Doctor: Have you had a U T I before?", "Patient: Yes, two years ago."), "History of UTI 2 years ago."),
        (("Doctor: How about numbness, weakness, or any tingling?", "Patient: No."), "No numbness, weakness or tingling."),
        (("Doctor: We will get an M R I of the lumbar spine.", "Patient: Okay."), "We will obtain an MRI of the lumbar spine."),
    ],
)  # fmt: skip
def test_what_was_said_may_stand(lines: tuple[str, ...], text: str) -> None:
    assert code(text, lines) == ""


@pytest.mark.parametrize(
    ("lines", "text", "why"),
    [
        (ASKED, "Reports fever and chills.", "polarity"),
        (ASKED, "Denies fever, chills, cough or chest pain.", "symptom"),
        (ASKED, "She denies fever.", "sex"),
        (ASKED, "I have no fever.", "narrator"),
        (ASKED, "You have no fever.", "narrator"),
        (ASKED, "We will watch the fever.", "narrator"),
        (ASKED, "Any fever or chills?", "question"),
        (ASKED, "Patient: No fever.", "speaker"),
        (ASKED, "No fever and no chills and", "unended"),
        (ASKED, "**No fever.**", "markup"),
        (ASKED, "Um, no fever.", "spoken"),
        (ASKED, "No fever. No chills. No chest pain.", "sentences"),
        (ASKED, "No fever " + "and no chills " * 8, "too-long"),
        (ASKED, "Denies.", "words"),
        (ASKED, "...", "empty"),
        (ASKED, "No fe\u202ever.", "unreadable"),
        (DOSED, "Lisinopril 40 mg once a day.", "number"),
        (DOSED, "Lisinopril 20 mcg once a day.", "number"),
        (DOSED, "Losartan 20 mg once a day.", "drug"),
        (KNEE, "Right knee has been swollen for 3 weeks.", "side"),
        (KNEE, "Left knee and hip have been swollen for 3 weeks, MRI ordered.", "order"),
        (MOTHER, "Father had breast cancer at age 42.", "relative"),
        (MOTHER, "Parent had breast cancer at 42, as did the brother.", "relative"),
        (MOTHER, "Mother had lung cancer at age 42.", "diagnosis"),
        (("Patient: My back hurts since the fall, says doctor Lee.",), "Back pain since the fall, per Okonkwo.", "name"),
    ],
)  # fmt: skip
def test_what_was_not_said_may_not_stand(lines: tuple[str, ...], text: str, why: str) -> None:
    assert code(text, lines) == why


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (DOSED, "Lisinopril 20 mg twice a day."),
        (MOTHER, "Breast cancer at age 42."),
        (("Patient: My back hurts since the delivery.",), "Back pain; the patient is pregnant."),
        (("Doctor: Any complications?", "Other: No."), "Positive for complications."),
        (("Patient: I stopped drinking.",), "The patient is divorced and stopped drinking."),
    ],
)
def test_what_was_said_otherwise_may_not_stand(lines: tuple[str, ...], text: str) -> None:
    assert code(text, lines)


COUGH = ("Patient: I have had a cough and a fever for four days.",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Cough and fever for 4 days.", ""), ("Cough — and fever — for 4 days.", ""), ("Cough and fever for 4 days, “since the café”.", ""),
        ("C\u043eugh and fever for 4 days.", "foreign"), ("Cough and fever for \u0664 days.", "foreign"), ("Cough and fever for 4 days \U0001f600.", "foreign"),
        ("Cough and fever for four days, \uff34\uff45\uff53\uff54.", "foreign"), ("Cough and fever for 4 days " + "a" * 80, "foreign"),
        ("COUGH AND FEVER FOR 4 DAYS.", "foreign"), ("Cough\u200b and fever for 4 days.", "unreadable"), ("Cough and fever for 4 days [p3].", "markup"),
        ("Cough and fever for 4 days (p3).", "number"), ("Cough &amp; fever for 4 days.", "markup"), ("1. Cough and fever for 4 days.", "markup"),
        ("- Cough and fever for 4 days.", "markup"), ("\"Cough and fever for 4 days.\"", "markup"), ("Note: cough and fever for 4 days.", "echo"),
        ("History of present illness; cough and fever for 4 days.", "echo"), ("Write cough and fever for 4 days as one clinical sentence.", "echo"),
        ("The doctor asked about cough and fever for 4 days.", "echo"), ("Cough and fever for 4 days; approved.", "echo"), ("Cough, cough, cough and fever for 4 days.", "echo"),
        ("Tos y fiebre durante 4 dias.", "words"),
    ],
)  # fmt: skip
def test_what_is_no_plain_sentence_of_the_lines_may_not_stand(text: str, why: str) -> None:
    assert code(text, COUGH, section="") == why


LASIX = ("Doctor: We'll increase lasix to eighty milligrams, get an echocardiogram, and see you back in four weeks.",)


@pytest.mark.parametrize(
    ("lines", "whole", "less"),
    [
        (LASIX, "Increase lasix to 80 mg, obtain an echocardiogram, return in 4 weeks.",
         ("Increase lasix to 80 mg.", "Increase lasix to 80 mg, obtain an echocardiogram.", "Increase lasix, obtain an echocardiogram, return in 4 weeks.",
          "Obtain an echocardiogram, return in 4 weeks.", "Increase lasix to 80 mg, return in 4 weeks.")),
        (ASKED, "Denies fever, chills or chest pain.", ("Denies fever or chills.", "Denies chest pain.")),
        (("Patient: I am allergic to penicillin and to sulfa.",), "Allergic to penicillin and sulfa.", ("Allergic to penicillin.", "Allergic to sulfa.")),
        (("Patient: I have diabetes and hypertension.",), "Diabetes and hypertension.", ("Diabetes.", "Hypertension.")),
        (("Your blood pressure is one fifty over ninety and your A1c is eight point one.",), "Blood pressure 150/90, A1c 8.1.", ("A1c 8.1.", "Blood pressure 150/90.")),
        (("Patient: I take metformin and I take lisinopril.",), "Takes metformin and lisinopril.", ("Takes metformin.", "Takes lisinopril.")),
        (("Doctor: I'll refer you to cardiology and we'll check a potassium.",), "Refer to cardiology, check potassium.", ("Refer to cardiology.", "Check potassium.")),
    ],
)  # fmt: skip
def test_what_leaves_out_a_fact_of_its_lines_may_not_stand(
    lines: tuple[str, ...], whole: str, less: tuple[str, ...]
) -> None:
    assert code(whole, lines, section="") == ""
    assert [one for one in less if code(one, lines, section="") != "left-out"] == []


def test_a_sex_is_written_only_where_the_source_says_it() -> None:
    lines = ("Patient: I have had a cough for two weeks.",)
    assert code("She has had a cough for 2 weeks.", lines, "she") == ""
    assert code("He has had a cough for 2 weeks.", lines, "she") == "sex"
    assert code("The gentleman has had a cough for 2 weeks.", lines) == "sex"
    assert code("Her mother had breast cancer at age 42.", MOTHER) == "sex"
    assert code("Mother had breast cancer when she was 42.", MOTHER) == ""


def test_nothing_may_stand_only_for_lines_without_a_fact() -> None:
    for courtesy in (
        ("Doctor: Good morning, how was the drive?", "Patient: Fine, thanks."),
        ("Patient: Okay, great.",),
    ):
        assert not has_clinical_fact(Heard.of(courtesy))
        assert code("-", courtesy) == code("-.", courtesy) == ""
    for fact in (
        ASKED,
        DOSED,
        KNEE,
        MOTHER,
        ("Doctor: Come back in a while.",),
        ("Patient: I react to eggs, allergic.",),
    ):
        assert has_clinical_fact(Heard.of(fact))
        assert code("-", fact) == "nothing"


@pytest.mark.parametrize(
    ("texts", "subject"),
    [
        (["Mara Lindholm is a 61 year old woman with a cough."], "she"),
        (["Doctor: Good morning, Mr. Reyes.", "Patient: Hello."], "he"),
        (["Patient: My wife says she is worried.", "Doctor: Is she here?"], "the patient"),
        (["Doctor: What brings her in, ma'am?", "Mother: My child has a cough."], "the patient"),
        (["I have had back pain since giving birth to my son."], "the patient"),
    ],
)
def test_the_subject_is_what_the_source_says_plainly(texts: list[str], subject: str) -> None:
    assert subject_of({f"p{n}": text for n, text in enumerate(texts, 1)}) == subject


def test_what_the_whole_visit_gravely_contradicts_may_not_stand() -> None:
    visit = Visit.of(spoken(["She takes lisinopril 20 milligrams once a day.", "She has a cough."]))
    section = load_documents(None)["soap"].sections[0]
    assert visit.against("Lisinopril 20 mg once a day.", ["p1"], section) == ""
    assert visit.against("Lisinopril 40 mg once a day.", ["p1"], section) == "visit-quantity-unsupported"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("low  back pain", "Low back pain."),
        ("Low back pain ..", "Low back pain."),
        ("He coughs !", "He coughs !"),
        ("pain , worse at night .", "Pain, worse at night."),
        ("", ""),
        ("-", "-"),
    ],
)
def test_a_statement_is_finished_by_rule(raw: str, text: str) -> None:
    assert finished(raw) == text
    assert finished(text) == text
