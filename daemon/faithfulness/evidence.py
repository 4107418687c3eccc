"""Which passages a statement most probably rests on, by the rare words and numbers that both hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from daemon.faithfulness.mention import plain_number
from daemon.faithfulness.mentions import mentions

# A passage is cited if it holds at least this share of the statement's weight, and of the best passage's score: one
# common word is too little, and an answer that shares half of the words with its question is still cited. By judgement.
_LEAST_SHARE = 0.12
_LEAST_OF_BEST = 0.35
_STEM_LENGTH = 6  # "medication" and "medications", "smoke" and "smoking" meet in their beginnings

_STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "like",
        "me",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "out",
        "she",
        "so",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "they",
        "this",
        "to",
        "up",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "will",
        "with",
        "would",
        "yes",
        "you",
        "your",
        "okay",
        "ok",
        "oh",
        "um",
        "uh",
        "well",
        "right",
        "patient",
        "reports",
        "denies",
        "states",
    ]
)


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """An inverted index over passages: term → passage ids, and the passages' order."""

    holders: Mapping[str, frozenset[str]]
    order: Mapping[str, int]

    @classmethod
    def of(cls, passages: Mapping[str, str]) -> PassageIndex:
        """Index `passages` (texts by id), once for many statements."""
        holders: dict[str, set[str]] = {}
        for passage_id, text in passages.items():
            for term in set(_terms(text)):
                holders.setdefault(term, set()).add(passage_id)
        order = {passage_id: place for place, passage_id in enumerate(passages)}
        return cls({term: frozenset(ids) for term, ids in holders.items()}, order)

    def cite(self, statement: str, limit: int = 5) -> tuple[str, ...]:
        """The ids of at most `limit` passages that `statement` probably rests on, in the order of the passages.

        Weights are inverse document frequencies, log(1 + N / n); terms that no passage holds weigh as if one did.
        """
        scores: dict[str, float] = {}
        total = 0.0
        for term in set(_terms(statement)):
            holders = self.holders.get(term, frozenset())
            weight = math.log(1 + len(self.order) / max(1, len(holders)))
            total += weight
            for passage_id in holders:
                scores[passage_id] = scores.get(passage_id, 0.0) + weight
        if not scores:
            return ()
        least = max(_LEAST_SHARE * total, _LEAST_OF_BEST * max(scores.values()))
        ranked = sorted(scores, key=lambda each: (-scores[each], self.order[each]))
        return tuple(sorted((each for each in ranked[:limit] if scores[each] >= least), key=self.order.__getitem__))


def cite(statement: str, passages: Mapping[str, str], limit: int = 5) -> tuple[str, ...]:
    """`PassageIndex.cite` for a single statement."""
    return PassageIndex.of(passages).cite(statement, limit)


def _terms(text: str) -> Iterator[str]:
    tokens, found = mentions(text)
    in_number = bytearray(len(tokens))
    for mention in found:
        if mention.counted:
            in_number[mention.first : mention.number_end] = b"\1" * (mention.number_end - mention.first)
        for value, _ in mention.readings:
            yield f"#{plain_number(value)}" if isinstance(value, Decimal) else "#" + "/".join(value)
    for token, skip in zip(tokens, in_number, strict=True):
        if not skip and token.kind == "word" and token.text not in _STOP_WORDS and len(token.text) > 1:
            yield token.text[:_STEM_LENGTH]
