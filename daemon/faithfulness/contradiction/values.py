"""One measurement with two values, and one drug with two doses, where nothing says that it changed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from daemon.faithfulness.contradiction.contradiction import (
    FAMILY,
    HYPOTHETICAL,
    PAST,
    Contradiction,
    Sentence,
    contradiction,
)
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.quantity.quantities import Quantity, quantities
from daemon.faithfulness.quantity.units import in_base_unit

_LINK = r"(?: (?:today|is|of|at|was|measured|reading|currently|now|shows|on|room air|today's))*[ :,=-]*$"
_MEASURES = {
    "Blood pressure": re.compile(r"\b(?:bp|blood pressure|pressure)" + _LINK),
    "Pulse": re.compile(r"(?<!fetal )\b(?:pulse|heart rate|hr|pulse rate)(?! ox)" + _LINK),
    "Temperature": re.compile(r"\b(?:temp|temperature)" + _LINK),
    "Respiratory rate": re.compile(r"\b(?:respiratory rate|respirations(?: are)?|rr)" + _LINK),
    "Oxygen saturation": re.compile(
        r"\b(?:oxygen saturation|o2 sats?|spo2|sats?|saturation|pulse ox|saturating)" + _LINK
    ),
    "Weight": re.compile(r"(?<!birth )\b(?:weight|wt|weighs)" + _LINK),
    "A1c": re.compile(r"\b(?:hemoglobin a1c|hgb a1c|hba1c|a1c)" + _LINK),
    "Body mass index": re.compile(r"\b(?:bmi|body mass index)" + _LINK),
    "Age of gestation": re.compile(r"\bgestational age" + _LINK),
}
_ANY_MEASURE = re.compile(
    r"pressure|\bbp|pulse|heart rate|\bhr|temp|resp|\brr|sat|spo2|wt|weigh|a1c|bmi|body mass|gestational"
)
_ANY_DOSE = re.compile(r"mg|milligram|mcg|microgram|[µu]g\b|gram|\d ?g\b|unit|meq|milliequivalent")
"""Without one of these a sentence needs no closer look."""
_PLAUSIBLE = {
    "Pulse": (25, 260), "Temperature": (30, 110), "Respiratory rate": (4, 90), "Oxygen saturation": (40, 100), "Weight": (1, 1000),
    "A1c": (3, 20), "Body mass index": (8, 90), "Age of gestation": (3, 45),
}  # fmt: skip
_POUND_KG = Decimal("0.45359237")  # the international pound, exact
_CHANGE = re.compile(
    r"\b(?:repeat(?:ed)?|re-?check(?:ed)?|again|second|third|then|later|after|initial|first|home|average|averag(?:es|ing)|goal|target|range|"
    r"ranges|ranging|between|increas\w+|decreas\w+|dropp?\w*|rose|rises|up|down|gained|lost|gain|loss|since|standing|sitting|lying|supine|left arm|"
    r"right arm|started|now|improved|worsened|compared|change[ds]?|high|low|highest|lowest|max|maximum|peak|limit|above|below|under|over the|"
    r"less than|greater than|more than|today|usual|usually|baseline|dry|ideal|normal|resting|walking|exertion|oxygen|liters?|exercise|triage)\b"
)
_CHANGE_OF_DOSE = re.compile(
    r"\b(?:increas\w+|decreas\w+|chang\w+|titrat\w+|rais\w+|lower\w*|from|to|up|down|switch\w*|previous\w*|was|were|then|taper\w*|doubl\w+|halv\w+|"
    r"reduc\w+|adjust\w*|instead|load\w*|first|initial\w*|tried|morning|evening|bedtime|night|noon|lunch|dinner|breakfast|tablets?|pills?|capsules?|"
    r"total|max|maximum|half|stop\w*|discontinu\w+|trial|failed|could|if|extra|additional|plus|as needed|prn|rescue|or|bolus|injected|given|gave|"
    r"received|wean\w*|higher|too|new|refill)\b"
)
_RELEASE = re.compile(r"\b(?:er|xr|xl|sr|cr|la|extended|immediate|ir)\b")
_DOSE_UNITS = frozenset({"mg", "mcg", "g", "unit", "meq"})
_MOST_TO_DOSE = 30


@dataclass(frozen=True, slots=True)
class _Value:
    value: tuple[str, ...] | Decimal
    shown: str
    sentence: Sentence


def contradicting_values(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Vital signs and the like said twice with different values, where neither is dated, repeated or of another time."""
    found: dict[str, list[_Value]] = defaultdict(list)
    for sentence in sentences:
        for name, value in _measured(sentence):
            found[name].append(value)
    for name in sorted(found):
        yield from _first_pair(
            "value", name, f"{name} is given with two values, and nothing says that it changed", found[name]
        )


