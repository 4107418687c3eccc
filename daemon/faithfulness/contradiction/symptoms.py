"""A symptom that is said to be there and denied, by triggers and their reach as in ConText (Harkema et al., J Biomed Inform 2009)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from daemon.faithfulness.contradiction.contradiction import (
    FAMILY,
    HYPOTHETICAL,
    PAST,
    Contradiction,
    Sentence,
    contradiction,
    pairs,
)

_SYMPTOMS = {
    "fever": "fevers?", "chills": "chills", "cough": "cough(?:s|ing)?", "chest pain": "chest pains?",
    "shortness of breath": "shortness of breath|short of breath|dyspnea|trouble breathing|difficulty breathing",
    "nausea": "nausea", "vomiting": "vomiting", "diarrhea": "diarrhea", "constipation": "constipation", "headache": "headaches?",
    "dizziness": "dizziness|dizzy", "rash": "rash(?:es)?", "weight loss": "weight loss", "sore throat": "sore throat",
    "abdominal pain": "abdominal pain|belly pain|stomach pain", "palpitations": "palpitations", "blood in the urine": "hematuria|blood in (?:the|her|his) urine",
    "burning with urination": "dysuria|burning (?:with|on) urination", "night sweats": "night sweats", "wheezing": "wheez(?:ing|es?)",
    "blurred vision": "blurr(?:ed|y) vision", "thoughts of suicide": "suicidal (?:ideation|thoughts)|thoughts of suicide|suicidality",
    "fatigue": "fatigue", "vaginal bleeding": "vaginal bleeding", "back pain": "back pain", "neck pain": "neck pain",
    "leg swelling": "leg swelling|swelling of the legs|leg edema", "sputum": "sputum", "itching": "itching|pruritus", "seizures": "seizures?",
    "insomnia": "insomnia", "hallucinations": "hallucinations", "heartburn": "heartburn", "runny nose": "runny nose|rhinorrhea",
}  # fmt: skip
_NAMED = {name: re.compile(rf"\b(?:{words})\b") for name, words in _SYMPTOMS.items()}
_DENIAL = re.compile(
    r"\b(?:no(?! no\b)(?! ?,)|denies|denied|denying|without|negative for|not had(?: any)?|not have(?: any)?|not having|never had|doesn't have|does not have|"
    r"has not had|hasn't had|is not having|no complaints? of|absence of)\b"
)
_DENIAL_ENDS = re.compile(
    r"\b(?:but|however|except|although|though|other than|apart from|besides|aside from|yet|because|since|positive for|complain\w*|reports?|"
    r"endorses?|admits?|does have|she has|he has|has had|which|who|that|relief|improvement|change|increase|worsening|evidence|need|help|"
    r"response|difference|control|benefit|longer|further|more|history|some|i|you|we|she|he|it|they|these|this|the|my|your|i'm|"
    r"you're)\b|[;:]"
)
_AFFIRMS = re.compile(
    r"\b(?:has|have|having|with|reports?|reporting|complains? of|complaining of|endorses?|presents? with|presenting with|experiences?|"
    r"experiencing|notes|positive for|developed|develops|suffers? from|gets|getting|chief complaint:?|is|here for|c/o|admits to|describes|bothered by)\b"
    r"(?: [\w-]+){0,6}?[ ,]*$"
)
_NEVER_A_STATE = re.compile(
    r"\b(?:better|improv\w+|controlled|better|well|relieved|treat\w*|medicine|medications?|takes?|taking|start|prescribe[ds]?|given|prn|as needed|for (?:her|his|the)|"
    r"diagnos\w+|family|counsel\w+|discussed|education|discuss|instructed|advised|screen\w*|denies|no|not|without|negative|never|ruled out|"
    r"reducer|syrup|hay|scarlet|rheumatic|valley|exam|score)\b"
)
_QUALIFIED = re.compile(
    r"^[, ]*(?:at rest|on exertion|with|when|while|at night|in|of|down|over|during|after|before|right now|now|today|currently|at this time|at present|"
    r"on the|to the|since|this|for|except|other|as|or worse|medication|relief|from|into|between|like|until|at home)\b"
)
_OTHER_BEFORE = re.compile(
    r"\b(?:other|new|further|more|longer|associated|recent|active|significant|severe|worsening|current|additional|any more)\b[\w ]*$"
)


def contradicting_symptoms(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Symptoms that one sentence plainly affirms and another plainly denies, of the same person and at the same time.

    A denial with a condition ("no chest pain at rest") and whatever is past, feared, treated or somebody else's is no part of it.
    """
    denied: dict[str, list[Sentence]] = defaultdict(list)
    affirmed: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        if FAMILY.search(sentence.plain) or HYPOTHETICAL.search(sentence.plain):
            continue
        for name, words in _NAMED.items():
            for found in words.finditer(sentence.plain):
                if _is_denied(sentence.plain, found):
                    denied[name].append(sentence)
                elif _is_affirmed(sentence.plain, found):
                    affirmed[name].append(sentence)
    for name in sorted(denied.keys() & affirmed.keys()):
        for one, other in pairs(affirmed[name], denied[name]):
            yield contradiction(
                "symptom",
                name[:1].upper() + name[1:],
                f"{name[:1].upper()}{name[1:]} is reported and denied",
                one,
                other,
            )
            break


def _clause(text: str, start: int) -> str:
    """What stands before `start` in its part of the sentence."""
    before = text[:start]
    ends = [found.end() for found in re.finditer(r"\b(?:but|however|although|though|while|except)\b|;", before)]
    return before[ends[-1] if ends else 0 :]


def _is_denied(text: str, found: re.Match[str]) -> bool:
    before = _clause(text, found.start())
    triggers = list(_DENIAL.finditer(before))
    if not triggers or _QUALIFIED.match(text[found.end() :]):
        return False
    reach = before[triggers[-1].end() :]
    return not (
        _DENIAL_ENDS.search(reach) or _OTHER_BEFORE.search(reach) or PAST.search(text[found.end() :])
    ) and not PAST.search(before[: triggers[-1].start()])


def _is_affirmed(text: str, found: re.Match[str]) -> bool:
    before = _clause(text, found.start())
    after = text[found.end() : found.end() + 60]
    if re.search(r"\bnor?\b|\bdenie[sd]\b|\bwithout\b|\bnegative\b|\bnot\b|\bdenying\b|n't\b|\bnever\b", before):
        return False
    if (
        PAST.search(text.replace("has had", "has").replace("have had", "have"))
        or _NEVER_A_STATE.search(before)
        or _NEVER_A_STATE.search(after)
    ):
        return False
    return _AFFIRMS.search(before) is not None
