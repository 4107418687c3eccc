"""Whole referral letters and e-mails, drafted without a model from dictation as it is spoken and as speech recognition writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.filler import is_filler, words_that_say
from daemon.documents.loader import load_documents
from daemon.engines.passages import Heard, passage_text, split_passages
from daemon.model.draft import Draft
from daemon.model.passage import LineAnchor, Reading
from daemon.model.source import Source
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock
from tests.fakes.passages import memo, printed, spoken

ASSETS = Path(__file__).resolve().parents[1] / "assets" / "spoken"
DOCUMENTS = load_documents(None)
QUOTING = QuotingDrafter()
REFERRALS = (
    "Please refer Mrs Jones to cardiology for exertional chest pain, urgent.",
    "This is Dr. Amy Patel dictating a referral letter to gastroenterology at Pine Street Clinic. Re: Ellen Marsh, DOB 7/7/1950. Reason for referral: "
    "iron deficiency anemia with a positive FIT test. Hemoglobin was 8.9 in May. On exam abdomen is soft. Please see her within two weeks. "
    "Question: does she need a colonoscopy? Thank you for seeing her.",
    "okay um this is a referral to neurology doctor lee | the patient is juan de la cruz date of birth may fifth nineteen seventy | he has had a tremor of "
    "the right hand for one year | his father had parkinsons disease | i think this is early parkinson disease | i would like to know if you agree",
    "Consult letter to dermatology. Patient is a 34 year old man with a changing mole. His mother had melanoma. I'm concerned about melanoma. "
    "Could you please see him as soon as possible for excision?",
    "Referral letter. Six year old girl, Ava Torres, with recurrent ear infections. Her mother, Carla Torres, is worried about her hearing. "
    "I am referring her to ENT for consideration of tympanostomy tubes. Also please check her adenoids.",
    "Referral letter to orthopedics. Right knee pain for two years. X-ray shows bone on bone osteoarthritis. Is he a candidate for knee replacement?",
    "Referral letter to psychiatry for Dr. Hill, regarding Sam Okafor. He was seen at urgent care last week for panic. "
    "He was referred to a therapist in March. I'd appreciate help with medication management.",
    "This is not an urgent referral. Letter to pulmonology for chronic cough in a former smoker. Chest CT in April showed a nodule. "
    "My questions are whether the nodule needs a PET scan and whether he qualifies for rehab.",
    "i need a referral letter to endocrinology doctor wu for mrs hannah berg date of birth january second nineteen fifty eight | she has had type two "
    "diabetes for fifteen years | my question is whether she should get a pump | this is urgent",
    "Refer to hematology. Pregnant, 24 weeks, platelets 68. No bleeding. I suspect immune thrombocytopenia. Please advise on treatment. We started no steroids.",
    "Dear Dr. Romero, thank you for seeing Walter Nguyen, a 64 year old man with hematuria. CT on July 2 showed a filling defect. "
    "Please evaluate for bladder tumor. Copies of the CT are attached. Sincerely, Dr. Patel.",
    "Referral to physical therapy for Maria Delgado. Rotator cuff tendinopathy, left shoulder. Evaluate and treat. Next available is fine.",
    "Question. Should we stop the apixaban? Reason for referral. Anemia. History. Atrial fibrillation since 2019.",
    "Ophthalmology referral. Sudden floaters in the left eye since yesterday. Refer her to Dr. Kim today. This is an emergent referral.",
    "Grocery list. Milk, eggs and bread. The weather is nice today.",
)  # fmt: skip
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def passages(text: str) -> list[str]:
    """As the reader cuts it; "|" is a pause of one second."""
    words, now = [], 0.0
    for word in text.split():
        now += 1.0 if word == "|" else 0.35
        words += [] if word == "|" else [Heard(f" {word}", now - 0.35, now, 0.9)]
    return [passage_text(cut) for cut in split_passages(words)]


def made(key: str, text: str) -> Draft:
    return draft("j1", DOCUMENTS[key], memo(passages(text)), QUOTING, FakeClock())


def said(drafted: Draft, *keys: str) -> dict[str, list[str]]:
    return {
        s.key: [one.text for one in s.statements]
        for s in drafted.sections
        if s.statements and (not keys or s.key in keys)
    }


def script(name: str) -> str:
    return (ASSETS / f"{name}.txt").read_text(encoding="utf-8")


def test_the_spoken_referral() -> None:
    drafted = made("referral", script("referral"))
    assert (drafted.form, drafted.opening, drafted.closing) == ("letter", "Dear colleague,", "Sincerely,")
    found = said(drafted)
    assert found["recipient"] == ["cardiology, Doctor Patel"]
    assert found["urgency"] == ["This is urgent"]
    assert found["patient"] == ["Walter Nguyen", "April 5th 1961"]
    assert found["reason"] == ["I am referring him for chest tightness on exertion."]
    assert found["findings"] == ["Today blood pressure was 146 over 88 and pulse 76.", "Heart sounds were normal, there was no murmur.",
                                 "The electrocardiogram showed normal sinus rhythm."]  # fmt: skip
    assert found["impression"] == ["My impression is that this may be angina."]
    assert [text.split(" whether")[0] for text in found["question"]] == ["My question is"]
    assert "His father had a heart attack at 54." in found["history"]
    assert drafted.cautions == ()


def test_the_spoken_email() -> None:
    drafted = made("email", script("email"))
    found = said(drafted)
    assert (found["to"], found["subject"]) == (["the front desk"], ["schedule changes next week"])
    assert found["body"][0] == "I will be out of the office on Tuesday afternoon."
    actions = next(section for section in drafted.sections if section.key == "actions")
    assert actions.columns == ("Who", "What", "By when")
    assert [s.cells[0] for s in actions.statements] == ["Maria", "Maria", "Tom", "[who – not stated]"]
    assert [s.cells[2] for s in actions.statements] == [
        "[when – not stated]",
        "by Friday noon",
        "before Wednesday",
        "[when – not stated]",
    ]
    assert drafted.cautions == ()


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, {"recipient": ["cardiology"], "urgency": ["urgent"], "reason": [REFERRALS[0]]}),
        (1, {"recipient": ["gastroenterology at Pine Street Clinic"], "urgency": ["Please see her within two weeks"],
             "reason": ["iron deficiency anemia with a positive FIT test."], "question": ["does she need a colonoscopy?"]}),
        (2, {"recipient": ["neurology doctor lee"], "question": ["i would like to know if you agree"]}),
        (3, {"recipient": ["dermatology"], "urgency": ["see him as soon as possible"],
             "question": ["Could you please see him as soon as possible for excision?"]}),
        (4, {"recipient": ["ENT"], "reason": ["Six year old girl, Ava Torres, with recurrent ear infections.",
                                          "I am referring her to ENT for consideration of tympanostomy tubes.", "Also please check her adenoids."]}),
        (6, {"recipient": ["psychiatry for Dr. Hill"], "question": ["I'd appreciate help with medication management."]}),
        (7, {"recipient": ["pulmonology"], "urgency": ["This is not an urgent referral"], "reason": ["chronic cough in a former smoker"],
             "question": ["My questions are whether the nodule needs a PET scan and whether he qualifies for rehab."]}),
        (8, {"recipient": ["endocrinology doctor wu"], "urgency": ["this is urgent"], "question": ["my question is whether she should get a pump"]}),
        (10, {"recipient": ["Dr. Romero"], "reason": ["thank you for seeing Walter Nguyen, a 64 year old man with hematuria."],
              "question": ["Please evaluate for bladder tumor."]}),
        (12, {"reason": ["Anemia."], "question": ["Should we stop the apixaban?"]}),
        (13, {"recipient": ["Dr. Kim today"], "urgency": ["This is an emergent referral"], "reason": ["Ophthalmology referral."]}),
    ],
)  # fmt: skip
def test_referrals(number: int, expected: dict[str, list[str]]) -> None:
    drafted = made("referral", REFERRALS[number])
    assert said(drafted, "recipient", "urgency", "reason", "question") == expected


@pytest.mark.parametrize("text", [*REFERRALS, script("referral")])
def test_nothing_is_lost_and_nothing_invented(text: str) -> None:
    drafted = made("referral", text)
    texts = {passage.id: " ".join(passage.text.split()) for passage in drafted.passages}
    shown = " ".join(part for s in drafted.sections for one in s.statements for part in (one.text, *one.cells)).lower()
    for section in drafted.sections:
        for one in section.statements:
            cited = " ".join(texts[name] for name in one.evidence)
            assert all(word in cited for word in WORD.findall(one.text)) or (
                one.manner == "printed" and one.text.startswith("[")
            )
    cues = {word for spec in drafted_cues() for word in spec.split()}
    for text_ in texts.values():
        words = [] if is_filler(text_) else words_that_say(text_, [], cues)
        assert [
            word for word in words if word.lower() not in shown and word.lower() not in {"dr", "amy", "patel", "mrs"}
        ] == []


def drafted_cues() -> list[str]:
    document = DOCUMENTS["referral"]
    labels = ["date of birth dob dictating question history reason regarding"]
    return [
        *labels,
        *(cue.lower() for cue in document.spoken_cues),
        *(cue for spec in document.sections for cue in spec.cues),
    ]


@pytest.mark.parametrize("texts", [[], ["Umm.", "Testing testing."], ["Referral letter."]])
def test_an_empty_dictation_is_all_placeholders(texts: Sequence[str]) -> None:
    drafted = draft("j1", DOCUMENTS["referral"], memo(texts), QUOTING, FakeClock())
    assert said(drafted) == {"patient": ["[patient name – not stated]", "[date of birth – not stated]"]}
    assert all(section.placeholder for section in drafted.sections if section.key != "patient")
    mail = draft("j1", DOCUMENTS["email"], memo([*texts, "This is an email."]), QUOTING, FakeClock())
    assert all(section.placeholder for section in mail.sections)
    assert said(mail, "to", "subject", "actions") == {}


def test_a_packet_of_memo_and_form() -> None:
    form = ("NEW PATIENT INTAKE FORM", "Name: Mara Lindholm", "Date of birth: 02/03/1965", "Emergency contact: Peter Lindholm", "Insurance: Aetna",
            "Reason for visit: chest tightness", "2. Current medications", "Medication | Dose | How often", "Lisinopril | 20 mg | once a day",
            "3. Allergies", "Sulfa drugs | rash", "4. Past medical history (mark all that apply)", "[ ] Asthma", "[X] High blood pressure",
            "Family history: Mother: stroke.")  # fmt: skip
    said_ = spoken(
        [
            "Referral letter to cardiology.",
            "I am referring Mrs. Lindholm for chest tightness.",
            "Should we do a stress test?",
        ]
    )
    read = tuple(replace(one, id=f"f{one.id}") for one in printed(form, "s2"))
    sources = (Source("s1", "recording", "0" * 64), Source("s2", "scan", "1" * 64))
    drafted = draft("j1", DOCUMENTS["referral"], Reading(sources, (*said_, *read)), QUOTING, FakeClock())
    found = said(drafted)
    assert found["patient"] == ["Mara Lindholm", "02/03/1965"]
    assert found["history"] == ["High blood pressure", "Family history: Mother: stroke."]
    assert found["other"] == ["Emergency contact: Peter Lindholm", "Insurance: Aetna"]
    assert [section.audience for section in drafted.sections if section.key == "other"] == ["office"]
    assert "High blood pressure" not in str(found["allergies"])
    assert drafted.cautions == ()


def test_a_typed_text_is_read_like_speech() -> None:
    lines = [
        "To: cardiology",
        "Re: Walter Nguyen, DOB 4/5/1961",
        "Reason for referral: chest tightness on exertion",
        "Question: stress test or angiogram?",
    ]
    typed = tuple(replace(one, anchor=LineAnchor("s1", n, n)) for n, one in enumerate(spoken(lines), 1))
    drafted = draft(
        "j1", DOCUMENTS["referral"], Reading((Source("s1", "text", "0" * 64),), typed), QUOTING, FakeClock()
    )
    assert said(drafted, "recipient", "patient", "reason", "question") == {
        "recipient": ["cardiology"],
        "patient": ["Walter Nguyen", "4/5/1961"],
        "reason": ["chest tightness on exertion"],
        "question": ["stress test or angiogram?"],
    }


def test_what_the_classifier_gives_to_a_computed_section_is_quoted_elsewhere() -> None:
    specs = [
        replace(spec, labels=tuple(label for label in spec.labels if label != "MEDICATIONS"), cues=())
        for spec in DOCUMENTS["referral"].sections
    ]
    specs = [replace(spec, labels=("MEDICATIONS",)) if spec.key == "medications" else spec for spec in specs]
    drafted = QUOTING.draft(
        replace(DOCUMENTS["referral"], sections=tuple(specs)),
        spoken(["She takes lisinopril 20 milligrams once a day."]),
    )
    assert sum(len(section.statements) for section in drafted) == 1
    assert not next(section for section in drafted if section.key == "medications").statements
