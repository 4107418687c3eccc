"""`frequency-unsupported`: how often something is done or taken, at which part of the day, or by which way, is not what was said.

Once a day is what people leave unsaid, so "daily" is doubted only where something else was said of the same thing; any other rate has
to be said. Rates that mean the same are equal: bid, twice a day, every 12 hours, morning and night.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice

from daemon.faithfulness.medicines.drug_doses import is_same, owner
from daemon.faithfulness.medicines.drugs import DrugMention
from daemon.faithfulness.quantity.frequencies import Frequency, frequencies
from daemon.faithfulness.quantity.routes import USUAL, Route, hinted, hints_at, routes
from daemon.faithfulness.quantity.sayings import Passage, drugs_said, said
from daemon.faithfulness.quantity.stated import MOST_JUDGED, Stated
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

_CODE = "frequency-unsupported"
_DAILY = Fraction(1)
_MOST = 300
"""Frequencies that are looked at, so that no text takes long."""
_AFTER = 3
"""Passages after one that names a drug in which it may still be spoken of."""
_ROUNDED = Fraction(1, 8)
"""Four weeks are about a month: rates that differ by no more than this share are equal."""

Found = tuple[int, Frequency]


def frequency_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Each frequency, part of the day, or route that the source does not say of the same thing."""
    stated = Stated(claim, source, anywhere=claim.inferred)
    if stated.is_quote:
        return
    for ours in frequencies(stated.tokens, stated.found)[:MOST_JUDGED]:
        doubt = _doubt(ours, stated)
        if doubt is not None:
            start, end = stated.tokens[ours.first].start, stated.tokens[ours.end - 1].end
            yield Finding(_CODE, doubt[0], claim.text[start:end], (start, end), doubt[1])
    for route in routes(claim.text):
        severity = _route_doubt(route, stated)
        if severity is not None:
            yield Finding(_CODE, severity, claim.text[route.span[0] : route.span[1]], route.span)


def frequencies_said(source: Texts) -> tuple[tuple[Frequency, ...], ...]:
    """The frequencies of each passage; for `Texts.learn`."""
    return tuple(tuple(frequencies(one.tokens, one.found)) for one in source.learn(said).passages)


def _doubt(ours: Frequency, stated: Stated) -> tuple[Severity, tuple[str, ...]] | None:
    every = stated.source.learn(frequencies_said)
    drug = _drug(stated, ours)
    near = _near(stated, drug, every)
    if any(_agree(ours, theirs) for _, theirs in _closest(near, drug, stated, ours)):
        return None
    contrary = _contrary(ours, near)
    ids = tuple(dict.fromkeys(stated.said.passages[place].id for place, _ in contrary))[:3]
    if _DAILY in ours.rates:
        if contrary:
            return ("high" if drug else "medium"), ids
        return _slot_doubt(ours, near, every, stated)
    elsewhere = [(at, one) for at, here in enumerate(every) for one in here if _agree(ours, one)]
    if not elsewhere or contrary:
        return "high", ids
    if drug is None and any(stated.is_about(at) for at, _ in elsewhere):
        return None
    return "medium", ids


def _closest(near: Sequence[Found], drug: str | None, stated: Stated, ours: Frequency) -> Sequence[Found]:
    """What is said in the passages that name the drug and right after them; what is said later only where they say nothing.

    Where they say how often, a part of the day that is spoken of beside it ("it bothers me at night") is no rate of the drug.
    Without a drug, what is said in words that the statement shares.
    """
    if drug is None:
        return [one for one in near if stated.is_about(one[0])]
    drugs = stated.source.learn(drugs_said)
    named = {place for place, here in enumerate(drugs) if any(is_same(one.generic, drug) for one in here)}
    if not any(place in named and (one.counted or not one.slots) for place, one in near):
        return near
    close = [one for one in near if one[0] in named or one[0] - 1 in named]
    return close if ours.slots else [one for one in close if one[1].counted or not one[1].slots]


