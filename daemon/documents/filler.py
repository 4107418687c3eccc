"""What people say around a dictation: a passage of nothing but these words carries nothing for a record.

Deliberately narrow. A passage is dropped only if every one of its words belongs to a phrase listed here, so that a number,
a drug, a symptom or a name that is not the dictating clinician's always keeps its passage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_WHO_DICTATES = re.compile(
    r"\s*(?:(?:hi|hello|okay|ok)[\s,]+)?(?:this is|i am|i'm|it's)\s+(?:dr\.?|doctor|nurse practitioner|physician assistant)(?:\s+[^\W\d_]+){1,2}?,?\s+"
    r"(?:here\s+)?(?:dictating|speaking|recording)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_NAME_FREE = re.compile(
    r"(?:this is|i am|i'm|it's) (?:dr|doctor|nurse practitioner|physician assistant)(?: [^\W\d_]+){1,2}"
    r"(?: (?:dictating|speaking|here|recording))?|(?:sincerely|sincerely yours|yours sincerely|best regards|kind regards)(?: (?:dr|doctor)(?: [^\W\d_]+){1,2})"
)
"""Who dictates or signs, as a whole passage: the one place where a name may go."""
_ROUTING_WORDS = (
    "a an the this is it it's that's here here's i i'm i'd i'll am we we're we'd would like want need going to please kindly can could you "
    "will may just now so and then because therefore okay ok um uh well let's let me go ahead with begin start new another quick short brief formal "
    "write draft dictate dictating dictation speaking send sending make do create prepare compose type record recording memo note letter referral "
    "refer referring consult consultation email e-mail mail message for of on in regarding re about him her them me us my our your his patient "
    "dear attention attn address addressed addressing goes out by from following be should colon comma period document request requesting name named full"
)
_ROUTING = frozenset(_ROUTING_WORDS.split())
_SPOKEN_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_PHRASES = (
    "okay", "ok", "um", "uh", "umm", "uhm", "er", "hmm", "mm", "mhm", "ah", "oh", "well", "so", "now", "alright", "all right", "right then",
    "let's see", "let me see", "let me think", "let me start", "let's start", "let's begin", "here we go", "where was i", "what else",
    "anything else", "hold on", "hang on", "one second", "one moment", "just a second", "just a moment", "give me a second",
    "sorry", "sorry about that", "excuse me", "pardon me", "is this on", "is it recording", "is this recording", "testing",
    "testing testing", "dictating", "start of dictation", "begin dictation", "starting dictation", "end of dictation",
    "end dictation", "end of note", "end of memo", "end of recording", "end of message", "stop recording", "stop dictation",
    "this concludes the dictation", "this concludes my dictation", "this concludes the note", "that concludes my note", "that's it",
    "that's all", "that is all", "that's everything", "that is it", "thank you", "thanks", "thank you very much", "thanks for listening",
    "thank you for seeing him", "thank you for seeing her", "thank you for seeing this patient", "thanks for seeing him", "thanks for seeing her",
    "thanks for seeing this patient", "thank you for seeing them", "thanks for seeing them", "thanks everyone", "thanks everybody", "thanks all", "thank you all",
    "thank you everyone", "thank you for your help", "thanks for your help",
    "thank you for your time", "thank you in advance", "thanks in advance", "sincerely", "sincerely yours", "yours sincerely", "best regards",
    "kind regards", "warm regards", "dear colleague", "to whom it may concern",
    "bye", "bye bye", "goodbye", "hello", "hi", "new paragraph", "new line", "next line", "next paragraph", "period", "full stop", "comma",
)  # fmt: skip
_SPEAKER = re.compile(
    r"\s*(?:doctor|dr\.?|physician|provider|clinician|nurse|patient|speaker|mother|father|parent|caregiver|interpreter|d|p)(?: [\da-z])?\s*:\s*",
    re.IGNORECASE,
)
"""Who speaks, in a transcript: nothing is said by it alone."""
_LONGEST_FIRST = sorted(_PHRASES, key=len, reverse=True)
_FILLER = re.compile(r"(?:(?:" + "|".join(map(re.escape, _LONGEST_FIRST)) + r")(?: |$))+")


def is_filler(text: str) -> bool:
    """Whether a passage of a dictation carries nothing: listed phrases only, or who dictates."""
    speaker = _SPEAKER.match(text)
    said = text[speaker.end() :] if speaker else text
    words = " ".join(_WORDS.findall(said.lower().replace("’", "'")))
    return not words or _FILLER.fullmatch(words) is not None or _NAME_FREE.fullmatch(words) is not None


def without_who_dictates(text: str) -> tuple[int, int] | None:
    """Where "this is Dr. Lee dictating" stands at the beginning of a text, as (start, end) in characters; None if it does not."""
    found = _WHO_DICTATES.match(text)
    return found.span() if found else None


def words_that_say(text: str, covered: Iterable[tuple[int, int]] = (), also: Collection[str] = ()) -> list[str]:
    """The words of a text that do more than say what is dictated for whom ("please write a letter to …").

    `covered` are stretches, as (start, end) in characters, whose words do not count; `also` more words that do not, in lower case.
    """
    spans = [*covered]
    return [
        word.group()
        for word in _SPOKEN_WORD.finditer(text)
        if (plain := word.group().lower().replace("’", "'")) not in _ROUTING
        and plain not in also
        and not any(start <= word.start() and word.end() <= end for start, end in spans)
    ]
