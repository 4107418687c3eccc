"""The drugs, numbers and denied findings of a text, and which of them stand in another: a plain look, apart from the drafting's checks.

Drugs go by the list of names, numbers by all forms in which they may be written or spoken, denied findings by symptom, with the
answers to questions read together with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daemon.evaluation.plain_forms import holds_number, numbers_in, plain
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.polarity.polarity import DENIED, read_source
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts

KINDS = ("drugs", "numbers", "negated")

_TURN_WITHIN = re.compile(r" (?=(?:Doctor|Patient|Other): )")
_SHARED_PLACE = re.compile(
    r"\b(?P<what>pain|numbness|weakness|tingling|swelling|stiffness) in (?P<one>[\w ]{2,40}?) (?P<link>or|and) (?:in )?(?P<other>(?:your|the|his|her|my|their) [\w ]{3,30}?)(?=[?.,;]|$)",
    re.IGNORECASE | re.MULTILINE,
)
"""One complaint in two places: "pain in your back or in your legs" asks for both."""
_DIGITS = re.compile(r"\d[\d.,]*")
_ONES = {word: value for value, word in enumerate(
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
     "sixteen", "seventeen", "eighteen", "nineteen"])}  # fmt: skip
_TENS = {word: 10 * value for value, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)}  # fmt: skip
_ONES |= {"oh": 0, "o": 0}  # "one oh five"
_SCALES = {"hundred": 100, "thousand": 1000}
_WORD = rf"(?:{'|'.join([*(word for word in _ONES if not word.startswith('o') or word == 'one'), *_TENS, *_SCALES])})"
_RUN = re.compile(
    rf"\b{_WORD}(?:[ -]+(?:(?:(?<=hundred )|(?<=thousand ))and |(?:point|oh|o) )?{_WORD})*(?P<half> and a half)?\b",
    re.IGNORECASE,
)
_VAGUE = frozenset({"one", "zero", "hundred", "thousand"})
""""The left one", "one of them": alone it counts nothing that a draft would have to carry."""

Number = tuple[str, ...]
"""One number in digits, or the parts of which it was spoken: "one thirty eight" is ("1", "38"), and read as 138."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a text holds. `said` are its other words, among which numbers are looked for that have a word of their own ("twice")."""

    drugs: frozenset[str]
    numbers: frozenset[Number]
    negated: frozenset[str]
    said: str

    @property
    def values(self) -> frozenset[str]:
        """All its numbers, wholes and parts."""
        return frozenset(each for number in self.numbers for each in ("".join(number), *number))

    def held_in(self, other: Content) -> dict[str, tuple[int, int]]:
        """Of each kind: how many of these stand in `other`, of how many."""
        values = other.values
        drugs = sum(name in other.drugs or f" {name} " in other.said for name in self.drugs)
        numbers = sum(_stands(number, values, other.said) for number in self.numbers)
        return {
            "drugs": (drugs, len(self.drugs)),
            "numbers": (numbers, len(self.numbers)),
            "negated": (len(self.negated & other.negated), len(self.negated)),
        }


def content_of(text: str, *, apart: bool = False) -> Content:
    """The content of a dialogue, a note or a draft, in lines; names of speakers before them are none of it.

    `apart`: the lines are statements, of which none answers another.
    """
    text = _SHARED_PLACE.sub(r"\g<what> in \g<one> \g<link> \g<what> in \g<other>", text)
    texts = read_transcript(text)
    whole = "\n".join(texts.by_id.values())
    words = _RUN.sub(" ", whole)
    return Content(
        frozenset(drug.generic for drug in find_drugs(whole) if not drug.is_class),
        frozenset([*((_digits(number),) for number in numbers_in(whole)), *_spoken(whole)]),
        frozenset[str]().union(*map(_denied, _each(text))) if apart else _denied(texts),
        plain(_DIGITS.sub(" ", words)),
    )


def _each(text: str) -> Iterator[Texts]:
    """Each line by itself; one that quotes a question with its answer, as the two turns that they are."""
    return (read_transcript(_TURN_WITHIN.sub("\n", line)) for line in text.split("\n"))


def _denied(texts: Texts) -> frozenset[str]:
    found = texts.learn(read_source)
    return frozenset(name for name, said in found.said.items() if any(polarity == DENIED for _, polarity in said))


def _stands(number: Number, values: frozenset[str], said: str) -> bool:
    whole = "".join(number)
    return whole in values or (len(number) > 1 and values.issuperset(number)) or holds_number(said, whole)


def _digits(number: str) -> str:
    """Without noughts that say nothing: "05" and "5.0" are 5."""
    whole, _, part = number.partition(".")
    rest = part.rstrip("0")
    return f"{int(whole)}.{rest}" if rest else str(int(whole))


def _spoken(text: str) -> Iterator[Number]:
    for found in _RUN.finditer(text):
        run = found.group().lower().removesuffix(" and a half")
        words = [word for word in re.split(r"[ -]+", run) if word != "and"]
        if len(words) == 1 and words[0] in _VAGUE and not found["half"]:
            continue
        if "point" in words:
            at = words.index("point")
            yield (f"{''.join(map(str, _parts(words[:at])))}.{''.join(map(str, _parts(words[at + 1 :])))}",)
        else:
            parts = tuple(map(str, _parts(words)))
            yield (*parts[:-1], f"{parts[-1]}.5") if found["half"] else parts


def _parts(words: Iterable[str]) -> list[int]:
    """The numbers that a row of number words says: "one thirty eight" says 1 and 38, "two hundred five" says 205."""
    parts: list[int] = []
    least = 0  # what is smaller than this goes on with the number before it
    for word in words:
        if word in _SCALES:
            parts[-1:] = [(parts[-1] if parts else 1) * _SCALES[word]]
            least = _SCALES[word]
            continue
        value = _ONES.get(word, _TENS.get(word, 0))
        if parts and 0 < value < least:
            parts[-1] += value
        else:
            parts.append(value)
        least = 10 if word in _TENS else 0
    return parts
