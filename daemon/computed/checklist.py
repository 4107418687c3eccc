"""What of a document's checklist is documented, and what is missing, each with its reason.

Nothing is ever drafted for what is missing: the reader alone can know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.computed.material import Computed, Material
from daemon.computed.said import Said, said
from daemon.documents.cues import KEEP, find_cue
from daemon.model.document import Document, Expected, SectionSpec, VisitKind
from daemon.model.draft import Statement

FIRST_SENTENCES = 8
"""A visit's kind is said where a note begins, or where it concludes. By judgement: openings of invented notes have three to six."""
MOST_QUOTES = 2
MOST_EVIDENCE = 6
QUOTE_CHARS = 110

_REASON_LABELS = frozenset({"CC", "ASSESSMENT", "DIAGNOSIS", "PROCEDURES"})
_ASIDE_LABELS = frozenset(
    {"FAM/SOCHX", "PASTMEDICALHX", "PASTSURGICAL", "ALLERGY", "MEDICATIONS", "PLAN", "DISPOSITION"}
)
_CONCLUDES = re.compile(r"\W*(?:assessment|impression|diagnos[ei]s)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Quote:
    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Checked:
    """`found` are the places where it is documented, `withheld` those that say that it was not asked or measured."""

    expected: Expected
    found: tuple[_Quote, ...]
    withheld: tuple[_Quote, ...]


def documented(material: Material, spec: SectionSpec) -> Computed:
    """Each item of the checklist that was found, with the words it rests on."""
    return Computed(
        tuple(_found(one) for one in _checked(material, spec) if one.found), ("Item", "What the source says")
    )


def missing(material: Material, spec: SectionSpec) -> Computed:
    """Each item that was not found, with the reason it is asked for, in the order of the checklist: most serious first."""
    return Computed(
        tuple(_missing(one) for one in _checked(material, spec) if not one.found), ("Missing", "Why it matters")
    )


def visit_kind(material: Material, spec: SectionSpec) -> Computed:
    """Which kinds of visit were recognised, and by which words: the checklist goes by them."""
    kinds = _kinds(material.document, _all_said(material))
    if not kinds:
        text = "The kind of visit was not recognised, so only what is asked of every visit is looked for."
        return Computed((Statement(text, (), "printed"),) if material.document.visits else ())
    return Computed(
        tuple(
            Statement(f"{kind.title}, by the words “{quote.text}”", quote.evidence, "printed") for kind, quote in kinds
        )
    )


def _checked(material: Material, spec: SectionSpec) -> Iterator[_Checked]:
    sentences = _all_said(material)
    kinds = {kind.key for kind, _ in _kinds(material.document, sentences)}
    asked = [one for one in material.document.expects if not one.visits or kinds & set(one.visits)]
    own = [one for one in asked if one.group == spec.group]
    needed = {one.given for one in own}
    checked = {one.item: _check(one, sentences) for one in asked if one in own or one.item in needed}
    for one in own:
        if not one.given or (one.given in checked and checked[one.given].found):
            yield checked[one.item]


def _all_said(material: Material) -> tuple[Said, ...]:
    cues = [cue for expected in material.document.expects for cue in expected.cues]
    headings = {cue.removesuffix(KEEP).strip() for cue in cues if cue.endswith(KEEP)}
    blank = {name for entry in material.entries if entry.kind == "blank" for name in entry.evidence}
    return said(material.passages, material.labels, headings=headings, blank=blank)


def _check(expected: Expected, sentences: Sequence[Said]) -> _Checked:
    found: list[_Quote] = []
    withheld: list[_Quote] = []
    by_label: list[_Quote] = []
    for one in (sentence.without(expected.aside) for sentence in sentences):
        cue = find_cue(expected.cues, one.plain)
        if cue is not None:
            (withheld if one.withholds(cue.span) else found).append(_Quote(_short(one.text, cue.span), one.evidence))
        elif one.labels & set(expected.labels) and one.plain == one.text and not one.withholds((0, len(one.text))):
            by_label.append(_Quote(_short(one.text, (0, 0)), one.evidence))
    return _Checked(expected, tuple(found or ([] if withheld else by_label)), tuple(withheld))


def _kinds(document: Document, sentences: Sequence[Said]) -> list[tuple[VisitKind, _Quote]]:
    kinds: list[tuple[VisitKind, _Quote]] = []
    # A letter says what it asks for anywhere, and all of it is about that.
    all_tell = document.form == "letter"
    telling = [one for number, one in enumerate(sentences) if all_tell or _tells_kind(one, number)]
    for kind in document.visits:
        for one in telling:
            cue = find_cue(kind.cues, one.text)
            if cue is not None and not one.denies(cue.span):
                kinds.append((kind, _Quote(one.text[slice(*cue.span)], one.evidence)))
                break
    return kinds


def _tells_kind(one: Said, number: int) -> bool:
    if one.answers:
        return False
    if one.labels & _REASON_LABELS or _CONCLUDES.match(one.text):
        return True
    return number < FIRST_SENTENCES and not (one.labels and one.labels <= _ASIDE_LABELS)


def _found(checked: _Checked) -> Statement:
    quotes = list(dict.fromkeys(quote.text for quote in checked.found))[:MOST_QUOTES]
    words = " ".join(f"“{quote}”" for quote in quotes)
    return Statement(
        f"{checked.expected.item}: {words}", _evidence(checked.found), "printed", cells=(checked.expected.item, words)
    )


def _missing(checked: _Checked) -> Statement:
    item, why = checked.expected.item, checked.expected.why
    if checked.withheld:
        why = f"{why} The source says: “{checked.withheld[0].text}”"
    return Statement(f"{item}: {why}", _evidence(checked.withheld), "printed", cells=(item, why))


def _evidence(quotes: Sequence[_Quote]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for quote in quotes for name in quote.evidence))[:MOST_EVIDENCE]


def _short(text: str, span: tuple[int, int]) -> str:
    """The words around `span`, cut between words; marks show where something was left out."""
    if len(text) <= QUOTE_CHARS:
        return text
    room = max(QUOTE_CHARS - (span[1] - span[0]), 40) // 2
    start, end = max(span[0] - room, 0), min(max(span[1], span[0] + QUOTE_CHARS // 2) + room, len(text))
    if start:
        start = text.find(" ", start, span[0]) + 1 or span[0]
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return ("… " if start else "") + text[start:end].strip() + (" …" if end < len(text) else "")
