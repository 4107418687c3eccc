"""Numbers that were said and stand in no statement: vital signs, results, sizes, scores, ages, how long something lasts or lasted.

Doses are left to the omitted medications. What is measured in a patient is grave, how long something has been going on less so, and
the rest (appointments, habits, general talk) is for looking over. A number that the note holds in another form or unit is carried.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from daemon.faithfulness.medicines.drug_doses import DOSE_UNITS
from daemon.faithfulness.quantity.little_words import words
from daemon.faithfulness.quantity.measures import measure_before
from daemon.faithfulness.quantity.mention import Mention, plain_number, word_at
from daemon.faithfulness.quantity.sayings import Passage, Said, said
from daemon.faithfulness.quantity.spans_of_time import direction
from daemon.faithfulness.quantity.units import compatible, in_base_unit
from daemon.faithfulness.texts import Texts
from daemon.model.finding import Omission, Severity

_TIMES = frozenset({"second", "minute", "hour", "day", "night", "week", "month", "year"})
_LEFT_OUT = DOSE_UNITS | {"tablet", "puff", "drop", "spray", "dose", "times", "decade", "second", "ml"}
_SIZES = frozenset({"mm", "cm", "m2", "degree", "degree f", "degree c", "mmhg", "bpm", "french", "mmol/l"})
_BODY = frozenset({"lb", "kg", "stone", "pint", "pack", "pack-year", "drink", "%", "inch", "ft"})
_PLAUSIBLE = {
    "heart rate": (25, 260), "respiratory rate": (5, 80), "temperature": (34, 108), "oxygen saturation": (50, 100), "weight": (30, 700),
    "BMI": (10, 90), "A1c": (3, 20), "glucose": (20, 1200), "ejection fraction": (5, 90), "cholesterol": (40, 600), "LDL": (10, 500),
    "HDL": (5, 150), "triglycerides": (20, 5000), "GFR": (3, 200), "PHQ-9": (0, 27), "GAD-7": (0, 21), "MMSE": (0, 30), "MoCA": (0, 30),
    "GCS": (3, 15), "Apgar": (0, 10), "sodium": (90, 200), "potassium": (1, 12), "creatinine": (0, 30), "hemoglobin": (2, 30),
    "hematocrit": (5, 80), "INR": (0, 20), "TSH": (0, 500), "range of motion": (5, 200),
}  # fmt: skip
"""Where a measure is named and no unit: from and to, in the units that are usual in the United States. Others are not believed."""
_NO_UNIT_NEEDED = _PLAUSIBLE.keys() | {
    "platelets", "white blood cells", "BUN", "PSA", "BNP", "troponin", "ferritin", "calcium", "magnesium", "AST", "ALT", "bilirubin", "albumin",
    "lipase", "lactate", "ESR", "CRP", "testosterone", "T4", "uric acid", "T-score",
}  # fmt: skip
_LEADS = words("for past last about in over within after nearly almost since every the")
_BEFORE, _AFTER = 5, 3
"""Words of what was said on either side of a number, so that it can be understood alone."""
_STOPS = frozenset({".", ",", ";", "?", "!", ":"})


@dataclass(frozen=True, slots=True)
class _Number:
    text: str
    severity: Severity


def omitted_numbers(note: Texts, source: Texts) -> Iterator[Omission]:
    """Each number once, with the first passage that says it, in the order of the passages."""
    ours = note.learn(said)
    seen: set[str] = set()
    for passage in source.learn(said).passages:
        for mention in passage.found:
            if _is_carried(mention, passage, ours):
                continue
            number = _number(mention, passage)
            if number is not None and number.text.lower() not in seen:
                seen.add(number.text.lower())
                yield Omission("number", number.text, (passage.id,), number.severity)


def _is_carried(mention: Mention, passage: Passage, note: Said) -> bool:
    """Whether some statement holds the number in one of its readings, in a unit that does not contradict, or converted."""
    measured = mention.unit is None and isinstance(mention.value, Decimal)
    for value, unit in mention.readings:
        if isinstance(value, tuple) and value[0] == "part":
            continue
        parts = note.sayings(("part", plain_number(value))) if isinstance(value, Decimal) and measured else []
        for one in [*note.sayings(value), *parts]:
            if compatible(unit, one.unit) and (one.unit is not None or _is_telling(value, unit)):
                return True
        base = in_base_unit(value, unit) if isinstance(value, Decimal) else None
        if base is not None and base in note.bases:
            return True
    return _is_carried_apart(mention, note)


def _is_telling(value: object, unit: str | None) -> bool:
    """A small number without a unit carries no span of time: the 2 of "type 2" is not "two weeks"."""
    return unit is None or not isinstance(value, Decimal) or unit not in _TIMES or value >= 20


def _is_carried_apart(mention: Mention, note: Said) -> bool:
    """ "systolic 138, diastolic 84"."""
    if not isinstance(mention.value, tuple) or mention.value[0] != "pair":
        return False
    above, below = (note.sayings(Decimal(part)) for part in mention.value[1:])
    return Decimal(mention.value[2]) >= _LEAST_PRESSURE and not {one.place for one in above}.isdisjoint(
        one.place for one in below
    )


_LEAST_PRESSURE = 20


def _number(mention: Mention, passage: Passage) -> _Number | None:
    """What was said there, if it is a number that a note may have to carry."""
    if isinstance(mention.value, tuple):
        return _pair(mention, passage) if mention.value[0] == "pair" else _date(mention, passage)
    unit = mention.unit or ""
    measure = measure_before(passage.tokens, mention.first)
    if unit in _TIMES:
        return _time(mention, passage)
    if not mention.counted or unit in _LEFT_OUT or unit.startswith("times"):
        return None
    if measure is not None and _is_value_of(measure, mention):
        return _Number(f"{measure} {_shown(mention)}", "low" if _is_bound(mention, passage) else "high")
    if not unit:
        return _score(mention, passage)
    if unit in _SIZES or "/" in unit:
        return _Number(_phrase(mention, passage), "high")
    return _Number(_phrase(mention, passage), "medium" if unit in _BODY else "low")


def _is_bound(mention: Mention, passage: Passage) -> bool:
    """What a value should be, not what it is: "less than 100", "the goal is seven"."""
    return bool(_BOUNDS & {token.text for token in passage.tokens[max(0, mention.first - _NEAR) : mention.end]})


_BOUNDS = words("should goal goals than below under over above target normal normally if want wanna like")
_NEAR = 6


def _is_value_of(measure: str, mention: Mention) -> bool:
    assert isinstance(mention.value, Decimal)
    if mention.unit is None and measure not in _NO_UNIT_NEEDED:
        return False
    low, high = _PLAUSIBLE.get(measure, (0, 10**7))
    return low <= mention.value <= high


def _pair(mention: Mention, passage: Passage) -> _Number | None:
    assert isinstance(mention.value, tuple)
    above, below = Decimal(mention.value[1]), Decimal(mention.value[2])
    if 1900 <= below <= 2100:
        return _Number(_phrase(mention, passage), "low")
    shown = f"{mention.value[1]}/{mention.value[2]}"
    if 50 <= above <= 300 and 20 <= below <= 200 and above > below:
        return _Number(f"blood pressure {shown}", "high")
    if below == 10 and above <= 11:
        return _Number(f"pain {shown}", "high")
    return _Number(_phrase(mention, passage), "medium")


def _date(mention: Mention, passage: Passage) -> _Number | None:
    is_date = isinstance(mention.value, tuple) and mention.value[0] == "date"
    return _Number(_phrase(mention, passage), "low") if is_date else None


def _score(mention: Mention, passage: Passage) -> _Number | None:
    """ "an eight" of a scale to ten, where the passage speaks of pain or of a scale."""
    assert isinstance(mention.value, Decimal)
    around = passage.tokens[max(0, mention.first - _SCORE_REACH) : mention.end + _SCORE_REACH]
    words = {token.text for token in around}
    if mention.value > 10 or not {"scale", "rate", "severity"} & words or word_at(passage.tokens, mention.end) == "to":
        return None
    last = word_at(passage.tokens, mention.first - 1) in {"to", "through", "-"}
    return None if last else _Number(_phrase(mention, passage), "medium")


_SCORE_REACH = 40
"""Words between the question for a score and its answer."""


def _time(mention: Mention, passage: Passage) -> _Number | None:
    """ "for three weeks", "two days ago"; of "a week" only with a word that makes it a span."""
    tokens = passage.tokens
    if word_at(tokens, mention.first - 1) in {"every", "each", "q"}:
        return None  # how often something is taken belongs to the medicine
    if not mention.counted:
        before = {word_at(tokens, mention.first - 1), word_at(tokens, mention.first - 2)}
        ago = "ago" in {word_at(tokens, mention.end + 1), word_at(tokens, mention.end)}
        article = tokens[mention.first].text in {"a", "an", "one"} and mention.unit != "second"
        if not article or not (ago or before & _LEADS):
            return None
        return _Number(_phrase(mention, passage), "low")
    return _Number(_phrase(mention, passage), "medium" if direction(tokens, mention) == "past" else "low")


def _shown(mention: Mention) -> str:
    """The number in digits with its unit; "ninety seven . seven", as speech is written down, is 97.7."""
    assert isinstance(mention.value, Decimal)
    unit = mention.unit or ""
    parted = [
        each
        for each, _ in mention.readings
        if isinstance(each, Decimal) and int(each) == mention.value and int(each) != each
    ]
    number = plain_number(parted[0] if parted else mention.value)
    if not unit:
        return number
    return f"{number}{unit}" if unit == "%" else f"{number} {_UNITS.get(unit, unit)}"


_UNITS = {"degree f": "°F", "degree c": "°C", "degree": "degrees", "mmhg": "mmHg", "mg/dl": "mg/dL", "lb": "lb"}


def _phrase(mention: Mention, passage: Passage) -> str:
    """The words of the passage around the number, no further than the next mark."""
    tokens = passage.tokens
    start, end = mention.first, mention.end
    if not mention.counted:
        end += 1
    while start and mention.first - start < _BEFORE and tokens[start - 1].text not in _STOPS and word_at(tokens, start):
        start -= 1
    last = end
    while end < len(tokens) and end - last < _AFTER and tokens[end].text not in _STOPS and word_at(tokens, end):
        end += 1
    return passage.text[tokens[start].start : tokens[min(end, len(tokens)) - 1].end]
