"""Pairs from MTS-Dialog and ACI-Bench (CC BY 4.0): a few turns of a conversation, and what people wrote of just these in the note.

A sentence of a note is laid beside every stretch of one to three pieces of its conversation, and kept with the stretch in which
most of it stands, if enough of it does (`support`) and the rules of `daemon.faithfulness` find nothing against it there. What is
left teaches a model to say what was said; the many sentences that also say something else would teach it to invent.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from section_data import aci_labelled, sentences
from starter_subject import sex_of, with_subject

from daemon.adapters.drafting.conversation_groups import conversation, grouped
from daemon.adapters.drafting.statement_voice import VOICES
from daemon.adapters.reading.text_reader import read_text
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.rules.support import spoken, supported_share
from daemon.faithfulness.texts import DOCTOR, OTHER, PATIENT, Claim, Texts
from daemon.faithfulness.vocabulary.concepts import claim_terms, words
from daemon.model.source import Source
from daemon.model.statement_request import NOTHING

LEAST_SUPPORT = 0.62
"""So much of a sentence, weighed by how rare its words are, stands in its stretch."""
LEAST_COVERAGE = 0.27
"""And so much of the stretch in what is written of it: a model that sees half of what was said left out learns to leave out."""
MOST_PIECES = 3
LONG_PIECE_WORDS = 40
MOST_TARGET_WORDS = 45
_SHORT_ANSWER_WORDS = 8
_WORD_COST = 0.002
"""What each word of a stretch costs, in support: of two that hold a sentence alike, the shorter is meant."""
_MOST_UNSUPPORTED = 0.15
"""A piece that supports no sentence of the note more, and which tells no fact, belongs into no note."""
_NOTHING_WORDS = 25
_TELLS = re.compile(r"\d|\b(?:no|not|nope|never|any|yes|have|had|left|right|take|took|\w+n't|n't)\b", re.IGNORECASE)
_LEAST_WEIGHT = 2.0
_FACTS = ("medication", "allergy", "number", "negated-symptom", "symptom", "diagnosis", "follow-up", "safety-advice")
_TAG = re.compile(r"^\s*\[?(doctor|patient|guest_?\s?\w*|gest_\w+|docotr)\w*\]?\s*:?\s*", re.IGNORECASE)
_STOP = re.compile(r"(?<=[.!?])\s+")
_ROLES = {DOCTOR: "Doctor", PATIENT: "Patient", OTHER: "Other"}


@dataclass(frozen=True, slots=True)
class Pair:
    """What a model is asked and what it should answer. `origin` says how the pair was come by."""

    voice: str
    subject: str
    lines: tuple[str, ...]
    target: str
    origin: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A turn, or a part of a long one."""

    speaker: str
    text: str

    @property
    def asks(self) -> bool:
        """Whether somebody still has to answer."""
        return self.text.rstrip().endswith("?")

    @property
    def line(self) -> str:
        """As it stands in a request."""
        return f"{_ROLES[self.speaker]}: {self.text}"


def pieces_of(dialogue: str) -> list[Piece]:
    """The turns of a conversation; a long one in parts of whole sentences."""
    found: list[Piece] = []
    for line in dialogue.splitlines():
        tag = _TAG.match(line)
        name = tag[1].lower() if tag else ""
        speaker = DOCTOR if name.startswith("doc") else PATIENT if name.startswith("pat") else OTHER
        text = " ".join(line[tag.end() if tag else 0 :].split())
        if text:
            found += (Piece(speaker, part) for part in _parts(text))
    return found


def _parts(text: str) -> Iterator[str]:
    part: list[str] = []
    for sentence in _STOP.split(text):
        if part and len(" ".join([*part, sentence]).split()) > LONG_PIECE_WORDS:
            yield " ".join(part)
            part = []
        part.append(sentence)
    yield " ".join(part)


