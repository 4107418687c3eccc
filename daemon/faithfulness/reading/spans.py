"""The sentences of what was said or written, as spans: headings and lines of a form are kept, other than in `sentences`."""

from __future__ import annotations

import re

_STOP = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bst)(?<!\bvs)(?<!\bno)(?<![.!?;])[.!?;]++[\"”’)]*+(?=\s|$)|\n+",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of the sentences and lines that hold a letter or a digit, without blanks around them. Linear in the length."""
    spans = []
    begin = 0
    for stop in [*(found.end() for found in _STOP.finditer(text)), len(text)]:
        piece = text[begin:stop]
        if any(character.isalnum() for character in piece):
            start = begin + len(piece) - len(piece.lstrip())
            spans.append((start, start + len(piece.strip())))
        begin = stop
    return tuple(spans)
