"""`result-unsupported`: the result of a test, an image or a laboratory value that nobody reports."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.rules.examination_words import Hit
from daemon.faithfulness.rules.examined import examined
from daemon.faithfulness.rules.support import share_of
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.concepts import Word, claim_terms
from daemon.model.finding import Finding

_REPORTS = re.compile(
    r"\b(?:shows?|showed|reveal(?:s|ed)?|demonstrate[sd]?|(?:was|were|is|are|came back|returned|looks?|appears?)\s+(?:\w+\s+)?(?:normal|abnormal|negative|"
    r"positive|elevated|high|low|unremarkable|stable|within|consistent|\d)|results?)\b",
    re.IGNORECASE,
)
_TOLD = frozenset({"plan", "assessment-plan", "assessment", "subjective", "objective", "examination", "past", ""})
_RESULTS = frozenset({"results", "objective"})
_LEAST_SHARE = 0.35


def result_findings(claim: Claim, source: Texts, found: Sequence[Word], known: Sequence[Hit]) -> Iterator[Finding]:
    """The first test that no passage names, or the part of the body that none does; else the statement, if too little of it is said."""
    kind = kind_of(claim.section)
    if kind != "results" and not (kind in _TOLD and _REPORTS.search(claim.text)):
        return
    said = source.learn(examined)
    places: dict[tuple[int, int], set[str]] = {}
    for hit in known:
        if hit.kind == "test":
            places.setdefault((hit.first, hit.end), set()).add(hit.name)
    unnamed = [place for place, names in places.items() if not names & said.tests]
    if unnamed and len(unnamed) == len(places):
        span = found[unnamed[0][0]].start, found[unnamed[0][1] - 1].end
        yield Finding("result-unsupported", "high" if kind in _RESULTS else "medium", claim.text[slice(*span)], span)
        return
    regions = {hit.name: hit for hit in reversed(known) if hit.kind == "region"}
    if places and regions and kind in _RESULTS and not said.speaks_of(regions):
        first = min(regions.values(), key=lambda hit: hit.first)
        span = found[first.first].start, found[first.end - 1].end
        yield Finding("result-unsupported", "medium", claim.text[slice(*span)], span)
        return
    terms = list(claim_terms(found))
    if kind == "results" and len(terms) > 1 and share_of(terms, source) < _LEAST_SHARE:
        span = found[terms[0].first].start, found[terms[-1].end - 1].end
        yield Finding("result-unsupported", "low", claim.text[slice(*span)], span)
