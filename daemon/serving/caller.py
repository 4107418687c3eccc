"""Who asks: the account that a command runs for, for the audit trail.

The kernel's real user id says it, as it was when the process began: an administrator's command goes on as the account that owns the
state folder, and is theirs all the same. `sudo` (man 8 sudo, ENVIRONMENT) tells in SUDO_UID who called it. That is a word of the
environment, which whoever may start a process as this account may choose: it stands apart, as `sudo_by`, and never instead.
"""

from __future__ import annotations

import os
import pwd
import re
from functools import cache

from daemon.model.audit_chain import MAX_VALUE_CHARS, Fact

_UNUSUAL = re.compile(r"[^A-Za-z0-9_.:+/=-]")
_USER_ID = re.compile(r"0|[1-9][0-9]{0,9}")


@cache
def _at_the_beginning() -> tuple[int, str]:
    return os.getuid(), os.environ.get("SUDO_UID", "")


def note_caller() -> None:
    """Remember who began this process; to be called before it becomes another account."""
    _at_the_beginning()


def caller_facts() -> dict[str, Fact]:
    """Facts for an event that a person asked for: `by` (the account's name), `uid`, and after `sudo` also `sudo_by`."""
    user, untrusted_sudo = _at_the_beginning()
    facts: dict[str, Fact] = {"by": account_code(user), "uid": user}
    if _USER_ID.fullmatch(untrusted_sudo) and int(untrusted_sudo) != user:
        facts["sudo_by"] = account_code(int(untrusted_sudo))
    return facts


def account_code(user: int) -> str:
    """An account's name in the letters that an audit fact may have; `uid-N` where there is none by that number."""
    try:
        name = pwd.getpwuid(user).pw_name
    except (KeyError, OverflowError):
        name = ""
    # A directory's accounts may be called DOMAIN\user. Two that come out the same are told apart by their number.
    return _UNUSUAL.sub("_", name)[:MAX_VALUE_CHARS] or f"uid-{user}"
