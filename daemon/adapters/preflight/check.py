"""How several findings of one matter become one check."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from daemon.model.error_catalog import CATALOG
from daemon.model.preflight_check import Check, Level

SEVERITY: dict[Level, int] = {"refuse": 0, "warn": 1, "ok": 2}
NAMES = "{names}"
"""Stands in a sentence for the folders that it holds for."""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a home, by what they are for."""

    inbox: Path
    outbox: Path
    state: Path

    def named(self) -> tuple[tuple[str, Path], ...]:
        """Name and folder."""
        return (("inbox", self.inbox), ("outbox", self.outbox), ("state", self.state))


def refused(code: str, error: str, mend: str = "") -> Check:
    """A refusal in the words of the error catalog."""
    return Check(code, "refuse", CATALOG[error].sentence, mend, error)


def unknown(code: str, what: str, mend: str = "") -> Check:
    """A warning: this could not be checked."""
    return Check(code, "warn", f"It could not be checked {what}.", mend)


def account_name() -> str:
    """The account that we run as; its number if it has no name. Not what LOGNAME and USER say: those outlive `sudo` and `su`."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def joined(code: str, found: Iterable[tuple[str, Check]], well: str) -> Check:
    """What was found of each folder (by its name) as one check: the worst level, and all that is not well in words.

    What is the same for several folders is said once, with their names. `well` if nothing is wrong.
    """
    names: dict[Check, list[str]] = {}
    for name, check in found:
        names.setdefault(check, []).append(name)
    wrong = [
        replace(check, sentence=_filled(check.sentence, of), mend=check.mend)
        for check, of in sorted(names.items(), key=lambda each: SEVERITY[each[0].level])
        if check.level != "ok"
    ]
    if not wrong:
        return Check(code, "ok", well)
    mends = dict.fromkeys(check.mend for check in wrong if check.mend)
    return Check(code, wrong[0].level, " ".join(c.sentence for c in wrong), "; ".join(mends), wrong[0].error)


def _filled(sentence: str, names: list[str]) -> str:
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]
    filled = sentence.replace(NAMES, listed)
    return filled[:1].upper() + filled[1:]