def contradicting_doses(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Drugs that are taken in two doses, where no word says that the dose changes."""
    found: dict[str, list[_Value]] = defaultdict(list)
    for sentence in sentences:
        for name, value in _dosed(sentence):
            found[name].append(value)
    for name in sorted(found):
        reason = f"{name[:1].upper()}{name[1:]} is given in two doses, and nothing says that the dose changes"
        yield from _first_pair("dose", f"Dose of {name}", reason, found[name])


def _first_pair(kind: str, what: str, reason: str, values: Sequence[_Value]) -> Iterator[Contradiction]:
    first: dict[tuple[str, ...] | Decimal, Sentence] = {}
    for value in values:
        first.setdefault(value.value, value.sentence)
    for one, other in combinations(first, 2):
        if _differ(what, one, other):
            yield contradiction(kind, what, reason, first[one], first[other])
            return


def _differ(what: str, one: tuple[str, ...] | Decimal, other: tuple[str, ...] | Decimal) -> bool:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        slack = {"Weight": max(one, other) / 100, "Temperature": Decimal("0.15"), "Body mass index": Decimal("0.5")}
        return abs(one - other) > slack.get(what, Decimal(0))
    return one != other


def _measured(sentence: Sentence) -> Iterator[tuple[str, _Value]]:
    text = sentence.plain
    if not _ANY_MEASURE.search(text) or FAMILY.search(text):
        return
    seen: dict[str, list[_Value]] = defaultdict(list)
    found = quantities(sentence.text)
    aside = any(isinstance(one.value, tuple) and one.value[0] in {"date", "time"} for one in found)
    for one in found:
        for name, pattern in _MEASURES.items():
            value = _value(name, one) if pattern.search(text[: one.span[0]]) else None
            if value is not None and not aside and not _of_another_time(text, one):
                seen[name].append(_Value(value, one.text, sentence))
    # Two readings in one breath are a series.
    yield from ((name, values[0]) for name, values in seen.items() if len(values) == 1)


def _of_another_time(text: str, one: Quantity) -> bool:
    rest = re.sub(
        r"\b(?:blood|high) pressure\b|\bwas\b|\btoday\b|\bnow\b|\broom air\b|\boxygen saturation\b|\bover\b", " ", text
    )
    return PAST.search(rest) is not None or _CHANGE.search(rest) is not None or HYPOTHETICAL.search(rest) is not None


def _value(name: str, one: Quantity) -> tuple[str, ...] | Decimal | None:
    if name == "Blood pressure":
        return one.value if isinstance(one.value, tuple) and one.value[0] == "pair" else None
    if not isinstance(one.value, Decimal):
        return None
    low, high = _PLAUSIBLE[name]
    if not low <= one.value <= high:
        return None
    if name == "Weight":
        return {"lb": one.value * _POUND_KG, "kg": one.value}.get(one.unit or "")
    if name == "Temperature" and one.value > 45:  # no body is so warm in degrees Celsius
        return (one.value - 32) / Decimal("1.8")
    return one.value


def _dosed(sentence: Sentence) -> Iterator[tuple[str, _Value]]:
    text = sentence.plain
    if (
        not _ANY_DOSE.search(text)
        or FAMILY.search(text)
        or PAST.search(text)
        or _CHANGE_OF_DOSE.search(text)
        or "allerg" in text
    ):
        return
    drugs = find_drugs(sentence.text)
    amounts = quantities(sentence.text)
    seen: dict[str, list[_Value]] = defaultdict(list)
    for number, drug in enumerate(drugs):
        end = drugs[number + 1].span[0] if number + 1 < len(drugs) else len(text)
        behind = [one for one in amounts if drug.span[1] <= one.span[0] < min(end, drug.span[1] + _MOST_TO_DOSE)]
        dose = next((one for one in behind if one.unit in _DOSE_UNITS and isinstance(one.value, Decimal)), None)
        if (
            dose is None
            or drug.is_class
            or not isinstance(dose.value, Decimal)
            or text[dose.span[1] : dose.span[1] + 2].strip()[:1] in {"/", "-"}
        ):
            continue
        base = in_base_unit(dose.value, dose.unit)
        value = base if base is not None else (dose.unit or "", dose.value)
        name = drug.generic + (" ER" if _RELEASE.search(drug.name.lower()) else "")
        seen[name].append(_Value((value[0], str(value[1].normalize())), dose.text, sentence))
    yield from ((name, values[0]) for name, values in seen.items() if len(values) == 1)
