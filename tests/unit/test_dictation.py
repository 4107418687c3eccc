"""What was dictated: commands are carried out where they are commands, and the same words elsewhere stay. What was heard is never lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from daemon.adapters.drafting.spoken_headings import heading_names
from daemon.dictation import spoken_form
from daemon.dictation.lexicon import HEADINGS
from daemon.model.passage import LineAnchor, Passage, TimeAnchor, Word


def heard(text: str, confidence: float = 0.9) -> list[Passage]:
    """Passages as recognition writes them, "|" between two; "^" is a pause of a second. A word takes 0.4 s."""
    passages: list[Passage] = []
    at = 0.0
    for number, part in enumerate(text.split("|"), 1):
        words: list[Word] = []
        for piece in part.split():
            if piece == "^":
                at += 1.0
                continue
            words.append(Word(piece, confidence, round(at, 2), round(at + 0.4, 2)))
            at += 0.4
        start, end = words[0].start, words[-1].end
        assert start is not None
        assert end is not None
        said = " ".join(word.text for word in words)
        passages.append(Passage(f"p{number}", said, TimeAnchor("s1", start, end), confidence, tuple(words)))
        at += 0.1
    return passages


def form(text: str) -> list[str]:
    return [passage.text for passage in spoken_form(heard(text))]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        # As whisper base wrote them, of dictations that were spoken.
        ("The patient is a 58-year-old woman period", ["The patient is a 58-year-old woman."]),
        ("She has had knee pain for two weeks, comma worse, at night period New paragraph|She takes metformin",
         ["She has had knee pain for two weeks, worse, at night.", "She takes metformin"]),
        ("She denies fever comma chills comma, or cough period next paragraph.", ["She denies fever, chills, or cough."]),
        ("Past medical history colon hypertension period allergies colon penicillin period.",
         ["Past medical history: hypertension.", "Allergies: penicillin."]),
        ("She takes metformin 1000mg twice daily period next section plan start lisinopril",
         ["She takes metformin 1000mg twice daily.", "Plan: start lisinopril"]),
        ("Next Section History of Present Illness|The patient is well.", ["History of Present Illness.", "The patient is well."]),
        ("Assessment colon Number 1 Type 2 diabetes period Number 2 Hypertension period New Line Plan colon Increase metoprolol",
         ["Assessment: Number 1 Type 2 diabetes.", "Number 2 Hypertension.", "Plan: Increase metoprolol"]),
        ("Open Paren left greater than right close Paren.", ["(left greater than right)."]),
        ("Take it for 10 days full-stop.|End of dictation", ["Take it for 10 days."]),
        # As others say them.
        ("Lungs are clear.|Period.|Heart is regular.", ["Lungs are clear.", "Heart is regular."]),
        ("Lungs are clear|New paragraph.|Heart is regular.", ["Lungs are clear", "Heart is regular."]),
        ("She denies fever comma chills period she has a cough period", ["She denies fever, chills.", "She has a cough."]),
        ("Follow up in one month period", ["Follow up in one month."]),
        ("Bowel sounds are normal period", ["Bowel sounds are normal."]),
        ("He said open quote I fell close quote and left.", ['He said "I fell" and left.']),
        ("Is she better question mark", ["Is she better?"]),
        ("No fever semicolon no chills.", ["No fever; no chills."]),
    ],
)  # fmt: skip
def test_punctuation_and_breaks_that_are_said(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Follow up in a period of two weeks.",
        "Her last period was three weeks ago.",
        "She had her period.",
        "She had a very heavy period.",
        "She gets migraine during her menstrual period, nausea too.",
        "No bleeding between the periods, she missed one period.",
        "Return after a two week period.",
        "It came on over a one month period.",
        "When was your last period?",
        "Pain with period|She takes ibuprofen.",
        "He is in the observation period, no fever.",
        "History of colon cancer.",
        "Past surgical history colon resection 2010.",
        "Family history colon cancer in his father.",
        "The sigmoid colon is normal.",
        "A new line was placed in the right arm.",
        "Second-line failed, start a new line of treatment.",
        "Arterial line, new line in the left wrist.",
        "The trial came to a full stop.",
        "Question mark pneumonia on the right.",
        "The next section of bowel is normal.",
        "In the next section plan for a stoma.",
        "The vertebrae are fused at the open bracket of the brace.",
        "Comma-shaped bacilli were seen.",
        "It is the end of dictation training, she said.",
    ],
)
def test_the_same_words_in_a_sentence_stay(said: str) -> None:
    given = heard(said)
    assert spoken_form(given) == tuple(given)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("She takes metformin 500mg twice daily period Scratch that|She takes metformin 1000mg twice daily.",
         ["She takes metformin 1000mg twice daily."]),
        ("Oxygen saturation is 97%. Heart regular rate and rhythm.|Strike that.|Rate is irregular.",
         ["Oxygen saturation is 97%.", "Rate is irregular."]),
        ("Lungs are clear.|She has a cough.|Delete the last sentence.|She has no cough.", ["Lungs are clear.", "She has no cough."]),
        ("Lungs are clear.|She has a cough.|Scratch that.", ["Lungs are clear."]),
        ("Lungs are clear.|She smokes.|Scratch that.|Scratch that.|She is well.", ["She is well."]),
        ("Plan: start losartan. Scratch that. Start amlodipine.", ["Plan: Start amlodipine."]),
        ("Plan.|Scratch that.|Assessment.|She has gout.", ["Assessment.", "She has gout."]),
        ("Start losartan, scratch that, start amlodipine.", ["Start amlodipine."]),
    ],
)  # fmt: skip
def test_what_was_scratched_is_gone_from_the_text(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Tell her not to scratch that.|She has eczema.",
        "He can't scratch that spot.|She has eczema.",
        "The cat did scratch that arm.|She has eczema.",
        "She wants to delete that. She has eczema.",
        "Would you scratch that?|She has eczema.",
        "She has gout, diabetes, scratch that, she has no diabetes.",  # one of them, or all?
        "Scratch that.",
        "She has a cough.|Scratch that.",  # nothing would remain
        "Start losartan. Scratch that, twice daily.",
        "Let's do an MRI. Actually, hold off on that.",
        "one two three four five six seven eight nine ten eleven twelve thirteen a b c d e f g h i j k l m n o.|Scratch that.|She is well.",
    ],
)
def test_what_is_no_plain_takeback_stays(said: str) -> None:
    given = heard(said)
    assert spoken_form(given) == tuple(given)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Start lisinopril 10 milligrams correction 20 milligrams daily.", ["Start lisinopril 20 milligrams daily."]),
        ("Start lisinopril 10 milligrams daily, correction, 20 milligrams daily.", ["Start lisinopril 20 milligrams daily."]),
        ("Start lisinopril 10 milligrams daily, correction 20 milligrams.", ["Start lisinopril 20 milligrams daily."]),
        ("Start lisinopril 10 milligrams daily.|Correction, 20 milligrams.", ["Start lisinopril 20 milligrams daily."]),
        ("Start lisinopril 10 milligrams. Make that 20. Follow up in May.", ["Start lisinopril 20 milligrams. Follow up in May."]),
        ("Increase metoprolol to 50mg, make that 25, twice daily.", ["Increase metoprolol to 25mg, twice daily."]),
        ("Increase metoprolol to 50 mg|Make that 25 mg|Return in May.", ["Increase metoprolol to 25 mg", "Return in May."]),
        ("Start lisinopril 10 milligrams. Scratch that. 20 milligrams.", ["Start lisinopril 20 milligrams."]),
        ("Pain in the left knee, correction, right knee for weeks.", ["Pain in the right knee for weeks."]),
        ("Pain in the left, correction, the right knee.", ["Pain in the right knee."]),
        ("Start lisinopril, correction, losartan 50 mg daily.", ["Start losartan 50 mg daily."]),
        ("Start lisinopril 10 mg, correction, losartan 50 mg daily.", ["Start losartan 50 mg daily."]),
        ("Blood pressure 142 over 88, correction 148 over 88.", ["Blood pressure 148/88."]),
        ("Metformin 500 mg and lisinopril 10 mg, correction, 20 mg.", ["Metformin 500 mg and lisinopril 20 mg."]),
        ("Start lisinopril ten milligrams, correction, twenty milligrams daily.", ["Start lisinopril 20 milligrams daily."]),
        ("Start ten milligrams correction twenty milligrams of lisinopril.", ["Start 20 milligrams of lisinopril."]),
        ("Start 10mg, Correction, 20mg of lisinopril daily.", ["Start 20mg of lisinopril daily."]),
    ],
)  # fmt: skip
def test_a_plain_correction_takes_the_place_of_what_was_wrong(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Lispro 10 units with meals, correction 2 units for every 50 above 150.",
        "Correction of sodium at 8 mEq daily.",
        "Potassium was 2.8, correction 40 mEq orally.",
        "She walks 2 blocks and can make it 3 blocks.",
        "He takes 10 mg in the morning and 20 mg at night, correction, 30 mg.",  # which of the two?
        "Start lisinopril 10 mg for blood pressure and the kidneys, correction, 20 mg.",  # far from it
        "Start lisinopril 10 mg, correction, losartan.",  # 10 mg of which?
        "Return in 2 weeks, correction, with 20 mg.",
        "Start amlodipine 10 mg, correction, 20 mg of lisinopril.",  # is amlodipine taken back?
        "Start Tarte Divine 10 mg correction 20 mg of lisinopril.",  # nor where it was misheard
        "Give 10 mg of lispro, correction, 20 mg of lisinopril.",
        "Give 10 units, correction, 2 units of lispro.",
        "Start 10 mg, correction, 20 mcg of lisinopril.",
        "Start lisinopril 10 mg daily, no wait, 20 mg.",  # not next to it: the rules of faithfulness read it
        "She takes 10 mg in the morning, I mean 20 mg at night.",
        "The pain is on the left side, sorry, the right side is fine.",
        "The left leg is swollen, sorry, the right arm is swollen.",
        "The left knee is fine. Sorry, the right knee is swollen.",
        "Is it on the left side? Sorry, the right side.",
        "He has pain on the left. Sorry. Right, we will see him again.",
        "Come back in 2 weeks, I mean 5 mg.",
        "Sorry, 5 minutes late.",
        "Potassium 40 mEq for 3 days, sorry, 5.",
        "Surgical correction, right knee, was done on the left.",
        "Take 5 to 10 mg, correction, 20 mg.",
        "Take 5 mg, correction, 5 to 10 mg.",
        "Blood pressure 142/88, make that 148.",
        "Take 10 mg. Correction, she takes none.",
    ],
)
def test_what_is_no_plain_correction_stays(said: str) -> None:
    given = heard(said)
    assert spoken_form(given) == tuple(given)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Blood pressure 142 over 88, pulse 72.", ["Blood pressure 142/88, pulse 72."]),
        ("Blood pressure is one forty two over eighty eight.", ["Blood pressure is 142/88."]),
        ("Blood pressure 142 over 88, repeat 138 over 84.", ["Blood pressure 142/88, repeat 138/84."]),
        ("Temperature ninety eight point six.", ["Temperature 98.6."]),
        ("Pulse seventy two, oxygen saturation ninety seven percent.", ["Pulse 72, oxygen saturation 97 percent."]),
        ("Heart rate of one hundred and four.", ["Heart rate of 104."]),
        ("Metformin five hundred milligrams twice daily.", ["Metformin 500 milligrams twice daily."]),
        ("Give point five milligrams.", ["Give 0.5 milligrams."]),
        ("Born on March third nineteen sixty two.", ["Born on March 3, 1962."]),
        ("It began in December nineteen ninety four.", ["It began in December 1994."]),
        ("Surgery was in March twenty twenty four.", ["Surgery was in March 2024."]),
        ("Seen on the fifth of November.", ["Seen on the 5th of November."]),
        ("Temperature 98 point 6 today.", ["Temperature 98.6 today."]),
    ],
)  # fmt: skip
def test_spoken_numbers_that_can_be_only_one(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "Give one twenty five milligrams.",  # 125, or one of 25
        "One of them takes two tablets in three weeks.",
        "She is one in a million.",
        "The vision is 20 over 20.",
        "Pain is eight over ten.",
        "Five to ten milligrams as needed.",
        "She may first try rest.",
        "He had two strokes, one in the spring.",
        "On March 3, 1962.",
        "A half tablet of 5 mg.",
    ],
)
def test_numbers_that_may_be_something_else_stay(said: str) -> None:
    given = heard(said)
    assert spoken_form(given) == tuple(given)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Seen with Anna Kowalchik, spelled K-O-W-A-L-C-Z-Y-K, today.", ["Seen with Anna Kowalczyk, today."]),
        ("Seen with Anna Kowalchik, spelled K, O, W, A, L, C, Z, Y, K.", ["Seen with Anna Kowalczyk."]),
        ("Refer to Dr. Nguyen, N G U Y E N, for the knee.", ["Refer to Dr. Nguyen, for the knee."]),
        ("Refer to Dr. Koval Chick, spelled K-O-W-A-L-C-Z-Y-K.", ["Refer to Dr. Kowalczyk."]),
        ("Her name is Philips. P H I double L I P S.|She is well.", ["Her name is Phillips.", "She is well."]),
    ],
)  # fmt: skip
def test_spelled_names(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "She has C O P D and had an M R I.",
        "An E K G was done.",
        "Chronic disease, C K D stage three.",
        "Anna Oaxic, spelled K-O-W-A-L-C-Z-Y-K.",  # not what was heard
        "Dr. Nguyen, NGUYN, will see her.",
        "Vitamins A, D, E and K.",
    ],
)
def test_letters_that_spell_no_name_stay(said: str) -> None:
    given = heard(said)
    assert spoken_form(given) == tuple(given)


def test_a_name_heard_surely_is_not_changed_by_letters_heard_badly() -> None:
    (given,) = heard("Seen with Kowalczyk, spelled K-O-W-A-L-C-C-Y-K.", confidence=0.95)
    doubtful = [replace(word, confidence=0.5) if word.text.startswith("K-") else word for word in given.words]
    given = replace(given, words=tuple(doubtful))
    assert spoken_form([given]) == (given,)


def test_what_was_taken_back_stays_in_the_original_of_what_took_its_place() -> None:
    given = heard("Lungs are clear.|She takes 500mg daily.|Scratch that.|She takes 1000mg daily.")
    first, second = spoken_form(given)
    assert first == given[0]
    assert second.id == "p2"
    assert second.original == "She takes 500mg daily. Scratch that. She takes 1000mg daily."
    assert isinstance(second.anchor, TimeAnchor)
    assert (second.anchor.start, second.anchor.end) == (given[1].words[0].start, given[3].words[-1].end)
    assert [word.text for word in second.words] == ["She", "takes", "1000mg", "daily."]


def test_words_keep_their_times_and_their_confidence() -> None:
    given = heard("She has a cough period Temperature ninety eight point six")
    first, second = spoken_form(given)
    assert [word.text for word in first.words] == ["She", "has", "a", "cough."]
    assert first.words[-1] == replace(given[0].words[3], text="cough.")
    assert isinstance(first.anchor, TimeAnchor)
    assert (first.anchor.start, first.anchor.end) == (0.0, given[0].words[4].end)
    number = second.words[-1]
    assert (number.text, number.start, number.end) == ("98.6", given[0].words[6].start, given[0].words[-1].end)


def test_the_least_sure_word_of_a_number_is_how_sure_the_number_is() -> None:
    (given,) = heard("Temperature ninety eight point six")
    words = (*given.words[:2], replace(given.words[2], confidence=0.3), *given.words[3:])
    (made,) = spoken_form([replace(given, words=words)])
    assert made.words[-1].confidence == 0.3


def test_nobody_takes_back_what_another_voice_said() -> None:
    given = heard("My knee hurts.|Scratch that.|Let us go on.")
    voices = [replace(given[0], voice="B"), replace(given[1], voice="A"), replace(given[2], voice="A")]
    assert spoken_form(voices) == tuple(voices)


def test_passages_that_were_not_spoken_stay() -> None:
    given = [Passage("p1", "Scratch that period", LineAnchor("s1", 1, 1), 1.0)]
    assert spoken_form(given) == tuple(given)
    assert spoken_form([]) == ()


def test_passages_without_words_are_read_too() -> None:
    given = [replace(passage, words=()) for passage in heard("She is well period New paragraph|He is ill.")]
    first, second = spoken_form(given)
    assert (first.text, first.original, first.confidence) == ("She is well.", "She is well period New paragraph", 0.9)
    assert second == given[1]


def test_all_headings_that_drafting_understands_can_be_announced() -> None:
    assert set(heading_names()) <= HEADINGS
