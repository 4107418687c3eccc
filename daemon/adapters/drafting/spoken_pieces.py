"""Cuts what speech recognition runs together: "Latex gives her hives, objective, they are red" is two statements and a heading.

A pure rule, and a careful one: a heading inside a passage counts only between two separators, never in a list ("the exam, plan,
and follow-up") nor after talk about the note ("we reviewed the assessment, plan, …"). Only the name of a part of the note is
left out of what is quoted; the name of a list ("Allergies: penicillin") says what the words are, and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.adapters.drafting.clauses import stands_alone
from daemon.adapters.drafting.spoken_headings import LEAD_IN, heading_names, spoken_heading

_PARTS = {
    "subjective": "S", "history of present illness": "S", "hpi": "S", "objective": "O", "physical exam": "O",
    "physical examination": "O", "exam": "O", "examination": "O", "assessment": "A", "impression": "A",
    "assessment and plan": "AP", "assessment plan": "AP", "impression and plan": "AP", "a p": "AP", "plan": "P",
}  # fmt: skip
# As whisper wrote them. A word that could also be meant stays in the text: only where it is quoted depends on the guess.
_MISHEARD = {
    "planned": "plan", "planning": "plan", "plans": "plan", "plane": "plan", "plant": "plan", "plung": "plan",
    "objectives": "objective", "objected": "objective", "assessments": "assessment", "assess mint": "assessment",
    "impressions": "impression",
}  # fmt: skip
_NO_WORDS = frozenset({"plung", "assess mint"})
LONG_WORDS = 20
_LEAST_WORDS = 4
_STOP = re.compile(r"(?<=[^\W\d_]{3}[.;])\s+")
_CLAUSE = re.compile(
    r",\s+(?=(?:and|but|so|then|she|he|we|i|they|it|there|his|her|the)\b)|(?<=[^\W\d_]{3}[.;])\s+", re.IGNORECASE
)
_SENTENCE_BEFORE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_BEFORE = {"objective": "S", "assessment": "O", "impression": "O", "plan": "A"}
"""What a misheard heading has to follow."""
_END = r"(?P<after>\s*(?:[:.,;–—-]|\b(?:colon|period|comma|new line)\b)(?:\s|$)|\s*$)(?:\s*(?:[:.,;–—-]|\bcolon\b))*\s*"


def _any_of(names: Sequence[str]) -> str:
    spelled = sorted(map(re.escape, names), key=len, reverse=True)
    return (
        "|".join(spelled)
        .replace(r"\ and\ ", r"\s+(?:and|&)\s+")
        .replace(r"a\ p", r"a(?:\s*/\s*|\s)p")
        .replace(r"\ ", r"\s+")
    )


_PART = re.compile(rf"{LEAD_IN}(?P<name>{_any_of(list(_PARTS))}){_END}", re.IGNORECASE)
_WRONG = re.compile(rf"(?P<name>{_any_of(list(_MISHEARD))}){_END}", re.IGNORECASE)
_LIST = re.compile(rf"{LEAD_IN}(?:{_any_of(heading_names())})\s*(?:[:,]|\bcolon\b)\s", re.IGNORECASE)
_LISTED = re.compile(rf"(?:{_any_of(heading_names())})(?:\s*,|\s+(?:and|or)\b)", re.IGNORECASE)
_JOINT = re.compile(r"[,.;:]\s+")
_GOES_ON = re.compile(r"(?:and|or|but|with|as well|is|was|are|were|will)\b", re.IGNORECASE)
_TALK = re.compile(
    r"discuss|review|went over|go over|explain|agree|understand|question|includ|about|according", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """`text` is what to quote, verbatim; empty for a heading. `placed_as` is the same with its heading in plain words."""

    text: str
    placed_as: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """A heading found: from where to where it stands, its plain name, and whether its words are left out."""

    start: int
    end: int
    name: str
    left_out: bool


def spoken_pieces(texts: Sequence[str]) -> list[list[Piece]]:
    """The pieces of each passage of one dictation. Every word of a passage is in one piece, but for the headings' own."""
    part = ""
    found = []
    for text in texts:
        plain = " ".join(text.split())
        cuts = [] if plain.endswith("?") else list(_cuts(plain, part))
        heading = spoken_heading(plain)
        part = _PARTS.get(cuts[-1].name if cuts else heading.name if heading else "", part)
        found.append(list(_between(plain, cuts)))
    return found


