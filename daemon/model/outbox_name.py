"""How files in the outbox are called (DESIGN 9). Code writes the mark last, so that no name that came in can forge it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from daemon.model.draft import UNREVIEWED
from daemon.model.source import RECORDING_SUFFIXES, SCAN_SUFFIXES
from daemon.model.visible_text import plain_name

STATUS_PAGE = "Status.html"
UNTITLED = "Untitled"

# What HFS+, APFS, ext4 and SMB have in common: 255 bytes of UTF-8 (decomposed, as HFS+ stores it). 120 characters is
# where Finder and Explorer still show a whole name, and leaves room in a path of 260 on Windows.
MAX_NAME_BYTES = 255
MAX_NAME_CHARS = 120
_MAX_STEM_CHARS = 64

# Microsoft, "Naming Files, Paths, and Namespaces": reserved characters. The colon is also classic macOS's separator.
_RESERVED = str.maketrans(dict.fromkeys('<>:"/\\|?*', " "))
_EDGES = " .-_~$"
_OFFICE_SUFFIXES = frozenset(
    {".bmp", ".csv", ".doc", ".docx", ".eml", ".gif", ".heif", ".htm", ".html", ".json", ".md", ".numbers", ".odt"}
    | {".pages", ".rtf", ".txt", ".webp", ".wma", ".xls", ".xlsx", ".zip"}
)
_SUFFIXES = RECORDING_SUFFIXES | SCAN_SUFFIXES | _OFFICE_SUFFIXES | {".age"}


@dataclass(frozen=True, slots=True)
class OutboxName:
    """A name in the outbox that has the form of a draft's or a failure note's: the item's name and the job's number in it."""

    name: str
    stem: str
    short: str
    suffix: str


_OURS = re.compile(
    rf"(?P<stem>.+) - (?:.+? - {UNREVIEWED} - (?P<draft>[a-z0-9]{{4,}})(?: \(\d+\))?(?: copy \d+)?(?P<either>\.docx|\.html)"
    r"|COULD NOT DRAFT - (?P<note>[a-z0-9]{4,})(?: \(\d+\))?(?: copy \d+)?(?P<text>\.txt))"
)


def read_name(untrusted_name: str) -> OutboxName | None:
    """What `draft_name` and `failure_name` were given, as far as it can be told; None for any other name.

    A person may have made the name: only what stands in the file says whose it is.
    """
    read = _OURS.fullmatch(untrusted_name)
    if read is None:
        return None
    return OutboxName(
        untrusted_name, read["stem"], read["draft"] or read["note"], suffix=read["either"] or read["text"]
    )


def clean_stem(untrusted_name: str) -> str:
    """The first part of an outbox name, from the name a file or packet came with; never empty.

    Known extensions go (also stacked: `.m4a.age`); so do control, invisible and bidi characters, separators and reserved
    characters, dots and dashes at the ends. NFC, at most 64 characters. Applying it twice changes nothing more.
    """
    previous, stem = None, untrusted_name
    while stem != previous:
        previous, stem = stem, _tidy(_without_suffix(stem))
    return stem or UNTITLED


def draft_name(stem: str, title: str, short: str, *, suffix: str, revision: int = 1, copy: int = 1) -> str:
    """`<stem> - SOAP note - UNREVIEWED - 7f3k (2).docx`; `suffix` has its dot; `copy` 2… evades a name that is taken."""
    return _name(stem, f"{_tidy(title) or 'Draft'} - {UNREVIEWED}", short, suffix, revision, copy)


def failure_name(stem: str, short: str, *, revision: int = 1, copy: int = 1) -> str:
    """`<stem> - COULD NOT DRAFT - 7f3k.txt`."""
    return _name(stem, "COULD NOT DRAFT", short, ".txt", revision, copy)


def duplicate_name(stem: str, short: str, *, copy: int = 1) -> str:
    """`<stem> - ALREADY DRAFTED - 7f3k.txt`."""
    return _name(stem, "ALREADY DRAFTED", short, ".txt", 1, copy)


def left_name(stem: str, *, copy: int = 1) -> str:
    """`<folder> - NOT TAKEN IN.txt`; there is no job, so there is no id."""
    end = " - NOT TAKEN IN" + (f" copy {copy}" if copy > 1 else "") + ".txt"
    return _fit(clean_stem(stem), MAX_NAME_CHARS - len(end), MAX_NAME_BYTES - _stored_bytes(end)) + end


def _name(stem: str, what: str, short: str, suffix: str, revision: int, copy: int) -> str:
    counted = f" ({revision})" if revision > 1 else ""
    copied = f" copy {copy}" if copy > 1 else ""
    end = f" - {what} - {short}{counted}{copied}{suffix}"
    return _fit(clean_stem(stem), MAX_NAME_CHARS - len(end), MAX_NAME_BYTES - _stored_bytes(end)) + end


def _tidy(untrusted_text: str) -> str:
    text = unicodedata.normalize("NFC", plain_name(untrusted_text)).translate(_RESERVED)
    return _fit(" ".join(text.split()).strip(_EDGES), _MAX_STEM_CHARS, MAX_NAME_BYTES)


def _without_suffix(name: str) -> str:
    stem, dot, last = name.rstrip().rpartition(".")
    return stem if f"{dot}{last}".lower() in _SUFFIXES else name


def _fit(text: str, max_chars: int, max_bytes: int) -> str:
    """The longest beginning that keeps within both limits and does not part a letter from its marks."""
    end = min(len(text), max(max_chars, 1))
    while end > 1 and (_stored_bytes(text[:end]) > max_bytes or _splits(text, end)):
        end -= 1
    return text[:end].rstrip(_EDGES) or text[:end]


def _splits(text: str, end: int) -> bool:
    return end < len(text) and unicodedata.combining(text[end]) != 0


def _stored_bytes(text: str) -> int:
    """The larger of the composed and the decomposed form: which one a volume stores is not ours to choose."""
    return max(len(unicodedata.normalize(form, text).encode()) for form in ("NFC", "NFD"))
