"""Reads MTS-Dialog and ACI-Bench (CC BY 4.0) as sentences with a fine label of the section classifier.

MTS-Dialog's `section` is the label. ACI-Bench's headings are mapped by these rules, in this order:
1. A line that is only a heading of `HEADINGS` sets the label for the lines below it; sub-headings ("Surgical") do as well,
   in the history only.
2. RESULTS: IMAGING if the sentence names a picture or a tracing (`_PICTURE`), else LABS.
3. ASSESSMENT AND PLAN: a "Medical Reasoning:" bullet and a problem's heading are ASSESSMENT; bullets of treatment, testing,
   referral, education and agreement are PLAN; any other sentence is PLAN if it has a verb of doing (`_DOING`), else ASSESSMENT.
4. Under PLAN, INSTRUCTIONS and ASSESSMENT the heading decides.
5. After 3 and 4, what a sentence plainly says goes before where it stands, as `documents/soap.toml` describes the sections:
   who comes and why, and what the patient reports (`_TOLD`), is GENHX; an order or advice (`_ORDER`) under ASSESSMENT or in a
   reasoning bullet is PLAN; an opinion on the cause (`_OPINION`), or a line that is a problem's name alone, under PLAN is
   ASSESSMENT. Of 110 wrong guesses read on left-out training notes, a quarter were such sentences; 21 of the 770
   validation sentences of ACI-Bench change their label.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.drafting.section_features import NUMBER, spoken_words

_LEAST_COSINE = 0.35
HEADINGS = {
    "CHIEF COMPLAINT": "CC",
    "CC": "CC",
    "HISTORY OF PRESENT ILLNESS": "GENHX",
    "HPI": "GENHX",
    "REVIEW OF SYSTEMS": "ROS",
    "PHYSICAL EXAM": "EXAM",
    "PHYSICAL EXAMINATION": "EXAM",
    "EXAM": "EXAM",
    "VITALS": "EXAM",
    "VITALS REVIEWED": "EXAM",
    "RESULTS": "RESULTS",
    "ASSESSMENT AND PLAN": "A&P",
    "IMPRESSION AND PLAN": "A&P",
    "ASSESSMENT": "ASSESSMENT",
    "IMPRESSION": "ASSESSMENT",
    "PLAN": "PLAN",
    "INSTRUCTIONS": "PLAN",
    "SOCIAL HISTORY": "FAM/SOCHX",
    "FAMILY HISTORY": "FAM/SOCHX",
    "MEDICAL HISTORY": "PASTMEDICALHX",
    "PAST MEDICAL HISTORY": "PASTMEDICALHX",
    "PAST HISTORY": "PASTMEDICALHX",
    "SURGICAL HISTORY": "PASTSURGICAL",
    "PAST SURGICAL HISTORY": "PASTSURGICAL",
    "BIRTH HISTORY": "OTHER_HISTORY",
    "MEDICATIONS": "MEDICATIONS",
    "CURRENT MEDICATIONS": "MEDICATIONS",
    "ALLERGIES": "ALLERGY",
    "PROCEDURE": "PROCEDURES",
}
SUB_HEADINGS = {"medical": "PASTMEDICALHX", "surgical": "PASTSURGICAL", "gynecologic history": "GYNHX"}
_HISTORY = frozenset({"PASTMEDICALHX", "PASTSURGICAL", "GYNHX"})
_PICTURE = re.compile(
    r"x-?rays?\b|radiograph|\bmri\b|\bct\b|\bcat scan|ultrasound|echo|\be[kc]g\b|electrocardio|mammogra|doppler|\bemg\b|"
    r"fracture|angiogra|imaging|\bscan\b|bony|alignment|stress test|colonoscopy|nerve conduction",
    re.IGNORECASE,
)
_DOING = re.compile(
    r"\b(will|recommend\w*|advis\w*|prescri\w*|order\w*|continue|follow[- ]?up|refer\w*|start|initiate|increase|decrease|"
    r"return|schedul\w*|should|instruct\w*|encourag\w*|counsel\w*|educat\w*|discuss\w*|obtain|repeat|plan|proceed|"
    r"agree\w*|consider|refill\w*|monitor|call|contact|questions)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\byears?[- ]old\b.*\b(?:presents?|presenting|here|seen|comes|came|returns|who|with|history)\b|"
    r"^(?:the patient|patient|he|she|mr|ms|mrs|mom|mother|father)\b.*?\b(?:reports?|states?|stated|denies|denied|complains?|"
    r"admits|presents|presented|mentions|describes|endorses)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(?:i|we)(?: will|'ll| would| am going to| are going to)(?! like to see if)|\brecommend(?:ed|s)?\b|\bprescri|\brefill|"
    r"\breferr(?:al|ed)\b|\b(?:was|were|is|are|been)? ?(?:ordered|advised|counseled|instructed|encouraged|scheduled)\b|"
    r"^(?:continue|start|stop|increase|decrease|repeat|recheck|follow|obtain|order|refer|monitor|proceed|schedule)\b|"
    r"\bwill (?:continue|follow|start|return|need|undergo|be (?:sent|seen|referred|scheduled|started))\b|\bfollow[- ]?up in\b",
    re.IGNORECASE,
)
_AGREED = re.compile(r"\b(?:understand\w*|agree\w*|plan|i denied)\b", re.IGNORECASE)
_OPINION = re.compile(
    r"\b(?:i (?:suspect|believe|think|do not think|don't think|do not believe)|most likely|likely (?:due|related|secondary|from)|"
    r"(?:is|are|was|were) (?:likely|probably|consistent with|concerning for)|suspicious for|could be (?:related|due)|"
    r"may be (?:related|due)|etiology|differential|(?:well|poorly) controlled|uncontrolled|stable at this time)\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*[•\-*]\s*")
_DOING_BULLETS = (
    "Medical Treatment",
    "Additional Testing",
    "Specialist Referral",
    "Patient Education",
    "Patient Agreement",
)
_BULLET_NAME = re.compile(
    r"^(?:Medical Reasoning|Medical [Tt]reatment|Additional Testing|Specialist Referrals?|"
    r"Patient Education and Counseling|Patient Agreements?)\s*[:.]\s*"
)
_INNER_BULLET = re.compile(r"\s+-\s+(?=(?:Medical|Additional Testing|Specialist|Patient (?:Education|Agreement)))")
_SENTENCE_END = re.compile(
    r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\b[A-Z])(?<!\d)[.!?]\s+(?=[A-Z0-9])|(?<=\d)\.\s+(?=[A-Z])"
)
_LIST_NUMBER = re.compile(r"^\s*\d+[.)]\s*")
_TURN = re.compile(r"^\[?(doctor|patient|guest_\w+|[A-Z][a-z]+(?: [a-z]+)?)\]?\s*:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, its fine label, and the note it came from (sentences of one note stand in order)."""

    text: str
    label: str
    note: str


