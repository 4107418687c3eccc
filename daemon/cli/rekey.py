"""`chartdraft rekey`: new keys for all that is sealed, and the old ones destroyed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.context import home_of, put, say

if TYPE_CHECKING:
    from daemon.keeping.rekeying import Phase

_DOING = {"sealing": "sealed anew", "checking": "opened with the new keys"}


def rekey(
    context: typer.Context,
    recovery_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Make a new recovery key too, and write it to FILE, once.")
    ] = None,
    keep_recovery: Annotated[bool, typer.Option("--keep-recovery", help="Keep the recovery key.")] = False,
    remove_unreadable: Annotated[
        bool, typer.Option("--remove-unreadable", help="Remove sealed files that no key opens any more.")
    ] = False,
) -> None:
    """Change this machine's key and seal everything anew; the old key opens nothing afterwards.

    The service must be stopped meanwhile. Interrupted, it goes on where it stopped when it is run again.
    """
    from daemon.keeping import rekeying

    wish = rekeying.Wish(recovery_out.absolute() if recovery_out else None, keep_recovery, remove_unreadable)
    home = home_of(context)
    done = rekeying.rekey(home, wish, _progress)
    put(f"files     {done.blobs} sealed anew, each opened with the new keys")
    if done.removed:
        put(f"removed   {done.removed} that no key opened")
    put(f"senders   {home.inbox / 'RECIPIENT.txt'}: please give it to whoever seals files for this inbox")
    if recovery_out:
        put(f"recovery  {recovery_out.absolute()}")
        say(
            "Move the recovery file off this machine (a USB stick in a safe): it opens everything if this machine is lost."
        )
    say("Backups from before can still be opened with the old keys: keep or destroy those keys as you do the backups.")


def _progress(phase: Phase, done: int, of: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {of} {_DOING[phase]}" + ("\n" if done == of else ""))
