"""`medication-unsupported`: a drug that was not named; `medication-misheard`: what may be a misheard name, with suggestions.

Brand, generic name, abbreviation and salt are one drug; a class is named by any of its members, a member is not by its class. A name
that the source spells by ear ("met for men") is the same drug, and said to be misheard for a person to compare; but words that are
themselves the name of another drug are never taken for a misspelling of this one. No name is ever replaced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.medicines.misheard_drugs import misheard_drugs
from daemon.faithfulness.medicines.sound_alike import likeness
from daemon.faithfulness.medicines.source_drugs import heard_as, passages_naming, said_drugs
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding, Severity

_NEAR = 2
"""So many passages around a cited one may name what it speaks of: the question before, the answer behind it."""
_LOOKS_LIKE = 0.5
_MOST_SUGGESTED = 3
_MOST_COMPARED = 50
"""So many drugs of one statement are compared with all that was said; no sentence names more."""
_LOOSE = frozenset(
    {"analgesic", "supplement", "eye drops", "inhaler", "decongestant", "laxative", "hormone replacement", "immunosuppressant", "chemotherapy",
     "stimulant", "oral contraceptive", "antidiabetic", "antihypertensive", "thyroid medication", "sleep aid", "NSAID", "steroid"}
)  # fmt: skip
"""Classes that people describe in many words, so that one which was not found may still have been said."""


def medication_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What speaks against the drugs of the claim, in their order."""
    drugs = find_drugs(claim.text)
    near = _around(claim, source) if drugs else frozenset()
    doubts: dict[str, Finding | None] = {}
    for drug in drugs:
        if drug.name not in doubts:
            named = passages_naming(drug, source)
            if named and (claim.inferred or near.intersection(named)):
                doubts[drug.name] = None
            elif len(doubts) < _MOST_COMPARED:
                doubts[drug.name] = _doubt(drug, drugs, named, claim, source)
            else:
                doubts[drug.name] = _bare(drug, source)
        if (doubt := doubts[drug.name]) is not None:
            yield replace(doubt, span=drug.span)
    yield from _misheard(claim, drugs, source)


def _doubt(
    drug: DrugMention, drugs: Sequence[DrugMention], named: Sequence[str], claim: Claim, source: Texts
) -> Finding:
    """The finding against a drug that nobody named, or that stands only in passages far from the cited ones (`named`)."""
    heard = () if named or drug.is_class else heard_as(drug, source)
    if heard:
        evidence = tuple(dict.fromkeys(one.passage for one in heard))
        return Finding("medication-misheard", "low", drug.name, drug.span, evidence, (drug.name,))
    instead = _instead(drug, drugs, claim, source)
    evidence = tuple(name for name in source.cited(claim) if name in instead)
    severity: Severity = "medium" if named and not evidence else _gravity(drug, source)
    names = dict.fromkeys(name for those in instead.values() for name in those)
    return Finding("medication-unsupported", severity, drug.name, drug.span, evidence, tuple(names)[:_MOST_SUGGESTED])


def _bare(drug: DrugMention, source: Texts) -> Finding:
    return Finding("medication-unsupported", _gravity(drug, source), drug.name, drug.span)


def _gravity(drug: DrugMention, source: Texts) -> Severity:
    if drug.is_class:
        return "low" if drug.generic in _LOOSE else "high" if drug.generic == "insulin" else "medium"
    said = source.learn(said_drugs).by_substance
    parts = substances(drug.generic)
    return "medium" if len(parts) > 1 and any(part in said for part in parts) else "high"


def _instead(
    drug: DrugMention, drugs: Sequence[DrugMention], claim: Claim, source: Texts
) -> Mapping[str, tuple[str, ...]]:
    """What may be meant, by passage, likest first: what sounds alike, or else drugs of the cited passages that the claim does not name."""
    mine = {one.generic for one in drugs}
    cited = set(source.cited(claim))
    found: list[tuple[float, str, str]] = []
    for passage, mentions in source.learn(said_drugs).mentions.items():
        for one in mentions:
            if one.generic in mine or one.is_class != drug.is_class:
                continue
            like = likeness(one.name, drug.name)
            if passage in cited or like >= _LOOKS_LIKE:
                found.append((-like, passage, one.name))
    if any(-like >= _LOOKS_LIKE for like, _, _ in found):
        found = [one for one in found if -one[0] >= _LOOKS_LIKE]
    by_passage: dict[str, tuple[str, ...]] = {}
    for _, passage, name in sorted(found, key=lambda each: each[0]):
        by_passage[passage] = (*by_passage.get(passage, ()), name)
    return by_passage


def _misheard(claim: Claim, drugs: Sequence[DrugMention], source: Texts) -> Iterator[Finding]:
    said = source.learn(said_drugs).by_generic
    for one in misheard_drugs(claim.text, drugs):
        names = [each.shown for each in sorted(one.names, key=lambda each: each.generic not in said)]
        detail = claim.text[slice(*one.span)]
        yield Finding(
            "medication-misheard", one.severity, detail, one.span, (), tuple(dict.fromkeys(names))[:_MOST_SUGGESTED]
        )


def _around(claim: Claim, source: Texts) -> frozenset[str]:
    places, names = source.learn(_places), source.learn(_names)
    return frozenset(
        name
        for cited in source.cited(claim)
        for name in names[max(0, places[cited] - _NEAR) : places[cited] + _NEAR + 1]
    )


def _places(source: Texts) -> Mapping[str, int]:
    return {name: place for place, name in enumerate(source.by_id)}


def _names(source: Texts) -> Sequence[str]:
    return tuple(source.by_id)