def sentences(text: str) -> list[str]:
    """Split a text into sentences; a list's numbers and bullets are dropped."""
    found: list[str] = []
    for line in text.splitlines():
        start, body = 0, _BULLET.sub("", line)
        ends = [match.end() for match in _SENTENCE_END.finditer(body)]
        for end in [*ends, len(body)]:
            piece = _LIST_NUMBER.sub("", body[start:end]).strip()
            start = end
            if any(letter.isalpha() for letter in piece):
                found.append(piece)
    return found


def mts_sentences(path: Path) -> Iterator[Sentence]:
    """The sentences of MTS-Dialog's section texts."""
    for row in _rows(path):
        for piece in sentences(row["text"]):
            yield Sentence(piece, row["section"], f"mts-{row['id']}")


def turns(dialogue: str) -> list[str]:
    """The sentences of a conversation, without who said them; questions and courtesies under four words are dropped."""
    said = [
        piece for line in dialogue.splitlines() for piece in re.split(r"(?<=[.!?])\s+", _TURN.sub("", line.strip()))
    ]
    return [piece.strip() for piece in said if len(piece.split()) >= 4 and not piece.rstrip().endswith("?")]


def aci_sentences(path: Path, *, by_content: bool = True) -> Iterator[Sentence]:
    """The sentences of ACI-Bench's notes, labelled by the module's rules; without `by_content` by rules 1 to 4."""
    for row in _rows(path):
        yield from _note_sentences(row["note"], row["id"], by_content=by_content)


