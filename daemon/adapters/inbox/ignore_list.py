"""What in an inbox is nobody's memo: files that systems, sync tools and half-done copies leave there."""

from __future__ import annotations

import re
from fnmatch import translate

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
COMING = ("*.tmp", "*.part", "*.partial", "*.crdownload", "*.download", "~syncthing~*")
AWAY = ("*.icloud",)
# What systems leave in every folder: it goes with a folder that holds nothing else.
JUNK = (".ds_store", "._*", "thumbs.db", "desktop.ini", "icon\r")


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all: each look at an inbox asks this of every name."""
    return re.compile("|".join(map(translate, patterns)))


_IGNORED, _COMING, _AWAY, _JUNK = map(_any_of, (IGNORED, COMING, AWAY, JUNK))


def is_ignored(untrusted_name: str) -> bool:
    """Whether a name in the inbox is left alone, in any case of its letters."""
    return _IGNORED.match(untrusted_name.lower()) is not None


def is_coming(untrusted_name: str) -> bool:
    """Whether it is a copy that is not finished."""
    return _COMING.match(untrusted_name.lower()) is not None


def is_away(untrusted_name: str) -> bool:
    """Whether it stands for a file that is only in the cloud."""
    return _AWAY.match(untrusted_name.lower()) is not None


def is_junk(untrusted_name: str) -> bool:
    """Whether a system leaves it in every folder, and nobody misses it."""
    return _JUNK.match(untrusted_name.lower()) is not None
