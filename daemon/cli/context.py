"""What every command shares: the home it works on, and how it answers."""

from __future__ import annotations

import json
import os
import pwd
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from daemon import egress
from daemon.model.errors import PermanentError
from daemon.serving.caller import note_caller

if TYPE_CHECKING:
    from daemon.config import Home
    from daemon.model.job import JobRow

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


@dataclass(frozen=True, slots=True)
class Invocation:
    """The options before the command."""

    home: Path | None
    config: Path | None

    def load(self) -> Home:
        """The home, as the settings have it; `config-invalid`."""
        from daemon.config import load_home

        return load_home(self.home, self.config)


def home_of(context: typer.Context, *, as_owner: bool = True) -> Home:
    """The home of this invocation.

    An administrator (root) works on it as the account whose state folder it is: what root wrote there, the daemon of that account
    could not write to afterwards. Not with `as_owner` False, for commands that write elsewhere.
    """
    invocation: Invocation = context.obj
    home = invocation.load()
    egress.let_look_up(home.settings.engine.database_url)
    if as_owner:
        _become_owner(home.state)
    return home


def _become_owner(state: Path) -> None:
    try:
        owner = state.stat()
    except OSError:
        return  # not set up yet, or away
    if os.geteuid() != 0 or owner.st_uid == 0:
        return
    note_caller()
    try:
        os.initgroups(pwd.getpwuid(owner.st_uid).pw_name, owner.st_gid)
    except KeyError:  # an account that is gone, or of another machine
        os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)
    # The interpreter's own files, and ours: what is still to be imported must be readable.
    if not all(os.access(file, os.R_OK) for file in (os.__file__, __file__)):
        raise PermanentError("service-blocked")


def say(text: str) -> None:
    """Words for people: stderr, so that stdout stays for results."""
    sys.stderr.write(f"{text}\n")


def leave(row: JobRow) -> NoReturn:
    """End a command that saw one job through: what is not delivered is said in one sentence with its code; `typer.Exit`."""
    if row.state == "delivered":
        raise typer.Exit(0)
    say(f"chartdraft: {PermanentError(row.code or 'internal')}")
    raise typer.Exit(3)


def put(text: str) -> None:
    """A result: stdout."""
    sys.stdout.write(f"{text}\n")


def put_json(data: Any) -> None:
    """A result as one JSON document."""
    put(json.dumps(data, ensure_ascii=False, indent=2))
