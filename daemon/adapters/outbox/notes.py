"""What the outbox says in plain words: notes for the front desk."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.adapters.rendering.draft_view import draft_identity
from daemon.model.error_catalog import CATALOG
from daemon.model.visible_text import visible_text

ASK = "Please show this to whoever looks after Chartdraft."
# What waits (75) or failed with one item (3) may be the desk's to mend; settings, integrity and unsafe homes are not.
_FOR_THE_DESK = frozenset({3, 75})
_ORIGINAL_LOST = frozenset({"vault-missing", "vault-purged", "vault-unreadable"})
_SAFE = "The original is safe. Chartdraft keeps it, encrypted, on this computer; nothing was deleted or sent anywhere."
_AT_RISK = "The original was stored, but this computer cannot open it at the moment. Please do not delete any other copy of it."


def failure_note(code: str, *, job: str, stem: str, short: str, revision: int) -> bytes:
    """Why there is no draft, that the original is safe, and what to do."""
    happened, todo = told(code)
    return note(
        f"“{stem}” could not be drafted.",
        ("What happened", happened),
        ("The original", _AT_RISK if code in _ORIGINAL_LOST else _SAFE),
        (
            "What to do",
            f"{todo} When you have dealt with it, delete this note: then it leaves the list in Status.html within a few minutes.",
        ),
        (
            "If that does not help",
            f"Please show this note to whoever looks after Chartdraft. They can try again with: chartdraft retry {short}",
        ),
        ("Reference", f"{code}, {draft_identity(job, revision)}"),
    )


def duplicate_note(*, stem: str, short: str, document: str) -> bytes:
    """That the same content came in before, and where its draft is."""
    asked = f" as “{document}”" if document else ""
    return note(
        f"“{stem}” is not new.",
        ("What happened", f"A file with exactly the same content came in before{asked}, so it was not drafted again."),
        ("The original", _SAFE),
        (
            "What to do",
            f"Look for the files whose names end in {short}: they hold the draft, or say why there is none. If there are none, "
            "see in Status.html whether it is still worked on. If it is not, whoever looks after Chartdraft can make it again with: "
            f"chartdraft retry {short}",
        ),
    )


def left_note(code: str, *, stem: str, near: str, titles: Mapping[str, str]) -> bytes:
    """Why nothing was taken from a folder of the inbox, which folders there are, and how a packet is made.

    `near`: the key of the document that the folder's name is close to, or empty. `titles`: the documents' titles by key.
    """
    happened, _, todo = CATALOG.get(code, CATALOG["internal"]).sentence.partition("; ")
    if near:
        todo = f"If it is meant for “{titles.get(near, near)}”, please put the files into the folder “{near}” of the inbox."
    return note(
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


def item_left_note(code: str, *, stem: str) -> bytes:
    """Why a file or a packet could not be taken in, though it was tried again and again."""
    happened, todo = told(code)
    return note(
        f"“{stem}” could not be taken in from the inbox.",
        ("What happened", happened),
        ("The file", "It lies in the inbox as you left it. Nothing was drafted, changed or deleted."),
        ("What to do", todo),
        (
            "Later",
            "It is tried again by itself. If its draft or another note about it is here by now, it was taken in after all, and "
            "this note may be deleted.",
        ),
        ("Reference", code),
    )


def told(code: str) -> tuple[str, str]:
    """What happened, and what a person at the desk does about it, each in sentences."""
    text = CATALOG.get(code, CATALOG["internal"])
    return told_of(text.sentence, theirs=text.exit_code not in _FOR_THE_DESK)


def told_of(sentence: str, *, theirs: bool = False) -> tuple[str, str]:
    """The same of a sentence in the catalog's form: "What happened; please do this." What is `theirs`, or needs a terminal, is for
    whoever looks after Chartdraft."""
    happened, _, todo = sentence.partition("; please ")
    if not todo:
        happened, _, todo = sentence.partition("; ")
    elif not (theirs or "`" in todo):
        todo = f"please {todo}"
    if not todo:
        return _sentence(happened), ASK
    if theirs or "`" in todo:
        todo = f"{ASK} For them: {todo}"
    return _sentence(happened), _sentence(todo)


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith(".") else f"{text}."


def note(title: str, *parts: tuple[str, ...]) -> bytes:
    """A title, and parts of a heading and its lines each. UTF-8 with a byte order mark and CRLF: what Notepad, TextEdit, Quick Look
    and Word all open as it was meant. A paragraph is one line, which they break as their window is wide."""
    lines = [title, ""]
    for heading, *texts in parts:
        lines += [heading.upper(), *texts, ""]
    return "\r\n".join(visible_text(line) for line in lines).encode("utf-8-sig")
