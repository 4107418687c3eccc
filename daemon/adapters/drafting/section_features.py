"""What the section classifier sees of a passage: hashed words, word pairs and pieces of words, blind to how it was said or typed.

Case, punctuation, typed or spoken numbers ("138/84", "one thirty eight over eighty four") and unit names give the same
features by construction, because passages come from speech recognition as well as from print. The n-gram scheme is that of
scikit-learn's `TfidfVectorizer` (word 1 to 2, char_wb 2 to 5), measured as enough for S/O/A/P.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

NUMBER = "#"
CHAR_SIZES = (2, 3, 4, 5)

_NUMBER_WORDS = frozenset(
    re.findall(
        r"\w+",
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand",
    )
)
_UNITS = {
    "milligram": "mg",
    "milligrams": "mg",
    "mgs": "mg",
    "microgram": "mcg",
    "micrograms": "mcg",
    "milliliter": "ml",
    "milliliters": "ml",
    "millimeter": "mm",
    "millimeters": "mm",
    "centimeter": "cm",
    "centimeters": "cm",
    "kilogram": "kg",
    "kilograms": "kg",
    "xray": "x ray",
    "xrays": "x rays",
    "ekg": "ecg",
}
_OVER = re.compile(r"(?<=\d)\s*/\s*(?=\d)")
_POINT = re.compile(r"(?<=\d)[.,](?=\d)")
_SPLIT_NEGATION = re.compile(r"\s+n't\b")
_DIGITS_THEN_LETTERS = re.compile(r"(?<![^\W_])(\d+)(?=[^\W\d_])")
_TOKEN = re.compile(r"[^\W_]+")


def spoken_words(text: str) -> list[str]:
    """The words of a text as one would say them, lower case; every number is one `NUMBER`, whether typed or spoken."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("%", " percent ")
    plain = _SPLIT_NEGATION.sub("n't", plain).replace("'", "")
    plain = _POINT.sub("", _OVER.sub(" over ", plain))
    words: list[str] = []
    for token in _TOKEN.findall(_DIGITS_THEN_LETTERS.sub(r"\1 ", plain)):
        if token.isdecimal() or token in _NUMBER_WORDS:
            if words[-2:] == [NUMBER, "point"]:
                words.pop()
            if words[-1:] != [NUMBER]:
                words.append(NUMBER)
        else:
            words.extend(_UNITS.get(token, token).split())
    return words


def word_counts(words: Sequence[str]) -> Counter[int]:
    """How often each word and word pair (the passage's ends count as words) occurs, by CRC-32."""
    pairs = pairwise(["^", *words, "$"])
    return Counter(crc32(gram.encode()) for gram in (*words, *(f"{one} {two}" for one, two in pairs)))


def char_counts(words: Sequence[str], seen: dict[str, tuple[int, ...]]) -> Counter[int]:
    """How often each piece of a word occurs, by CRC-32. `seen` remembers the pieces of a word for the caller's next passage."""
    counts: Counter[int] = Counter()
    for word in words:
        if word not in seen:
            seen[word] = tuple(crc32(piece.encode()) for piece in _pieces(word))
        counts.update(seen[word])
    return counts


def _pieces(word: str) -> Iterator[str]:
    padded = f" {word} "
    for size in CHAR_SIZES:
        if size >= len(padded):
            yield padded
            return
        for start in range(len(padded) - size + 1):
            yield padded[start : start + size]
