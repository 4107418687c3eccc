"""Route: which document a job becomes, and why.

The folder it was put into, or the command that asked, goes before what a memo asks for in its first words, and that before the
kind's default. A pure rule: the same reading leads to the same document, however often a crash has it decided again.
"""

from __future__ import annotations

from collections.abc import Mapping

from daemon.documents.spoken_request import Request, spoken_request
from daemon.model.document import Document, suits
from daemon.model.draft import RouteCode, Routing
from daemon.model.passage import Passage, Reading
from daemon.model.source import SourceKind

FIRST_CHARACTERS = 2_000
"""More than the first words of a memo are, however they are spelled."""
_SPEAKING: tuple[SourceKind, ...] = ("recording", "text")


def route(asked: str, how: RouteCode, reading: Reading, documents: Mapping[str, Document]) -> tuple[str, Routing]:
    """The key of the document, and why it is that one.

    `asked` is what the job is so far, `how` the way it came to be that at claim: only a kind's default may be overruled, and only
    by a document that can be drafted from these sources.
    """
    if how != "kind-default":
        return asked, Routing(how)
    request = _request(reading, documents)
    return (asked, Routing(how)) if request is None else (request.key, Routing("spoken-cue", request.words))


def reason(asked: str, how: RouteCode, reading: Reading, documents: Mapping[str, Document]) -> Routing:
    """Why a job that was routed before is the document that it is.

    The practice may have changed its cues since: then a job stays what it is, and only the code is told.
    """
    document, routing = route(asked, how, reading, documents)
    return routing if document == asked else Routing(how)


def _request(reading: Reading, documents: Mapping[str, Document]) -> Request | None:
    kinds = [source.kind for source in reading.sources]
    # A practice's own document goes before a packaged one that has a cue as long.
    fit = sorted((each for each in documents.values() if suits(each, kinds)), key=lambda each: not each.file)
    return spoken_request(_first_said(reading), [(each.key, cue) for each in fit for cue in each.spoken_cues])


def _first_said(reading: Reading) -> str:
    """How the first recording begins in which something was said; without one, the first text. Forms ask for nothing."""
    for kind in _SPEAKING:
        for source in reading.sources:
            passages = [each for each in reading.passages if each.anchor.source == source.id]
            if source.kind == kind and passages:
                return _beginning(passages)
    return ""


def _beginning(passages: list[Passage]) -> str:
    said = ""
    for passage in passages:
        said += passage.text + " "
        if len(said) > FIRST_CHARACTERS:
            break
    return said
