"""`statement-unsupported`: too little of the statement stands in what it rests on.

How much stands there is a share of weights: of the words of the statement, by how rare they are in the source, those that it has
too, by themselves or in other words. Half of the share looks at the whole source and half at the one stretch of it that has most,
since single words of an invented sentence stand scattered in any long conversation.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.concepts import Term, claim_terms, keys_by_id, words, words_by_id
from daemon.faithfulness.vocabulary.word_lists import word_list
from daemon.model.finding import Finding, Severity
from daemon.model.remembered import remembered

STRETCH_WORDS = 60
_LEAST_LIKENESS = 0.8
_LEAST_LIKE_CHARS = 5  # of a stem: "ankle" and "angle" are two words
_LEAST: tuple[tuple[float, Severity], ...] = ((0.1, "high"), (0.2, "medium"), (0.27, "low"))
"""The least shares that have to stand in the source, and how grave less is. Chosen on the training part of ACI-Bench."""
_LEAST_WEIGHT = 2.0
"""Of the words of a statement, without the label before a colon: less is a heading or says too little to be judged by its words."""
_LEAST_WEIGHT_UNSAID = 1.0  # of one of which nothing at all is said
_MOST_TITLE_WORDS = 6
_SAYS = re.compile(
    r"\d|\b(?:is|are|was|were|be|been|has|have|had|does|did|do|not|no|will|would|should|can|could|may|might|must|he|she|they|i|we|you|"
    r"[a-z]{2,}(?:ies|ied)|reports?|reported|states?|stated|notes?|noted|takes?|takes|took|lives?|works?|uses?|drinks?|smokes?|feels?|says?|"
    r"positive|negative|without|except|due|after|since|because|start(?:ed)?|stop(?:ped)?|continued?|given|ordered|prescribed|advised|"
    r"recommend(?:ed)?|referred|scheduled?|obtain|repeat|increased?|decreased?|complains?|presents?|presented|endorses?|admits?|allergic)\b",
    re.IGNORECASE,
)
"""What a line that only names a problem or a system ("Congestive heart failure") does not have."""
_LABEL = re.compile(r"[^\W\d_][\w ,/&-]{1,40}:\s+(?=\S)")
_JUDGED_ELSEWHERE = frozenset({"examination", "objective", "results", "vitals"})
"""Kinds of heading under which another rule says what has no support."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where each key stands in a source, counted in words through all its passages."""

    places: Mapping[str, Sequence[int]]
    like: Mapping[str, frozenset[str]]

    def of(self, term: Term) -> set[int]:
        """The places of a term by any of its keys; if it has none, those of the word that is spelt most like it."""
        places = {place for key in term.keys for place in self.places.get(key, ())}
        return places or set(self.places.get(self._likest(term.keys[0]), ()))

    def _likest(self, word: str) -> str:
        if len(word) < _LEAST_LIKE_CHARS:
            return ""
        own = _pieces(word)
        shared = Counter(other for piece in own for other in self.like.get(piece, ()))
        likeness = {other: 2 * count / (len(own) + len(_pieces(other))) for other, count in shared.items()}
        best = max(likeness, key=lambda other: (likeness[other], other), default="")
        return best if best and likeness[best] >= _LEAST_LIKENESS else ""


def spoken(source: Texts) -> Spoken:
    """The words of all passages as one row."""
    places: dict[str, list[int]] = defaultdict(list)
    offset = 0
    keys = source.learn(keys_by_id)
    for name, found in source.learn(words_by_id).items():
        for key, at in keys[name]:
            places[key].append(offset + at)
        offset += len(found)
    like: dict[str, set[str]] = defaultdict(set)
    for key in places:
        for piece in _pieces(key) if len(key) >= _LEAST_LIKE_CHARS else ():
            like[piece].add(key)
    return Spoken(places, {piece: frozenset(keys) for piece, keys in like.items()})


@remembered(16384)
def _pieces(word: str) -> frozenset[str]:
    """The pairs of neighbouring letters of a word, its ends marked: Dice's coefficient of them is the likeness of two words."""
    marked = f"^{word}$"
    return frozenset(marked[at : at + 2] for at in range(len(marked) - 1))


def support(claim: str, source: str) -> float:
    """How much of `claim` stands in `source`, from 0.0 (nothing) to 1.0; 1.0 as well for a claim that says nothing."""
    return supported_share(list(claim_terms(words(claim))), spoken(Texts({"p1": source})))


def supported_share(terms: Sequence[Term], said: Spoken) -> float:
    """The mean of what the whole source and its best stretch of `STRETCH_WORDS` words hold of the terms' weight."""
    terms = list({term.keys: term for term in terms}.values())
    weights = [_weight(term, said) for term in terms]
    total = sum(weights)
    if not total:
        return 1.0
    hits: list[tuple[int, int]] = []
    whole = 0.0
    for number, term in enumerate(terms):
        places = said.of(term)
        whole += weights[number] if places else 0.0
        hits += [(place, number) for place in places]
    return (whole + _best_stretch(sorted(hits), weights)) / (2 * total)


def _best_stretch(hits: Sequence[tuple[int, int]], weights: Sequence[float]) -> float:
    inside: dict[int, int] = defaultdict(int)
    best = held = 0.0
    first = 0
    for place, number in hits:
        held += 0.0 if inside[number] else weights[number]
        inside[number] += 1
        while hits[first][0] <= place - STRETCH_WORDS:
            left = hits[first][1]
            inside[left] -= 1
            held -= 0.0 if inside[left] else weights[left]
            first += 1
        best = max(best, held)
    return best


def _weight(term: Term, said: Spoken) -> float:
    count = max((len(said.places.get(key, ())) for key in term.keys), default=0)
    return term.weight * math.log(1 + 200 / (1 + count))


def share_of(terms: Sequence[Term], source: Texts) -> float:
    """`supported_share` in a source whose words are read once."""
    return supported_share(terms, source.learn(spoken))


def stands_in(claim: Claim, source: Texts) -> bool:
    """Whether the claim is a quotation of a passage that it cites."""
    text = claim.text.strip()
    return any(text in source.by_id[each] for each in source.cited(claim))


def support_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """The stretch from the first word of a statement that has weight to the last, if too little of the statement is said."""
    kind = kind_of(claim.section)
    if kind in _JUDGED_ELSEWHERE or stands_in(claim, source):
        return
    label = _LABEL.match(claim.text)
    begin = label.end() if label else 0
    found = words(claim.text[begin:])
    terms = list(claim_terms(found))
    formal = word_list("formal")
    weight = sum(term.weight for term in terms if found[term.first].text not in formal)
    severity = _severity(share_of(terms, source), weight)
    if severity is not None and is_title(claim.text[begin:]):
        severity = None if all(found[term.first].text in word_list("title") for term in terms) else "low"
    if severity is not None:
        span = begin + found[terms[0].first].start, begin + found[terms[-1].end - 1].end
        yield Finding("statement-unsupported", severity, claim.text[slice(*span)], span)


def is_title(text: str) -> bool:
    """Whether a statement is a few words that only name something: a heading, or the problem that what follows is about."""
    return len(text.split()) <= _MOST_TITLE_WORDS and _SAYS.search(text) is None


def _severity(share: float, weight: float) -> Severity | None:
    if weight >= _LEAST_WEIGHT:
        return next((severity for least, severity in _LEAST if share < least), None)
    return "low" if weight >= _LEAST_WEIGHT_UNSAID and not share else None
