"""The groups of MTS-Dialog's and ACI-Bench's conversations (CC BY 4.0), and which of them their notes took up.

A group was taken up where a sentence of the note shares enough of its rare words with it: `LEAST_RECALL` of the sentence, or
`LEAST_COVERED` of the group, and in both cases words of a weight of `LEAST_WEIGHT`. Words count by their rarity in the train notes.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from section_data import Sentence, aci_labelled, sentences

from daemon.adapters.drafting.conversation_groups import PLAIN, Said, Talk, conversation, grouped
from daemon.adapters.drafting.section_features import spoken_words
from daemon.adapters.reading.text_reader import read_text
from daemon.evaluation.porter import stem
from daemon.model.source import Source

LEAST_RECALL = 0.5
LEAST_COVERED = 0.4
LEAST_WEIGHT = 3.0
_PATIENT = frozenset(
    {"patient", "doctor", "she", "he", "her", "his", "report", "reports", "denies", "states", "year", "old"}
)


@dataclass(frozen=True, slots=True)
class Visit:
    """A conversation in groups, its note in sentences with their labels, and the note's text."""

    talks: list[Talk]
    note: list[Sentence]
    text: str


def visits(path: Path) -> Iterator[Visit]:
    """One for each row."""
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        passages = read_text(Source("s1", "text", "0" * 64), row["dialogue"].encode()).passages
        said, rest = conversation(passages)
        said = said or [Said(each.id, "", each.text, each.text) for each in rest]
        text = row.get("note") or row["text"]
        note = (
            aci_labelled(text, row["id"])
            if "note" in row
            else [Sentence(each, row["section"], row["id"]) for each in sentences(text)]
        )
        yield Visit(grouped(said), note, text)


def rarity(train: Sequence[Visit]) -> dict[str, float]:
    """How rare each stem is in the notes' sentences, as the logarithm of their number to its own."""
    counts = Counter(each for visit in train for one in visit.note for each in stems(one.text))
    total = sum(len(visit.note) for visit in train)
    return {each: math.log(total / (1 + count)) for each, count in counts.items()}


def stems(text: str) -> frozenset[str]:
    """The words of a text that say something, without their endings."""
    return frozenset(
        stem(word) for word in spoken_words(text) if word not in PLAIN and word not in _PATIENT and len(word) > 1
    )


def taken_up(visit: Visit, rare: dict[str, float]) -> list[Sentence | None]:
    """For each group the sentence of the note that took it up, or None."""
    most = max(rare.values(), default=1.0)
    note = [(one, stems(one.text)) for one in visit.note]
    found: list[Sentence | None] = []
    for talk in visit.talks:
        own = stems(talk.text)
        best: tuple[float, Sentence | None] = (0.0, None)
        for one, theirs in note:
            shared = sum(rare.get(each, most) for each in own & theirs)
            if shared < LEAST_WEIGHT:
                continue
            recall = shared / sum(rare.get(each, most) for each in theirs)
            covered = shared / sum(rare.get(each, most) for each in own)
            if (recall >= LEAST_RECALL or covered >= LEAST_COVERED) and recall + covered > best[0]:
                best = (recall + covered, one)
        found.append(best[1])
    return found
