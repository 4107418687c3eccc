"""Plans that were taken back with a pronoun, or refused: "Actually, let's hold off on that." stands for the plan right before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.retraction.items import items
from daemon.faithfulness.retraction.takeback_patterns import (
    AFTER_ALL,
    AGREES,
    DECLINED,
    HINTS,
    INSISTS,
    REFUSAL_HINTS,
    REFUSES,
    TAKES_BACK,
    planned_at,
)
from daemon.faithfulness.texts import PATIENT, Texts
from daemon.faithfulness.vocabulary.orders import find_orders

_WINDOW, _FAR, _LOOKED_AT = 500, 3, 3
"""Characters and passages that are read before the turn of speech, and sentences in them. By judgement."""
_MOST, _MOST_PASSAGES, _MOST_PLANS = 4, 250, 40
"""Turns of speech in a passage, passages with any, and plans that fell: a person takes back a few things."""
_REASON = re.compile(
    r"\b(?:but|because|since|so that|although|as you|as she|as he|if you|and then|no|actually|wait)\b", re.IGNORECASE
)
_NEXT = 60
_MOVED = re.compile(r"\b(?:up|down|goes|going) to\b|\bgo(?:es)? (?:up|down)\b", re.IGNORECASE)
"""A dose that goes up or down, told after the drug: "Lisinopril up to forty"."""
_AFTER = 4
"""In how many passages afterwards it may be planned again by a pronoun."""
_REPEATED = re.compile(r"\b(?:not|n't|no|hold|skip|avoid|if|without|unless|instead)\b|n't\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:[^.;!?\n]|\.(?=\w))+[.;!?\n]?")
_ASKED = re.compile(r"^[^.!]{0,200}\?")


@dataclass(frozen=True, slots=True)
class Takeback:
    """A plan that fell: its `kind` (as in `planned_at`), the drugs, orders and other words it names, and the dose if it has one.

    `elsewhere` are the drugs and orders that were spoken of before it too. `passages` take it back. `corrected` says
    that only its dose fell, since another one follows.
    """

    kind: str
    drugs: frozenset[str]
    orders: frozenset[str]
    words: frozenset[str]
    dose: str
    passages: tuple[str, ...]
    elsewhere: frozenset[str] = frozenset()
    corrected: bool = False


def takebacks(source: Texts) -> tuple[Takeback, ...]:
    """All plans that the passages take back. Linear in their length."""
    names = list(source.by_id)
    texts = [same_characters(text) for text in source.by_id.values()]
    lowers = [text.lower() for text in texts]
    hinted = (at for at, lower in enumerate(lowers) if any(word in lower for word in HINTS + REFUSAL_HINTS))
    found = (one for at in islice(hinted, _MOST_PASSAGES) for one in _at(source, names, texts, at))
    first = islice(found, _MOST_PLANS)
    return tuple(kept for plan, place, at, end in first if (kept := _kept(plan, place, texts, lowers, at, end)))


_Found = tuple[Takeback, tuple[int, int, int], int, int]
"""A plan; passage, start and end of its words; and the passage and character where it has been taken back."""


def _at(source: Texts, names: Sequence[str], texts: Sequence[str], at: int) -> Iterator[_Found]:
    text = texts[at]
    patient = source.speakers.get(names[at]) == PATIENT
    for cue in islice(_cues(TAKES_BACK, text), _MOST):
        if not _ASKED.match(text[cue.end() :]) and (not patient or _agreed(texts, at)):
            yield from _plan(names, texts, at, cue)
    for cue in islice(_cues(DECLINED, text), _MOST):
        yield from _plan(names, texts, at, cue)
    refusal = REFUSES.search(text) if any(word in text.lower() for word in REFUSAL_HINTS) else None
    if refusal is not None and _agreed(texts, at):
        yield from _plan(names, texts, at, refusal)


def _cues(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Where the pattern is found, in the sentences that hold any of its words."""
    for sentence in _SENTENCE.finditer(text):
        lower = sentence.group().lower()
        if any(word in lower for word in HINTS):
            yield from pattern.finditer(text, *sentence.span())


