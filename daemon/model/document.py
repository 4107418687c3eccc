"""A document's declaration, as data (DESIGN 6)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from daemon.model.source import SourceKind

Form = Literal["note", "summary", "letter", "handout", "email"]
"""What the draft looks like in the outbox: a note of lists, a one-page summary, a letter, a handout for patients, an e-mail."""

Layout = Literal["list", "prose", "table", "line"]
"""How a section's statements stand: as bullets, run together as a paragraph, as a table's rows, or each on a line of its own."""

Audience = Literal["reader", "office"]
"""Whom a section is for: who gets the document, or the practice alone. The latter stand on pages that are taken off."""


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section of a document.

    `ask` is the request to a language model; `labels` are the section classifier's labels that belong here; `fields` are the
    printed labels of a form that do ("date of birth"), lower case; `cues` are phrases that put what was said here whatever the
    classifier thinks ("refer to …": what follows is kept); `headings` are what a speaker says to begin it, besides its title;
    `rules` the faithfulness rules special to it. `computed` names what code writes into the section instead of a drafter, and
    `group` which part of the document's checklist that is about. `placeholder` is printed where nothing was said. `audience` is
    whom the section is for. `feeds` names the computed section that takes up what is drafted here: it is not printed by itself.
    `until` are words that end what a cue keeps: with "for" the cue "refer to …" keeps "cardiology" of "refer to cardiology for pain".
    """

    key: str
    title: str
    ask: str
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    computed: str = ""
    cues: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    layout: Layout = "list"
    placeholder: str = ""
    group: str = ""
    audience: Audience = "reader"
    feeds: str = ""
    until: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """One item of a document's checklist: what is looked for, why it is asked for, and how it is known to be there.

    It is there when a passage holds one of the `cues`, or when the classifier places a passage under one of the `labels`; words
    of `aside` do not count ("seasonal allergies" are not the allergies to drugs). `visits` are the kinds of visit that ask for
    it; empty: all. `given` is another item without which it is not asked for. `group` names the part of the checklist.
    """

    item: str
    why: str
    cues: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    visits: tuple[str, ...] = ()
    group: str = ""
    aside: tuple[str, ...] = ()
    given: str = ""


@dataclass(frozen=True, slots=True)
class VisitKind:
    """A kind of visit that asks for more than others; known by `cues` in what was said."""

    key: str
    title: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document that can be drafted. `opening` and `closing` are a letter's salutation and close.

    `omissions` are the kinds of things said that the draft is searched for (`model.finding.OMISSION_KINDS`).
    `file` is the practice's file that declares it; empty for one that comes with Chartdraft.
    """

    key: str
    title: str
    accepts: tuple[SourceKind, ...]
    sections: tuple[SectionSpec, ...]
    default_for: SourceKind | None = None
    spoken_cues: tuple[str, ...] = ()
    instructions: str = ""
    form: Form = "note"
    opening: str = ""
    closing: str = ""
    expects: tuple[Expected, ...] = ()
    visits: tuple[VisitKind, ...] = ()
    omissions: tuple[str, ...] = ()
    file: str = ""


def suits(document: Document, kinds: Collection[SourceKind]) -> bool:
    """Whether a document can be drafted from sources of these kinds: a packet needs one that it accepts, the others add to it."""
    return any(kind in document.accepts for kind in kinds)
