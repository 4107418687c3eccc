"""Whether a statement turns what was said into its opposite: one word of a pair for the other, or what goes with one matter put to another.

Words come in kinds, and a kind in poles ("better", "worse"). A statement may say a pole only if the lines say it too, or no
other pole of the kind; and it may say it of a matter only if they do not say another pole of the same matter. Spans of time,
rates and doses are poles as well. What the lines frame as possible, as advice, or as past has to be framed in the statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.adapters.drafting.statement_poles import (
    ADVISED_OR_POSSIBLE,
    ENDED,
    FINE,
    FRAMED_ENDED,
    FRAMED_POSSIBLE,
    KINDS,
    SAYS_FINE,
    UNKNOWN,
    UNSURE,
)
from daemon.faithfulness.quantity.quantities import quantities
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.texts import DOCTOR, Texts
from daemon.faithfulness.vocabulary.concepts import claim_terms, source_keys, stem, words

_CLAUSE = re.compile(
    r"[.;:?!]+(?=\s|$)|,|\n|\b(?:and|but|while|whereas|then|so|although|though|because)\b", re.IGNORECASE
)
_DENIES_POLE = re.compile(r"(?:(?:\b(?:not|never|without)|n['’]t)\s+(?:\w+\s+)?|\bno\s+)$", re.IGNORECASE)
_BEFORE_CHARS = 24
_TELLING = 0.5
"""The weight of a word (`common_words.txt`) by which a matter is known again."""
_DIMENSIONS = {
    **dict.fromkeys(("minute", "hour", "day", "night", "week", "month", "year"), "span"),
    **dict.fromkeys(("mg", "mcg", "g", "ml", "unit", "meq", "puff", "tablet", "drop"), "dose"),
}
_RATE = re.compile(
    r"\b(?:(?:a|an|per|each|every)\s+(?P<unit>day|night|week|month|year|hour)|(?P<word>daily|nightly|weekly|monthly|yearly))\b",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\bfrom (?P<begin>[^.,;?!]{1,30}?) to (?P<end>(?:[\w./]+ ?){1,4})", re.IGNORECASE)
_CARRIED = frozenset({"act", "course", "done"})
_DAY = re.compile(r"\b(?:yesterday|today|tonight|this (?:morning|week|month)|last night)\b", re.IGNORECASE)
_OFTEN = re.compile(r"\b(?:once|twice|(?:two|three|four|five|six|\d+) times)\b", re.IGNORECASE)
_ADVERBS = {"dai": "day", "night": "night", "week": "week", "month": "month", "year": "year"}


@dataclass(frozen=True, slots=True)
class _Clause:
    """What a clause says: its poles, as kind and pole, and the keys of its telling words, those of no pole of each kind."""

    asks: bool
    poles: frozenset[tuple[str, str]]
    words: tuple[tuple[tuple[str, ...], frozenset[str]], ...]

    @classmethod
    def of(cls, text: str, *, asks: bool = False) -> _Clause:
        marks = [*_worded(text), *_counted(text)]
        found = words(text)
        own: list[tuple[tuple[str, ...], frozenset[str]]] = []
        for term in claim_terms(found):
            start, end = found[term.first].start, found[term.end - 1].end
            kinds = frozenset(kind for kind, _, (first, last) in marks if first < end and start < last)
            keys = {*term.keys, *(stem(word.text) for word in found[term.first : term.end])}
            keys |= {key for key, _ in source_keys(found[term.first : term.end])}
            if term.weight >= _TELLING:
                own.append((tuple(sorted(keys)), kinds))
        return cls(asks, frozenset((kind, pole) for kind, pole, _ in marks), tuple(own))

    def matter(self, kind: str) -> frozenset[str]:
        """The keys of its words that say no pole of this kind."""
        return frozenset(key for keys, kinds in self.words if kind not in kinds for key in keys)

    def says_another(self, kind: str, pole: str) -> bool:
        """Whether it says another pole of a kind, and not this one. A question says none."""
        poles = {each for name, each in self.poles if name == kind}
        return bool(poles) and pole not in poles and not self.asks


def turned(plain: str, source: Texts) -> Iterator[str]:
    """The codes of what a statement turns: `opposite`, `swapped`, `certainty`, `past`, `normal`, `unknown`."""
    said = source.learn(_read)
    mine = list(_carried([_Clause.of(part) for part in _clauses(plain)]))
    for kind in KINDS:
        stated = {pole for one in mine for each, pole in one.poles if each == kind}
        heard = {pole for one in said.clauses for each, pole in one.poles if each == kind}
        if heard and stated - heard:
            yield "opposite"
    if any(_is_swapped(one, said.clauses) for one in mine):
        yield "swapped"
    if any(_is_back(one, said.ways) for one in _ways(plain)):
        yield "swapped"
    yield from _unframed(plain, said)
    if SAYS_FINE.search(plain) and not FINE.search(said.joined):
        yield "normal"
    if said.unknown and not UNSURE.search(plain):
        yield "unknown"


@dataclass(frozen=True, slots=True)
class _Read:
    """The lines: their clauses, their sentences, and whether the answer to a question is that nobody knows."""

    clauses: tuple[_Clause, ...]
    sentences: tuple[tuple[str, frozenset[str]], ...]
    ways: tuple[tuple[frozenset[str], frozenset[str]], ...]
    joined: str
    unknown: bool


def _read(source: Texts) -> _Read:
    texts = tuple(source.by_id.values())
    every = [text[start:end] for text in texts for start, end in sentence_spans(text)]
    clauses = tuple(_Clause.of(part, asks=one.endswith("?")) for one in every for part in _clauses(one))
    told = [one for one in every if not one.endswith("?")]
    sentences = tuple((one, frozenset(key for key, _ in source_keys(words(one)))) for one in told)
    answers = [text for name, text in source.by_id.items() if source.speakers.get(name, DOCTOR) != DOCTOR]
    asked = any(text.rstrip().endswith("?") for text in texts)
    unknown = asked and bool(answers) and all(UNKNOWN.fullmatch(text) for text in answers)
    return _Read(clauses, sentences, tuple(way for text in texts for way in _ways(text)), "\n".join(texts), unknown)


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part and any(letter.isalnum() for letter in part)]


def _worded(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    for kind, poles in KINDS.items():
        for pole, pattern in poles.items():
            for found in pattern.finditer(text):
                if not _DENIES_POLE.search(text[max(0, found.start() - _BEFORE_CHARS) : found.start()]):
                    yield kind, pole, found.span()


def _counted(text: str) -> Iterator[tuple[str, str, tuple[int, int]]]:
    for one in quantities(text):
        kind = _DIMENSIONS.get((one.unit or "").partition("/")[0], "amount")
        yield kind, f"{one.value} {one.unit}", one.span
    for day in _DAY.finditer(text):
        yield "span", day.group().lower(), day.span()
    for rate in _RATE.finditer(text):
        unit = (rate["unit"] or _ADVERBS.get(stem(rate["word"].lower()), rate["word"])).lower()
        yield "rate", unit, rate.span()
    for often in _OFTEN.finditer(text):
        yield "often", often.group().lower(), often.span()


def _carried(clauses: Sequence[_Clause]) -> Iterator[_Clause]:
    """The clauses, a bare name with what the one before it says: "stopped drinking and smoking"."""
    poles: frozenset[tuple[str, str]] = frozenset()
    for one in clauses:
        bare = not one.poles and len(one.words) == 1
        yield replace(one, poles=poles) if bare else one
        poles = poles if bare else frozenset(each for each in one.poles if each[0] in _CARRIED)


def _ways(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """What is said to go from one to another, by the keys of both."""
    return [(_keys(found["begin"]), _keys(found["end"])) for found in _FROM_TO.finditer(text)]


def _keys(text: str) -> frozenset[str]:
    numbers = {str(one.value) for one in quantities(text)}
    return frozenset(key for key, _ in source_keys(words(text))) | numbers


def _is_back(way: tuple[frozenset[str], frozenset[str]], said: Sequence[tuple[frozenset[str], frozenset[str]]]) -> bool:
    begin, end = way
    return any(begin - first and begin & last and end & first and end - last for first, last in said)


def _is_swapped(one: _Clause, said: Sequence[_Clause]) -> bool:
    """Whether the lines say another pole of a clause's matter, wherever they speak of it, and this one only of something else."""
    for kind, pole in one.poles:
        if sum(name == kind for name, _ in one.poles) > 1 or not any((kind, pole) in other.poles for other in said):
            continue
        for keys, kinds in one.words:
            own = [] if kind in kinds else [other for other in said if not other.matter(kind).isdisjoint(keys)]
            if own and all(other.says_another(kind, pole) for other in own):
                return True
    return False


