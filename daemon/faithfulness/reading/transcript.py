"""A transcript as passages: who speaks, when, and what, sentence by sentence; plain text as people and tools write it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from daemon.faithfulness.reading.sentences import is_heading_name, spoken_sentences
from daemon.faithfulness.texts import DOCTOR, OTHER, PATIENT, Texts

Times = tuple[float, float]
"""Where something begins and ends, in seconds from the beginning."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody says in one go. `name` is empty where nobody is named; the times are known or not."""

    text: str
    name: str = ""
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """The passages of a source, and the times of those that have any."""

    texts: Texts
    times: Mapping[str, Times] = field(default_factory=dict)


_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP = re.compile(
    rf"[ \t]*(?:[\[(](?P<start>{_TIME})(?:[ \t]*(?:-->|[-–])[ \t]*(?P<end>{_TIME}))?[\])][ \t]*(?:[-–—:][ \t]+)?"
    rf"|(?P<bare>{_TIME})(?:[ \t]+[-–—][ \t]+|[ \t]*$|[ \t]+(?=[^\W\d_][^:\n]{{0,40}}:[ \t])))"
)
_NAME = r"[^\W\d_][\w .'’-]{0,38}"
_TAG = re.compile(
    rf"[ \t]*(?:[-–—>*][ \t]+)?\*{{0,2}}(?:\[(?P<boxed>{_NAME})\](?![(\[])|(?P<plain>{_NAME}?)"
    rf"(?:[ \t]*[\[(](?P<at>{_TIME})[\])])?(?=\*{{0,2}}:))\*{{0,2}}[ \t]*(?::\*{{0,2}}(?=\s|$))?[ \t]*"
)
_NAME_AND_TIME = re.compile(rf"[ \t]*\*{{0,2}}(?P<plain>{_NAME}?)\*{{0,2}}[ \t]+[\[(]?(?P<at>{_TIME})[\])]?[ \t]*$")
_DOCTORS = frozenset({"doctor", "dr", "clinician", "physician", "provider", "d", "nurse", "np", "pa", "md", "doc"})
_PATIENTS = frozenset({"patient", "pt", "p", "client"})
_OTHERS = frozenset({"speaker", "guest", "mother", "father", "mom", "dad", "parent", "guardian", "wife", "husband", "spouse", "partner", "son", "daughter", "sister", "brother", "family", "caregiver", "interpreter", "translator", "ma", "rn", "unknown"})  # fmt: skip
_ROLES = _DOCTORS | _PATIENTS | _OTHERS
_FEWEST_TIMES = 2
"""How often a name has to stand before what is said, to be a speaker's and not the label of a line ("Weight: 180")."""
_LEAST_TALK = 0.5
"""And how many of the lines then have to begin with such a name."""
_FEWEST_TURNS, _LEAST_ROLES = 4, 0.25
"""Roles: so many turns, or so many of the lines. A form's head names a patient and a provider too, but each once."""


def read_transcript(text: str) -> Texts:
    """The sentences of `text` as passages p1, p2, …, without the names of speakers, which are kept apart."""
    return transcript_of(turns_of(text)).texts


def transcript_of(turns: Iterable[Turn]) -> Transcript:
    """Each turn's sentences as passages; they all have the times of their turn, since nothing finer is known."""
    passages: dict[str, str] = {}
    speakers: dict[str, str] = {}
    times: dict[str, Times] = {}
    for turn in turns:
        for first, last in spoken_sentences(turn.text):
            name = f"p{len(passages) + 1}"
            passages[name] = turn.text[first:last]
            if turn.name:
                speakers[name] = role_of(turn.name)
            if turn.start is not None:
                times[name] = (turn.start, turn.start if turn.end is None else turn.end)
    return Transcript(Texts(passages, speakers), times)


def role_of(name: str) -> str:
    """Doctor, patient or somebody else, by the first word of a speaker's name."""
    first = _first_word(name)
    return DOCTOR if first in _DOCTORS else PATIENT if first in _PATIENTS else OTHER


