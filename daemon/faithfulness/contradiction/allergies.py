"""A drug that the patient is allergic to, and takes or is to take; and allergies said to be none and named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.faithfulness.contradiction.contradiction import (
    FAMILY,
    HYPOTHETICAL,
    Contradiction,
    Sentence,
    contradiction,
    pairs,
)
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.model.remembered import remembered

# Classes in which an allergy to one counts as a warning against all; told by the parts of the generic names. A penicillin and a
# cephalosporin are two classes here: few patients react to both, and most warnings would be false.
_CLASSES = {
    "penicillins": re.compile(r"cillin(?:s| v| vk| g)?(?: |/|$)"),
    "cephalosporins": re.compile(r"\bce(?:f|ph)[a-z]{4,}|cephalosporin"),
    "sulfonamide antibiotics": re.compile(r"\bsulfa(?:methoxazole|diazine|salazine|cetamide|pyridine)?\b|\bsulfonamide"),
    "macrolides": re.compile(r"\b(?:azithro|clarithro|erythro)mycin|macrolide"),
    "fluoroquinolones": re.compile(r"floxacin\b|fluoroquinolone|quinolone"),
    "tetracyclines": re.compile(r"\b(?:doxy|mino|tetra|demeclo|ome?ada|erava)cycline"),
    "NSAIDs": re.compile(
        r"\b(?:ibuprofen|naproxen|diclofenac|meloxicam|ketorolac|indometh?acin|etodolac|nabumetone|piroxicam|sulindac|oxaprozin|ketoprofen|"
        r"flurbiprofen|aspirin|nsaid)"
    ),
    "opioids": re.compile(r"\b(?:codeine|morphine|hydrocodone|oxycodone|hydromorphone|oxymorphone|opioid|opiate)"),
    "ACE inhibitors": re.compile(r"\b(?:lisino|enala|rami|benaze|capto|fosino|quina|perindo|trandola|moexi)pril|ace inhibitor", re.IGNORECASE),
    "statins": re.compile(r"\b(?:atorva|rosuva|simva|prava|lova|pitava|fluva)statin|^statin"),
    "sartans": re.compile(r"\b(?:lo|val|irbe|cande|olme|telmi|azil|epro)sartan"),
    "carbapenems": re.compile(r"\b(?:mero|imi|erta|dori)penem"),
    "benzodiazepines": re.compile(r"\b(?:alpr|lor|clon|di|tem|mid|triaz|ox)[a-z]*(?:azolam|azepam)|benzodiazepine"),
}  # fmt: skip
_ALLERGIC_TO = re.compile(
    r"\b(?:allerg(?:ic|y|ies)(?: reactions?)? (?:to|are|is|include|includes)|allergies|allergy|intoleran(?:t|ce) (?:to|of)|hypersensitiv\w+ to|"
    r"anaphyla\w+ (?:to|from|with|after)|reacts to|reaction to|hives (?:from|with|after|to))\b[ :,-]*"
)
_ALLERGY_AFTER = re.compile(r"^[ -]*(?:drugs? |medications? |antibiotics? )?allerg(?:y|ies|ic)\b")
_NO_ALLERGY = re.compile(
    r"\b(?:not|no|denies|without|never|isn't|n't|outgr\w+|tolerat\w+|negative|delabel\w*|removed|ruled out|unlikely)\b|\bavoid\b"
)
_NONE = re.compile(
    r"\b(?:no known (?:drug |medication |medicine )?allerg(?:y|ies)|no (?:drug|medication|medicine|known drug) allerg(?:y|ies)|nkda|nka|no allergies|"
    r"(?:has|have|with|denies) no allergies|denies (?:any |all |drug |medication |any drug |any medication )?allerg(?:y|ies)|"
    r"not allergic to any(?:thing| (?:drugs?|medications?|medicines?)))\b|\ballerg(?:y|ies)[: ,-]+(?:none|no|nil|negative)\b"
)
_TAKEN = re.compile(
    r"\b(?:takes?|taking|took|on|starts?|started|starting|prescrib\w+|continu\w+|give|given|giving|gave|refill\w*|resume|treat(?:ed|ment|ing)? with|course|"
    r"medications?|meds|plan|daily|twice|times a day|bid|tid|qid|qhs|every|prn|as needed|mg|milligrams?|grams?|prophylaxis|inject\w*|received|ordered|sen[dt] in|"
    r"add(?:ed)?|begin|use|uses|using)\b"
)
_NOT_TAKEN = re.compile(
    r"\b(?:avoid\w*|stop\w*|discontinu\w+|cannot|can't|not|never|no|instead|allerg\w*|reaction|reactions|hives|rash|anaphyl\w*|swelling|switch\w*|declin\w+|"
    r"tolerat\w+|caused?|ago|past|child|childhood|previous\w*|hold|held|contraindicat\w+|intoleran\w+|refus\w+|rather than|without|failed|desensitiz\w+|"
    r"challenge|test\w*|upset|nausea|history|because|due to|after|sensitiv\w*|resistan\w*|culture|since)\b"
)
_HEADING = re.compile(
    r"^[\W\d]*(?:known |drug |medication |medicine |food and drug )*allerg(?:y|ies)(?: and reactions?| to medications?)?\W*$"
)
_ENDS_LIST = re.compile(
    r":\s*$|^[^\W\d_][\w /&']{2,30}:|^[\W\d]*(?:medications?|current medications?|history|plan|assessment|exam|vitals)\b"
)
_MOST_LISTED = 6
_OTHER_ALLERGENS = re.compile(r"\blatex\b|\bcontrast dye\b|\biodine\b")


def contradicting_allergies(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Drugs named as an allergy that are taken or prescribed, themselves or one of their class; and "no known allergies" beside one."""
    allergies = list(_allergies(sentences))
    listed = {sentence.place for sentence, _ in allergies}
    taken = [(one, drug) for one in sentences if one.place not in listed for drug in _taken(one)]
    first_taken = {drug.generic: (one, drug) for one, drug in reversed(taken)}
    first_allergic = {drug.generic: (one, drug) for one, drug in reversed(allergies)}
    for name in sorted(first_allergic):
        for other_name in sorted(first_taken):
            (sentence, allergen), (other, drug) = first_allergic[name], first_taken[other_name]
            shared = _shared(name, other_name)
            if shared is not None:
                reason = _reason(allergen.name, drug.name, shared)
                yield contradiction("allergy", f"Allergy to {name}", reason, sentence, other)
    yield from _none_and_named([sentence for sentence, _ in allergies], sentences)


