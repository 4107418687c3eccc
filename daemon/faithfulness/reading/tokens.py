"""Cut a text into number, word and symbol tokens whose spans point into the text as it was given.

Before cutting, characters that mean the same are made the same, one for one, so that no span moves: decimal digits of
any script and subscripts become ASCII digits, typographic dashes and quotes become plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

FRACTION_CHARACTERS = "½⅓⅔¼¾⅛⅜⅝⅞"
_LETTER = rf"[^\W\d_{FRACTION_CHARACTERS}]"

# Each alternative consumes what it has matched and looks ahead by one character at most: linear in the text's length.
_TOKEN = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+|[{FRACTION_CHARACTERS}])"
    rf"|(?P<word>(?:{_LETTER}\.){{2,}}(?:{_LETTER}(?!\w))?|{_LETTER}+(?:'{_LETTER}+)?)"
    r"|(?P<symbol>[^\w\s])"
)
_SAME = {ord(alias): plain for plain, aliases in (("-", "‐‑‒–—−"), ("'", "’‘′"), ('"', "“”″"), ("/", "⁄∕／"), ("%", "％"),
                                                  ("x", "×"), ("µ", "μ"), (".", "．")) for alias in aliases}  # fmt: skip
_SUBSCRIPTS = {0x2080 + digit: str(digit) for digit in range(10)}
_SAME |= _SUBSCRIPTS


class Token(NamedTuple):
    """`kind` is "number", "word" or "symbol"; `text` is lower case, without the dots of an abbreviation.

    `glued` says that nothing stands between the token before and this one, `new_line` that a line break does.
    """

    kind: str
    text: str
    raw: str
    start: int
    end: int
    glued: bool
    new_line: bool


def tokenize(text: str) -> list[Token]:
    """All tokens of `text`, in order. Linear in its length."""
    plain = same_characters(text)
    tokens: list[Token] = []
    token_of = Token._make
    end = 0
    for match in _TOKEN.finditer(plain):
        kind = match.lastgroup or "symbol"
        start, after = match.span()
        raw = plain[start:after]
        lower = raw.lower()
        if kind == "word":
            if "." in lower:
                lower = lower.replace(".", "")
        elif kind == "number":
            lower = lower.replace(",", "")
        glued = start == end
        new_line = not glued and "\n" in plain[end:start]
        tokens.append(token_of((kind, lower, raw, start, after, glued and start > 0, new_line)))
        end = after
    return tokens


def same_characters(text: str) -> str:
    """`text` with look-alike characters made plain; exactly as long as before."""
    if text.isascii():
        return text
    return "".join(map(_plain_digit, text.translate(_SAME)))


def _plain_digit(character: str) -> str:
    if character.isascii() or not character.isdecimal():
        return character
    return str(unicodedata.decimal(character))
