"""Text in a source that speaks to the model or the software rather than about the patient.

It changes nothing: passages are data in the prompt, the answer's form is a grammar, marks and sections are written by code. But
a reader should know that it was there. High recall is wanted, and no false alarm on a real visit: of the 22,841 lines of the
dialogues and notes of ACI-Bench and MTS-Dialog none is flagged.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from daemon.faithfulness.instruction.patterns import PATTERNS, SQUEEZED

CODE = "instruction-like"

# Latin letters and their look-alikes in Cyrillic, Greek and elsewhere (Unicode TR 39, confusables; the common ones).
_LOOK_ALIKES = str.maketrans(
    "абсԁеԍһіјкӏмոорԛгѕтуνѡхᴜηαορτυχικɡɩɪʀꜱᴀᴇᴏᴛ∣｜‹›“”„’‘‚«»",
    'a6cdeghijklmnopqrstyvwxunaoptuxikgiirsaeot||<>"""\'\'\'""',
)
_DIGITS = str.maketrans("013457@$!|", "oieastasil")
_MIXED = re.compile(r"(?<![a-z0-9@$!|])[a-z0-9@$!|]{4,24}(?![a-z0-9@$!|])")
_LEAST_LETTERS = 2  # of a word some of whose letters are digits: "1gn0re", and not "40mg"
_APART = re.compile(r"(?<![^\W_])(?:[a-z](?:\s{1,3}|[.\-_*·]\s?)){5,}[a-z](?![^\W_])")
_TAG_BLOCK = range(0xE0020, 0xE007F)  # invisible copies of ASCII
_FLAG = "\U0001f3f4"  # the one sign that may carry them: a flag of a region
_LEAST_TAGS = 4
_BORDER = 80  # characters on either side of the border between two passages


@dataclass(frozen=True, slots=True)
class Instruction:
    """What speaks to the software: its text as it stands, and where (start, end in characters)."""

    text: str
    span: tuple[int, int]


def find_instruction(text: str) -> Instruction | None:
    """The first piece of `text` that speaks to a model or to software, as short as it can be told; None if nothing does."""
    spans = list(_spans(text))
    if not spans:
        return None
    start, end = min(spans)
    return Instruction(text[start:end], (start, end))


def find_in_passages(passages: Sequence[tuple[str, str]]) -> Mapping[str, Instruction]:
    """The instruction in each passage that holds one, by id; `passages` are (id, text) as they follow each other.

    One that runs over the border of two passages is in both. Its span is then the part in each.
    """
    found = {name: one for name, text in passages if (one := find_instruction(text))}
    for (first, before), (second, after) in pairwise(passages):
        if first in found or second in found:
            continue
        left, right = before[-_BORDER:], after[:_BORDER]
        one = find_instruction(f"{left} {right}")
        if one is not None and one.span[0] < len(left) < one.span[1]:
            at, end = one.span[0] + len(before) - len(left), one.span[1] - len(left) - 1
            found[first] = Instruction(one.text, (at, len(before)))
            found[second] = Instruction(one.text, (0, end))
    return found


def _spans(text: str) -> Iterator[tuple[int, int]]:
    hidden = _hidden(text)
    if hidden:
        yield hidden
    for skeleton in _skeletons(text):
        for pattern in PATTERNS:
            for match in pattern.finditer(skeleton.text):
                yield skeleton.original(*match.span("hit"))
        for apart in _APART.finditer(skeleton.text):
            together = [at for at in range(*apart.span()) if skeleton.text[at].isalpha()]
            if squeezed := SQUEEZED.search("".join(skeleton.text[at] for at in together)):
                yield skeleton.original(together[squeezed.start()], together[squeezed.end() - 1] + 1)


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A text in plain lower-case letters, and for each of them where it stood."""

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return self.places[start], self.places[end - 1] + 1


def _skeletons(text: str) -> Iterator[_Skeleton]:
    """Plain letters; where that differs, the text as it is (other scripts) and with digits read as the letters they replace."""
    if text.isascii():
        plain = _Skeleton(text.lower(), range(len(text)))
    else:
        plain = _plain(text)
        yield _Skeleton("".join(letter.lower()[:1] for letter in text), range(len(text)))
    yield plain
    digits = _MIXED.sub(_with_letters, plain.text)
    if digits != plain.text:
        yield _Skeleton(digits, plain.places)


def _with_letters(mixed: re.Match[str]) -> str:
    letters = sum(letter.isalpha() for letter in mixed[0])
    return mixed[0].translate(_DIGITS) if _LEAST_LETTERS <= letters < len(mixed[0]) else mixed[0]


def _plain(text: str) -> _Skeleton:
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        shown = chr(ord(letter) - 0xE0000) if ord(letter) in _TAG_BLOCK else letter
        for each in unicodedata.normalize("NFKD", shown):
            if unicodedata.category(each) in {"Cf", "Mn", "Me", "Co", "Cn"}:
                continue
            plain = each.lower().translate(_LOOK_ALIKES)
            letters.append(plain[:1] or each)
            places.append(at)
    return _Skeleton("".join(letters), places)


def _hidden(text: str) -> tuple[int, int] | None:
    """Where letters are written that nobody can see."""
    if text.isascii():
        return None
    at = [place for place, letter in enumerate(text) if ord(letter) in _TAG_BLOCK]
    if len(at) < _LEAST_TAGS or (at[0] and text[at[0] - 1] == _FLAG):
        return None
    return at[0], at[-1] + 1
