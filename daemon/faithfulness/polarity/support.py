"""How well a source affirms or denies the same words: the best stretch of it for each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from daemon.faithfulness.polarity.polarity import AFFIRMED, DENIED, SourceReading

_WIDTH = 40  # words of a conversation in which a statement's words have to stand together
_MOST = 80  # places of one word that are looked at, so that a common one costs no more than a rare one


@dataclass(frozen=True, slots=True)
class Support:
    """The shares, from 0 to 1, of a statement's weight that the best stretch of the source affirms, and that it denies.

    `spoken` is the share whatever is said of it, `near` that with a denial in its neighbourhood, `weight` the whole weight, in nats;
    the places are those of the words in the best affirming and the best denying stretch.
    """

    affirmed: float
    denied: float
    spoken: float
    near: float
    weight: float
    affirming: tuple[int, ...] = ()
    denying: tuple[int, ...] = ()


def support(stems: Sequence[str], source: SourceReading, affirmed: frozenset[str] = frozenset({AFFIRMED})) -> Support:
    """What `source` says of the words with these stems, wherever most of them stand together; `affirmed` counts as a yes."""
    weights = {one: weight_of(one, source) for one in stems}
    total = sum(weights.values())
    places = sorted((place, one) for one in weights for place in source.stems.get(one, ())[:_MOST])
    if not total or not places:
        return Support(0.0, 0.0, 0.0, 0.0, total)
    polarity = source.polarity
    yes, affirming = _best([one for one in places if polarity[one[0]] in affirmed], weights)
    no, denying = _best([one for one in places if polarity[one[0]] == DENIED], weights)
    spoken, _ = _best(places, weights)
    near, _ = _best([one for one in places if polarity[one[0]] == DENIED or source.denial_near[one[0]]], weights)
    return Support(yes / total, no / total, spoken / total, near / total, total, affirming, denying)


def standing_together(
    stems: Sequence[str], source: SourceReading, width: int = _WIDTH, kinds: Collection[str] | None = None
) -> tuple[float, tuple[int, ...]]:
    """The greatest weight of different words that stand within `width` words of `source`, and where; only those said as `kinds`."""
    weights = {one: weight_of(one, source) for one in stems}
    places = sorted((place, one) for one in weights for place in source.stems.get(one, ())[:_MOST])
    if kinds is not None:
        places = [one for one in places if source.polarity[one[0]] in kinds]
    return _best(places, weights, width)


def weight_of(one: str, source: SourceReading) -> float:
    """The inverse frequency of a word, log(1 + N / n), as it is for passages in the search for evidence."""
    return math.log(1 + (len(source.polarity) + 400) / 20 / max(1, len(source.stems.get(one, ()))))


def _best(
    places: Sequence[tuple[int, str]], weights: Mapping[str, float], width: int = _WIDTH
) -> tuple[float, tuple[int, ...]]:
    """The greatest weight of different words within a stretch, and where they stand."""
    best, span = 0.0, (0, 0)
    most = sum(weights[one] for one in {one for _, one in places}) - 1e-9  # no stretch can have more
    counts: dict[str, int] = dict.fromkeys(weights, 0)
    score, first = 0.0, 0
    for last, (place, one) in enumerate(places):
        counts[one] += 1
        if counts[one] == 1:
            score += weights[one]
        while places[first][0] < place - width:
            gone = places[first][1]
            counts[gone] -= 1
            if not counts[gone]:
                score -= weights[gone]
            first += 1
        if score > best + 1e-9:
            best, span = score, (first, last + 1)
            if best >= most:
                break
    return best, tuple(place for place, _ in places[span[0] : span[1]])
