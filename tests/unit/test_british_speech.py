"""What is said in Britain, and numbers whose point or unit nobody speaks, against notes in the usual signs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from daemon.faithfulness.quantity.frequencies import frequencies
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules.examination import examination_findings
from daemon.faithfulness.rules.frequency import frequency_findings
from daemon.faithfulness.rules.laterality import laterality_findings
from daemon.faithfulness.rules.quantity import quantity_findings
from daemon.faithfulness.texts import Claim, Texts


def doubted(said: str, text: str) -> list[str]:
    source, claim = read_transcript(said), Claim(text, (), inferred=True)
    return [one.detail for rule in (quantity_findings, frequency_findings) for one in rule(claim, source)]


@pytest.mark.parametrize(
    ("spelling", "unit"),
    [("millimetres", "mm"), ("centimetres", "cm"), ("metres", "m"), ("decilitres", "dl"), ("millilitres", "ml"), ("litres", "l"), ("kilometres", "km"),
     ("microlitres", "ul"), ("kilogrammes", "kg"), ("milligrammes", "mg"), ("micrograms", "mcg"), ("stone", "stone"), ("pints", "pint"), ("fortnights", "fortnight")],
)  # fmt: skip
def test_units_are_known_in_british_spelling(spelling: str, unit: str) -> None:
    (mention,) = mentions(f"11 {spelling}")[1]
    assert mention.unit == unit


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("The lesion is 11 millimetres.", "Lesion 11 mm."),
        ("The lesion is eleven centimetres.", "Lesion 11 cm."),
        ("Temperature is thirty seven one.", "Temp 37.1"),
        ("Temperature ninety eight six.", "Temp 98.6"),
        ("Saturating ninety-six on room air.", "SpO2 96% on room air."),
        ("Your A1c is 8.6.", "HbA1c 8.6%."),
        ("Your A one C came back at eight point six.", "HbA1c 8.6%."),
        ("You take metformin one thousand twice a day, and glipizide ten milligrams.", "Metformin 1000 mg BID"),
        ("The pregnancy is at twenty-eight weeks and four days.", "Pregnancy of 28+4 weeks."),
        ("A former 34 and 3-week-old twin.", "Former 34+3-week-old twin."),
        ("Doctor: How are your sugars?\nPatient: It's one sixty to one ninety in the mornings.", "Fasting glucose 160-190."),
        ("Doctor: Do you smoke?\nPatient: Ten a day.", "Smokes 10 cigarettes per day."),
        ("Use the salbutamol every four hours.", "Salbutamol 4-hourly."),
        ("Use the salbutamol every four to six hours.", "Salbutamol 4-6 hourly."),
        ("Paracetamol 8-hourly.", "Paracetamol TDS."),
        ("Inject the adalimumab once a fortnight.", "Adalimumab fortnightly."),
        ("Inject the adalimumab every two weeks.", "Adalimumab fortnightly."),
        ("Take amitriptyline 5 mg at night.", "Amitriptyline 5 mg nocte."),
        ("Take ramipril 5 mg in the morning.", "Ramipril 5 mg mane."),
        ("Take ramipril 5 mg once a day.", "Ramipril 5 mg OD."),
        ("Take ramipril 5 mg twice a day.", "Ramipril 5 mg bd."),
        ("Paracetamol 1 g four times a day.", "Paracetamol 1 g qds."),
    ],
)  # fmt: skip
def test_the_same_in_other_signs_is_not_doubted(said: str, text: str) -> None:
    assert doubted(said, text) == []


@pytest.mark.parametrize(
    ("said", "text", "detail"),
    [
        ("The lesion is 11 millimetres.", "Lesion 11 cm.", "11 cm"),
        ("Temperature is thirty seven one.", "Temp 37.9", "37.9"),
        ("Saturating ninety-six on room air.", "SpO2 91% on room air.", "91%"),
        ("The pregnancy is at twenty-eight weeks and four days.", "Pregnancy of 28+6 weeks.", "6 weeks"),
        ("Doctor: Do you smoke?\nPatient: Ten a day.", "Smokes 15 cigarettes per day.", "15"),
        ("Doctor: Do you smoke?\nPatient: No, I have ten cats.", "Smokes 10 cigarettes per day.", "10"),
        ("Use the salbutamol every four hours.", "Salbutamol 6-hourly.", "6-hourly"),
        ("Take ramipril 5 mg twice a day.", "Ramipril 5 mg OD.", "OD"),
        ("Take ramipril 5 mg once a day.", "Ramipril 5 mg bd.", "bd"),
        ("Inject the adalimumab once a week.", "Adalimumab fortnightly.", "fortnightly"),
    ],
)
def test_something_else_in_these_signs_is_doubted(said: str, text: str, detail: str) -> None:
    assert detail in doubted(said, text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("4-hourly", 6), ("8 hourly", 3), ("six-hourly", 4), ("3-monthly", Fraction(1, 90)), ("every fortnight", Fraction(1, 14)), ("tds", 3), ("qds", 4)],
)  # fmt: skip
def test_the_rate_of_british_frequencies(text: str, rate: Fraction) -> None:
    (one,) = frequencies(*mentions(text))
    assert rate in one.rates


def test_once_daily_is_no_eye() -> None:
    source = Texts({"p1": "Take ramipril 5 mg once a day. The right eye is red."})
    assert list(laterality_findings(Claim("Ramipril 5 mg OD.", (), inferred=True), source)) == []
    assert [one.detail for one in laterality_findings(Claim("Eye red OS.", (), inferred=True), source)] == ["OS"]


def test_an_eye_is_no_frequency() -> None:
    assert frequencies(*mentions("Drops in OD.")) == []


@pytest.mark.parametrize(
    ("said", "text", "alarms"),
    [
        ("No redness, the calf is soft.", "Calf soft.", False),
        ("Doctor: He's breathing comfortably.", "No increased work of breathing.", False),
        ("Doctor: He's coughing a lot.", "No increased work of breathing.", True),
        ("Doctor: His arm is red.", "Calf soft.", True),
    ],
)
def test_an_examination_in_other_words(said: str, text: str, alarms: bool) -> None:
    claim = Claim(text, (), "OBJECTIVE", inferred=True)
    found = examination_findings(claim, Texts({"p1": said}) if "Doctor" not in said else read_transcript(said))
    assert any(one.severity != "low" for one in found) is alarms
