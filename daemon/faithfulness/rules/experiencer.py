"""`person-changed`: a relative's drug, allergy or illness told as the patient's, or one relative's illness as another's.

Only where every mention in the source is somebody else's; a mention that may be the patient's frees the statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.medicines.allergy_words import SUBSTANCE
from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.persons.kin import FAMILY, KIN, related
from daemon.faithfulness.persons.told_of import Told, spoken_relations, told_allergens, told_drugs, told_illnesses
from daemon.faithfulness.reading.headings import kind_of
from daemon.faithfulness.reading.quoted import repeats_passage
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.diagnoses import Diagnosis, find_diagnoses, is_named
from daemon.model.finding import Finding, Severity

_CODE = "person-changed"
_FAMILY_SECTION = re.compile(r"\bfam", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:no|not|denie[sd]|denying|never|without|negative|stop\w*|avoid\w*|if|risk|screen\w*)\b|n['’]t\b", re.IGNORECASE)  # fmt: skip
_MOST = 30
_LOOSE = frozenset({"family", "parent", "sibling", "partner"})
"""Who exactly is meant, these do not say."""


def experiencer_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """One finding for each thing of the claim that is somebody else's."""
    if not claim.text.strip() or repeats_passage(claim, source):
        return
    if KIN.search(claim.text) is not None:
        yield from _swapped(claim, source)
    elif not (FAMILY.search(claim.text) or _FAMILY_SECTION.search(claim.section) or _DENIED.search(claim.text)):
        yield from _anothers(claim, source)


def _anothers(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What is told as the patient's and is only a relative's."""
    drugs = source.learn(told_drugs)
    of_allergies = kind_of(claim.section) == "allergies" or "allerg" in claim.text.lower()
    for drug in find_drugs(claim.text)[:_MOST] if drugs else ():
        parts = [drugs.get(part, ()) for part in sorted(substances(drug.generic))]
        if (of_allergies or not drug.is_class) and (
            evidence := _only_others(tuple(one for part in parts for one in part))
        ):
            yield _finding(claim, drug.span, "high", evidence)
    if of_allergies:
        allergens = source.learn(told_allergens)
        for found in SUBSTANCE.finditer(claim.text):
            if evidence := _only_others(allergens.get(found[0].lower().removesuffix("s"), ())):
                yield _finding(claim, found.span(), "high", evidence)
    illnesses = source.learn(told_illnesses)
    for one in find_diagnoses(claim.text)[:_MOST] if illnesses else ():
        if one.status == "affirmed" and (evidence := _only_others(_mentions(one, source))):
            yield _finding(claim, one.span, "medium", evidence)


def _swapped(claim: Claim, source: Texts) -> Iterator[Finding]:
    """One relative's illness as another's. A relative of whom nobody speaks is another rule's."""
    illnesses = source.learn(told_illnesses)
    for one in find_diagnoses(claim.text)[:_MOST] if illnesses else ():
        mine, those = related(claim.text, one.span), _mentions(one, source)
        theirs = frozenset(relation for each in those for relation in each.relations)
        if one.status == "denied" or not mine or mine & theirs or (mine | theirs) & _LOOSE:
            continue
        if mine <= source.learn(spoken_relations) and (evidence := _only_others(those)):
            yield _finding(claim, one.span, "high", evidence)


def _mentions(one: Diagnosis, source: Texts) -> tuple[Told, ...]:
    """All that the source says of the illness, and of narrower and broader ones where it names this one."""
    illnesses = source.learn(told_illnesses)
    if one.concept not in illnesses:
        return ()
    names = [name for name in illnesses if is_named(one.concept, (name,)) or is_named(name, (one.concept,))]
    return tuple(each for name in names for each in illnesses[name])


def _only_others(those: tuple[Told, ...]) -> tuple[str, ...]:
    """The passages that give it to somebody, if all do; else none."""
    if not those or not all(one.relations for one in those) or all(one.relations == {"family"} for one in those):
        return ()
    return tuple(dict.fromkeys(each for one in those for each in one.evidence))


def _finding(claim: Claim, span: tuple[int, int], severity: Severity, evidence: tuple[str, ...]) -> Finding:
    return Finding(_CODE, severity, claim.text[slice(*span)], span, evidence)
