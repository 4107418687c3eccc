"""Writes a Status.html of an invented practice's morning into a folder, for the picture in README.md; docs/make-pictures starts it."""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.rendering.draft_view import draft_identity
from daemon.documents.loader import load_documents
from daemon.model.job import JobRow, JobState
from daemon.model.outbox_name import draft_name
from daemon.model.source import SourceKind
from daemon.model.status_report import Condition, StatusReport
from daemon.model.work import WorkNow

NOW = datetime(2026, 11, 20, 16, 42, tzinfo=UTC)
# Item, minutes since its state last changed, state, document, kind of source, number, error code.
ITEMS: tuple[tuple[str, int, JobState, str, SourceKind, str, str], ...] = (
    ("ko 10-40", 3, "reading", "soap", "recording", "k3tqa7wd", ""),
    ("mr referral", 2, "waiting", "referral", "recording", "p5hzc2yn", ""),
    ("tb new patient form", 1, "waiting", "intake", "scan", "w7egm4xa", ""),
    ("voice memo 12", 48, "attention", "soap", "recording", "d7ix3qpe", "speech-none"),
    ("jd follow-up", 26, "delivered", "soap", "recording", "v4zmn6ta", ""),
    ("al knee MRI", 71, "delivered", "prior-auth", "recording", "h2yf5wke", ""),
    ("es new patient form", 95, "delivered", "intake", "scan", "q6bn4cjx", ""),
)
LEFT = (("Friday", "inbox-folder-unknown"),)


def main(folder: Path) -> None:
    """Lay the files into the folder that the page leads to, then write the page."""
    titles = {key: document.title for key, document in load_documents(None).items()}
    outbox = OutboxFolder(folder, titles=titles)
    rows, names = [], {}
    for name, minutes, state, document, kind, job, code in ITEMS:
        rows.append(JobRow(job, state, document, (kind,), "", NOW - timedelta(minutes=minutes), code=code))
        names[job] = name
        if state == "attention":
            outbox.publish_failure(code, job=job, stem=name, short=job[:4], revision=1)
        if state == "delivered":
            lay_draft(folder, draft_name(name, titles[document], job[:4], suffix=""), draft_identity(job, 1))
    for name, code in LEFT:
        outbox.publish_left(code, stem=name)
    counts = {
        state: sum(row.state == state for row in rows) for state in ("waiting", "reading", "attention", "delivered")
    }
    work = (WorkNow("k3tqa7wd", "reading", NOW - timedelta(minutes=1), 0.62, 70.0),)
    outbox.publish_status(
        StatusReport(rows, NOW, counts, Condition(), names, work, expected_seconds=380.0, delivered_today=3, left=LEFT)
    )


def lay_draft(folder: Path, name: str, identity: str) -> None:
    """Two files that are drafts as far as the page looks into them."""
    (folder / f"{name}.html").write_text(identity, encoding="utf-8")
    with zipfile.ZipFile(folder / f"{name}.docx", "w") as word:
        word.writestr("docProps/core.xml", identity)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
