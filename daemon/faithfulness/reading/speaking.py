"""Who of two voices is the clinician: the one who asks, and speaks of "your knee" where the other speaks of "my knee".

A pure rule over passages whose voices are told apart. Where it is not clear, or one voice dictates, nobody is anybody.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from daemon.faithfulness.texts import DOCTOR, PATIENT
from daemon.model.passage import Passage

_FEWEST_QUESTIONS = 3
_MANY_TIMES = 2
"""Who asks asks so often, and so many times as often as the other, who may ask too ("Do I need surgery?")."""
_CLEAR_ADDRESS = 3
"""How much oftener than the other one says "your" and not "my" where few questions are asked; less says nothing."""
_QUESTION = re.compile(r"\?\s*[\"”']?\s*$")
_SEEKS = re.compile(
    r"\b(?:i|me|my|we)\b[^?]*\?\s*$|\b(?:do you think|can you (?:give|tell|explain)|could you (?:give|tell))\b",
    re.IGNORECASE,
)
"""What a patient asks: "Should I stop it?", "Do you think it is broken?"."""
_CHECKS_BACK = re.compile(
    r"(?:^|[,.;])\s*(?:okay|ok|all right|alright|right|yeah|you know|sounds? good|does that (?:sound|make)[^?]*)\s*\?\s*$",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\b(?:your|yours|you)\b", re.IGNORECASE)
_MINE = re.compile(
    r"\b(?:my|mine|i['’](?:m|ve|d)|i (?:am|was|have|had|feel|felt|get|got|take|took|do|did|can['’]?t|don['’]t|didn['’]t))\b",
    re.IGNORECASE,
)


def spoken_roles(passages: Sequence[Passage]) -> Mapping[str, str]:
    """ "doctor" or "patient" by the ids of passages with a voice; nothing for a recording in which that is not clear."""
    roles: dict[str, str] = {}
    for _, group in groupby(passages, key=lambda one: one.anchor.source):
        own = [one for one in group if one.voice]
        clinician = _clinician(own)
        if clinician:
            roles |= {one.id: DOCTOR if one.voice == clinician else PATIENT for one in own}
    return roles


def _clinician(passages: Sequence[Passage]) -> str:
    """The voice of the clinician, "" where there are not two or it may be either."""
    voices = sorted({one.voice for one in passages})
    if len(voices) != 2:
        return ""
    asked, addressed = _asked(passages), _addressed(passages)
    asks, other = sorted(voices, key=lambda voice: (asked[voice], addressed[voice]), reverse=True)
    lead = addressed[asks] - addressed[other]
    if asked[asks] >= _FEWEST_QUESTIONS and asked[asks] >= _MANY_TIMES * asked[other]:
        return asks if lead > -_CLEAR_ADDRESS else ""
    return asks if asked[asks] > asked[other] and lead >= _CLEAR_ADDRESS else ""


def _asked(passages: Iterable[Passage]) -> Counter[str]:
    """How often each voice asks what a clinician may ask."""
    return Counter(
        one.voice
        for one in passages
        if _QUESTION.search(one.text) and not _CHECKS_BACK.search(one.text) and not _SEEKS.search(one.text)
    )


def _addressed(passages: Iterable[Passage]) -> Counter[str]:
    """How much oftener each voice speaks of the other than of itself."""
    counts: Counter[str] = Counter()
    for one in passages:
        counts[one.voice] += len(_YOURS.findall(one.text)) - len(_MINE.findall(one.text))
    return counts