def _reason(allergen: str, drug: str, shared: str) -> str:
    if not shared:
        return f"An allergy to {allergen} is named, and {drug} is taken or prescribed"
    return f"An allergy to {allergen} is named, and {drug}, also one of the {shared}, is taken or prescribed"


def _none_and_named(allergic: Sequence[Sentence], sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    none = [
        one
        for one in sentences
        if _NONE.search(one.plain)
        and not FAMILY.search(one.plain)
        and not re.search(r"\bexcept|other than|besides", one.plain)
    ]
    for one, other in pairs(allergic, none):
        if one not in none:
            yield contradiction("allergy", "Allergies", "Allergies are said to be none, and one is named", one, other)
            return


def _allergies(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, DrugMention]]:
    under = 0
    for sentence in sentences:
        text = sentence.plain
        if _HEADING.match(text):
            under = _MOST_LISTED
            continue
        under = 0 if _ENDS_LIST.search(text) and "allerg" not in text else max(under - 1, 0)
        if FAMILY.search(text) or _NO_ALLERGY.search(text) or HYPOTHETICAL.search(text):
            continue
        asked = "allerg" in sentence.question
        lead = _ALLERGIC_TO.search(text)
        told = under or asked or lead is not None or "allerg" in text
        for drug in find_drugs(sentence.text) if told else ():
            behind = (
                lead is not None
                and lead.end() <= drug.span[0] + 1
                and not _TAKEN.search(text[lead.end() : drug.span[0]])
            )
            if (
                behind
                or _ALLERGY_AFTER.match(text[drug.span[1] :])
                or ((under or asked) and len(text.split()) < 8 and not _TAKEN.search(text))
            ):
                yield sentence, drug


def _taken(sentence: Sentence) -> Iterator[DrugMention]:
    text = sentence.plain
    if FAMILY.search(text) or _NOT_TAKEN.search(text) or HYPOTHETICAL.search(text) or not _TAKEN.search(text):
        return
    yield from find_drugs(sentence.text)


@remembered(4096)
def _shared(allergen: str, drug: str) -> str | None:
    """The class that both belong to; "" if they are one and the same drug, None if neither."""
    one, other = allergen.lower(), drug.lower()
    if one == other or one in re.split(r"/| and ", other):
        return ""
    return next((name for name, words in _CLASSES.items() if words.search(one) and words.search(other)), None)
