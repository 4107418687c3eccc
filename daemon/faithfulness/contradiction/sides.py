"""Left here, right there: a complaint of one side, and an examination, image or treatment of the other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.faithfulness.contradiction.contradiction import FAMILY, Contradiction, Sentence, contradiction

_PARTS = {
    "knee": "knees", "shoulder": "shoulders", "hip": "hips", "ankle": "ankles", "wrist": "wrists", "elbow": "elbows", "foot": "feet",
    "hand": "hands", "eye": "eyes", "ear": "ears", "breast": "breasts", "leg": "legs", "arm": "arms", "thumb": "thumbs",
    "heel": "heels", "calf": "calves", "thigh": "thighs", "groin": "groins", "flank": "flanks", "forearm": "forearms",
    "lower quadrant": "lower quadrants", "upper quadrant": "upper quadrants", "testicle": "testicles", "ovary": "ovaries",
    "kidney": "kidneys", "big toe": "big toes", "great toe": "great toes", "index finger": "index fingers", "ring finger": "ring fingers",
    "middle finger": "middle fingers", "little finger": "little fingers", "clavicle": "clavicles", "cheek": "cheeks", "eyelid": "eyelids",
    "axilla": "axillae", "rotator cuff": "rotator cuffs", "lower lobe": "lower lobes", "upper lobe": "upper lobes",
}  # fmt: skip
_SINGULAR = {plural: part for part, plural in _PARTS.items()} | {part: part for part in _PARTS}
_SAME = {"rotator cuff": "shoulder", "great toe": "big toe"}
_NAMES = "|".join(sorted(_SINGULAR, key=len, reverse=True))
_WITH_SIDE = re.compile(
    rf"\b(?P<side>left|right)(?:[- ]sided)? (?:(?!and\b|or\b|the\b|left\b|right\b)[\w-]+ ){{0,2}}?(?P<part>{_NAMES})\b"
)
_BOTH = re.compile(
    rf"\b(?:both|bilateral|bilaterally|each|either|left and right|right and left|left or right|right or left)\b(?: [\w-]+){{0,2}}? (?P<part>{_NAMES})\b"
)
_BOTH_AFTER = re.compile(rf"\b(?P<part>{_NAMES})\b[\w ]{{0,20}}\b(?:bilaterally|on both sides)\b")
_COMPLAINT = re.compile(
    r"\b(?:pain|painful|hurts?|hurting|aches?|aching|sore|injur(?:y|ed|ies)|complain(?:s|ing|ts?)?|presents?|comes? in|came in|here (?:for|with)|"
    r"fell|twisted|consent(?:ed|s)?|indications?|scheduled|lesions?|request(?:s|ed|ing)?|authorization|approval|procedure:|reason|chief|blurr(?:y|ed)|swollen since|numbness|lump)\b"
)
_FINDING = re.compile(
    r"\b(?:on exam(?:ination)?|palpation|exam(?:ination)?|tender(?:ness)?|effusion|swelling|swollen|limited|laxity|crepitus|erythema(?:tous)?|"
    r"ecchymosis|bruis(?:e|ed|ing)|deformity|weak(?:ness)?|positive|crackles|x-?rays?|mri|ct|ultrasound|radiographs?|fractures?|tear|torn|"
    r"sprain(?:ed)?|strain(?:ed)?|osteoarthritis|arthritis|tend[io]n[io]\w+|bursitis|impingement|inject(?:ed|ion)?|prepped|draped|incision|"
    r"repair|surgery|brace|splint|cast|sling|drops|range of motion|assessment|impression|diagnosis|pneumonia|otitis|referr?(?:al|ed)?|"
    r"physical therapy|red|bulging|was taken|excised|biopsied|pathology)\b"
)
_ASIDE = re.compile(
    r"\b(?:other|opposite|contralateral|also|too|as well|another|second|compared|compare|comparison|unlike|than|versus|vs|unaffected|uninjured|"
    r"uninvolved|normal|unremarkable|intact|full|clear|history of|previous|previously|prior|past|ago|status post|s/p|no|not|denies|without|"
    r"negative|radiat(?:es|ing|ion)|dominant|handed|dominance|in (?:19|20)\d\d|later|now|then|new(?! (?:patient|visit|consult))|switched|favor(?:s|ing)?|lying|lies|sleeps?|"
    r"surgical history|replaced|symmetric|if)\b|[+]"
)
_EXAMINED = re.compile(
    r"\b(?:exam(?:ination)?|tender(?:ness)?|mri|x-?rays?|injected|was taken|excised|pathology|sprain|strain|tear|torn|fractures?|"
    r"\w+itis|\w+opathy|arthritis|likely|possible|probable|consistent with|palpation|reveals?|shows?)\b"
)
_REPORTED = re.compile(
    r"\b(?:complain(?:s|ing)?|presents?|presenting|comes? in|came in|here (?:for|with)|reports?|states?|consent(?:ed)?|scheduled|"
    r"request(?:s|ed|ing)?|approval|authorization|procedure:|chief|reason)\b"
)
_ALSO = re.compile(r"\b(?:also|too|as well|another|second)\b")
_OTHER = re.compile(r"\b(?:other|opposite|contralateral)\b")
_HURTS = re.compile(r"\b(?:pain|painful|hurts?|hurting|aches?|aching|sore|injur(?:y|ed|ies))\b")
_Class = Literal["complaint", "finding"]


@dataclass(frozen=True, slots=True)
class _Sided:
    side: str
    kind: _Class
    sentence: Sentence


def contradicting_sides(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Parts of the body that hurt on one side and are examined or treated on the other only.

    A part of which both sides are spoken of in one sentence, or one as the other, or both complained of, is left alone: so are comparisons,
    histories and normal findings, since most notes that name both sides mean both.
    """
    mentions: dict[str, list[_Sided]] = defaultdict(list)
    left_alone: set[str] = set()
    for sentence in sentences:
        left_alone |= _both_sides(sentence.plain)
        for part, sided in _sided(sentence):
            mentions[part].append(sided)
    for part in sorted(mentions.keys() - left_alone):
        yield from _crossed(part, mentions[part])


