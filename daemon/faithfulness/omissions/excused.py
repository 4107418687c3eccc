"""What no note has to carry: drugs and allergies of a relative, and what the source itself takes back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from daemon.faithfulness.medicines.taken_drugs import TakenDrug
from daemon.faithfulness.persons.kin import KIN
from daemon.faithfulness.persons.told_of import told_allergens, told_drugs
from daemon.faithfulness.retraction.retractions import retractions
from daemon.faithfulness.retraction.takebacks import takebacks
from daemon.faithfulness.texts import Texts

_THATS = re.compile(
    r"[^.;?!]{0,30}?\b(?:no|sorry|wait)\b[ ,.]+(?:(?:no|sorry|wait)[ ,.]+){0,2}(?:that['’]s|that was|that is|it['’]s|it was)\s+(?:my\s+)?",
    re.IGNORECASE,
)
""" "Statins in the past, no sorry, that's Mum"."""
_MOST = 20


def is_excused(taken: TakenDrug, source: Texts) -> bool:
    """Whether a drug, as it was named there, is a relative's, or part of a plan that was dropped."""
    return is_anothers(taken.parts, taken.evidence[0], source) or _is_dropped(taken, source)


def is_anothers(parts: Iterable[str], passage: str, source: Texts, name: str = "") -> bool:
    """Whether all of these substances, or else the allergen of this name, are a relative's in that passage."""
    told = [source.learn(told_drugs).get(part, ()) for part in parts] or [
        source.learn(told_allergens).get(name.lower().removesuffix("s"), ())
    ]
    for mentions in told:
        mine = [one for one in mentions if passage in one.evidence]
        if not mine or not all(one.relations for one in mine):
            return _is_corrected(parts, passage, source)
    return True


def _is_corrected(parts: Iterable[str], passage: str, source: Texts) -> bool:
    text = source.by_id[passage]
    if KIN.search(text) is None:
        return False
    found = [one for part in parts for one in re.finditer(re.escape(part), text, re.IGNORECASE)][:_MOST]
    return any((said := _THATS.match(text, one.end())) and KIN.match(text, said.end()) for one in found)


def _is_dropped(taken: TakenDrug, source: Texts) -> bool:
    name = taken.drug.generic
    for one in source.learn(retractions):
        places = {one.said_in, *(one.passages if one.dropped else ())}
        if ("drug", name) in one.replaced and not places.isdisjoint(taken.evidence):
            return True
    return any(
        name in each.drugs and name not in each.elsewhere and not each.corrected for each in source.learn(takebacks)
    )
