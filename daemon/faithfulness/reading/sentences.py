"""Split a written note into headings and sentences, as clinicians write them: abbreviations, bullets, numbered lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FIRST_TITLE = "Note"

_ABBREVIATIONS = frozenset([
    "dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "pt", "pts", "vs", "approx", "appt", "dept", "no", "wt", "ht",
    "temp", "resp", "hx", "dx", "tx", "rx", "sx", "fx", "ext", "abd", "neuro", "e.g", "i.e", "etc", "b.i.d", "t.i.d",
    "q.i.d", "q.d", "q.h.s", "p.o", "p.r.n", "p.c", "a.c", "h.s", "i.v", "i.m", "s.c", "a.m", "p.m", "c.c", "r.o",
    "w.o", "y.o", "m.d", "d.o", "n.p", "p.a", "r.n", "ph.d", "u.s", "fig", "inc", "ltd", "mg", "tab", "tabs", "cap",
    "caps", "tbsp", "tsp", "oz", "lb", "lbs", "min", "hr", "hrs", "yr", "yrs", "wk", "wks", "mo", "mos", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
])  # fmt: skip
# Abbreviations that often close a sentence as well: a capital letter after them begins the next one.
_MAY_CLOSE = frozenset(["b.i.d", "t.i.d", "q.i.d", "q.d", "q.h.s", "p.o", "p.r.n", "p.c", "a.c", "h.s", "i.v", "i.m", "a.m", "p.m", "etc", "mg", "tab", "tabs", "cap", "caps", "oz", "lb", "lbs", "min", "hr", "hrs", "yr", "yrs", "wk", "wks", "mo", "mos", "y.o", "m.d", "d.o", "n.p", "p.a", "r.n"])  # fmt: skip
_HEADING_NAMES = frozenset([
    "subjective", "objective", "assessment", "plan", "assessment and plan", "assessment & plan", "assessment/plan",
    "a/p", "a&p", "a & p", "history of present illness", "hpi", "interval history", "chief complaint", "cc",
    "reason for visit", "past medical history", "pmh", "pmhx", "past surgical history", "psh", "surgical history",
    "family history", "fh", "fhx", "social history", "sh", "shx", "medications", "current medications", "meds",
    "home medications", "medication list", "allergies", "drug allergies", "review of systems", "ros",
    "physical exam", "physical examination", "exam", "pe", "vitals", "vital signs", "labs", "laboratory",
    "laboratory data", "results", "imaging", "impression", "diagnosis", "diagnoses", "follow-up", "follow up",
    "disposition", "instructions", "patient instructions", "immunizations", "procedures", "procedure", "history",
    "medical history", "note", "soap note", "discussion", "differential diagnosis", "orders", "problem list",
    "summary", "ed course",
])  # fmt: skip
_BULLET = re.compile(
    r"[ \t]*(?:(?:[-*•‣▪◦·–—][ \t]+(?:\[[ xX]?\][ \t]+)?)?(?:\(?\d{1,2}[.)][ \t]+|#\d{1,2}[.):]?[ \t]+|[a-zA-Z][.)][ \t]+)?|#{1,6}[ \t]+)"
)
_INLINE = re.compile(
    r"[ \t]*(?:#{1,6}[ \t]+)?[*_]{0,3}(?P<title>[A-Za-z][A-Za-z/&. -]{0,40}?)[*_]{0,3}:[*_]{0,3}[ \t]+(?=\S)"
)
_UNFINISHED = re.compile(
    r"(?:,|\b(?:and|or|with|of|the|a|to|for|at|on|in|by|from|per|is|was|mg|no|his|her))[ \t]*$", re.IGNORECASE
)
# Possessive, and begun but once in a row of stops: "......" is read once, however long it is.
_STOP = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]]*+(?=\s|$)")
_LAST_WORD = re.compile(r"[^\s(\[\"“]*$")
_MARKED = re.compile(r"[ \t]*#{1,6}[ \t]")
_LONGEST_HEADING = 60
_WRAPPED_LENGTH = 50  # a shorter line was ended on purpose


@dataclass(frozen=True, slots=True)
class NoteSection:
    """A heading of a note, without its colon, and the sentences under it, verbatim.

    `evidence` are the passages that each rests on, where whoever wrote the note has said so.
    """

    title: str
    statements: tuple[str, ...]
    evidence: tuple[tuple[str, ...], ...] = ()


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences of `text`, without headings and bullets. Linear in the text's length."""
    return tuple(
        span for line in _paragraphs(text) if not _is_heading(text[slice(*line)]) for span in _in_paragraph(text, *line)
    )