def named_lines(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Who says each line and what, of talk between people one of whom at least is called by a role; nothing for anything else.

    The name is "" where a line begins with no speaker's: it goes on with the line before.
    """
    names = _speakers(lines)
    if len(names) < _FEWEST_TIMES or not any(_first_word(name) in _ROLES for name in names):
        return []
    opened = [_opening(line, names, "") for line in lines]
    return [(turn.name if turn else "", said) for turn, said in opened]


def turns_of(text: str) -> list[Turn]:
    """The turns of a transcript in plain text. What has no names and no times is one turn."""
    lines = text.splitlines()
    names = _speakers(lines)
    turns = [Turn("")]
    said: list[str] = []
    for line in lines:
        opened, rest = _opening(line, names, turns[-1].name)
        if opened is not None:
            turns[-1] = replace(turns[-1], text="\n".join(said).strip())
            turns.append(opened)
            said = []
        said.append(rest)
    turns[-1] = replace(turns[-1], text="\n".join(said).strip())
    return closed([turn for turn in turns if turn.text])


def closed(turns: Sequence[Turn]) -> list[Turn]:
    """With an end for each turn that only says when it begins: where the next begins that says so."""
    ended: list[Turn] = []
    following: float | None = None
    for turn in reversed(turns):
        end = turn.start if following is None else following
        ended.append(turn if turn.start is None or turn.end is not None else replace(turn, end=end))
        following = turn.start if turn.start is not None else following
    return ended[::-1]


def seconds(clock: str) -> float:
    """ "1:02:03.5" and "0:41" in seconds."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def _opening(line: str, names: frozenset[str], speaking: str) -> tuple[Turn | None, str]:
    """The turn that a line begins, without its text, and the rest of the line. A time alone changes nobody's turn to speak."""
    stamp = _STAMP.match(line)
    rest = line[stamp.end() :] if stamp else line
    tag = _NAME_AND_TIME.match(rest) or _TAG.match(rest)
    named = _name_in(tag) if tag else ""
    if tag is not None and named.lower() in names:
        clock = tag.groupdict().get("at") or (stamp and (stamp["start"] or stamp["bare"]))
        end = stamp["end"] if stamp else None
        return _turn(named, clock, end), rest[tag.end() :]
    if stamp is None:
        return None, line
    return _turn(speaking, stamp["start"] or stamp["bare"], stamp["end"]), rest


def _turn(name: str, start: str | None, end: str | None) -> Turn:
    return Turn("", name, seconds(start) if start else None, seconds(end) if end else None)


def _name_in(tag: re.Match[str]) -> str:
    name: str = tag.groupdict().get("boxed") or tag["plain"]
    return name.strip()


def _speakers(lines: Iterable[str]) -> frozenset[str]:
    """What stands before lines and names a speaker: a role, or a name that comes again, among two at least.

    "Allergies: penicillin" and "Plan: …" are lines of a form or a note, whose labels are no speakers.
    """
    counts: Counter[str] = Counter()
    boxed: set[str] = set()
    written = 0
    for line in lines:
        written += not line.isspace() and bool(line)
        stamp = _STAMP.match(line)
        rest = line[stamp.end() :] if stamp else line
        tag = _NAME_AND_TIME.match(rest) or _TAG.match(rest)
        if tag is not None:
            counts[_name_in(tag).lower()] += 1
            boxed |= {_name_in(tag).lower()} if tag.groupdict().get("boxed") else set()
    roles = {name for name in counts if _first_word(name) in _ROLES and (len(name) > 1 or {"d", "p"} <= counts.keys())}
    again = {name for name, count in counts.items() if count >= _FEWEST_TIMES and _may_be_a_name(name)}
    together = roles | again
    if len(together) > 1 and sum(counts[name] for name in together) >= _LEAST_TALK * written:
        return frozenset(together)
    often = sum(counts[name] for name in roles) >= min(_FEWEST_TURNS, _LEAST_ROLES * written)
    return frozenset(roles if often else roles & boxed)


def _may_be_a_name(name: str) -> bool:
    return len(name) > 1 and not is_heading_name(name)


def _first_word(name: str) -> str:
    return re.split(r"[\s_.\d]", name.strip().lower(), maxsplit=1)[0]
