"""What the outbox says in plain words: notes for the front desk, and the status page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from daemon.adapters.draft_view import draft_identity
from daemon.adapters.draft_words import STATES, date_and_time
from daemon.model.error_catalog import CATALOG
from daemon.model.job import JobRow
from daemon.model.status_report import StatusReport
from daemon.model.visible_text import visible_text

# A backlog of thousands is counted, not listed: the page is rewritten with every step of every job.
MAX_ROWS = 200
_SHORT = 6
_ORIGINAL_LOST = frozenset({"vault-missing", "vault-unreadable"})
_SAFE = "The original is safe. Chartdraft keeps it, encrypted, on this computer; nothing was deleted or sent anywhere."
_AT_RISK = "The original was stored, but this computer cannot open it at the moment. Please do not delete any other copy of it."


def failure_note(code: str, *, job: str, stem: str, short: str, revision: int) -> bytes:
    """Why there is no draft, that the original is safe, and what to do."""
    sentence = CATALOG.get(code, CATALOG["internal"]).sentence
    happened, _, todo = sentence.rpartition("; ") if "; " in sentence else (sentence, "", "")
    return _note(
        f"“{stem}” could not be drafted.",
        ("What happened", _sentence(happened)),
        ("The original", _AT_RISK if code in _ORIGINAL_LOST else _SAFE),
        ("What to do", _sentence(todo) if todo else "Please ask whoever looks after Chartdraft."),
        (
            "If that does not help",
            f"Please show this note to whoever looks after Chartdraft. They can try again with: chartdraft retry {short}",
        ),
        ("Reference", f"{code}, {draft_identity(job, revision)}"),
    )


def duplicate_note(*, stem: str, short: str, document: str) -> bytes:
    """That the same content came in before, and where its draft is."""
    asked = f" as “{document}”" if document else ""
    return _note(
        f"“{stem}” is not new.",
        ("What happened", f"A file with exactly the same content came in before{asked}, so it was not drafted again."),
        ("The original", _SAFE),
        (
            "What to do",
            f"Look for the files whose names end in {short}: they hold the draft, or say why there is none. If the draft "
            f"is gone, whoever looks after Chartdraft can make it again with: chartdraft retry {short}",
        ),
    )


def left_note(code: str, *, stem: str, near: str, titles: Mapping[str, str]) -> bytes:
    """Why nothing was taken from a folder of the inbox, which folders there are, and how a packet is made.

    `near`: the key of the document that the folder's name is close to, or empty. `titles`: the documents' titles by key.
    """
    happened, _, todo = CATALOG.get(code, CATALOG["internal"]).sentence.partition("; ")
    if near:
        todo = f"If it is meant for “{titles.get(near, near)}”, please put the files into the folder “{near}” of the inbox."
    return _note(
        f"Nothing was taken from the folder “{stem}” in the inbox.",
        ("What happened", _sentence(happened)),
        ("The files", "They lie in the inbox as you left them. Nothing was drafted, changed or deleted."),
        ("What to do", _sentence(todo)),
        (
            "Folders that there are",
            ", ".join(f"{key} ({title})" for key, title in sorted(titles.items()))
            + ". What lies in one of them becomes that document.",
        ),
        (
            "How a packet is made",
            "Put all files of one visit of one patient, and nothing of anybody else, into one folder: a memo, forms, photographs "
            "of pages; at least two files, and one memo at most. Name it for the patient or the visit, not for a day or a kind "
            "of paper. Put it into the inbox, or into the folder of the document that it is for: there it may also hold one file "
            "alone, or several memos.",
        ),
        ("Reference", code),
    )


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One job on the status page; `todo` only where a person has to act."""

    short: str
    document: str
    state: str
    at: str
    todo: str = ""


def status_values(report: StatusReport, zone: tzinfo | None, titles: Mapping[str, str]) -> Mapping[str, object]:
    """What the status page's template shows: those that need attention first, then the others, the last changed first."""
    rows = report.rows
    counts = {state: report.counts.get(state, 0) for state in STATES}
    working = sum(counts[state] for state in ("reading", "drafting", "checking"))
    shown = sorted(rows, key=lambda row: (row.state != "attention", row.state == "delivered"))[:MAX_ROWS]
    attention = counts["attention"]
    return {
        "headline": _headline(attention, working + counts["waiting"]),
        "at": date_and_time(report.at, zone),
        "counts": (
            ("Need your attention", attention, attention > 0),
            ("Waiting", counts["waiting"], False),
            ("Being worked on", working, False),
            ("Drafts delivered", counts["delivered"], False),
        ),
        "jobs": tuple(_status_line(row, zone, titles) for row in shown),
        "more": sum(counts.values()) - len(shown),
    }


def _status_line(row: JobRow, zone: tzinfo | None, titles: Mapping[str, str]) -> StatusLine:
    document = titles.get(row.document, row.document) or "not yet known"
    todo = CATALOG.get(row.code, CATALOG["internal"]).sentence if row.state == "attention" or row.code else ""
    # A job that waits for something (a full disk) says so too, without counting as failed.
    state = STATES[row.state] if row.state in {"attention", "delivered"} or not row.code else "Cannot go on yet"
    return StatusLine(row.id[:_SHORT], document, state, date_and_time(row.updated_at, zone), todo)


def _headline(attention: int, under_way: int) -> str:
    if attention:
        return "1 item needs your attention" if attention == 1 else f"{attention} items need your attention"
    return f"{under_way} under way" if under_way else "Nothing is waiting"


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def _note(title: str, *parts: tuple[str, str]) -> bytes:
    """UTF-8 with a byte order mark and CRLF: what Notepad, TextEdit, Quick Look and Word all open as it was meant."""
    lines = [title, ""]
    for heading, text in parts:
        lines += [heading.upper(), text, ""]
    return "\r\n".join(visible_text(line) for line in lines).encode("utf-8-sig")