def _drug(stated: Stated, ours: Frequency) -> str | None:
    span = stated.tokens[ours.first].start, stated.tokens[ours.end - 1].end
    found = owner(stated.claim.text, stated.drugs, span)
    return None if found is None else found.generic


def _near(stated: Stated, drug: str | None, every: Sequence[Sequence[Frequency]]) -> list[Found]:
    """The frequencies that may be said of the same thing: of the drug, else those of the passages the statement rests on."""
    if drug is not None:
        drugs = stated.source.learn(drugs_said)
        named = [place for place, here in enumerate(drugs) if any(is_same(one.generic, drug) for one in here)]
        if named:
            said_of_it = (one for place in named for one in _of_drug(place, drug, stated, every))
            return list(islice(said_of_it, _MOST))
    places = stated.near_cited if stated.anywhere else stated.cited
    here = ((place, one) for place in sorted(places) if 0 <= place < len(every) for one in every[place])
    return list(islice(here, _MOST))


def _of_drug(place: int, drug: str, stated: Stated, every: Sequence[Sequence[Frequency]]) -> Iterator[Found]:
    """What is said of the drug in the passage that names it, and after it until another is named."""
    drugs = stated.source.learn(drugs_said)
    for one in every[place]:
        found = owner(stated.said.passages[place].text, drugs[place], _span(stated.said.passages[place], one))
        if found is None or is_same(found.generic, drug):
            yield place, one
    for at in range(place + 1, min(place + 1 + _AFTER, len(every))):
        if any(not is_same(one.generic, drug) for one in drugs[at]):
            return
        yield from ((at, one) for one in every[at])
    if place and not drugs[place - 1]:
        yield from ((place - 1, one) for one in every[place - 1])


def _span(passage: Passage, one: Frequency) -> tuple[int, int]:
    return passage.tokens[one.first].start, passage.tokens[one.end - 1].end


def _agree(ours: Frequency, theirs: Frequency) -> bool:
    if ours.slots and not ours.slots & theirs.slots:
        return False
    return any(abs(one - other) <= _ROUNDED * max(one, other) for one in ours.rates for other in theirs.rates)


def _contrary(ours: Frequency, near: Sequence[Found]) -> list[Found]:
    """Those that say another number of times. A part of the day alone says none."""
    return [one for one in near if (one[1].counted or _DAILY not in ours.rates) and not ours.rates & one[1].rates]


def _slot_doubt(
    ours: Frequency, near: Sequence[Found], every: Sequence[Sequence[Frequency]], stated: Stated
) -> tuple[Severity, tuple[str, ...]] | None:
    """Another part of the day was said, or this one nowhere."""
    if not ours.slots:
        return None
    others = [place for place, one in near if one.slots and not one.slots & ours.slots]
    if others:
        return "medium", tuple(dict.fromkeys(stated.said.passages[place].id for place in others))[:3]
    said_of_it = (at for at, here in enumerate(every) for one in here if one.slots & ours.slots)
    return None if any(stated.is_about(at) for at in said_of_it) else ("low", ())


def _shares_a_drug(stated: Stated, here: Sequence[DrugMention]) -> bool:
    return any(is_same(one.generic, ours.generic) for one in here for ours in stated.drugs)


def _route_doubt(route: Route, stated: Stated) -> Severity | None:
    """Only of something that is given: a drug or a dose."""
    if not stated.drugs:
        return None
    places = sorted(stated.near_cited)
    passages = [stated.said.passages[place] for place in places if 0 <= place < len(stated.said.passages)]
    scope = stated.said.passages if stated.anywhere else passages
    if any(hints_at(route.way, one.text) for one in scope):
        return None
    drugs = stated.source.learn(drugs_said)
    passages += [stated.said.passages[place] for place, here in enumerate(drugs) if _shares_a_drug(stated, here)]
    others = {way for one in passages for way in hinted(one.text)}
    if others:
        return "medium" if route.way in USUAL else "high"
    return None if route.way in USUAL else "medium"
