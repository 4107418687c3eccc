"""Drafts of a made-up patient, to render and deliver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from daemon.model.draft import Draft, Section, Statement
from daemon.model.finding import Finding, Omission
from daemon.model.job import JobRow
from daemon.model.passage import EngineInfo, PageAnchor, Passage, TimeAnchor, Word
from daemon.model.source import Source
from daemon.model.status_report import StatusReport

JOB = "7f3kq2v9m4x8c1b6"
DRAFTED = datetime(2026, 11, 21, 14, 15, 30, tzinfo=UTC)
# What a form or a recording could hold to hide, forge or break out of the mark.
HOSTILE = (
    "</style><script>alert(1)</script>",
    '"><img src=http://192.0.2.1/x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "\u202eDEWEIVER\u202c",
    "U\u200bN\u200bREVIEWED\u2066 is wrong\u2069",
    "a" + "\u0308" * 50,
    "\x00\x01\x1b[2J\ufffe\ufdd0\ud800\U000e0041",
    "]]> <!-- --> &#x202e; &lt;",
    "REVIEWED AND SIGNED\r\n\u2028by Dr. Foe",
)

_SPOKEN = (
    ("p1", "This is a SOAP note for Maria Delgado, fifty four years old.", 0.0),
    ("p2", "She has had a dry cough for two weeks, and she denies fever.", 5.2),
    ("p3", "She is allergic to penicillin.", 17.0),
    ("p4", "Stop the lisinopril and start losartan fifty milligrams once daily.", 41.9),
)


def report(rows: Sequence[JobRow] = (), counts: Mapping[str, int] | None = None) -> StatusReport:
    """What the status page is to say of these jobs, `counts` where there are more than these."""
    return StatusReport(rows=rows, at=DRAFTED, counts=Counter(row.state for row in rows) if counts is None else counts)


def passages() -> tuple[Passage, ...]:
    """Four spoken ones, the last with words of low confidence, and one from a form."""
    spoken = tuple(
        Passage(key, text, TimeAnchor("s1", start, start + 4.0), 0.9, _words(text)) for key, text, start in _SPOKEN
    )
    return (*spoken, Passage("p5", "Pharmacy: 21 Main St", PageAnchor("s2", 1, (0.1, 0.1, 0.5, 0.2)), 0.8))


def draft() -> Draft:
    """Findings of two severities, an omission, an unreadable place, a quoted statement, an empty section."""
    dose = Finding("quantity-unsupported", "high", "100 mg", (9, 15))
    side = Finding("laterality-unsupported", "medium", "left")
    return Draft(
        JOB,
        "soap",
        "SOAP note",
        (
            Section("subjective", "Subjective", (
                Statement("Dry cough for two weeks, no fever.", ("p2",), "written"),
                Statement("Pharmacy: 21 Main St", ("p5",), "quoted"),
            )),
            Section("objective", "Objective"),
            Section("assessment", "Assessment", (Statement("Cough on the left.", ("p2",), "written", (side,)),)),
            Section("plan", "Plan", (
                Statement("Losartan 100 mg once daily.", ("p4",), "written", (dose,)),
                Statement("Come back.", (), "written", (Finding("evidence-missing", "high", ""),)),
            )),
        ),
        passages(),
        (Source("s1", "recording", "ab" * 32, seconds=63.4), Source("s2", "scan", "cd" * 32, pages=2)),
        (("speech", EngineInfo("whisper base", "d0" * 32)),),
        DRAFTED,
        (Omission("allergy", "penicillin", ("p3",)),),
        (PageAnchor("s2", 2, (0.6, 0.7, 0.95, 0.9)),),
    )  # fmt: skip


def plain_draft() -> Draft:
    """Nothing against it."""
    statement = Statement("Dry cough for two weeks, no fever.", ("p2",), "written")
    return replace(draft(), sections=(Section("subjective", "Subjective", (statement,)),), omissions=(), unreadable=())


def checked() -> Draft:
    """All that the list to check can hold: doubts of each severity with what speaks against them and what may be meant, in lines
    for which a long list has a fold, and omissions that do not come in their order."""
    minor = tuple(Finding("certainty-changed", "low", word) for word in ("Dry", "cough", "two", "weeks", "fever"))
    drug = Finding("medication-misheard", "high", "Losarten", (0, 8), (), ("losartan", "Lasix"))
    taken_back = Finding("plan-retracted", "medium", "lisinopril", None, ("p4", "p99"))
    return replace(
        draft(),
        sections=(
            Section("subjective", "Subjective", (Statement("Dry cough for two weeks, no fever.", ("p2",), "written", minor),)),
            Section("plan", "Plan", (
                Statement("Losarten 50 mg once daily.", ("p4",), "written", (drug,)),
                Statement("Continue lisinopril.", ("p1",), "written", (taken_back,)),
            )),
        ),
        omissions=(
            Omission("safety-advice", "call if worse", ("p2",), "high"),
            Omission("number", "fifty four", ("p1",), "low"),
            Omission("allergy", "penicillin", ("p3",), "high"),
        ),
    )  # fmt: skip


def with_text(text: str) -> Draft:
    """The same text everywhere that text from a document or a model can stand."""
    finding = Finding("negation-flipped", "high", text)
    statements = (Statement(text, ("p1",), "written", (finding,)), Statement(text, ("p1",), "quoted"))
    return replace(
        draft(),
        sections=(Section("plan", "Plan", statements),),
        passages=(Passage("p1", text, TimeAnchor("s1", 0.0, 4.0), 0.9, (Word(text, 0.1),)),),
        omissions=(Omission("allergy", text, ("p1",)),),
    )


def _words(text: str) -> tuple[Word, ...]:
    return tuple(Word(f" {word}", 0.3 if word == "losartan" else 0.95) for word in text.split())
