"""Of whom a statement speaks, held against the lines: relatives, names, and what is somebody else's and told as the patient's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.late import late
from daemon.faithfulness.persons.bare_names import is_listed
from daemon.faithfulness.persons.kin import FAMILY, KIN, RELATIONS
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.texts import DOCTOR, PATIENT, Texts
from daemon.faithfulness.vocabulary.concepts import claim_terms, source_keys, words

_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-zÀ-ɏ]{2,}\b")
_MARRIED_INTO = re.compile(r"\b(?P<kin>\w+)-in-laws?\b", re.IGNORECASE)
_BROADER = {
    "mother": "parent",
    "father": "parent",
    "brother": "sibling",
    "sister": "sibling",
    "husband": "partner",
    "wife": "partner",
}
"""By what a relative may be called as well. Not the other way round: of whom "my sibling" is said may be a brother or a sister."""
_NO_BLOOD = frozenset({"partner", "husband", "wife", "friend"})
_FAMILY = late(r"\bfamil(?:y|ial)\b(?! (?:doctor|physician|medicine|practice|planning))", re.IGNORECASE)
_PATIENT = late(r"\b(?:i|i['’]\w+|me|myself)\b", re.IGNORECASE)
_CLINICIAN = late(
    r"\bi(?:['’]ve)? (?:have |also )?(?:had|got|broke|was diagnosed|suffer(?:ed)?|used to)\b(?! (?:you|a (?:look|patient)|the (?:nurse|results)|to\b|some\b|it\b))|\bmyself\b",
    re.IGNORECASE,
)
"""How a clinician speaks of an own illness."""
_CLAUSE = re.compile(r"[;,]|\b(?:but|and|while)\b")


def unsaid_person(plain: str, source: Texts) -> Iterator[str]:
    """`relative`, `name` for one of whom the lines do not speak; `another` for what they say of somebody else alone."""
    joined = "\n".join(source.by_id.values())
    married = {found.group().lower() for found in _MARRIED_INTO.finditer(plain)}
    said = joined.lower()
    blood = _MARRIED_INTO.sub(" ", said)
    known = {word for found in _LETTERS.findall(blood) for word in (found, found.removesuffix("'s"), *found.split("-"))}
    relations = {RELATIONS[word] for word in known if word in RELATIONS}
    relations |= {broader for one in relations if (broader := _BROADER.get(one))}
    relations |= {"mother", "father"} if "parents" in known and relations.isdisjoint({"mother", "father"}) else set()
    stated = [RELATIONS[found["kin"].lower()] for found in KIN.finditer(_MARRIED_INTO.sub(" ", plain))]
    if not relations.issuperset(stated) or any(one not in said for one in married):
        yield "relative"
    if _FAMILY.search(plain) and not (relations - _NO_BLOOD or FAMILY.search(joined)):
        yield "relative"
    every = known | set(_LETTERS.findall(said))
    names = (found.group().lower() for found in _NAME.finditer(plain))
    if any(name not in every and not is_listed(name) for name in names):
        yield "name"
    if not (stated or married or FAMILY.search(plain)) and _is_anothers(plain, source):
        yield "another"


def _is_anothers(plain: str, source: Texts) -> bool:
    """Whether only what a speaker says of somebody else holds most of the words of a part of the statement."""
    clauses = [
        ({key for key, _ in source_keys(words(part))}, _of_another(part, source.speakers.get(name, "")))
        for name, text in source.by_id.items()
        for start, end in sentence_spans(text)
        for part in _CLAUSE.split(text[start:end])
    ]
    if not any(another for _, another in clauses):
        return False
    for part in _CLAUSE.split(plain):
        terms = [term for term in claim_terms(words(part)) if term.weight >= 1]
        scores = [(sum(not keys.isdisjoint(term.keys) for term in terms), another) for keys, another in clauses]
        most = max(score for score, _ in scores)
        if most and all(another for score, another in scores if score == most):
            return True
    return False


def _of_another(clause: str, speaker: str) -> bool:
    """Whether the subject of a clause is a relative or friend of the patient who speaks, or the clinician."""
    if speaker == DOCTOR:
        return _CLINICIAN.search(clause) is not None
    if speaker != PATIENT:
        return False
    kin = KIN.search(clause)
    begins = kin is not None and len(clause[: kin.start()].split()) <= _SUBJECT_WORDS
    return begins and _PATIENT.search(clause) is None


_SUBJECT_WORDS = 3
"""Before the subject of a clause: "and my older"."""
