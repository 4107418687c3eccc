"""Patterns that are compiled when they are first asked: a long one takes milliseconds, and many a text never needs it."""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Stands for a pattern until it is used; then its methods are the pattern's own."""

    def __init__(self, pattern: str, flags: re.RegexFlag) -> None:
        self._given = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        setattr(self, name, found)
        return found


def late(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """As `re.compile`, at its first use. A pattern that is wrong raises `re.error` only then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
