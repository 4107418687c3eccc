"""The words with which a dictation asks for its document ("SOAP note, …"): they are no part of what is dictated."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.documents.filler import words_that_say
from daemon.documents.spoken_request import spoken_request
from daemon.model.document import Document
from daemon.model.passage import Passage

_MARK = re.compile(r"\s*[.,:;–—-]+\s*|\s*$")
_FOR = re.compile(
    r"\s*(?:for\s+)?(?:(?:the\s+)?patient\s+)?(?:(?:mr|mrs|ms|miss|dr)\b\.?(?:\s+[^\W\d_][\w'’-]*){1,3}|[A-Z][\w'’-]+\s+[A-Z][\w'’-]+)?\s*[.,!]*\s*$",
    re.IGNORECASE,
)
"""Only for whom it is: a title and a name."""


def without_request(document: Document, said: Sequence[Passage]) -> list[tuple[str, str]]:
    """The id and the text of each passage; of those that the dictation begins with, without the request for this document.

    A request is left out where a mark ends it, or where only for whom it is follows and no section takes that up.
    """
    asks = [(document.key, cue) for cue in document.spoken_cues]
    named = any(spec.computed == "identity" or (spec.layout == "line" and spec.cues) for spec in document.sections)
    texts = [(passage.id, " ".join(passage.text.split())) for passage in said]
    for number, (name, text) in enumerate(texts):
        rest = _rest(text, asks, named=named)
        texts[number] = name, rest
        if rest:
            break
    return texts


def _rest(text: str, asks: Sequence[tuple[str, str]], *, named: bool) -> str:
    while text:
        request = spoken_request(text, asks)
        if request is None or words_that_say(text[: request.span[0]]):
            return text
        mark = _MARK.match(text, request.span[1])
        if mark is None:
            return "" if not named and _FOR.match(text, request.span[1]) else text
        text = text[mark.end() :]
    return text
