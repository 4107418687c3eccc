"""A drafter that puts every passage, as it is, into the document's first section."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.passage import EngineInfo, Passage


class FakeDrafter:
    """`daemon.ports.Drafter`. `error`, if set, is raised instead."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.calls = 0

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        return "quoting", EngineInfo("fake", "0" * 64)

    def draft(self, document: Document, passages: Sequence[Passage]) -> Sequence[Section]:
        self.calls += 1
        if self.error is not None:
            raise self.error
        quotes = tuple(Statement(" ".join(p.text.split()), (p.id,), "quoted") for p in passages)
        first = next((spec.key for spec in document.sections if not spec.computed), None)
        return [Section(s.key, s.title, quotes if s.key == first else ()) for s in document.sections]
