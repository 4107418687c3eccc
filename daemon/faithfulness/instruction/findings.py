"""A draft, with every place marked where its sources speak to the software: on what was written of it, or on the draft as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from daemon.faithfulness.instruction.instructions import CODE, Instruction, find_in_passages, find_instruction
from daemon.model.draft import Draft, Statement
from daemon.model.finding import Caution, Finding


def with_instruction_findings(draft: Draft) -> Draft:
    """The draft with `instruction-like` findings, and with a caution for each passage that holds one and that nothing cites.

    Each statement has one whose own text, or a passage of whose evidence, speaks to the software; what the document itself
    prints is not looked at. Doing it twice changes nothing.
    """
    texts = {passage.id: passage.text for passage in draft.passages}
    found = find_in_passages(list(texts.items()))
    sections = tuple(
        replace(section, statements=tuple(_marked(statement, texts, found) for statement in section.statements))
        for section in draft.sections
    )
    cited = {name for section in sections for statement in section.statements for name in statement.evidence}
    others = tuple(caution for caution in draft.cautions if caution.code != CODE)
    own = tuple(_caution(name, one) for name, one in found.items() if name not in cited)
    return replace(draft, sections=sections, cautions=(*others, *own))


def _marked(statement: Statement, texts: Mapping[str, str], found: Mapping[str, Instruction]) -> Statement:
    others = tuple(finding for finding in statement.findings if finding.code != CODE)
    own = None if _is_looked_at(statement, texts, found) else find_instruction(statement.text)
    if own is not None:
        return replace(statement, findings=(*others, Finding(CODE, "high", own.text, own.span)))
    cited = dict.fromkeys(found[name].text for name in statement.evidence if name in found)
    return replace(statement, findings=(*others, *(Finding(CODE, "high", text) for text in cited)))


def _is_looked_at(statement: Statement, texts: Mapping[str, str], found: Mapping[str, Instruction]) -> bool:
    """Whether there is nothing new in its text: the document's own words, or a piece of a passage without an instruction."""
    if statement.manner == "printed":
        return True
    return any(name not in found and statement.text in texts.get(name, "") for name in statement.evidence)


def _caution(name: str, found: Instruction) -> Caution:
    text = f"“{found.text}” speaks to the software, not about the patient; it was treated as text, and no line rests on it."
    return Caution(CODE, "high", text, (name,))
