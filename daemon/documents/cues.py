"""Cues: the phrases of a document's TOML by which something said is known to belong somewhere.

A cue is written as it is said, in lower case: "refer to …", "tried * without". `*` stands for up to three words; `…` at the end
says that what follows, to the end of the sentence, is what is kept, and between words it stands for any others of the sentence
("attach … photographs"). `#` stands for a number, in digits or words, whose unit may be glued to it: "# mg" is in "20mg"; `@`
for a code as diagnoses have it ("L40.0"). Commas and other marks between the words are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from daemon.model.remembered import remembered

KEEP = "…"
NUMBER = "#"
MOST_SKIPPED_WORDS = 3

_BETWEEN = r"[\s,;:–—-]+"
_WORD = r"[^\W_]+(?:['’/.-][^\W_]+)*"
_SKIPPED = rf"(?:{_WORD}{_BETWEEN}){{0,{MOST_SKIPPED_WORDS}}}"
_ANY_OF_SENTENCE = (
    r"(?:[^.!?\n]|[.](?=\w)|(?:(?<=\bdr)|(?<=\bst)|(?<=\bmr)|(?<=\bmrs)|(?<=\bms))[.]){0,160}?(?<![^\W_])"
)
_SAID = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    "(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|half"
)
_DIGITS = r"\d+(?:[.,/]\d+)*"
_NUMBER = rf"(?:{_DIGITS}|(?:{_SAID})(?![^\W_]))"
_CODE = r"[a-tv-z]\d[\dab]\.[\da-z]{1,4}"  # ICD-10-CM's form, with the point: "T12" alone is a vertebra as well
_BEGIN = r"(?<![^\W_])"
# "eight year old" does not stand in "fifty eight year old".
_NOT_IN_NUMBER = "".join(
    rf"(?<!{tens}[ -])"
    for tens in ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
)
_WILD = {"*": _SKIPPED, KEEP: _ANY_OF_SENTENCE, NUMBER: _NUMBER, "@": _CODE}
# A full stop ends a sentence only where a word could begin behind it: "Dr. Patel" and "1.5 mg" are not ends.
_REST = r"(?P<kept>.+?)(?=(?<!\bdr)(?<!\bst)(?<!\bmr)(?<!\bmrs)(?<!\bms)[.!?](?:\s|$)|$)"


@dataclass(frozen=True, slots=True)
class Found:
    """Where a cue stands in a text, and where what is kept of it does: both as (start, end) in characters."""

    cue: str
    span: tuple[int, int]
    kept: tuple[int, int]


def find_cue(cues: Iterable[str], text: str) -> Found | None:
    """The cue of the most words that stands in `text`, the first of several; None if none does. Case does not matter."""
    best: Found | None = None
    lower = text.lower().replace("’", "'")
    for cue, rarest in _prepared(tuple(cues)):
        if rarest not in lower:  # a twentieth of the time of trying every pattern: a checklist has thousands of cues
            continue
        found = _pattern(cue).search(text)
        if found is not None and (best is None or _weight(cue) > _weight(best.cue)):
            kept = found.span("kept") if cue.endswith(KEEP) else found.span()
            best = Found(cue, found.span(), kept)
    return best


@remembered(4096)
def _prepared(cues: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each cue with its longest word, which has to be in a text that holds the cue; "" where it has none."""
    return tuple(
        (
            cue,
            max(
                (word.replace("’", "'") for word in cue.removesuffix(KEEP).split() if word not in _WILD),
                key=len,
                default="",
            ),
        )
        for cue in cues
    )


def _weight(cue: str) -> int:
    return sum(word not in _WILD for word in cue.split())


@remembered(4096)
def _pattern(cue: str) -> re.Pattern[str]:
    words = cue.removesuffix(KEEP).split()
    pattern = ""
    for number, word in enumerate(words):
        following = words[number + 1] if number + 1 < len(words) else ""
        pattern += _WILD.get(word) or re.escape(word).replace("'", "['’]")
        if NUMBER in {word, following}:
            pattern += r"[\s,;:–—-]*" if following else ""
        elif following and word not in _WILD:
            pattern += _BETWEEN
    begin = _BEGIN + (_NOT_IN_NUMBER if words[:1] and re.fullmatch(_SAID, words[0]) else "")
    end = "" if words[-1:] == [NUMBER] else r"(?![^\W_])"
    return re.compile(begin + pattern + end + (r"[\s,:;–—-]*" + _REST if cue.endswith(KEEP) else ""), re.IGNORECASE)
