"""Whether a statement carries a plan that was taken back with a pronoun, or refused: part of `plan-retracted`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.faithfulness.late import late
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.retraction.items import items
from daemon.faithfulness.retraction.takeback_patterns import STATES
from daemon.faithfulness.retraction.takebacks import Takeback
from daemon.faithfulness.vocabulary.orders import find_orders

_SAYS_SO = late(
    r"\b(?:hold|held|holding|defer\w*|not|no|wait\w*|delay\w*|postpon\w*|if|consider\w*|discuss\w*|declin\w*|refus\w*|instead|avoid\w*|later|skip\w*|cancel\w*|without|"
    r"previous\w*|prior|past|history|tried|failed|denie[sd]|unless|should|may|might|could|offer\w*|never|omit\w*|until|against|prefer\w*|left out|option\w*|forgo\w*|retract\w*|"
    r"unwilling|reluctant|off the table|unnecessary|rather)\b|n't\b",
    re.IGNORECASE,
)
_STOPS = late(r"\b(?:stop\w*|discontinu\w+|withdr\w+|ceas\w+)\b", re.IGNORECASE)
_HAS = late(
    r"\b(?:continu\w*|current\w*|takes|taking|remain\w*|already|show\w*|reveal\w*|demonstrat\w*|allerg\w*|intoleran\w*)\b",
    re.IGNORECASE,
)
_PLANS = frozenset({"plan", "assessment-plan", "procedure"})
_LISTS = _PLANS | {"medications"}
_PART = late(r";|\.\s")
_LEAST_SHARE = 0.6
"""How much of a statement and of a plan without a name of its own have to be the same words. By judgement."""

_Hit = tuple[tuple[int, int], tuple[str, ...]]


def taken_back_in(text: str, section: str, fallen: Sequence[Takeback]) -> _Hit | None:
    """Where `text`, a statement, names a plan that fell, and the passages that take it back; none if it does not carry it."""
    begin, kind = 0, kind_of(section)
    if not fallen:
        return None
    for part in _PART.split(text):
        for plan in fallen:
            if not _is_held(part, plan) and (span := _carried(part, kind, plan)):
                return (begin + span[0], begin + span[1]), plan.passages
        begin = text.find(part, begin) + len(part)
        begin = next((found.end() for found in _PART.finditer(text, begin) if found.start() == begin), begin)
    return None


def _is_held(part: str, plan: Takeback) -> bool:
    return _SAYS_SO.search(part) is not None or (plan.kind != "stop" and _STOPS.search(part) is not None)


def _carried(part: str, section: str, plan: Takeback) -> tuple[int, int] | None:
    verb = STATES[plan.kind].search(part) is not None
    if plan.kind != "continue" and not verb and _HAS.search(part):
        return None
    if plan.drugs:
        return _drug(part, section, plan, verb=verb)
    if plan.orders:
        return _order(part, section, plan, verb=verb)
    return _words(part, plan) if verb or section in _PLANS else None


def _drug(part: str, section: str, plan: Takeback, *, verb: bool) -> tuple[int, int] | None:
    same = next((one.span for one in find_drugs(part) if one.generic in plan.drugs), None)
    if same is None:
        return None
    dosed = not plan.dose or any(one.kind == "number" and one.key == plan.dose for one in items(part))
    if plan.corrected and not dosed:
        return None
    known = plan.kind in {"up", "down", "stop"} or plan.drugs & plan.elsewhere
    if plan.kind == "stop" or not known:
        return same if verb or (section in _LISTS and not known) else None
    return same if dosed and (verb or (plan.dose and section in _LISTS)) else None


def _order(part: str, section: str, plan: Takeback, *, verb: bool) -> tuple[int, int] | None:
    same = next((one.span for one in find_orders(part) if one.concept in plan.orders), None)
    planned = verb or (section in _PLANS and not plan.orders & plan.elsewhere)
    return same if planned else None


def _words(part: str, plan: Takeback) -> tuple[int, int] | None:
    stated = [one for one in items(part) if one.kind == "word"]
    stated = [one for one in stated if not any(state.match(part, one.start) for state in STATES.values())]
    shared = [one for one in stated if one.key in plan.words]
    same = {one.key for one in shared}
    if not shared or len(shared) / len(stated) < _LEAST_SHARE or len(same) / len(plan.words) < _LEAST_SHARE:
        return None
    return shared[0].start, shared[0].end
