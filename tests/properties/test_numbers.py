"""Rules about numbers that hold for all of them: said and written are equal, changed is unsupported."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.faithfulness.quantity.quantities import quantities, unsupported_quantities

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
ONES += ["seventeen", "eighteen", "nineteen"]
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def below_hundred(number: int, hyphen: str = " ") -> str:
    if number < 20:
        return ONES[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (hyphen + ONES[ones] if ones else "")


def in_full(number: int, link: str = " ", hyphen: str = " ") -> str:
    """As on a cheque: two thousand one hundred (and) five."""
    words = []
    thousands, rest = divmod(number, 1000)
    if thousands:
        words.append(f"{ONES[thousands]} thousand")
    hundreds, rest = divmod(rest, 100)
    if hundreds:
        words.append(f"{ONES[hundreds]} hundred")
    if rest or not words:
        words.append((link.strip() + " " if words and hundreds else "") + below_hundred(rest, hyphen))
    return " ".join(words).replace("  ", " ").strip()


def as_spoken(number: int) -> set[str]:
    """The usual ways to say a number of up to four digits in a consultation."""
    said = {in_full(number), in_full(number, link=" and "), in_full(number, hyphen="-")}
    high, low = divmod(number, 100)
    if high and low:
        said.add(f"{below_hundred(high)} {'oh ' if low < 10 else ''}{below_hundred(low)}")
    if high >= 10 and low == 0 and high % 10:
        said.add(f"{below_hundred(high)} hundred")
    if 100 <= number < 200:
        said.add(in_full(number).replace("one hundred", "a hundred", 1))
    return said


def supported(statement: str, evidence: str) -> bool:
    return not unsupported_quantities(statement, evidence)


@pytest.mark.parametrize("thousand", range(10))
def test_every_number_up_to_9999_equals_its_words(thousand: int) -> None:
    for number in range(thousand * 1000, thousand * 1000 + 1000):
        for words in as_spoken(number):
            stated = quantities(f"It was {words}.")
            if words != "one":
                assert [quantity.value for quantity in stated] == [number], words
            assert supported(f"It was {number}.", f"well it was {words} I think"), words
            assert not supported(f"It was {number + 1}.", f"well it was {in_full(number)} I think"), words


@given(st.integers(0, 999), st.integers(0, 9), st.data())
def test_a_decimal_equals_its_words(whole: int, tenth: int, data: st.DataObject) -> None:
    words = data.draw(st.sampled_from(sorted(as_spoken(whole))))
    said = f"it is {words} point {ONES[tenth]} today"
    assert supported(f"It is {whole}.{tenth} today.", said)
    assert supported(said, f"{whole}.{tenth}")
    assert not supported(f"It is {whole}.{(tenth + 1) % 10} today.", said)


@given(st.integers(60, 260), st.integers(30, 140), st.data())
def test_a_blood_pressure_equals_its_words_and_no_other(above: int, below: int, data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(sorted(as_spoken(above))))
    second = data.draw(st.sampled_from(sorted(as_spoken(below))))
    said = f"pressure is {first} over {second} pulse is fine"
    assert supported(f"BP {above}/{below}.", said)
    assert supported(said, f"BP: {above}/{below} mmHg")
    other = data.draw(st.integers(30, 260))
    assume(other not in {above, below})
    assert not supported(f"BP {other}/{below}.", said)
    assert not supported(f"BP {above}/{other}.", said)
    assert not supported(f"Systolic {other}.", said)


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(["mg", "mcg", "mL", "tablets", "days"]))
def test_a_changed_number_is_never_supported(number: int, other: int, unit: str) -> None:
    assume(number != other)
    assert not supported(f"{other} {unit}", f"take {in_full(number)} {unit}")
    assert not supported(f"{other} {unit}", f"take {number} {unit}")
    assert supported(f"{number} {unit}", f"take {in_full(number)} {unit}")


UNLIKE_UNITS = ["mg", "mcg", "mL", "tablets", "hours", "cm", "%", "puffs"]


@given(st.integers(2, 999), st.permutations(UNLIKE_UNITS))
def test_the_same_number_in_another_unit_is_not_supported(number: int, units: list[str]) -> None:
    assert not supported(f"{number} {units[0]}", f"{in_full(number)} {units[1]}")


NO_NUMBER = [
    "a",
    "couple",
    "of",
    "no",
    "this",
    "no-one",
    "went",
    "to",
    "for",
    "too",
    "and",
    "over",
    "the",
    "pain",
    "is",
    "well",
    "hundredfold",
    "anyone",
    "-",
    ".",
    ",",
    ":",
    "/",
    "é",
    "中",
    "\n",
    "’",
]


@given(st.lists(st.sampled_from(NO_NUMBER), max_size=25))
def test_a_text_without_a_number_gives_none(words: list[str]) -> None:
    assert quantities(" ".join(words)) == ()


@given(st.text(alphabet=st.characters(exclude_categories=["L", "N"]), max_size=80))
def test_signs_alone_are_no_number(signs: str) -> None:
    assert quantities(signs) == ()


@given(st.text(max_size=200))
def test_any_text_is_read_and_spans_point_at_it(text: str) -> None:
    for quantity in quantities(text):
        assert text[slice(*quantity.span)] == quantity.text
        assert quantity.text


PIECES = st.lists(
    st.sampled_from(
        [
            "one",
            "two",
            "twenty",
            "thirty",
            "fifty",
            "hundred",
            "thousand",
            "point",
            "oh",
            "and",
            "a",
            "half",
            "over",
            "to",
            "5",
            "12",
            "1,000",
            "0.5",
            "/",
            "-",
            ".",
            ",",
            ":",
            "mg",
            "mcg",
            "%",
            "q",
            "6",
            "h",
            "B12",
            "L4",
            "L4-5",
            "twice",
            "daily",
            "bid",
            "second",
            "third",
            "first",
            "march",
            "may",
            "2024",
            "of",
            "type",
            "II",
            "x3",
            "1st",
            "\n",
            "(",
            ")",
            "½",
            "'",
            "s",
            "x",
            "COVID-19",
            "every",
            "day",
        ]
    ),
    max_size=25,
)


@given(PIECES, st.sampled_from(["", " "]))
def test_what_stands_in_the_evidence_word_for_word_is_supported(pieces: list[str], link: str) -> None:
    text = link.join(pieces)
    assert unsupported_quantities(text, text) == ()


@given(PIECES, PIECES, st.sampled_from(["", " "]))
def test_a_passage_more_never_takes_support_away(pieces: list[str], more: list[str], link: str) -> None:
    text = link.join(pieces)
    assert unsupported_quantities(text, " ".join(more) + ".\n" + text + "\n" + " ".join(more)) == ()


@given(st.decimals(0, 10_000, places=2, allow_nan=False))
def test_a_number_with_thousands_separators_is_the_same(number: Decimal) -> None:
    assert supported(f"{number:,}", f"{number}")
    assert supported(f"{number}", f"{number:,}")
