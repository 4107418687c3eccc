"""What the rules for contradictions share: a sentence with its place, the contradiction, and words that put something aside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.reading.tokens import same_characters

Passage = tuple[str, str, str]
"""A passage's id, its text, and the id of the source it stands in."""

_MOST_QUOTED = 140
_QUESTION = re.compile(
    r"\b(?:have|do|did|are) you (?:noticed|had|have|having|get|getting|feel|feeling|ever|any|been|taking|take|smoke|drink)\b"
)
"""A question that recognition left without its mark."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two places that cannot both be right.

    `kind` is the rule's ("side", "value", "dose", "symptom", "allergy", "habit", "person"); `what` names what is in doubt; `why` is a
    sentence that can be read alone; `passages` are the ids of the two passages in order, the same twice if both stand in one.
    """

    kind: str
    what: str
    why: str
    passages: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a passage; `plain` is its text in lower case with plain marks, as long as the text; `place` its number;
    `question` the question just before it, in lower case."""

    text: str
    plain: str
    passage: str
    source: str
    place: int
    question: str = ""

    @property
    def asks(self) -> bool:
        """Whether it is a question: it states nothing."""
        return self.text.rstrip(' "”’)').endswith("?") or _QUESTION.search(self.plain) is not None


def sentences_of(passages: Sequence[Passage]) -> list[Sentence]:
    """The sentences that state something, in order."""
    found: list[Sentence] = []
    question = ""
    for name, text, source in passages:
        for start, end in sentence_spans(text):
            piece = text[start:end]
            plain = same_characters(piece)
            lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in plain)
            sentence = Sentence(piece, lower, name, source, len(found), question)
            question = lower if sentence.asks else ""
            if not sentence.asks:
                found.append(sentence)
    return found


def contradiction(kind: str, what: str, reason: str, one: Sentence, other: Sentence) -> Contradiction:
    """The contradiction of two sentences, in the order in which they were said; `reason` is followed by both, quoted."""
    first, second = sorted((one, other), key=lambda sentence: sentence.place)
    why = f"{reason}: “{quoted(first.text)}” and “{quoted(second.text)}”."
    return Contradiction(kind, what, why, (first.passage, second.passage))


def quoted(text: str) -> str:
    """A sentence as it is quoted: in one line, cut between words where it is long, without its full stop."""
    line = " ".join(text.split()).rstrip(".;")
    return line if len(line) <= _MOST_QUOTED else line[:_MOST_QUOTED].rsplit(" ", 1)[0] + " …"


def pairs(some: Iterable[Sentence], others: Iterable[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Each two sentences that do not say the same words; of those that do the first stands for all."""
    for words, one in _by_words(some).items():
        for other_words, other in _by_words(others).items():
            if words != other_words:
                yield one, other


def _by_words(sentences: Iterable[Sentence]) -> dict[str, Sentence]:
    found: dict[str, Sentence] = {}
    for sentence in sentences:
        found.setdefault(" ".join(sentence.plain.split()), sentence)
    return found


FAMILY = re.compile(
    r"\b(?:mother|father|mom|dad|brother|sister|son|daughter|wife|husband|parents?|grand(?:mother|father|parents?|son|daughter)|aunt|"
    r"uncle|cousin|sibling|siblings|partner|spouse|boyfriend|girlfriend|friend|children|family|coworker|neighbor|roommate|relative)(?:'s)?\b"
)
PAST = re.compile(
    r"\b(?:ago|last|previous|previously|prior|past|formerly|former|yesterday|earlier|initially|originally|at first|used to|in the past|"
    r"history of|h/o|as a child|childhood|until|before|once had|resolved|resolves|gone|went away|subsided|stopped|quit|since then|status post|"
    r"s/p|no longer|any ?more|in (?:19|20)\d\d|(?:19|20)\d\d|had|was|were|years old when|back in|"
    r"(?:on|last|since) (?:mon|tues|wednes|thurs|fri|satur|sun)day|in (?:january|february|march|april|may|june|july|august|"
    r"september|october|november|december))\b"
)
HYPOTHETICAL = re.compile(
    r"\b(?:if|should|unless|when she|when he|whenever|return|call|precautions|risk|risks|may|might|could|can cause|watch|monitor|in case|"
    r"side effects?|such as|possible|possibly|worry|worried|concern|concerned|rule out|would|prevent|versus|vs|until|before|avoid)\b"
)
