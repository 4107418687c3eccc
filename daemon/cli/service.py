"""`chartdraft service`: the daemon as a service that the machine starts and keeps running."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from daemon.cli.context import AsJson, Invocation, put, put_json, say

if TYPE_CHECKING:
    from daemon.keeping.background import Asked
    from daemon.model.background_service import ServiceState

app = typer.Typer(
    help="Run in the background, from when the machine starts or you log in.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
ForMachine = Annotated[
    bool, typer.Option("--system", help="For the whole machine, under an account of its own; needs sudo and --home.")
]
WhichOne = Annotated[bool, typer.Option("--system", help="The one of the whole machine, where both are installed.")]
NOT_RUNNING_EXIT_CODE = 3


@app.command("install")
def install(context: typer.Context, system: ForMachine = False) -> None:
    """Install and start it, in place of an older one. Safe to repeat."""
    from daemon.keeping import background

    machine = background.this_machine()
    asked = _asked(context, system=system)
    remarks = background.install(asked, machine)
    put(f"installed {machine.manager(system=system).file}")
    put(f"inbox     {asked.home.inbox}")
    for remark in remarks:
        say(remark)


@app.command("uninstall")
def uninstall(system: WhichOne = False) -> None:
    """Stop and remove it. The home, with its vault and keys, stays as it is."""
    from daemon.keeping import background

    there = background.uninstall(background.this_machine(), system=system or None)
    put("The background service is removed." if there else "There was no background service to remove.")


@app.command("restart")
def restart(system: WhichOne = False) -> None:
    """Start it anew, as after an upgrade or a change of the settings."""
    from daemon.keeping import background

    background.restart(background.this_machine(), system=system or None)
    put("The background service starts anew.")


@app.command("plist")
def plist(context: typer.Context, system: ForMachine = False) -> None:
    """Print what would be installed: a property list on macOS, a systemd unit on Linux."""
    from daemon.keeping import background

    machine = background.this_machine()
    plan = _asked(context, system=system).plan(machine)
    put(machine.manager(system=system).text(plan).decode().rstrip("\n"))


@app.command("status")
def status(system: WhichOne = False, as_json: AsJson = False) -> None:
    """Say whether it is installed and runs, since when, and how it ended the last time."""
    from daemon.keeping import background

    machine = background.this_machine()
    found = background.state(machine, system=system or None)
    version = background.version_of(found, machine)
    if as_json:
        put_json(_as_data(found, version))
    else:
        _show(found, version)
    raise typer.Exit(0 if found.running else NOT_RUNNING_EXIT_CODE)


def _asked(context: typer.Context, *, system: bool) -> Asked:
    from daemon.keeping.background import Asked

    invocation: Invocation = context.obj
    return Asked(invocation.load(), invocation.home, invocation.config, system)


def _as_data(found: ServiceState, version: str) -> dict[str, object]:
    from daemon.model.background_service import end_in_words, state_in_words

    since = found.since.isoformat(timespec="seconds").replace("+00:00", "Z") if found.since else None
    paths = {"file": str(found.file), "home": found.option("--home"), "config": found.option("--config")}
    words = {"sentence": state_in_words(found), "last_end": end_in_words(found)}
    return asdict(found) | {"command": list(found.command), "since": since, "version": version} | paths | words


def _show(found: ServiceState, version: str) -> None:
    from daemon.model.background_service import end_in_words, state_in_words

    put(state_in_words(found))
    ended = end_in_words(found)
    facts = {
        "version": version,
        "home": found.option("--home") or ("the usual one of its account" if found.installed else ""),
        "settings": found.option("--config"),
        "file": str(found.file) if found.installed else "",
        "restarts": str(found.restarts) if found.restarts else "",
        "last time": ended,
    }
    for name, value in facts.items():
        if value:
            put(f"{name:<9} {value}")
    if found.installed and not found.running and ended:
        put("It is started again every 30 seconds for as long as that lasts.")
