"""The form of a statement that a model wrote: whether it is one or two plain sentences about the patient, told by nobody to nobody."""

from __future__ import annotations

import re
import unicodedata

from daemon.faithfulness.instruction.instructions import find_instruction
from daemon.faithfulness.late import late
from daemon.faithfulness.persons.kin import KIN, RELATIONS, sex_of
from daemon.faithfulness.persons.people import FEMALE, MALE
from daemon.faithfulness.reading.sentences import spoken_sentences
from daemon.faithfulness.reading.tokens import same_characters
from daemon.model.statement_request import Subject

MOST_SENTENCES = 2
MOST_OF_SAID = 1.5
"""How many times as long as what was said a statement may be, in words: what is longer says more than was said."""
LEAST_MOST_WORDS = 12
"""So many words any statement may have: "Denies …" names what a long question asked and a short answer denied."""

_MARKUP = re.compile(r"[<>{}\[\]|\\`*_#~^=@]|https?:|\n")
_LISTED = re.compile(r"^[^\w(]|^\d{1,2}[.)]\s|&#?\w+;|[$%&]{2}")
"""A bullet, a number of a list, a quotation mark, a character written by its name."""
_ECHO = late(
    r"^(?:history of present illness|review of systems|past (?:medical|surgical) history|chief complaint|family and social history|emergency department course|laboratory results|"
    r"note|subjective|objective|answer|statement|sentence|summary|output|response|request)\s*(?:[:;]|[-–—]\s)|\bclinical sentence\b|"
    r"\b(?:doctor|clinician|provider|physician|speaker|lines?) (?:asked|asks|inquire[sd]|says? nothing)\b",
    re.IGNORECASE,
)
"""The words of a request, or of one who tells about a conversation."""
_SIGNED = late(r"\b(?:approved|verified|(?:e-)?signed)\b", re.IGNORECASE)
_LOOP = late(r"\b(\w{3,})(?:\W+\1){2}\b", re.IGNORECASE)
_LONGEST_WORD = 35
"""In characters; "esophagogastroduodenoscopy" has 26."""
_LAST_LATIN = "\u024f"
_MARKS = frozenset("–—’‘“”…°µμ±×·½¼¾²³≥≤")
_SPEAKER = re.compile(
    r"\b(?:doctor|patient|other|dr|pt|clinician|provider|physician|nurse|speaker|guest|assistant|user|system|answer|statement|sentence)\s*:",
    re.IGNORECASE,
)
# "US" is an ultrasound, "I.V." a way; below, "MS" and "MR" are illnesses, and doses are missed.
_NARRATOR = late(
    r"(?<![\w-])(?:i|i['’](?:m|ve|d|ll)|me|my|mine|myself|you|you['’]\w+|your|yours|yourself|ya|let['’]s|(?-i:us)|ours?|ourselves)(?![\w-]|[./]\w)",
    re.IGNORECASE,
)
_WE = late(r"(?<![\w-])we(?:['’](?:re|ve|d|ll))?(?![\w-])", re.IGNORECASE)
_NAMED_SO = late(
    r"\b(?:type|class|grade|stage|factor|cranial nerve|axis|bipolar|phase|schedule|h1n1|group)\s+I\b|\bI\s*&\s*D\b|\bI and D\b"
)
"""Where a capital I is a numeral or a part of a name."""
_SEXED = late(
    r"(?<![\w-])(?:(?P<female>she|she['’]\w+|her|hers|herself|female|woman|lady|girl|girls|(?-i:Mrs|Ms|Miss)(?=\.? [A-Z])|ma['’]?am)"
    r"|(?P<male>he|he['’]\w+|him|his|himself|male|man|gentleman|boy|boys|(?-i:Mr|Mister)(?=\.? [A-Z])|sir|guy))(?![\w-])",
    re.IGNORECASE,
)
_SPOKEN = late(
    r"(?<![\w-])(?:uh|um|uhm|umm|okay|ok|yeah|yep|yup|mm-?hmm|mhm|gonna|wanna|gotta|alright|thanks|please|hello|hi|bye|sorry)(?![\w-])",
    re.IGNORECASE,
)
"""What people say and nobody writes into a note: text with it was copied, not written."""
_UNENDED = late(
    r"\b(?:and|or|but|the|an|of|to|with|from|as|is|are|was|were|has|had|which|who|because|if|his|their|no|any)[.,;:]*$",
    re.IGNORECASE,
)
"""Words with which no sentence ends: the model stopped in its middle."""
_ENDS = re.compile(r"[.!][\"'”’)]?$")
_SEX_OF_SUBJECT = {"she": FEMALE, "he": MALE}


