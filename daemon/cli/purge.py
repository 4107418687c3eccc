"""`chartdraft purge`: delete from the vault what was delivered and whose time is over."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say

if TYPE_CHECKING:
    from daemon.steps.purge import Purged

AT_ONCE = 500
LIMITS = (
    "What is deleted was ciphertext, and is unlinked: its bytes may stay on an SSD, in a snapshot or in a backup. What lay under a "
    "day's key that was destroyed can be opened by nobody, except where a backup or a snapshot has that key's file and "
    "somebody has this machine's key or the recovery key. Delivered drafts in the outbox, and the audit trail, are not touched."
)


def purge(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete from the vault what was delivered longer ago than the settings keep it; the daemon does so daily."""
    from daemon import wiring
    from daemon.serving.caller import caller_facts

    home = home_of(context)
    run = wiring.purge(home, said_by=caller_facts(), dry=dry_run)
    while run.some(AT_ONCE):
        pass
    kept = home.settings.retention
    if as_json:
        put_json({"dry_run": dry_run, "retention": kept.model_dump(), **asdict(run.purged)})
        return
    for line in lines(run.purged, dry=dry_run):
        put(line)
    if not (kept.originals_days or kept.drafts_days):
        say("The settings keep everything that was drafted: [retention] originals_days and drafts_days are 0.")
    if not dry_run:
        say(LIMITS)


def lines(purged: Purged, *, dry: bool) -> list[str]:
    """What was done, for people."""
    done = "Would be deleted" if dry else "Deleted"
    said = [
        f"{done}: {_count(purged.originals, 'original')} and {_count(purged.made, 'reading, draft or manifest', 'readings, drafts and manifests')} "
        f"of {_count(purged.jobs, 'job')}; {_count(purged.leftovers, 'leftover')} that no job names.",
        f"Keys of days {'that would be ' if dry else ''}destroyed: {purged.day_keys}.",
    ]
    if purged.undrafted:
        said.append(
            f"Kept, whatever their age: {_count(purged.undrafted, 'item')} that {_was(purged.undrafted)} not drafted yet."
        )
    if purged.unclear:
        said.append(
            "Nothing was taken for a leftover, and no day's key destroyed: a manifest that is still needed cannot be read, or the vault "
            "holds items that this machine's list of jobs may not know. Where several machines share a queue that is so always; "
            "elsewhere please restore the whole state folder from one backup."
        )
    return said


def _count(number: int, one: str, more: str = "") -> str:
    return f"{number} {one}" if number == 1 else f"{number} {more or one + 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
