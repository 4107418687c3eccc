"""The draft: sections of statements, each with the passages it rests on (DESIGN 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from daemon.model.finding import Finding, Omission
from daemon.model.passage import Anchor, EngineInfo, Passage
from daemon.model.source import Source

SCHEMA = "chartdraft.draft/1"
UNREVIEWED = "UNREVIEWED"

Manner = Literal["written", "quoted"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a draft. `written` by a model, or `quoted`: a passage's own words."""

    text: str
    evidence: tuple[str, ...]
    manner: Manner
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section in the document's order; without statements it is printed as "Not documented"."""

    key: str
    title: str
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """One document drafted from one job's sources. Its status is UNREVIEWED by construction: there is no other."""

    job: str
    document: str
    title: str
    sections: tuple[Section, ...]
    passages: tuple[Passage, ...]
    sources: tuple[Source, ...]
    engines: tuple[tuple[str, EngineInfo], ...]
    drafted_at: datetime
    omissions: tuple[Omission, ...] = ()
    unreadable: tuple[Anchor, ...] = ()

    @property
    def status(self) -> Literal["UNREVIEWED"]:
        """Only a clinician's reading ends this state, and that happens outside of Chartdraft."""
        return "UNREVIEWED"
