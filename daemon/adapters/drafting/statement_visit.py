"""The visit around a statement: what the patient is called, and what the whole of it says against a statement."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from daemon.faithfulness.persons.people import FEMALE, MALE, OF_EITHER, RELATIVES, people
from daemon.faithfulness.reading.speaking import spoken_roles
from daemon.faithfulness.reading.transcript import role_of
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.texts import OTHER, PATIENT, Claim, Texts
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.passage import Passage
from daemon.model.statement_request import Subject
from daemon.steps.verify import SectionRule, section_rules

_SPOKEN_BY = re.compile(r"\s*\[?([A-Za-z][\w .-]{0,20}?)\]?\s*:\s")
_TITLE = re.compile(r"\b(?:ma'am|sir|mr|mrs|ms|miss|mister)\b\.?", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_RELATIVE = re.compile(
    rf"\b(?:{'|'.join((*RELATIVES, *OF_EITHER, 'friend', 'doctor', 'nurse', 'boss', 'boyfriend', 'girlfriend'))})\b",
    re.IGNORECASE,
)
_PRONOUNS: Mapping[Subject, re.Pattern[str]] = {
    "she": re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE),
    "he": re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE),
}
_FEWEST_PRONOUNS = 2
_SUBJECTS: Mapping[str, Subject] = {FEMALE: "she", MALE: "he"}


@dataclass(frozen=True, slots=True)
class Visit:
    """All passages of a draft, as the verify step reads them, its rules for sections, and what the patient is called."""

    texts: Texts
    rules: Mapping[str, SectionRule]
    subject: Subject

    @classmethod
    def of(cls, passages: Sequence[Passage]) -> Visit:
        """Read passages; one of a conversation may begin with who speaks, or have a voice that says it."""
        texts = {passage.id: passage.text for passage in passages}
        voices = spoken_roles(passages)
        return cls(Texts(texts, voices), section_rules(texts), subject_of(texts, voices))

    def against(self, text: str, evidence: Sequence[str], spec: SectionSpec) -> str:
        """Why a statement that its own lines bear out may not stand: what the whole visit gravely says against it, "" for nothing."""
        found = verify_claim(Claim(text, tuple(evidence), spec.title), self.texts)
        statement = Statement(text, tuple(evidence), "written")
        special = chain.from_iterable(self.rules[name](statement) for name in spec.rules)
        return next((f"visit-{one.code}" for one in chain(found, special) if one.severity == "high"), "")


def subject_of(passages: Mapping[str, str], voices: Mapping[str, str] = MappingProxyType({})) -> Subject:
    """ "she" or "he" where the passages say the patient's sex, else "the patient". What a relative is called says nothing."""
    tags = {name: found for name, text in passages.items() if (found := _SPOKEN_BY.match(text))}
    speakers = voices or {name: role_of(tag[1]) for name, tag in tags.items()}
    if OTHER in speakers.values():  # "ma'am" may be said to the mother
        passages = {name: _TITLE.sub(" ", text) for name, text in passages.items()}
    sex = people(Texts(passages, speakers)).sex
    return _SUBJECTS[sex] if sex else _by_pronouns(passages, speakers)


def _by_pronouns(passages: Mapping[str, str], speakers: Mapping[str, str]) -> Subject:
    """ "she" or "he" where only the one is said of somebody who does not speak, twice at least, and no relative is named beside it.

    In a dictation, or between a clinician and somebody else, that is the patient; a patient who speaks tells of others.
    """
    if PATIENT in speakers.values():
        return "the patient"
    untagged = (_SPOKEN_BY.sub("", text) if name in speakers else text for name, text in passages.items())
    said = [part for text in untagged for part in _SENTENCE.split(text) if not _RELATIVE.search(part)]
    counts = {subject: sum(len(pattern.findall(part)) for part in said) for subject, pattern in _PRONOUNS.items()}
    told: list[Subject] = [subject for subject, count in counts.items() if count]
    return told[0] if len(told) == 1 and counts[told[0]] >= _FEWEST_PRONOUNS else "the patient"
