"""Verify: hold every statement against the passages it cites. Findings mark a statement; they never rewrite it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from daemon.faithfulness.rules import verify_statement
from daemon.model.document import Document
from daemon.model.draft import Draft, Section


def verify(draft: Draft, document: Document) -> Draft:
    """The draft with the findings of the faithfulness rules on each statement. Omissions stay as they are.

    Computed sections are left alone: code wrote them of the reading itself, and "could not be read" has nothing to cite.
    """
    passages = {passage.id: passage.text for passage in draft.passages}
    computed = {spec.key for spec in document.sections if spec.computed}
    sections = (s if s.key in computed else _verified(s, passages) for s in draft.sections)
    return replace(draft, sections=tuple(sections))


def _verified(section: Section, passages: Mapping[str, str]) -> Section:
    return replace(
        section,
        statements=tuple(
            replace(statement, findings=verify_statement(statement.text, statement.evidence, passages))
            for statement in section.statements
        ),
    )
