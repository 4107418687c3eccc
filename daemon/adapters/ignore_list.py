"""What in an inbox is nobody's memo: files that systems, sync tools and half-done copies leave there."""

from __future__ import annotations

from fnmatch import fnmatchcase

# Dot-files cover `._*` (AppleDouble), `.DS_Store`, `.stfolder`, `.syncthing.*` and iCloud's `.name.icloud` placeholders.
IGNORED = (
    ".*",
    "*.icloud",
    "~syncthing~*",
    "~$*",
    "*.tmp",
    "*.part",
    "*.partial",
    "*.crdownload",
    "*.download",
    "@eadir",
    "#recycle",
    "thumbs.db",
    "desktop.ini",
    "icon\r",
    "recipient.txt",
    "readme.txt",
)
# Of these, what is still on its way here: a packet waits for it. A name in iCloud stands for a file whose content is elsewhere.
_COMING = ("*.tmp", "*.part", "*.partial", "*.crdownload", "*.download", "~syncthing~*")
_AWAY = ("*.icloud",)
# What systems leave in every folder: it goes with a folder that holds nothing else.
_JUNK = (".ds_store", "._*", "thumbs.db", "desktop.ini", "icon\r")


def is_ignored(untrusted_name: str) -> bool:
    """Whether a name in the inbox is left alone, in any case of its letters."""
    return _matches(untrusted_name, IGNORED)


def is_coming(untrusted_name: str) -> bool:
    """Whether it is a copy that is not finished."""
    return _matches(untrusted_name, _COMING)


def is_away(untrusted_name: str) -> bool:
    """Whether it stands for a file that is only in the cloud."""
    return _matches(untrusted_name, _AWAY)


def is_junk(untrusted_name: str) -> bool:
    """Whether a system leaves it in every folder, and nobody misses it."""
    return _matches(untrusted_name, _JUNK)


def _matches(untrusted_name: str, patterns: tuple[str, ...]) -> bool:
    name = untrusted_name.lower()
    return any(fnmatchcase(name, pattern) for pattern in patterns)
