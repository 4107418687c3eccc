"""Invented pairs for all of medicine: questions with their answers, and dictation, from `starter_templates.tsv`.

They are there for what conversations of two data sets have too little of: answers that deny and answers that affirm in equal
numbers, doses and sides that have to be copied, drugs and complaints of every specialty, and dictation as such.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from starter_aligned import Pair
from starter_spoken import as_said, say
from starter_subject import capital, with_subject

from daemon.adapters.drafting.statement_voice import VOICES

HERE = Path(__file__).resolve().parent
_SLOT = re.compile(r"\{(\w+?)(\d?)\}")
_WORDS = {"ten milligrams": "10 mg", "twenty five milligrams": "25 mg", "fifty milligrams": "50 mg", "five hundred milligrams": "500 mg", "ten units": "10 units", "b i d": "twice a day", "since last Tuesday": "four days", "the past 48 hours": "48 hours"}  # fmt: skip
_WHO = ("She", "He", "The patient", "Patient")
_SOME_NUMBERS = {
    "n": lambda chance: str(chance.randint(2, 12)),
    "age": lambda chance: str(chance.randint(18, 92)),
    "year": lambda chance: str(chance.randint(1975, 2024)),
    "bp": lambda chance: f"{chance.randint(98, 188)}/{chance.randint(54, 104)}",
    "hr": lambda chance: str(chance.randint(48, 128)),
    "pain": lambda chance: str(chance.randint(1, 10)),
    "dose": lambda chance: (
        f"{chance.choice((2.5, 5, 10, 12.5, 15, 20, 25, 30, 40, 50, 75, 81, 88, 100, 150, 200, 250, 300, 325, 400, 500, 600, 750, 800, 850, 1000)):g} {chance.choice(('mg', 'mg', 'mg', 'mg', 'mcg', 'units'))}"
    ),
    "lb": lambda chance: str(chance.randint(4, 40)),
}


def slots() -> dict[str, list[str]]:
    """What may be filled in, by slot."""
    found: dict[str, list[str]] = {}
    for name in ("dictation_sentences.tsv", "starter_templates.tsv"):
        for line in (HERE / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("@"):
                key, _, values = line[1:].partition("\t")
                found[key] = [_WORDS.get(value, value) for value in values.split("|")]
    return found


def fill(templates: tuple[str, ...], values: dict[str, list[str]], chance: random.Random) -> tuple[str, ...]:
    """Several texts filled alike: the same slot with the same number has the same value, others differ."""
    chosen: dict[str, str] = {}

    def value(slot: re.Match[str]) -> str:
        name = slot[0]
        while name not in chosen:
            make = _SOME_NUMBERS.get(slot[1])
            new = make(chance) if make else chance.choice(values[slot[1]])
            if new not in chosen.values() or make:
                chosen[name] = new
        return chosen[name]

    return tuple(_SLOT.sub(value, template) for template in templates)


def conversations(times: int, chance: random.Random) -> Iterator[Pair]:
    """Each template of `starter_templates.tsv` filled so often: voice, lines ("D:", "P:", parted by " / "), targets."""
    values = slots()
    for line in (HERE / "starter_templates.tsv").read_text(encoding="utf-8").splitlines():
        if not line or line[0] in "#@":
            continue
        label, said, target = line.split("\t")
        for _ in range(times):
            chosen = chance.choice(target.split(" || "))
            *lines, written = fill((*said.split(" / "), chosen), values, chance)
            yield _pair(VOICES[label], lines, written, chance)


def _pair(voice: str, lines: list[str], written: str, chance: random.Random) -> Pair:
    sex = chance.choice(("she", "he", ""))
    written = written.replace("{They}", {"she": "She", "he": "He"}.get(sex, "The patient"))
    written = written.replace("They ", {"she": "She ", "he": "He "}.get(sex, "The patient "))
    written = written.replace("Their ", {"she": "Her ", "he": "His "}.get(sex, "The patient's "))
    roles = {"D": "Doctor", "P": "Patient", "O": "Other"}
    lower = chance.random() < 0.3
    spoken_lines = []
    for line in lines:
        who, _, text = line.partition(": ")
        text = as_said(text, chance)
        spoken_lines.append(f"{roles[who]}: {text.lower() if lower else text}")
    return Pair(voice, sex or "the patient", tuple(spoken_lines), capital(written), "invented")


def dictated(chance: random.Random) -> Iterator[Pair]:
    """The invented sentences of dictation that also train the section classifier, written out."""
    values = slots()
    for line in (HERE / "dictation_sentences.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith(("#", "@")):
            continue
        label, template = line.split("\t")
        for _ in range(2 if "{" in template else 1):
            who = chance.choice(_WHO) if "{who}" in template else ""
            numbered = re.sub(
                r"\{(?!who)(\w+)\}", lambda slot, at=iter(range(1, 9)): f"{{{slot[1]}{next(at)}}}", template
            )
            (text,) = fill((numbered.replace("{who}", who),), values, chance)
            subject, written = _with_sex(digits(text), who, chance)
            if written:
                yield Pair(VOICES[label], subject, (as_said(text, chance),), _ended(written), "dictated")


_SAID_NUMBER = {say(number): str(number) for number in range(2, 1000)}
_SAID = re.compile(
    r"\b(?:" + "|".join(sorted(_SAID_NUMBER, key=len, reverse=True)) + r")\b(?![- ](?:hundred|thousand|point|over))",
    re.IGNORECASE,
)


def digits(text: str) -> str:
    """With numbers from two on in digits, where they are said plainly."""
    return _SAID.sub(lambda found: _SAID_NUMBER[found[0].lower()], text)


def _with_sex(text: str, who: str, chance: random.Random) -> tuple[str, str]:
    sex = {"She": "she", "He": "he"}.get(who, "")
    found = re.findall(r"\b(she|he|her|his|him)\b", text.lower())
    if not sex and found:
        kinds = {"she" if word in ("she", "her") else "he" for word in found}
        sex = kinds.pop() if len(kinds) == 1 else ""
        if not sex:
            return "", ""
    return with_subject(re.sub(r"^Patient\b", "The patient", text), sex, chance)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def read_out(notes: list[tuple[str, str, str]], chance: random.Random) -> Iterator[Pair]:
    """Sentences of notes as they would be dictated: (voice, sex, sentence). The answer is the sentence itself."""
    for voice, sex, sentence in notes:
        subject, written = with_subject(sentence, sex, chance)
        if written:
            yield Pair(voice, subject, (as_said(written, chance),), _ended(written), "read out")