def _agreed(texts: Sequence[str], at: int) -> bool:
    """Whether the next one who speaks takes the patient's refusal as it is."""
    answer = texts[at + 1][:_WINDOW] if at + 1 < len(texts) else ""
    return AGREES.match(answer) is not None and INSISTS.search(answer) is None


def _plan(names: Sequence[str], texts: Sequence[str], at: int, cue: re.Match[str]) -> Iterator[_Found]:
    """The last plan before the turn of speech that names anything."""
    seen = 0
    for place in range(at, max(-1, at - _FAR), -1):
        end = cue.start() if place == at else len(texts[place])
        begin = max(0, end - _WINDOW)
        for first, last in reversed(sentence_spans(texts[place][begin:end])):
            found = _named(texts[place][begin + first : begin + last], near=not seen)
            if found:
                plan, start, stop = found
                where = place, begin + first + start, begin + first + stop
                yield replace(plan, passages=(names[at],)), where, at, cue.end()
                return
            if not seen and find_drugs(texts[place][begin + first : begin + last]):
                return
            seen += len(texts[place][begin + first : begin + last].split()) > _FAR
            if seen >= _LOOKED_AT:
                return


def _named(sentence: str, *, near: bool) -> tuple[Takeback, int, int] | None:
    """What the last verb of the sentence that has an object plans; other words than drugs and orders only `near` the turn of speech."""
    end = len(sentence)
    if moved := _MOVED.search(sentence):
        plan = _read(sentence, "down" if "down" in moved.group().lower() else "up")
        if plan.drugs:
            return plan, 0, end
    for start, kind in reversed(planned_at(sentence)):
        reason = _REASON.search(sentence, start, end)
        stop = reason.start() if reason else end
        plan = _read(sentence[start:stop], kind)
        if plan.drugs or plan.orders or (near and plan.words):
            return plan, start, stop
    return None


def _read(text: str, kind: str) -> Takeback:
    found = items(text)
    doses = [one.key for one in found if one.kind == "number" and one.unit and "/" not in one.unit]
    words = frozenset(one.key for one in found if one.kind == "word" and one.start > 0 and len(one.key) > _FAR)
    drugs = frozenset(one.key for one in found if one.kind == "drug")
    orders = frozenset(one.concept for one in find_orders(text))
    return Takeback(kind, drugs, orders, words, doses[-1] if doses and drugs else "", ())


def _kept(
    plan: Takeback, place: tuple[int, int, int], texts: Sequence[str], lowers: Sequence[str], at: int, end: int
) -> Takeback | None:
    """The plan with what is said of its things elsewhere; none where it is planned again afterwards."""
    following = [texts[at][end : end + _WINDOW], *(text[:_WINDOW] for text in texts[at + 1 : at + 1 + _AFTER])]
    if any(AFTER_ALL.search(text) for text in following):
        return None
    passage, start, stop = place
    region = texts[passage][start:stop]
    named = [*((one.generic, region[slice(*one.span)].lower()) for one in find_drugs(region))]
    named += [(one.concept, region[one.name_start : one.span[1]].lower()) for one in find_orders(region)]
    elsewhere = set()
    for key, said in named:
        if _again(said, texts[at], lowers[at], end) or any(
            _again(said, texts[later], lowers[later], 0) for later in range(at + 1, len(texts))
        ):
            return None
        if said in lowers[passage][:start] or any(said in lower for lower in lowers[:passage]):
            elsewhere.add(key)
    return replace(plan, elsewhere=frozenset(elsewhere), corrected=_is_corrected(region, texts[at][end : end + _NEXT]))


def _is_corrected(plan: str, after: str) -> bool:
    """Whether another dose follows what was taken back: "scrap that, 20 mg"."""
    units = {one.unit for one in items(plan) if one.kind == "number" and one.unit and "/" not in one.unit}
    first = after.split(". ", maxsplit=1)[0]
    return any(one.kind == "number" and one.unit in units for one in items(first)) and not find_drugs(first)


def _again(said: str, text: str, lower: str, begin: int) -> bool:
    """Whether what was `said` is planned in a passage after character `begin`."""
    found = lower.find(said, begin)
    if found < 0:
        return False
    clause = text[max(begin, found - 60) : found + len(said) + 40]
    return bool(planned_at(clause)) and _REPEATED.search(clause) is None