def _hangs(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a piece is a short answer, which says nothing without its question."""
    return at > 0 and pieces[at - 1].asks and len(pieces[at].text.split()) <= _SHORT_ANSWER_WORDS


def coverage(pieces: Sequence[Piece], written: str) -> float:
    """How much of what was said, by weight, stands in what was written."""
    terms = [term for piece in pieces for term in claim_terms(words(piece.text))]
    return supported_share(terms, spoken(Texts({"s1": written})))


Stretch = tuple[Piece, ...]


def windows(pieces: Sequence[Piece]) -> list[Stretch]:
    """Every stretch of one to `MOST_PIECES` turns that may be what a sentence was written from."""
    return [
        tuple(pieces[first:end])
        for first in range(len(pieces))
        for end in range(first + 1, min(first + MOST_PIECES, len(pieces)) + 1)
        if not pieces[end - 1].asks and not _hangs(pieces, first)
    ]


def as_drafted(dialogue: str) -> list[Stretch]:
    """The groups in which the drafter itself asks for a conversation."""
    source = Source("s1", "text", "0" * 64)
    said, _ = conversation(read_text(source, dialogue.encode()).passages)
    roles = {role: speaker for speaker, role in _ROLES.items()}
    return [
        tuple(Piece(roles.get(one.role, OTHER), one.text) for one in ([talk.before] if talk.before else []) + talk.said)
        for talk in grouped(said)
    ]


class Stretches:
    """Stretches of a conversation that sentences are laid beside. `held`: the most support that each gave to any."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.stretches = stretches
        texts = [Texts({f"p{at}": piece.text for at, piece in enumerate(one, 1)}) for one in stretches]
        self._said = [spoken(each) for each in texts]
        self._sizes = [sum(len(piece.text.split()) for piece in one) for one in stretches]
        self.held = [0.0] * len(stretches)

    def best(self, sentence: str) -> tuple[float, int]:
        """The support that the best stretch gives a sentence, and its number; of two alike the shorter."""
        terms = list(claim_terms(words(sentence)))
        best = (0.0, 0.0, -1)
        for number, (said, size) in enumerate(zip(self._said, self._sizes, strict=True)) if terms else ():
            share = supported_share(terms, said)
            self.held[number] = max(self.held[number], share)
            best = max(best, (share - _WORD_COST * size, share, number))
        return best[1], best[2]


def is_true(sentence: str, pieces: Sequence[Piece], heading: str) -> bool:
    """Whether the rules have nothing of weight against a sentence that rests on these pieces alone."""
    names = [f"p{number}" for number in range(1, len(pieces) + 1)]
    by_id = dict(zip(names, (piece.text for piece in pieces), strict=True))
    source = Texts(by_id, dict(zip(names, (piece.speaker for piece in pieces), strict=True)))
    findings = verify_claim(Claim(sentence, tuple(names), heading), source)
    return all(finding.severity == "low" for finding in findings)


def aligned(folder: Path, chance: random.Random) -> Iterator[Pair]:
    """The pairs of both train sets."""
    for name in ("mts-dialog-train.jsonl", "aci-bench-train.jsonl"):
        for row in map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines()):
            note = _labelled(row)
            yield from _of_row(row["dialogue"], note, sex_of(" ".join(text for text, _ in note)), chance)


def notes(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The sentences of the notes of both train sets: part of the note in words, the patient's sex as the note has it, sentence."""
    for name in ("mts-dialog-train.jsonl", "aci-bench-train.jsonl"):
        for row in map(json.loads, (folder / name).read_text(encoding="utf-8").splitlines()):
            note = _labelled(row)
            sex = sex_of(" ".join(text for text, _ in note))
            yield from ((VOICES[label], sex, text) for text, label in note)


def _labelled(row: dict[str, str]) -> list[tuple[str, str]]:
    if "note" in row:
        return [(one.text, one.label) for one in aci_labelled(row["note"], row["id"])]
    return [(text, row["section"]) for text in sentences(row["text"])]


def _of_row(dialogue: str, note: Sequence[tuple[str, str]], sex: str, chance: random.Random) -> Iterator[Pair]:
    drafted = Stretches(as_drafted(dialogue))
    found = {(pair.lines, pair.target): pair for pair in _written(drafted, note, sex, "as drafted", chance)}
    others = _written(Stretches(windows(pieces_of(dialogue))), note, sex, "other turns", chance)
    seen = {lines for lines, _ in found}
    yield from found.values()
    yield from (pair for pair in others if pair.lines not in seen)
    for stretch, held in zip(drafted.stretches, drafted.held, strict=True):
        small = sum(len(one.text.split()) for one in stretch) <= _NOTHING_WORDS
        if small and held <= _MOST_UNSUPPORTED and tells_nothing(stretch):
            voice = VOICES[chance.choice(note)[1]]
            yield Pair(voice, "the patient", tuple(one.line for one in stretch), NOTHING, "nothing")


def _written(
    stretches: Stretches, note: Sequence[tuple[str, str]], sex: str, origin: str, chance: random.Random
) -> Iterator[Pair]:
    """All that stands in the note of each stretch, as one answer."""
    found: dict[int, list[tuple[str, str]]] = {}
    for sentence, label in note:
        score, number = stretches.best(sentence)
        if score >= LEAST_SUPPORT and is_true(sentence, stretches.stretches[number], VOICES[label]):
            found.setdefault(number, []).append((sentence, label))
    for number, written in found.items():
        said, label = stretches.stretches[number], written[0][1]
        target = " ".join(dict.fromkeys(text if text.endswith((".", "!")) else f"{text}." for text, _ in written))
        subject, target = with_subject(target, sex, chance)
        whole = target and len(target.split()) <= MOST_TARGET_WORDS and coverage(said, target) >= LEAST_COVERAGE
        if whole and is_true(target, said, VOICES[label]):
            yield Pair(VOICES[label], subject, tuple(piece.line for piece in said), target, origin)


def tells_nothing(pieces: Sequence[Piece]) -> bool:
    """Whether no rule finds a fact in what was said, nor a number or a term that notes have."""
    texts = Texts({f"p{number}": piece.text for number, piece in enumerate(pieces, 1)})
    told = any(_TELLS.search(piece.text) for piece in pieces) or find_omissions(Texts({}), texts, _FACTS)
    return not told and sum(term.weight for piece in pieces for term in claim_terms(words(piece.text))) < _LEAST_WEIGHT
