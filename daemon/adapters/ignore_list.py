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
)


def is_ignored(untrusted_name: str) -> bool:
    """Whether a name in the inbox is left alone, in any case of its letters."""
    name = untrusted_name.lower()
    return any(fnmatchcase(name, pattern) for pattern in IGNORED)