def spoken_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences of what was said or lies before us: nothing of it is a heading or a bullet, or left out."""
    return tuple(span for line in _paragraphs(text) for span in _split(text, *line))


def note_sections(text: str) -> tuple[NoteSection, ...]:
    """The headings of a plain note with their sentences; what stands before the first heading is under "Note"."""
    found: list[tuple[str, list[str]]] = [(FIRST_TITLE, [])]
    for start, end in _paragraphs(text):
        line = text[start:end]
        if _is_heading(line):
            found.append((_title(line), []))
            continue
        title, length = _inline_title(line)
        if title:
            found.append((title, []))
        begin = start + length
        found[-1][1].extend(text[a:b] for a, b in _in_paragraph(text, begin, end))
    return tuple(
        NoteSection(title, tuple(statements)) for title, statements in found if statements or title != FIRST_TITLE
    )


def is_heading_name(name: str) -> bool:
    """Whether notes are ordered by this name: "Plan", "a/p"."""
    return name.lower() in _HEADING_NAMES


def _inline_title(line: str) -> tuple[str, int]:
    """A heading with text after it on the same line ("A/P: 1. HTN"), and where that text begins; only well-known ones."""
    found = _INLINE.match(line)
    if found is None or not is_heading_name(found["title"]):
        return "", 0
    return found["title"], found.end()


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Spans of lines, where a line that was only wrapped (long, unfinished, goes on in lower case) is one with the next."""
    start = last = end = -1
    for line in re.finditer(r"[^\r\n]+", text):
        if end >= 0 and _goes_on(text[last:end], text[end : line.start()], line.group()):
            last, end = line.span()
            continue
        if end >= 0:
            yield start, end
        last, end = line.span()
        start = last
    if end >= 0:
        yield start, end


def _goes_on(last_line: str, between: str, line: str) -> bool:
    """Whether `line` only wraps what the line before it began. Lines alone are looked at, so that the work stays linear."""
    if between.count("\n") > 1 or last_line.rstrip()[-1:] in {".", "!", "?", ":", ""} or _is_heading(line):
        return False
    if len(last_line) < _WRAPPED_LENGTH or _bullet_length(line):
        return False
    return line.lstrip()[:1].islower() or _UNFINISHED.search(last_line[-20:]) is not None


def _in_paragraph(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    return _split(text, start + _bullet_length(text[start:end]), end)


def _split(text: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    for stop in _STOP.finditer(text, begin, end):
        if stop.end() < end and not _closes(text, begin, stop):
            continue
        yield from _trimmed(text, begin, stop.end())
        begin = stop.end()
    yield from _trimmed(text, begin, end)


def _closes(text: str, begin: int, stop: re.Match[str]) -> bool:
    """Whether the full stop ends a sentence, and not an abbreviation, an initial, or a number of a list."""
    if stop.group()[0] != ".":
        return True
    before = _LAST_WORD.search(text, max(begin, stop.start() - 12), stop.start())
    word = before.group().lower() if before else ""
    after = text[stop.end() : stop.end() + 8].lstrip()[:1]
    if after.islower():
        return False
    if word in _MAY_CLOSE:
        return after.isupper()
    is_initial = len(word) == 1 and word.isalpha() and word != "i"
    is_list_number = word.isdigit() and len(word) < 3 and not text[begin : stop.start() - len(word)].strip()
    return word not in _ABBREVIATIONS and not is_initial and not is_list_number


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    begin = start + len(piece) - len(piece.lstrip())
    finish = begin + len(piece.strip())
    if any(character.isalnum() for character in text[begin:finish]):
        yield begin, finish


def _bullet_length(line: str) -> int:
    match = _BULLET.match(line)
    return match.end() if match else 0


def _title(line: str) -> str:
    return line.strip().lstrip("#").strip().strip("*_").strip().removesuffix(":").strip().strip("*_").strip()


def _is_heading(line: str) -> bool:
    """A line of its own that ends with a colon, is in capitals, or is one of the words that notes are ordered by."""
    title = _title(line)
    if not title or len(title) > _LONGEST_HEADING or title[-1:] in {".", "!", "?", ",", ";"}:
        return False
    marked = line.strip().rstrip("*_ ").endswith(":") or _MARKED.match(line) is not None
    letters = [character for character in title if character.isalpha()]
    capitals = len(letters) > 3 and title.isupper() and not any(character.isdigit() for character in title)
    return bool(letters) and (marked or capitals or title.lower() in _HEADING_NAMES)
