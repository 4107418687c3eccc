"""Whose something is, by the words around it: a relative's, a friend's. British and American words for them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from daemon.faithfulness.late import late
from daemon.faithfulness.persons.people import FEMALE, MALE, RELATIVES

_MORE: Mapping[str, str] = {
    word: relation
    for relation, words in {
        "mother": "mum mummy mam stepmother stepmom stepmum",
        "father": "stepfather stepdad",
        "grandmother": "gran nan nanna grandmom grandmum grandmothers",
        "grandfather": "grandad gramps grampa grandfathers",
        "sister": "half-sister stepsister",
        "brother": "half-brother stepbrother",
        "cousin": "cousin cousins",
        "niece": "niece nieces",
        "nephew": "nephew nephews",
        "partner": "partner spouse girlfriend boyfriend fiance fiancee fiancé fiancée",
        "friend": "friend friends neighbor neighbour neighbors neighbours roommate flatmate housemate colleague coworker co-worker",
        "sibling": "sibling siblings",
        "parent": "parent parents",
    }.items()
    for word in words.split()
}
RELATIONS: Mapping[str, str] = {**RELATIVES, **_MORE}
"""Relation by the words for it, a friend's and a neighbour's among them."""
_CHILDREN = frozenset({"son", "daughter"})
"""Whoever speaks of a child may have come with the patient."""
_SEX = {
    "mother": FEMALE, "sister": FEMALE, "wife": FEMALE, "grandmother": FEMALE, "aunt": FEMALE, "niece": FEMALE,
    "father": MALE, "brother": MALE, "husband": MALE, "grandfather": MALE, "uncle": MALE, "nephew": MALE,
}  # fmt: skip
_KIN = "|".join(sorted(RELATIONS, key=lambda word: (-len(word), word)))
KIN = late(rf"(?<![\w-])(?P<kin>{_KIN})(?=['’]s?(?![\w])|(?![\w-]))", re.IGNORECASE)
FAMILY = late(
    r"\b(?:famil(?:y|ies|ial)|hereditary|relatives?|runs? in|genetic\w*|maternal|paternal|child(?:ren)?|kids?)\b",
    re.IGNORECASE,
)
_TO_PATIENT = late(
    r"\b(?:i|i['’]\w+|me|my(?=\s+(?:own|doctor|blood|heart))|myself|you|you['’]\w+|your(?!\s+(?:mother|father|mom|mum|dad|sister|brother|parents?|aunt|uncle|grand\w+|nan|gran))|"
    r"we|we['’]\w+|him|patient|pt|says?|said|told|thinks?|thought|noticed|worr\w+|wants?|reports?|states?|recommend\w*|suggest\w*|gave|give[sn]?|giving|brought|bought|"
    r"live[sd]?|living|died of|but|except|whereas|while)\b|[;:]|\bno\b|\bnot\b|\bnever\b|\b(?:do|does|did|has|have|had|is|was)n['’]t\b",
    re.IGNORECASE,
)
"""Between a relative and what is named, this gives it to the patient, or to nobody."""
_DIED = late(r"\bdied of\b", re.IGNORECASE)
_NO_SUBJECT = late(
    r"\b(?:with|by|to|from|see|call|like|after|when|since|because|tell|told|ask|asked|help(?:s|ed)?|take|takes|care of|for|than|saw|lost)\s+"
    r"(?:(?:my|his|her|the|your|their|our|a)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
_OWNED = late(r"['’]s?\s+(?:\w+\s+){0,1}$", re.IGNORECASE)
_TOGETHER = late(r"(?:['’]s)?[\s,/&]*(?:(?:and|or|both|also|a|my|his|her|your|their|the|maternal|paternal)[\s,]+)*", re.IGNORECASE)  # fmt: skip
_BEHIND = late(
    r"\s*(?:\(\s*|[-–—,]\s*|\b(?:was |were |is )?(?:diagnosed |found |seen )?(?:in|on the side of|for|belongs? to|with)\s+)?"
    rf"(?:(?:my|his|her|your|their|the|a|an|maternal|paternal|both|older|younger|late)\s+){{0,3}}(?P<kin>{_KIN})(?:['’]s)?(?![\w-])",
    re.IGNORECASE,
)
_AS_WELL = late(
    rf"[^.;,]{{0,30}}?,?\s*(?:and|so did|so does|so has|as did|as does|like)\s+(?:(?:my|his|her|your|their|the)\s+)?(?:\w+\s+)?(?P<kin>{_KIN})"
    r"(?=\s*(?:[.,;?!]|$|at\b|too\b|also\b|as well\b|did\b|does\b|has (?:it|that)\b|had (?:it|that)\b|when\b|in (?:his|her)\b))",
    re.IGNORECASE,
)
"""The same of another: "from a heart attack at seventy and my father at eighty"."""
_BEHIND_MARK = late(r"\s*(?:[(,–—-]|\b(?:was|were|is|diagnosed|in|for|belongs?)\b)", re.IGNORECASE)
_WORDS = late(r"[^\W_]+")
_FAR = 14
_BACK = 160


def related(text: str, span: tuple[int, int]) -> frozenset[str]:
    """The relations whose thing, by the words of its sentence, stands at `span`; empty where it may be the patient's."""
    behind = _BEHIND.match(text, span[1]) if _BEHIND_MARK.match(text, span[1]) else None
    start = max(0, span[0] - _BACK)
    found = list(KIN.finditer(text, start, span[0]))
    if not found or not _reaches(text, found[-1], span[0]):
        return frozenset({RELATIONS[behind["kin"].lower()]}) if behind else frozenset()
    near = [found[-1]]
    for earlier in reversed(found[:-1]):
        if _TOGETHER.fullmatch(text, earlier.end(), near[-1].start()) is None:
            break
        near.append(earlier)
    if len(near) == 1 and _NO_SUBJECT.search(text[: near[0].start()][-60:]):
        return frozenset()
    relations = frozenset(RELATIONS[one["kin"].lower()] for one in near)
    if (too := _AS_WELL.match(text, span[1])) is not None:
        relations |= {RELATIONS[too["kin"].lower()]}
    owned = _OWNED.fullmatch(text, found[-1].end(), span[0]) is not None
    return relations if owned or not relations & _CHILDREN else frozenset()


def _reaches(text: str, kin: re.Match[str], end: int) -> bool:
    between = _DIED.sub(" ", text[kin.end() : end].removeprefix(":"))
    return len(_WORDS.findall(between)) <= _FAR and _TO_PATIENT.search(between) is None


def sex_of(relations: frozenset[str]) -> str:
    """The one sex of these relations, or ""."""
    sexes = {_SEX.get(one, "") for one in relations}
    return sexes.pop() if len(sexes) == 1 else ""
