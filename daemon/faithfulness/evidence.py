"""Which passages a statement most probably rests on: by the rare words and numbers that both hold, or other words for the same."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from daemon.faithfulness.quantity.mention import Reading, plain_number
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.quantity.sayings import said
from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.concepts import claim_terms, keys_by_id, words

# A passage is cited if it holds at least this share of the statement's weight, and of the best passage's score: one
# common word is too little, and an answer that shares half of the words with its question is still cited. By judgement.
_LEAST_SHARE = 0.12
_LEAST_OF_BEST = 0.35
_OTHER_WORDS = 0.7  # what another word for the same weighs beside the word itself
_TELLING_WEIGHT = 1.0
_TELLING_HOLDERS = 4
"""A term of full weight that so few passages hold, at most, has one of them cited, as every number has."""
_LONGEST_ANSWER_WORDS = 14
_BRIEF_WORDS = 6  # an answer so short says little without its question
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:okay|ok|alright|all right|and|so|now|um|uh|well|yeah)\W+){0,3}"
    r"(?:any|do|does|did|are|is|have|has|had|how|what|when|where|which|who|can|could|were|was)\b(?=[^.]*$)",
    re.IGNORECASE,
)
_ASKS_CHARS = 400  # of a question its end is looked at


class _Sought(NamedTuple):
    """A term of a statement: any of the keys will do, those behind the first for less. `must` says that it has to be cited."""

    keys: tuple[str, ...]
    weight: float
    must: bool


class PassageIndex(NamedTuple):
    """An inverted index over passages: term → passages by place; their ids; and how many words answer a question, by its place."""

    holders: Mapping[str, Sequence[int]]
    ids: Sequence[str]
    answers: Mapping[int, int]

    @classmethod
    def of(cls, passages: Mapping[str, str]) -> PassageIndex:
        """Index `passages` (texts by id), once for many statements."""
        return cls.of_source(Texts(passages))

    @classmethod
    def of_source(cls, source: Texts) -> PassageIndex:
        """The same, sharing with the rules what they read of a source. For `Texts.learn`."""
        holders: dict[str, list[int]] = {}
        words_of = source.learn(keys_by_id)
        for place, passage in enumerate(source.learn(said).passages):
            keys = {_number_key(reading) for mention in passage.found for reading in mention.readings}
            keys.update([key for key, _ in words_of[passage.id]])
            for key in keys:
                holders.setdefault(key, []).append(place)
        return cls(holders, tuple(source.by_id), dict(_answers(tuple(source.by_id.values()))))

    def cite(self, statement: str, limit: int = 5) -> tuple[str, ...]:
        """The ids of at most `limit` passages that `statement` probably rests on, in the order of the passages.

        Weights are inverse document frequencies, log(1 + N / n); terms that no passage holds weigh as if one did. Numbers and rare
        words are cited wherever they stand. A question is cited with its answer, as far as the limit allows.
        """
        sought = list(dict.fromkeys(_sought(statement)))
        scores: dict[int, float] = {}
        total = 0.0
        for term in sought:
            held = self._held(term)
            weight = term.weight * math.log(1 + len(self.ids) / max(1, len(held)))
            total += weight
            for place, share in held.items():
                scores[place] = scores.get(place, 0.0) + weight * share
        if not scores:
            return ()
        best = max(scores.values())
        least = max(_LEAST_SHARE * total, _LEAST_OF_BEST * best)
        ranked = sorted((place for place in scores if scores[place] >= least), key=lambda each: (-scores[each], each))
        chosen = self._with_answers(self._complete(ranked[:limit], sought, scores, limit), limit)
        return tuple(self.ids[place] for place in sorted(chosen))

    def _held(self, term: _Sought) -> dict[int, float]:
        """The places of the passages that hold a term, and how much of its weight they hold."""
        held: dict[int, float] = {}
        for number, key in enumerate(term.keys):
            for place in self.holders.get(key, ()):
                held.setdefault(place, _OTHER_WORDS if number and not term.must else 1.0)
        return held

    def _complete(
        self, ranked: list[int], sought: Iterable[_Sought], scores: Mapping[int, float], limit: int
    ) -> list[int]:
        """The best passages, and for each telling term that none of them holds the best one that does, in place of the least."""
        kept: list[int] = []
        for term in sought:
            held = self._held(term) if len(kept) < limit else {}
            if not held or not (term.must or (term.weight >= _TELLING_WEIGHT and len(held) <= _TELLING_HOLDERS)):
                continue
            if held.keys().isdisjoint((*ranked, *kept)):
                anchor = ranked[0] if ranked else 0
                kept.append(min(held, key=lambda place: (-scores[place], abs(place - anchor), place)))
        return (ranked[: max(1, limit - len(kept))] + kept)[:limit] if limit > 0 else []

    def _with_answers(self, chosen: list[int], limit: int) -> list[int]:
        for place in tuple(chosen):
            beside = [place + 1] if place in self.answers else []
            beside += [place - 1] if self.answers.get(place - 1, _BRIEF_WORDS + 1) <= _BRIEF_WORDS else []
            chosen += [other for other in beside if other not in chosen][: max(0, limit - len(chosen))]
        return chosen


def cite(statement: str, passages: Mapping[str, str], limit: int = 5) -> tuple[str, ...]:
    """`PassageIndex.cite` for a single statement."""
    return PassageIndex.of(passages).cite(statement, limit)


def _answers(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The places of questions that a short passage follows, and how many words that has."""
    for place in range(len(texts) - 1):
        answer = texts[place + 1]
        if len(answer) > _LONGEST_ANSWER_WORDS * 10 or answer.rstrip().endswith("?"):
            continue
        length = len(answer.split())
        if length <= _LONGEST_ANSWER_WORDS and _ASKS.search(texts[place][-_ASKS_CHARS:]):
            yield place, length


def _sought(statement: str) -> Iterator[_Sought]:
    tokens, found = mentions(statement)
    inside: set[int] = set()
    for mention in found:
        keys = tuple(dict.fromkeys(_number_key(reading) for reading in mention.readings))
        yield _Sought(keys, 1.0, mention.counted)
        if mention.counted:
            inside.update(token.start for token in tokens[mention.first : mention.number_end])
    listed = words(statement)
    for term in claim_terms(listed):
        if listed[term.first].start not in inside:
            yield _Sought(term.keys, term.weight, must=False)


def _number_key(reading: Reading) -> str:
    value = reading[0]
    return f"#{plain_number(value)}" if isinstance(value, Decimal) else "#" + "/".join(value)
