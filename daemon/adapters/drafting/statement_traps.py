"""What a small model falls for: words of a few lines that change what all of them mean, and that it likes to leave out.

Each trap was met in statements that every other rule let stand. Where one is in the lines, a statement that does not show it is turned
down, and the lines are quoted: "I have no clue" is no "denies", "It's going to kill me" is no "kill himself".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.late import late
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.texts import DOCTOR, Texts

_SELF = late(r"\b(?:my|your|him|her|it|one|our|them)sel(?:f|ves)\b", re.IGNORECASE)
_NOBODY_KNOWS = late(
    r"\b(?:no (?:clue|idea)|(?:could|can)(?:n['’]?t|not| not) (?:tell|say|recall|remember)|do(?:es)?(?:n['’]?t| not) (?:really |even )?(?:know|remember|recall)"
    r"|not (?:really |so |too |quite |entirely |completely )?(?:sure|certain)|unsure|uncertain|who knows|hard to (?:say|tell)|questionable)\b",
    re.IGNORECASE,
)
_SHOWS_DOUBT = late(
    r"\b(?:not (?:\w+ )?(?:sure|certain|know|recall|remember)|unsure|uncertain|unknown|unclear|unaware|cannot (?:say|tell|recall|remember)|no idea|questionable"
    r"|possibl[ey]|perhaps|may(?:be)?|might|thinks?|believes?|approximately|about|around)\b",
    re.IGNORECASE,
)
_ALL_BUT = late(r"\b(?:except|other than|apart from|aside from|besides)\b", re.IGNORECASE)
_SHOWS_ALL_BUT = late(r"\b(?:except|other than|apart from|aside from|besides|but|only|otherwise)\b", re.IGNORECASE)
_COMPANION = late(
    r"\b(?:related to (?:the|this|him|her|your)|(?:your )?relation(?:ship)? (?:to|with) (?:the|this|him|her)|are you (?:his|her|their|the patient['’]s) \w+)\b",
    re.IGNORECASE,
)
_EXPLAINS = late(
    r"\b(?:(?:it|that|this|which) means|means that|in other words|we call (?:it|this|that)|what that (?:is|means))\b"
    r"|\b(?:it['’]s|that['’]s|it is|that is) (?:an? [\w -]{2,40}?|when|where)\b[^.?!]*\byour?\b",
    re.IGNORECASE,
)
_LOOKED_FOR = late(
    r"\b(?:screen(?:ed|ing)?|test(?:ed|ing)?|check(?:ed|ing)?|vaccinat\w+|immuniz\w+|shots?|worried|concerned|at risk|afraid)\b[^.?!]{0,20}\b(?:for|against|about|of)\b",
    re.IGNORECASE,
)
_SHOWS_LOOKED_FOR = late(r"\b(?:screen|test|check|vaccin|immuni|shot|worr|concern|risk|afraid|fear)", re.IGNORECASE)
_SEVERAL_TIMES = late(
    r"\b(?:(?:plenty|lots|dozens) of times|many times|(?:two|three|four|five|several|a few|a couple(?: of)?) times|all the time|every time)\b",
    re.IGNORECASE,
)
_ONCE = late(r"\b(?:once|one time)\b", re.IGNORECASE)
_ADDRESSED = late(
    r"(?:^|[.!?]\s+)(?P<who>mom|mum|mama|dad|papa|mother|father|mister|doctor|nurse|sir|ma['’]?am|grandma|grandpa)\b,",
    re.IGNORECASE,
)


def trapped(plain: str, source: Texts) -> Iterator[str]:
    """The codes of the traps that a statement fell into: `self`, `unknown`, `exception`, `looked-for`, `times`, `companion`, `teaching`,
    `addressed`."""
    told = [text[start:end] for text in source.by_id.values() for start, end in sentence_spans(text)]
    said = "\n".join(told)
    if _SELF.search(plain) and not _SELF.search(said):
        yield "self"
    if any(_NOBODY_KNOWS.search(one) for one in told if not one.endswith("?")) and not _SHOWS_DOUBT.search(plain):
        yield "unknown"
    if any(_ALL_BUT.search(one) for one in told if not one.endswith("?")) and not _SHOWS_ALL_BUT.search(plain):
        yield "exception"
    if _LOOKED_FOR.search(said) and not _SHOWS_LOOKED_FOR.search(plain):
        yield "looked-for"
    if _SEVERAL_TIMES.search(said) and _ONCE.search(plain) and not _ONCE.search(said):
        yield "times"
    if _COMPANION.search(said):
        yield "companion"
    clinician = (text for name, text in source.by_id.items() if source.speakers.get(name) == DOCTOR)
    if any(_EXPLAINS.search(text) for text in clinician):
        yield "teaching"
    called = {found["who"].lower() for found in _ADDRESSED.finditer(said)}
    if called & {word.lower() for word in plain.split()[:2]}:
        yield "addressed"
