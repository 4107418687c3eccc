"""Verify: hold every statement against the passages it cites. Findings mark a statement; they never rewrite it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from daemon.faithfulness.instruction.findings import with_instruction_findings
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.omissions.explained import hinted
from daemon.faithfulness.reading.speaking import spoken_roles
from daemon.faithfulness.rules import QUOTE_RULES, RULES, verify_claim
from daemon.faithfulness.rules.retraction import retraction_findings
from daemon.faithfulness.rules.section import examination_finding_in_story
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.diagnoses import named_in, unnamed_diagnoses
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Draft, Section, Statement
from daemon.model.finding import Caution, Finding

SectionRule = Callable[[Statement], tuple[Finding, ...]]
"""A rule that a document asks for in some of its sections. The names are `documents.loader.RULES`."""


def verify(draft: Draft, document: Document) -> Draft:
    """The draft with the findings of the faithfulness rules on each statement.

    Its omissions are what was said and no statement carries, of the kinds that the document asks for.

    In computed sections only what a model wrote is judged in full: the rest code took from the reading itself, so it can but have been
    taken back, and "could not be read" has nothing to cite. Text that speaks to the software is marked everywhere, also in what nothing cites.
    """
    passages = {passage.id: passage.text for passage in draft.passages}
    specs = {spec.key: spec for spec in document.sections}
    asked = {name for spec in document.sections for name in spec.rules}
    rules = section_rules(passages) if asked else {}
    source = Texts(passages, spoken_roles(draft.passages))
    sections = tuple(_verified(s, specs.get(s.key), source, rules) for s in draft.sections)
    judged = ((one.evidence, one.findings) for section in sections for one in section.statements)
    omissions = hinted(find_omissions(_statements(sections), source, document.omissions), judged)
    cautions = _without_doubles(draft.cautions, sections)
    return with_instruction_findings(replace(draft, sections=sections, omissions=omissions, cautions=cautions))


def _without_doubles(cautions: tuple[Caution, ...], sections: tuple[Section, ...]) -> tuple[Caution, ...]:
    """Without what is said again, more closely, of a line: a name in no list that may be misheard."""
    findings = (one for section in sections for statement in section.statements for one in statement.findings)
    misheard = {f"“{finding.detail}”" for finding in findings if finding.code == "medication-misheard"}
    return tuple(
        caution
        for caution in cautions
        if caution.code != "medication-unknown" or not any(name in caution.text for name in misheard)
    )


def _statements(sections: tuple[Section, ...]) -> Texts:
    """All that the draft says, cells too: what stands in a table is not left out."""
    statements = (statement for section in sections for statement in section.statements)
    texts = ("\n".join((statement.text, *statement.cells)) for statement in statements)
    return Texts({f"s{number}": text for number, text in enumerate(texts, 1)})


def section_rules(passages: Mapping[str, str]) -> dict[str, SectionRule]:
    """The rules special to sections, by name, bound to the texts of the passages."""
    named = named_in(passages.values())

    def unnamed_diagnosis(statement: Statement) -> tuple[Finding, ...]:
        """What a model wrote names a diagnosis that no passage names."""
        if statement.manner != "written":
            return ()
        found = unnamed_diagnoses(statement.text, named)
        return tuple(Finding("diagnosis-unnamed", "high", each.text, each.span) for each in found)

    def no_exam_findings(statement: Statement) -> tuple[Finding, ...]:
        """What an examination found stands in a section for what the patient tells."""
        return examination_finding_in_story(statement.text)

    return {"unnamed-diagnosis": unnamed_diagnosis, "no-exam-findings": no_exam_findings}


def _verified(section: Section, spec: SectionSpec | None, source: Texts, rules: Mapping[str, SectionRule]) -> Section:
    own = [rules[name] for name in spec.rules] if spec is not None else []
    is_computed = spec is not None and bool(spec.computed)
    statements = (
        _listed(statement, section.title, source)
        if is_computed and statement.manner != "written"
        else _judged(statement, section.title, source, own)
        for statement in section.statements
    )
    return replace(section, statements=tuple(statements))


def _listed(statement: Statement, title: str, source: Texts) -> Statement:
    """What code took over into a list may have been taken back by whoever said it."""
    if statement.manner == "printed":
        return statement
    claim = Claim(statement.text, statement.evidence, title)
    return replace(statement, findings=tuple(dict.fromkeys(retraction_findings(claim, source))))


def _judged(statement: Statement, title: str, source: Texts, rules: list[SectionRule]) -> Statement:
    claim = Claim(statement.text, statement.evidence, title)
    is_quote = statement.manner == "quoted" and _one_line(statement.text) in _one_line(source.cited_text(claim))
    findings = verify_claim(claim, source, QUOTE_RULES if is_quote else RULES)
    special = (finding for rule in rules for finding in rule(statement))
    return replace(statement, findings=tuple(dict.fromkeys((*findings, *special))))


def _one_line(text: str) -> str:
    """A question and its answer are quoted in one line, wherever the passages end."""
    return " ".join(text.split())