def _between(text: str, cuts: Sequence[_Cut]) -> Iterator[Piece]:
    heading = spoken_heading(text)
    if not cuts:
        yield Piece("" if heading is not None and heading.alone else text, text)
        return
    if cuts[0].start:
        yield from _quoted(text[: cuts[0].start], "", cut=True)
    for one, following in zip(cuts, [*cuts[1:], None], strict=True):
        stop = following.start if following is not None else len(text)
        start = one.end if one.left_out else one.start
        name = f"{one.name}, " if one.name else ""
        body = text[one.end : stop]
        yield from _quoted(text[start:stop], f"{name}{body}", cut=following is not None)


def _quoted(text: str, placed_as: str, *, cut: bool) -> Iterator[Piece]:
    shown = text.rstrip(" ,;:–—-") if cut else text
    yield Piece(shown, (placed_as or shown).strip())


def _cuts(text: str, part: str) -> Iterator[_Cut]:
    """The headings of a passage, from left to right; `part` is the part of the note that is being dictated."""
    done = 0
    for start in [0, *(joint.end() for joint in _JOINT.finditer(text))]:
        if start < done:
            continue
        cut = _part_at(text, start) or _misheard_at(text, start, part) or _list_at(text, start)
        if cut is not None:
            yield cut
            done, part = max(cut.end, start + 1), _PARTS.get(cut.name, part)


def _part_at(text: str, start: int) -> _Cut | None:
    found = _PART.match(text, start)
    if found is None:
        return None
    name = " ".join(re.sub(r"&", " and ", found["name"].lower().replace("/", " ")).split())
    rest = text[found.end() :]
    in_a_list = _LISTED.match(rest) is not None and name not in {"subjective", "objective"}
    if in_a_list or (start and (_GOES_ON.match(rest) or _TALK.search(_clause_before(text, start)))):
        return None
    return _Cut(start, found.end(), name, left_out=True)


def _misheard_at(text: str, start: int, part: str) -> _Cut | None:
    found = _WRONG.match(text, start)
    if found is None or _GOES_ON.match(text, found.end()):
        return None
    heard = " ".join(found["name"].lower().split())
    name = _MISHEARD[heard]
    return _Cut(start, found.end(), name, left_out=heard in _NO_WORDS) if _BEFORE[name] == part else None


def _list_at(text: str, start: int) -> _Cut | None:
    """A list's heading begins a piece behind the end of a sentence; behind a comma it is one of several things."""
    if not start or text[:start].rstrip()[-1] not in ".;" or not _LIST.match(text, start):
        return None
    return _Cut(start, start, "", left_out=False)


def _clause_before(text: str, start: int) -> str:
    return re.split(r"[.;]", text[:start].rstrip(" ,.;:"))[-1]


def halves(piece: Piece, *, at_stops: bool = False) -> list[tuple[Piece, Piece]]:
    """Each way to cut a long piece in two before a clause with a subject of its own; none for a piece of `LONG_WORDS` or less.

    Both halves stand alone: "For the last six weeks" is no half. `at_stops`: only behind the end of a sentence.
    """
    found = []
    start = piece.placed_as.find(piece.text)
    joints = (_STOP if at_stops else _CLAUSE).finditer(piece.text)
    for joint in joints if start >= 0 and len(piece.text.split()) > LONG_WORDS else ():
        first, second = piece.text[: joint.start()], piece.text[joint.end() :]
        enough = min(len(first.split()), len(second.split())) >= _LEAST_WORDS
        if enough and stands_alone(_SENTENCE_BEFORE.split(first)[-1]) and stands_alone(second):
            found.append((Piece(first, piece.placed_as[: start + joint.start()]), Piece(second, second)))
    return found
