"""Whether an amount that was said is the dose of a certain drug."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

from daemon.faithfulness.medicines.drugs import DrugMention
from daemon.faithfulness.quantity.sayings import Said, Saying

Bond = Literal["same", "other", "far", "none"]
"""The drug the amount was said with: the one asked for, another, another that was named a while ago, or none at all."""

DOSE_UNITS = frozenset({"mg", "mcg", "g", "unit", "meq"})
_OF = re.compile(
    r"[\s,-]*(?:m\.? ?g\.?\s*)?(?:(?:of|the|your|her|his|that|a|day|tablets?|capsules?|dose|once|daily)\b[\s,-]*){0,4}"
)
_BACK, _AHEAD = 8, 2
"""Passages: "metformin?" "yes" "and how much?" "five hundred"; "five hundred" "of the metformin?"."""


def is_same(one: str, other: str) -> bool:
    """Whether two generic names mean one drug: equal, a part of a combination, or the family of the other ("insulin")."""
    return any(
        a == b or a.startswith(b + " ") or b.startswith(a + " ") for a in one.split("/") for b in other.split("/")
    )


def owner(text: str, drugs: Sequence[DrugMention], span: tuple[int, int]) -> DrugMention | None:
    """The drug that the amount at `span` belongs to: the one named right after it ("20 mg of …"), else the last before it."""
    after = bisect_left(drugs, span[1], key=lambda one: one.span[0])
    before = bisect_right(drugs, span[0], key=lambda one: one.span[1])
    last = drugs[before - 1] if before else None
    if after < len(drugs) and drugs[after].span[0] - span[1] < _MOST_BETWEEN:
        drug = drugs[after]
        if _OF.fullmatch(text, span[1], drug.span[0]):
            spelt_out = " of" in text[span[1] : drug.span[0]].lower()
            return drug if spelt_out or last is None or span[0] - last.span[1] > _NEAR else last
    return last


_MOST_BETWEEN = 60
_NEAR = 30
"""Characters: closer than this an amount follows the drug it belongs to."""


def bond(said: Said, drugs: Sequence[Sequence[DrugMention]], saying: Saying, generic: str) -> Bond:
    """How the amount `saying` hangs together with the drug `generic`; `drugs` are those of each passage."""
    passage, here = said.passages[saying.place], drugs[saying.place]
    tokens = passage.tokens
    span = tokens[saying.mention.first].start, tokens[saying.mention.end - 1].end
    found = owner(passage.text, here, span)
    if found is not None:
        return "same" if is_same(found.generic, generic) else "other"
    if here and any(is_same(one.generic, generic) for one in here):
        return "same"
    if any(
        is_same(one.generic, generic) for place in drugs[saying.place + 1 : saying.place + 1 + _AHEAD] for one in place
    ):
        return "same"
    for at in range(saying.place - 1, max(-1, saying.place - 1 - _BACK), -1):
        if drugs[at]:
            return "same" if any(is_same(one.generic, generic) for one in drugs[at]) else "far"
    return "none"
