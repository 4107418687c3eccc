"""Which drug each dose in a sentence belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from daemon.faithfulness.medicines.doses import Dose
from daemon.faithfulness.medicines.drugs import DrugMention

_OF = re.compile(
    r"\s*(?:of\s+)?(?:(?:the|her|his|your|my|a|an|oral|generic|this|baby|some)\s+)*", re.IGNORECASE
)  # between a dose and its drug
_AT = re.compile(
    r"[\s,:(-]*(?:(?:at|to|a|an|the|is|dose|dosage|of|currently|about|now|just|uh|um|which|she|he|i|takes?|taking|oral|from|tablets?)\b[\s,:]*){0,4}",
    re.IGNORECASE,
)  # between a drug and its dose
_CUT = re.compile(r"[,;:]\s|\s(?:and|but|then|so|plus|with|to|or|as well as)\s", re.IGNORECASE)
_LITTLE = re.compile(
    r"(?:(?:and|or|but|then|so|she|he|i|we|you|they|is|was|are|am|be|been|has|have|had|having|will|can|could|should|ll|s|m|ve|re|d|takes?|taking|taken|took|on|"
    r"start(?:ed|ing|s)?|begin(?:ning)?|continue[sd]?|continuing|stop(?:ped)?|increas(?:ed?|ing)|decreas(?:ed?|ing)|prescribe[sd]?|give[ns]?|giving|gave|"
    r"add(?:ed|ing)?|using|uses?|used|also|currently|now|the|a|an|of|her|his|my|your|some|to|up|down|from|go|going|keep|put|for|with|at|patient|"
    r"discontinue[sd]?|hold|would|like|want|gonna|let|lets|please|try|need|it|that|this|them|dose|dosage|dosing|which|daily|about|okay|ok|yeah|yes|no|not|"
    r"well|um|uh|just|per|medications?|meds|medicine|by|plus|still|only|think|know|it's|that's|i'm|i'll|we'll|me|him|in|do|does|did|change[d]?|raise[d]?|"
    r"lower(?:ed)?|reduce[d]?|switch(?:ed)?|receive[ds]?|got|get|were|than|more|less|total|maximum|usual|same|mean|prescription|prescribed|instead|night|morning|evening|day|right|bit|little|low|high|exactly|like|as|well|there|here|what|how|much|when|if|pills?|tablets?)"
    r"(?![\w'-])[\s,.:;()'-]*)+",
    re.IGNORECASE,
)


def assigned_doses(text: str, drugs: Sequence[DrugMention], doses: Sequence[Dose]) -> Mapping[int, int]:
    """The number of each dose's drug: that it directly follows, else that it directly precedes, else the last before it."""
    found: dict[int, int] = {}
    for number, dose in enumerate(doses):
        before = next((n for n in reversed(range(len(drugs))) if drugs[n].span[1] <= dose.span[0]), None)
        if before is not None and _AT.fullmatch(text, drugs[before].span[1], dose.span[0]):
            found[number] = before
    for number, dose in enumerate(doses):
        behind = next((n for n, drug in enumerate(drugs) if drug.span[0] >= dose.span[1]), None)
        if number in found or behind is None or not dose.tells:
            continue
        told = any("strength" in doses[n].kinds for n, to in found.items() if to == behind)
        if not told and _OF.fullmatch(text, dose.span[1], drugs[behind].span[0]):
            found[number] = behind
    for number, dose in enumerate(doses):
        before = next((n for n in reversed(range(len(drugs))) if drugs[n].span[1] <= dose.span[0]), None)
        if number not in found and before is not None and dose.needs_a_drug:
            between = _CUT.split(text[drugs[before].span[1] : dose.span[0]])
            if len(between) == 1 or not beyond_little_words(between[-1]):
                found[number] = before
    return found


def follows_directly(text: str, drug: DrugMention, dose: Dose) -> bool:
    """Whether nothing but little words stands between a drug and the dose behind it."""
    return _AT.fullmatch(text, drug.span[1], dose.span[0]) is not None


def beyond_little_words(text: str) -> str:
    """What remains of words without the little ones they begin with."""
    plain = text.strip(" ,.:;()'-")
    little = _LITTLE.match(plain)
    return plain[little.end() :] if little else plain