def _unframed(plain: str, said: _Read) -> Iterator[str]:
    """What only a condition, a doubt or a memory says, and the statement says plainly."""
    found = words(plain)
    terms = [frozenset(term.keys) for term in claim_terms(found) if term.weight >= _TELLING]
    scores = [(sum(not keys.isdisjoint(term) for term in terms), text) for text, keys in said.sentences]
    most = max((score for score, _ in scores), default=0)
    best = [text for score, text in scores if score == most] if most else []
    if best and all(FRAMED_POSSIBLE.search(text) for text in best) and not ADVISED_OR_POSSIBLE.search(plain):
        yield "certainty"
    if best and all(FRAMED_ENDED.search(text) for text in best) and not ENDED.search(plain):
        yield "past"


def says_all_of_sides(plain: str, source: Texts) -> bool:
    """Whether a statement of both sides says all that is said of each: of a red left and a clear right ear, neither is said of both."""
    found = words(plain)
    stated = {key for term in claim_terms(found) for key in term.keys} | {stem(word.text) for word in found}
    parts = (part for text in source.by_id.values() for part in _clauses(text) if _SIDE.search(part))
    told = (keys for part in parts for keys, _ in _Clause.of(part).words)
    return all(not stated.isdisjoint(keys) or not _SIDES.isdisjoint(keys) for keys in told)


_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_SIDES = frozenset({"left", "right"})
