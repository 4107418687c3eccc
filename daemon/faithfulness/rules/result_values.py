"""`result-flipped`: a test that came out positive, raised or malignant is said to be negative, normal or benign, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from daemon.faithfulness.polarity.reported_results import Report, marks, reports
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

_CODE = "result-flipped"
_CULTURE = "culture"
"""Which culture it was is often not said."""
_MOST = 100
"""How many results of a statement, and of one test in a source, are compared: more are no person's."""
_SIDES = frozenset({"left", "right"})


def result_value_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """The results of the statement whose opposite, and nothing else, was reported of the same test."""
    stated = list(dict.fromkeys(islice(reports(claim.text), _MOST)))
    if not stated:
        return
    said = source.learn(results_by_test)
    spans: set[tuple[int, int]] = set()
    for one in stated:
        known = said.get(one.test) or (said.get(_CULTURE, ()) if one.test.endswith(_CULTURE) else ())
        same = [(name, each) for name, each in known if _of_one_place(one, each)]
        against = [name for name, each in same if _opposite(one, each)]
        span = one.start, one.end
        if against and len(against) == len(same) and span not in spans and not _both(one, stated):
            spans.add(span)
            yield Finding(_CODE, "high", claim.text[slice(*span)], span, tuple(dict.fromkeys(against)))


def results_by_test(source: Texts) -> Mapping[str, Sequence[tuple[str, Report]]]:
    """Test → each result that is reported of it, with the passage. For `Texts.learn`."""
    found: dict[str, list[tuple[str, Report]]] = {}
    before = ""
    for name, text in source.by_id.items():
        for one in reports(text, before):
            if len(same := found.setdefault(one.test, [])) < _MOST:
                same.append((name, one))
            if one.test.endswith(_CULTURE) and one.test != _CULTURE:
                found.setdefault(_CULTURE, [])[_MOST:] = ()
                found[_CULTURE].append((name, one))
        before = text
    return found


def _opposite(one: Report, other: Report) -> bool:
    if one.value == other.value:
        return False
    pair = {one.value, other.value}
    return "lowered" not in pair or "raised" in pair or marks().get(one.test) != "~"


def _of_one_place(one: Report, other: Report) -> bool:
    """Whether both may be of the same side and part of the body, where the test is one of a part."""
    for kind in (_SIDES, None):
        here, there = (each.places & _SIDES if kind else each.places - _SIDES for each in (one, other))
        if here and there and not here & there and (kind or marks().get(one.test) == "^"):
            return False
    return True


def _both(one: Report, stated: Sequence[Report]) -> bool:
    """Whether the statement itself gives the test both ways, as where it changed."""
    return any(each.test == one.test and each.value != one.value for each in stated)
