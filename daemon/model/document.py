"""A document's declaration, as data (DESIGN 6)."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.model.source import SourceKind


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """One section of a document.

    `ask` is the request to a language model; `labels` are the section classifier's labels that belong here; `fields` are the
    printed labels of a form that do ("date of birth"), lower case; `rules` the faithfulness rules special to it.
    `computed` names what code writes into the section instead of a drafter: "blank-fields" or "unreadable".
    """

    key: str
    title: str
    ask: str
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    computed: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document that can be drafted."""

    key: str
    title: str
    accepts: tuple[SourceKind, ...]
    sections: tuple[SectionSpec, ...]
    default_for: SourceKind | None = None
    spoken_cues: tuple[str, ...] = ()
    instructions: str = ""