def finished(text: str) -> str:
    """A statement on one line with single blanks, a capital at its beginning and a full stop at its end."""
    text = " ".join(text.split())
    text = re.sub(r"(?<![.\s])\s*\.\.$", ".", text)
    text = re.sub(r"\s+(?=[,.;:](?:\s|$))", "", text)
    if text and text[-1] not in ".!?:;,-":
        text += "."
    return text[:1].upper() + text[1:]


def form_fault(text: str, subject: Subject, lines: tuple[str, ...], *, by_clinician: bool) -> str:
    """Why a `finished` text is no statement, as a stable code; "" if it is one.

    `lines` are what was said; `by_clinician` says that the clinician said all of it, who is then meant by "we".
    """
    plain, said = same_characters(text), "\n".join(lines)
    checks = (
        ("empty", not any(letter.isalpha() for letter in text)),
        ("unreadable", not text.isprintable() or any(unicodedata.category(letter)[0] == "M" for letter in text)),
        ("too-long", len(text.split()) > max(LEAST_MOST_WORDS, MOST_OF_SAID * len(said.split()))),
        ("foreign", _is_foreign(text, said)),
        ("markup", _MARKUP.search(plain) or _LISTED.search(plain)),
        ("echo", _ECHO.search(plain) or (_SIGNED.search(plain) and not _SIGNED.search(said)) or _LOOP.search(plain)),
        ("speaker", _SPEAKER.search(plain)),
        ("question", "?" in plain),
        ("unended", not _ENDS.search(plain) or plain.endswith("..") or _UNENDED.search(plain[:-1])),
        ("narrator", _NARRATOR.search(_NAMED_SO.sub(" ", plain)) or (_WE.search(plain) and not by_clinician)),
        ("spoken", _SPOKEN.search(plain)),
        ("sex", _is_of_another_sex(plain, subject)),
        ("sentences", len(spoken_sentences(plain)) > MOST_SENTENCES),
        ("instruction", find_instruction(plain) is not None),
    )
    return next((code for code, found in checks if found), "")


def _is_foreign(text: str, said: str) -> bool:
    """Whether it holds characters of another script, words that are none, or only capitals, which the lines do not."""
    strange = {letter for letter in text if not letter.isascii()} - _MARKS - set(said)
    if any(letter > _LAST_LATIN or not letter.isalpha() for letter in strange):
        return True
    if any(len(word) > _LONGEST_WORD and word not in said for word in text.split()):
        return True
    return text.isupper() and len(text.split()) > 3 and not said.isupper()


def _is_of_another_sex(plain: str, subject: Subject) -> bool:
    """Whether a word says a sex that is not the patient's, and not that of a relative named before it."""
    own = _SEX_OF_SUBJECT.get(subject, "")
    relatives: set[str] = set()
    marks = [(found.start(), sex_of(frozenset({RELATIONS[found["kin"].lower()]}))) for found in KIN.finditer(plain)]
    for word in _SEXED.finditer(plain):
        relatives.update(sex for at, sex in marks if at < word.start())
        sex = FEMALE if word["female"] else MALE
        if sex != own and sex not in relatives:
            return True
    return False
