"""README.txt in the inbox and in the outbox: for staff, in plain words. Written at set-up, kept current at each start.

A file of that name which is not as we wrote it is a person's, and is left alone: the last line holds a digest of the lines above it.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors, publish_bytes
from daemon.adapters.outbox.notes import note
from daemon.model.document import Document

README_NAME = "README.txt"
_KEPT = "Chartdraft writes this file and keeps it current: "
_OURS = re.compile(rf"(.*){re.escape(_KEPT)}([0-9a-f]{{16}})\r\n", re.DOTALL)
_MAX_BYTES = 100_000
_QUESTIONS = ("Questions", "Please ask whoever looks after Chartdraft in your practice.")


_INBOX = (
    (
        "Several files of one visit",
        "Make a folder with the memo and its forms in it, or with the photographs of several pages, and put the whole folder here. "
        "One folder is one visit of one patient, never more. Name it for the patient or the visit (“Delgado follow-up”), not for a "
        "day or a kind of paper (“Monday”, “scans”).",
    ),
    (
        "Wait until it is gone",
        "A file or folder vanishes from here when it has been taken in, mostly within a minute. Please do not open, rename or "
        "change it meanwhile, and do not put it here a second time. If it is still here after five minutes, open Status.html in "
        "the outbox; if that does not say why, please ask.",
    ),
    (
        "What stays here",
        "The folders above, this file, and RECIPIENT.txt, which Chartdraft needs. A file called README.txt is never taken in, "
        "wherever it lies.",
    ),
)
_OUTBOX = (
    (
        "What lies here",
        "The drafts, and a page that says what happened to everything that was put into the inbox.",
    ),
    (
        "Status.html",
        "Open it to see what waits, what is worked on, what was delivered, and what needs you. It opens in any browser and renews "
        "itself. If the time at its top is more than ten minutes old, Chartdraft is not running: please tell whoever looks after it.",
    ),
    (
        "Files that say “UNREVIEWED”",
        "These are drafts, two files for each: the one that ends in .docx is to edit, in Word; the one that ends in .html is to "
        "check: it shows for each line what it rests on, and what is doubtful.",
        "UNREVIEWED means that a machine wrote it and that no clinician has read it. It may be wrong, or leave something out. It may "
        "be used only after a licensed clinician has read and corrected it.",
    ),
    (
        "Files that say “COULD NOT DRAFT”",
        "Open the note: it says what happened and what to do. The original is kept. When you have dealt with it, delete the note: "
        "then it leaves the list in Status.html, too.",
    ),
    (
        "Files that say “ALREADY DRAFTED”",
        "The same file came in before, perhaps under another name, and was not drafted again. The note says where its draft is. You "
        "may delete the note.",
    ),
    (
        "Files that say “NOT TAKEN IN”",
        "A folder in the inbox was left as it is, because it may hold more than one patient, or cannot be read. The note says what "
        "to do. You may delete the note.",
    ),
    (
        "Taking drafts away",
        "Take a draft out of this folder when it is finished, and delete what is not needed any more: whoever can open this folder "
        "can read it. Chartdraft never changes or deletes a draft that lies here.",
    ),
)


def inbox_readme(documents: Mapping[str, Document]) -> bytes:
    """What staff should know of the inbox; with the practice's own documents, under their titles."""
    width = max((len(key) for key in documents), default=0)
    folders = [f"  {key:{width}}    {document.title}" for key, document in sorted(documents.items())]
    return _signed(
        note(
            "CHARTDRAFT: THE INBOX",
            (
                "What happens here",
                "What you put into this folder is taken away, kept encrypted on this computer, and comes back as a draft in the outbox. "
                "Nothing is sent anywhere.",
            ),
            (
                "What to put here",
                "Voice memos (m4a, qta, wav, mp3 …), and scans or photographs of pages (pdf, jpg, png, tif, heic). One memo or one scan is "
                "one visit of one patient.",
                *_defaults(documents),
            ),
            (
                "If it is to become something else",
                "Put it into one of these folders of the inbox. A text (txt, md) must lie in one of them, too.",
                *folders,
            ),
            *_INBOX,
            _QUESTIONS,
        )
    )


def outbox_readme() -> bytes:
    """What staff should know of the outbox."""
    return _signed(note("CHARTDRAFT: THE OUTBOX", *_OUTBOX, _QUESTIONS))


def keep_readme(folder: Path, readme: bytes, *, mode: int) -> bool:
    """Write it where none is, and where an older one of ours is; whether it was written. RetryableError."""
    path = folder / README_NAME
    with disk_errors():
        there = _there(path)
    if there is None:
        return publish_bytes(path, readme, replace=False, mode=mode)
    return there != readme and is_ours(there) and publish_bytes(path, readme, replace=True, mode=mode)


def is_ours(data: bytes) -> bool:
    """Whether we wrote it, and nobody changed it since."""
    try:
        read = _OURS.fullmatch(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False
    return read is not None and read[2] == _digest(read[1])


def _there(path: Path) -> bytes | None:
    """What lies under that name; nothing of a file that cannot be ours."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode) or found.st_size > _MAX_BYTES:
        return b""
    try:
        return path.read_bytes()
    except PermissionError:
        return b""


def _defaults(documents: Mapping[str, Document]) -> tuple[str, ...]:
    by_kind = {document.default_for: document.title for document in documents.values() if document.default_for}
    words = {"recording": "a memo becomes “{}”", "scan": "a scan becomes “{}”"}
    said = [words[kind].format(by_kind[kind]) for kind in ("recording", "scan") if kind in by_kind]
    return (f"By itself, {' and '.join(said)}.",) if said else ()


def _signed(readme: bytes) -> bytes:
    return readme + f"{_KEPT}{_digest(readme.decode('utf-8-sig'))}\r\n".encode()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