def _both_sides(text: str) -> set[str]:
    parts = {_part(found) for rule in (_BOTH, _BOTH_AFTER) for found in rule.finditer(text)}
    sides: dict[str, set[str]] = defaultdict(set)
    for found in _WITH_SIDE.finditer(text):
        sides[_part(found)].add(found["side"])
    also = _OTHER.search(text) is not None or (_ALSO.search(text) is not None and _HURTS.search(text) is not None)
    return parts | {part for part, named in sides.items() if len(named) > 1 or also}


def _part(found: re.Match[str]) -> str:
    part = _SINGULAR[found["part"]]
    return _SAME.get(part, part)


def _sided(sentence: Sentence) -> Iterator[tuple[str, _Sided]]:
    text = sentence.plain
    if FAMILY.search(text):
        return
    finding, complaint = _FINDING.search(text) is not None, _COMPLAINT.search(text) is not None
    if not (finding or complaint) or _ASIDE.search(_WITH_SIDE.sub(" ", text)):
        return
    told = complaint and (_REPORTED.search(text) is not None or not (finding and _EXAMINED.search(text)))
    kind: _Class = "complaint" if told else "finding"
    for found in _WITH_SIDE.finditer(text):
        yield _part(found), _Sided(found["side"], kind, sentence)


def _crossed(part: str, mentions: Sequence[_Sided]) -> Iterator[Contradiction]:
    for side, other in (("left", "right"), ("right", "left")):
        complained = [one.sentence for one in mentions if one.side == side and one.kind == "complaint"]
        confirmed = [one.sentence for one in mentions if one.side == side and one.kind == "finding"]
        found = [one.sentence for one in mentions if one.side == other and one.kind == "finding"]
        also_complained = any(one.side == other and one.kind == "complaint" for one in mentions)
        if complained and found and not also_complained and (not confirmed or len({one.plain for one in found}) == 1):
            reason = f"The {part} is spoken of on the {side} and on the {other}"
            yield contradiction("side", f"Side of the {part}", reason, complained[0], found[0])
            return
