"""How much of a note nothing supports, and how much of what was said it does not carry: two rates, without a note to compare with.

Both are shares of weighted terms (`terms.py`), so that they order notes; neither is a probability.

1. A term that was said weighs by how probable it is that a clinician carries it (`carried.py`): greetings nearly nothing, a habit or a
   drug nearly one. What the note lacks, less what any good note lacks of it, by what a good note is expected to hold, is `omitted`.
2. A term that is written weighs by how sure it is that such a term was said: −log(1 − p), the surprise where it was not. What the
   source does not hold, or holds only with the other sign ("denies fever", where "fever" was affirmed), less what any good note has
   of it, by all that is written, is `unsupported`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.carried import Manner, carried, grounded
from daemon.faithfulness.vocabulary.terms import Term, kind_of, parts_of, terms

_SHARPNESS = 2.0
"""Sure terms count more than their probability: its power. This and the next were chosen on simulated summaries of MTS-Dialog."""
_FEW_FACTS = 0.5
_USUAL = 0.4
"""Where little was said the rate is drawn to the usual one, as much as this many expected terms weigh."""
_FEW_WORDS = 3.0
"""What is written weighs at least this much, so that one strange word in three is not a third; about two sure terms."""
_FLIPPED = 0.3
"""What a term that was said with the other sign weighs, of one that was not said: signs are read with doubt."""
_SOFTNESS = 0.05
_SUREST = 0.99
_LONGEST_ROUND = 4
"""Questions in a row that one answer answers."""
_AFFIRMED, _DENIED = 1, 2
_LEAD = r"\W*(?:(?:oh|um|uh|well|honestly|actually|okay|hm+)\W+){0,3}"
_NO = re.compile(
    rf"{_LEAD}(?:no|nope|not|none|never|nah|negative|neither|i (?:do|have|did|am|was)(?: not|n't))\b", re.IGNORECASE
)
_YES = re.compile(
    rf"{_LEAD}(?:yes|yeah|yep|yup|sure|correct|uh-huh|mm-hmm|right|i (?:do|have|am)|definitely|of course)\b",
    re.IGNORECASE,
)


class Rates(NamedTuple):
    """`unsupported` and `omitted`, from 0 to 1; `facts` is how many terms are expected in a note of this source."""

    unsupported: float
    omitted: float
    facts: int


class _Said(NamedTuple):
    """The terms of texts, each once with how it was said; `signs` by key, parts of longer terms as well."""

    terms: tuple[tuple[Term, Manner], ...]
    signs: Mapping[str, int]

    def sign(self, term: Term) -> int:
        """With which signs a term stands here; 0 if it does not."""
        found = 0
        for key in term.keys:
            found |= self.signs.get(key, 0) or self._of_parts(key)
        return found

    def _of_parts(self, key: str) -> int:
        parts = [self.signs.get(part, 0) for part in parts_of(key)]
        return _AFFIRMED | _DENIED if parts and all(parts) else 0


def rates(note: Texts, source: Texts) -> Rates:
    """The rates of `note`, its statements, against `source`, its passages. Linear in their length; any texts will do."""
    said, written = source.learn(_read), note.learn(_read)
    omitted, expected = _omitted(said, written)
    return Rates(_unsupported(said, written), omitted, round(expected))


def _omitted(said: _Said, written: _Said) -> tuple[float, float]:
    """The rate, and how many terms a good note is expected to hold."""
    held = expected = count = 0.0
    for term, manner in said.terms:
        share = carried(kind_of(term), manner)
        weight = share**_SHARPNESS
        expected += weight * share
        count += share
        held += weight if written.sign(term) else 0
    rate = (expected - held + _FEW_FACTS * _USUAL) / (expected + _FEW_FACTS)
    return (_soft(rate) if said.terms else 0.0), count


def _unsupported(said: _Said, written: _Said) -> float:
    wrong = total = 0.0
    for term, _ in written.terms:
        share = min(_SUREST, grounded(kind_of(term)))
        weight = -math.log(1 - share)
        total += weight
        wrong += weight * (_doubt(term, said, written) - (1 - share))
    return _soft(wrong / (total + _FEW_WORDS)) if total else 0.0


def _doubt(term: Term, said: _Said, written: _Said) -> float:
    there = said.sign(term)
    if not there:
        return 1.0
    return 0.0 if term.key.startswith("#") or there & written.sign(term) else _FLIPPED


def _soft(rate: float) -> float:
    """`rate` from 0 to 1, softly where it is below 0: a note that carries more than expected still ranks before one that just does."""
    return min(1.0, _SOFTNESS * math.log1p(math.exp(rate / _SOFTNESS)))


def _read(texts: Texts) -> _Said:
    found: dict[str, list[tuple[Term, int, bool, int]]] = {}
    signs: dict[str, int] = {}
    for text, answer in _with_answers(list(texts.by_id.values())):
        asked = _asks(text)
        for term in terms(text):
            sign = answer or (_DENIED if term.denied else _AFFIRMED)
            found.setdefault(term.key, []).append((term, sign, asked, answer))
            for key in (*term.keys, *parts_of(term.key)):
                signs[key] = signs.get(key, 0) | sign
    return _Said(tuple((those[0][0], _manner(those)) for those in found.values()), signs)


def _manner(those: Sequence[tuple[Term, int, bool, int]]) -> Manner:
    answers = {answer for _, _, _, answer in those}
    return Manner(len(those) > 1, all(asked for _, _, asked, _ in those), _DENIED in answers, _AFFIRMED in answers)


def _with_answers(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each text with the sign that an answer gives it: 0 where it is no question, or is answered neither with yes nor with no."""
    answers = [0] * len(texts)
    waiting: list[int] = []
    for at, (text, then) in enumerate(pairwise([*texts, ""])):
        waiting = [*waiting[1 - _LONGEST_ROUND :], at] if _asks(text) else []
        if waiting and not _asks(then):
            sign = _DENIED if _NO.match(then) else _AFFIRMED if _YES.match(then) else 0
            for place in waiting:
                answers[place] = sign
    return zip(texts, answers, strict=True)


def _asks(text: str) -> bool:
    return text.rstrip(' "”’)').endswith("?")
