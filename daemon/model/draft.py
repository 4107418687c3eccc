"""The draft: sections of statements, each with the passages it rests on (DESIGN 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from daemon.model.document import Audience, Form, Layout
from daemon.model.finding import Caution, Finding, Omission
from daemon.model.passage import Anchor, EngineInfo, Passage, Unread
from daemon.model.source import Source

SCHEMA = "chartdraft.draft/1"
UNREVIEWED = "UNREVIEWED"

Manner = Literal["written", "quoted", "printed"]
"""`written` by a model; `quoted`: a passage's own words; `printed`: the document's own words or a rule's, not the patient's."""

RouteCode = Literal["", "folder", "command", "spoken-cue", "kind-default", "derived"]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a draft. `cells` are the same facts by the section's columns, where it has any."""

    text: str
    evidence: tuple[str, ...]
    manner: Manner
    findings: tuple[Finding, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A section in the document's order; without statements it is printed as its placeholder, else as "Not documented".

    `columns` are the heads of a table whose rows are the statements' cells. What is for the `audience` "office" is not sent.
    """

    key: str
    title: str
    statements: tuple[Statement, ...] = ()
    layout: Layout = "list"
    placeholder: str = ""
    columns: tuple[str, ...] = ()
    audience: Audience = "reader"


@dataclass(frozen=True, slots=True)
class Routing:
    """Why it became this document: a code for the trail, and for people the words that a memo begins with."""

    code: RouteCode = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One document drafted from one job's sources. Its status is UNREVIEWED by construction: there is no other.

    `cautions` are doubts about the draft as a whole; `opening` and `closing` a letter's salutation and close; `measures` what was
    measured of the text, as (what, value): ("Reading level", "grade 6.8 (Flesch-Kincaid)").
    """

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
    unread: tuple[Unread, ...] = ()
    cautions: tuple[Caution, ...] = ()
    routing: Routing = Routing()
    form: Form = "note"
    opening: str = ""
    closing: str = ""
    measures: tuple[tuple[str, str], ...] = ()

    @property
    def status(self) -> Literal["UNREVIEWED"]:
        """Only a clinician's reading ends this state, and that happens outside of Chartdraft."""
        return "UNREVIEWED"
