"""How probable it is that what was said belongs into a note, and that what a note says was said, by term.

Counted on the training parts of MTS-Dialog and ACI-Bench (`carried_terms.tsv`, made by scripts/make_carried_terms.py): "smoke" is carried
into nearly every note, "thanks" into none; what is written as "presents" was rarely said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.model.remembered import remembered

_PRIOR_WEIGHT = 4.0
"""A term's own counts weigh as much as what holds for its kind from so many encounters on."""
_CARRIED = {"&": 0.7, "+": 0.7, "=": 0.5, "#": 0.5}
_CARRIED_WORD = 0.35
_GROUNDED = 0.85
"""What holds for drugs, diagnoses, listed words, numbers, and for words that no list has: near the means on the training parts."""
# A logistic regression over the same training parts, with the term's own log odds: its weights, rounded.
_OFFSET, _OWN, _REPEATED, _ONLY_ASKED, _ANSWERED_NO, _ANSWERED_YES = -0.25, 1.1, 0.6, -0.5, 0.55, 0.25


class Manner(NamedTuple):
    """How a term was said: more than once, only in questions, in one that was answered with no, with yes."""

    repeated: bool = False
    only_asked: bool = False
    answered_no: bool = False
    answered_yes: bool = False


def carried(kind: str, manner: Manner) -> float:
    """The probability that a term of this kind, said so, stands in the note."""
    odds = _OFFSET + _OWN * _carried_log_odds(kind)
    odds += _REPEATED * manner.repeated + _ONLY_ASKED * manner.only_asked
    odds += _ANSWERED_NO * manner.answered_no + _ANSWERED_YES * manner.answered_yes
    return 1 / (1 + math.exp(-odds))


@remembered(20_000)
def _carried_log_odds(kind: str) -> float:
    said, kept = _counts().get(kind, (0, 0, 0, 0))[:2]
    share = (kept + _PRIOR_WEIGHT * _CARRIED.get(kind[:1], _CARRIED_WORD)) / (said + _PRIOR_WEIGHT)
    return math.log(share / (1 - share)) if share < 1 else math.inf


@remembered(20_000)
def grounded(kind: str) -> float:
    """The probability that a term of this kind which stands in a note was said in the conversation."""
    written, said = _counts().get(kind, (0, 0, 0, 0))[2:]
    return (said + _PRIOR_WEIGHT * _GROUNDED) / (written + _PRIOR_WEIGHT)


@lru_cache(maxsize=1)
def _counts() -> Mapping[str, tuple[int, ...]]:
    """By term: conversations that say it, of these notes that hold it; notes that hold it, of these conversations that say it."""
    content = package_text("carried_terms.tsv")
    rows = (line.split("\t") for line in content.splitlines() if not line.startswith("# "))
    return {name: tuple(map(int, counts)) for name, *counts in rows}
