"""A reader that knows by heart what stands in a source, for tests of what stands above the port."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from daemon.model.errors import PermanentError
from daemon.model.passage import Anchor, EngineInfo, LineAnchor, PageAnchor, Passage, Reading, TimeAnchor
from daemon.model.source import Source, SourceKind


class FakeReader:
    """`daemon.ports.Reader`: a text line of the bytes is a passage, "[unreadable]" a place that could not be read.

    Bytes that begin with "error:" raise PermanentError with the code that follows.
    """

    engine = EngineInfo("fake", "0" * 64)
    roles: Mapping[SourceKind, str] = {"recording": "speech", "scan": "ocr"}
    nothing: Mapping[SourceKind, str] = {"recording": "speech-none", "scan": "page-unreadable", "text": "media-empty"}

    def __init__(self) -> None:
        self.calls = 0

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        self.calls += 1
        if not untrusted_bytes:
            raise PermanentError("media-empty")
        lines = [line for line in untrusted_bytes.decode("utf-8", "replace").splitlines() if line.strip()]
        if lines and lines[0].startswith("error:"):
            raise PermanentError(lines[0].removeprefix("error:"))
        said = [(number, line) for number, line in enumerate(lines) if line != "[unreadable]"]
        if not said:
            raise PermanentError(self.nothing[source.kind])
        return Reading(
            sources=(_known(source, lines),),
            passages=tuple(
                Passage(f"p{count}", line, _anchor(source, number, lines), 0.9)
                for count, (number, line) in enumerate(said, 1)
            ),
            unreadable=tuple(
                _anchor(source, number, lines) for number, line in enumerate(lines) if line == "[unreadable]"
            ),
            engines=((self.roles[source.kind], self.engine),) if source.kind in self.roles else (),
        )


def _known(source: Source, lines: Sequence[str]) -> Source:
    if source.kind == "recording":
        return dataclasses.replace(source, seconds=3.0 * len(lines))
    return dataclasses.replace(source, pages=1) if source.kind == "scan" else source


def _anchor(source: Source, number: int, lines: Sequence[str]) -> Anchor:
    if source.kind == "recording":
        return TimeAnchor(source.id, 3.0 * number, 3.0 * number + 2.5)
    if source.kind == "text":
        return LineAnchor(source.id, number + 1, number + 1)
    return PageAnchor(source.id, 1, (0.1, number / len(lines), 0.9, (number + 1) / len(lines)))
