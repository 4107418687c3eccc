"""Takes a group of a conversation apart: a question with all its answers, or one sentence after the other of who speaks.

What cannot be understood without the sentence before it ("It's been two weeks.") stays with that sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from daemon.adapters.drafting.conversation_groups import SHORT_WORDS, Said, Talk
from daemon.faithfulness.late import late
from daemon.faithfulness.reading.spans import sentence_spans

_POINTS = late(
    r"[\W_]*(?:(?:and|but|so|then|um|uh|well|also)\W+)*(?:it|it['’]s|its|that|that['’]s|this|they|they['’]re|them|these|those|he|she|which|because|or|"
    r"especially|like|with|to|for|in|on|at|about|since|until|when|only|just|not|there|same|if)\b",
    re.IGNORECASE,
)
_ASKS_OF_IT = late(
    r"\b(?:it|that|this|they|them|those|these|else|either)\b|^\W*how (?:long|often|bad|much|many)\b|^\W*when\b",
    re.IGNORECASE,
)
_BREAKS_OFF = late(r"[\w,-]\s*[-–—]$|,$|\.\.\.$|…$")


def parts_of(talk: Talk) -> list[list[Said]]:
    """The parts in order; they hold all that was said, each thing once."""
    parts: list[list[Said]] = []
    answering = False
    for one in talk.said:
        last = parts[-1][-1] if parts else None
        if answering and last is not None and one.role and one.role == parts[-1][0].role and not last.asks:
            answering, last = False, None
        goes_on = last is not None and last.asks and last.role == one.role
        if one.asks and not goes_on and not (parts and _ASKS_OF_IT.search(one.text)):
            parts.append([one])
            answering = True
        elif one.asks or answering:
            answering = True
            parts[-1].append(one)
        else:
            for said in _sentences(one):
                if last is not None and _goes_with(last, said):
                    parts[-1].append(said)
                else:
                    parts.append([said])
                last = said
    return parts


def _sentences(one: Said) -> Iterator[Said]:
    """A passage by its sentences; who speaks stands before the first."""
    texts = [one.text[start:end] for start, end in sentence_spans(one.text)]
    for number, text in enumerate(texts):
        whole = one.whole.removesuffix(one.text) + text if not number else text
        yield replace(one, text=text, whole=whole)


def _goes_with(one: Said, then: Said) -> bool:
    """Whether the second is not understood, or says nothing, without the first."""
    return (
        one.role != then.role
        or min(one.size, then.size) <= SHORT_WORDS // 2
        or _BREAKS_OFF.search(one.text) is not None
        or _POINTS.match(then.text) is not None
    )