def aci_rows(path: Path) -> Iterator[tuple[list[str], list[Sentence]]]:
    """For each visit of ACI-Bench what was said, and the note's labelled sentences."""
    for row in _rows(path):
        yield turns(row["dialogue"]), list(_note_sentences(row["note"], row["id"]))


def aligned_turns(visits: Sequence[tuple[list[str], list[Sentence]]]) -> list[Sentence]:
    """What was said in ACI-Bench's visits, under the label of the note's sentence that shares most of its rare words.

    Kept from a cosine of `_LEAST_COSINE` on: below it the pairs were mostly wrong on reading.
    """
    documents = Counter(word for _, note in visits for one in note for word in set(spoken_words(one.text)))
    rarity = {word: math.log(4000 / (1 + times)) for word, times in documents.items()}
    found = []
    for said, note in visits:
        known = [(_unit(one.text, rarity), one.label) for one in note]
        for piece in said:
            vector = _unit(piece, rarity)
            cosines = [
                (sum(value * other.get(word, 0.0) for word, value in vector.items()), label) for other, label in known
            ]
            best, label = max(cosines, default=(0.0, ""))
            if best >= _LEAST_COSINE and len(piece.split()) <= 60:
                found.append(Sentence(piece, label, "turns"))
    return found


def _unit(text: str, rarity: dict[str, float]) -> dict[str, float]:
    values = {
        word: rarity.get(word, math.log(4000)) for word in set(spoken_words(text)) if len(word) > 2 or word == NUMBER
    }
    norm = math.sqrt(sum(value * value for value in values.values())) or 1.0
    return {word: value / norm for word, value in values.items()}


def _note_sentences(note: str, name: str, *, by_content: bool = True) -> Iterator[Sentence]:
    heading = ""
    for line in note.splitlines():
        head, _, rest = line.strip().partition(":")
        body = line
        if head.strip() in HEADINGS:
            heading, body = HEADINGS[head.strip()], rest
        elif heading in _HISTORY and line.strip().lower() in SUB_HEADINGS:
            heading, body = SUB_HEADINGS[line.strip().lower()], ""
        for part in _INNER_BULLET.split(body) if heading else ():
            yield from (
                Sentence(piece, label, name) for piece, label in _labelled(part, heading, by_content=by_content)
            )


def _labelled(line: str, heading: str, *, by_content: bool) -> Iterator[tuple[str, str]]:
    bullet = _BULLET.sub("", line)
    pieces = sentences(_BULLET_NAME.sub("", bullet))
    for piece in pieces:
        label = heading
        if heading == "RESULTS":
            label = "IMAGING" if _PICTURE.search(line) else "LABS"
        elif heading == "A&P":
            label = _reasoning_or_plan(bullet, piece)
        if by_content and heading in {"A&P", "ASSESSMENT", "PLAN"}:
            label = _by_content(piece, label, _names_a_problem(line, pieces))
        yield piece, label


def _reasoning_or_plan(bullet: str, piece: str) -> str:
    if bullet.startswith("Medical Reasoning"):
        return "ASSESSMENT"
    if bullet.startswith(_DOING_BULLETS):
        return "PLAN"
    return "PLAN" if _DOING.search(piece) else "ASSESSMENT"


def _names_a_problem(line: str, pieces: Sequence[str]) -> bool:
    """A line of its own, without a verb of doing, of at most six words, that is no bullet: "2. Vitamin D deficiency"."""
    alone = len(pieces) == 1 and _BULLET.match(line) is None and len(line.split()) <= 6
    return alone and _DOING.search(line) is None and _ORDER.search(line) is None


def _by_content(piece: str, label: str, names_a_problem: bool) -> str:
    """Rule 5."""
    if _OPINION.search(piece) and label == "PLAN" and not _ORDER.search(piece):
        return "ASSESSMENT"
    if label == "ASSESSMENT" and _ORDER.search(piece):
        return "PLAN"
    if _TOLD.search(piece) and not any(rule.search(piece) for rule in (_ORDER, _OPINION, _AGREED)):
        return "GENHX"
    return "ASSESSMENT" if names_a_problem else label


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def aci_labelled(note: str, name: str) -> list[Sentence]:
    """The sentences of one of ACI-Bench's notes, labelled by the module's rules."""
    return list(_note_sentences(note, name))
