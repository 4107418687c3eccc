"""Words that stand where a drug is named, are none and no English, and sound like one: "started on lysinoprol 20 mg".

Looked for only right beside a dose or a word of taking. English words that sound like a drug stand in sounding_like_drugs.txt
in this folder, one a line: those among the words of the training texts (NOTICE says from where), and more of our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from daemon.faithfulness.medicines.drugs import DrugMention, drug_names, find_drugs
from daemon.faithfulness.medicines.sound_alike import SoundAlike, sounding_like
from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.reading.tokens import same_characters
from daemon.model.finding import Severity

_STRENGTH = re.compile(
    r"(?<![\w.])(?:\d+(?:[.,]\d+)?|(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    r"ninety|hundred|thousand|point|and)[ -]?){1,6})[ -]?(?:mg|mcg|milligrams?|micrograms?|m\.?g\.?|units|puffs)(?!\w|\s?/)",
    re.IGNORECASE,
)
_TAKING = re.compile(
    r"\b(?:tak(?:es?|ing)|took|start(?:ed)?(?: \w+)? on|starting|prescrib(?:ed?|ing)|continue[sd]?|continuing|stop(?:ped)?|discontinue[ds]?|refill(?:ed)?|"
    r"switch(?:ed)? to|switching to|allergic to|put \w+ on|(?:placed|remains?|currently|patient is|she is|he is|is now) on|"
    r"(?:mg|milligrams?|dose|tablets?|prescription|course) (?:of|for)|(?:increas|decreas)(?:ed?|ing)|add(?:ed|ing)?|medications?(?: include)?)\b:?"
    r"(?: (?:the|a|an|her|his|your|my|our|some|daily|oral|generic|of|with|on|taking|to|you|him|was|is)\b){0,2} +",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_JOINT = re.compile(r"[ \t]?[ \t-]?")
_BEFORE_DOSE = re.compile(
    r"[ \t,]*(?:\b(?:at|of|to|is|was|dose|the|um|uh|about|from|currently|[xe]r)\b[ \t,]*){0,2}", re.IGNORECASE
)
_SURE = 0.85
_LIKELY = 0.8
_LEAST_LETTERS = 5
_LEAST_OF_RUN = 8
_MOST_WORDS = 4


class Suggested(NamedTuple):
    """A drug that may be meant: `generic` as the list has it, `shown` as a person would write it."""

    generic: str
    shown: str


class Misheard(NamedTuple):
    """`text[span[0]:span[1]]` may be one of `names`, the likeliest first."""

    span: tuple[int, int]
    names: tuple[Suggested, ...]
    severity: Severity


def misheard_drugs(
    text: str, drugs: Sequence[DrugMention] | None = None, *, only_dosed: bool = False
) -> tuple[Misheard, ...]:
    """What may be misheard names of drugs in `text`, in order, not overlapping. `drugs` are those it names, where they are known.

    With `only_dosed`, those alone that stand before a strength.
    """
    plain = same_characters(text)
    taken = bytearray(len(plain))
    for drug in find_drugs(text) if drugs is None else drugs:
        _take(taken, drug.span)
    found: list[Misheard] = []
    for start, end, dosed in sorted(_places(plain, only_dosed=only_dosed)):
        for span in _runs(plain, start, end, backwards=dosed):
            if any(taken[slice(*span)]):
                continue
            if (one := _heard(plain, span, dosed=dosed)) is not None:
                found.append(one)
                _take(taken, span)
                break
    return tuple(sorted(found, key=lambda one: one.span))


def runs_before_doses(text: str) -> Iterator[tuple[tuple[int, int], ...]]:
    """For each strength the spans of the runs of one to four words that end right before it, the longest first."""
    plain = same_characters(text)
    for start, end, _ in _places(plain, only_dosed=True):
        yield tuple(_runs(plain, start, end, backwards=True))


def is_strength(text: str) -> bool:
    """Whether `text` begins with a strength, as a drug has it ("20 mg", "five milligrams")."""
    return _STRENGTH.match(same_characters(text)) is not None


def _take(taken: bytearray, span: tuple[int, int]) -> None:
    taken[slice(*span)] = b"\1" * (span[1] - span[0])


def _places(plain: str, *, only_dosed: bool) -> Iterator[tuple[int, int, bool]]:
    """Stretches in which a name may stand: right before a strength (True), and right behind a word of taking."""
    for dose in _STRENGTH.finditer(plain):
        yield max(0, dose.start() - 60), dose.start(), True
    for taking in () if only_dosed else _TAKING.finditer(plain):
        yield taking.end(), min(len(plain), taking.end() + 60), False


def _runs(plain: str, start: int, end: int, *, backwards: bool) -> Iterator[tuple[int, int]]:
    """The runs of words that end where the stretch ends, or begin where it begins, longest first."""
    words = [found.span() for found in _WORD.finditer(plain, start, end)]
    if backwards:
        words = words[1:] if words and words[0][0] == start > 0 else words
        while words and not _BEFORE_DOSE.fullmatch(plain, words[-1][1], end):
            words.pop()
        last = [at for at in range(len(words)) if _BEFORE_DOSE.fullmatch(plain, words[at][1], end)]
        ends = sorted(last, reverse=True)
        runs = [(at - size + 1, at) for at in ends for size in range(min(_MOST_WORDS, at + 1), 0, -1)]
    else:
        if not words or words[0][0] != start:
            return
        runs = [(0, size - 1) for size in range(min(_MOST_WORDS, len(words)), 0, -1)]
    for first, final in runs:
        inner = range(first, final)
        if all(_JOINT.fullmatch(plain, words[at][1], words[at + 1][0]) for at in inner):
            yield words[first][0], words[final][1]


def _heard(plain: str, span: tuple[int, int], *, dosed: bool) -> Misheard | None:
    said = plain[slice(*span)].lower()
    words = _WORD.findall(said.replace("-", " "))
    letters = sum(map(len, words))
    if letters < (_LEAST_LETTERS if len(words) == 1 else _LEAST_OF_RUN) or said in _english():
        return None
    if any(
        word in drug_names() for word in words
    ):  # a substance that is not spoken of as taken, or part of a longer name
        return None
    if len(words) > 1 and (not dosed or all(word in _english() for word in words)):
        return None
    alike = sounding_like(said)
    least = _SURE if len(words) > 1 else 0.0 if dosed else _LIKELY
    if not alike or alike[0].score < least:
        return None
    return Misheard(span, tuple(Suggested(one.generic, shown(one)) for one in alike), "medium" if dosed else "low")


def shown(one: SoundAlike) -> str:
    """The generic name if that is what sounds so; else the name, with the capital of a brand."""
    return one.generic if one.name[:4] == one.generic[:4] else one.name.title()


def is_english(words: str) -> bool:
    """Whether words in lower case that sound like a drug are known to be English, or a name."""
    return words in _english()


@cache
def _english() -> frozenset[str]:
    text = package_text("sounding_like_drugs.txt")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))
