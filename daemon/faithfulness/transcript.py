"""A transcript in plain text as passages: who speaks, and what, sentence by sentence."""

from __future__ import annotations

import re

from daemon.faithfulness.sentences import sentences
from daemon.faithfulness.texts import DOCTOR, OTHER, PATIENT, Texts

_TAG = re.compile(
    r"^[ \t]*(?:\[(?P<bracketed>[^\W\d_][\w .'-]{0,30})\]|(?P<plain>[^\W\d_][\w .'-]{0,30}?)(?=:\s))[ \t]*:?[ \t]*",
    re.MULTILINE,
)
_DOCTORS = frozenset({"doctor", "dr", "clinician", "physician", "provider", "d", "nurse", "np", "pa", "md"})
_PATIENTS = frozenset({"patient", "pt", "p", "client"})


def read_transcript(text: str) -> Texts:
    """The sentences of `text` as passages p1, p2, …, without the names of speakers, which are kept apart."""
    passages: dict[str, str] = {}
    speakers: dict[str, str] = {}
    for speaker, start, end in _turns(text):
        for first, last in sentences(text[start:end]):
            name = f"p{len(passages) + 1}"
            passages[name] = text[start + first : start + last]
            if speaker:
                speakers[name] = speaker
    return Texts(passages, speakers)


def _turns(text: str) -> list[tuple[str, int, int]]:
    """Speaker, and where what they say begins and ends. Before the first name of a speaker nobody is named."""
    tags = list(_TAG.finditer(text))
    turns = [("", 0, tags[0].start() if tags else len(text))]
    for at, tag in enumerate(tags):
        end = tags[at + 1].start() if at + 1 < len(tags) else len(text)
        turns.append((_speaker(tag), tag.end(), end))
    return [turn for turn in turns if text[turn[1] : turn[2]].strip()]


def _speaker(tag: re.Match[str]) -> str:
    name = (tag["bracketed"] or tag["plain"]).lower().rstrip(".")
    first = re.split(r"[\s_.]", name)[0]
    return DOCTOR if first in _DOCTORS else PATIENT if first in _PATIENTS else OTHER
