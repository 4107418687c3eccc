"""`chartdraft audit`: who did what, when, and the proof that it was not edited."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from daemon.cli.context import AsJson, home_of, put, put_json, say

if TYPE_CHECKING:
    from daemon.model.tlog_proof import EventProof, GrowthProof

app = typer.Typer(help="The audit trail.", no_args_is_help=True, rich_markup_mode=None)
INTEGRITY_EXIT_CODE = 4


@app.command("verify")
def verify(
    context: typer.Context,
    against: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="A checkpoint that was kept elsewhere.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every line, the chain and the signed checkpoint; names the first line that does not hold."""
    from daemon.keeping import upkeep

    report = upkeep.verify_audit(home_of(context), against)
    if as_json:
        put_json(report)
    elif report["ok"]:
        put(f"ok: {report['lines']} events, {report['checkpoint_lines']} of them under a signed checkpoint")
        put(report["in_words"])
    else:
        put(": ".join(filter(None, [report["file"], report["line"] and f"line {report['line']}", report["code"]])))
    raise typer.Exit(0 if report["ok"] else INTEGRITY_EXIT_CODE)


@app.command("show")
def show(
    context: typer.Context, last: Annotated[int, typer.Option(help="How many of the last events.", min=1)] = 50
) -> None:
    """Show the last events."""
    from daemon.keeping import upkeep

    for line in upkeep.last_events(home_of(context), last):
        put(_printable(line))


def _printable(untrusted_line: bytes) -> str:
    """An event's line has printable ASCII alone; what somebody else put in its place must not speak to the terminal."""
    return "".join(chr(each) if 32 <= each < 127 else f"\\x{each:02x}" for each in untrusted_line)


@app.command("export")
def export(
    context: typer.Context,
    format_: Annotated[
        Literal["jsonl", "fhir"],
        typer.Option(
            "--format", help="jsonl: the trail itself, which verifies; fhir: R4 AuditEvent resources, one a line."
        ),
    ] = "jsonl",
) -> None:
    """Write the whole trail to stdout."""
    from daemon.keeping import upkeep

    untold = upkeep.export_audit(home_of(context), sys.stdout.buffer, format_)
    if untold:
        say(f"chartdraft: this export is not in the trail itself ({untold})")


@app.command("checkpoint")
def checkpoint(context: typer.Context) -> None:
    """Sign the trail as it is now and print the checkpoint: keep it somewhere else."""
    from daemon.keeping import upkeep

    put(upkeep.sign_checkpoint(home_of(context)).rstrip("\n"))


@app.command("prove")
def prove(
    context: typer.Context,
    seq: Annotated[int, typer.Argument(metavar="SEQ", help="The event's number, as its line has it (from 0).", min=0)],
    under: Annotated[
        Path | None, typer.Option(metavar="CHECKPOINT", help="Under this checkpoint, not under the last one signed.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print the proof that one event is in the trail (C2SP tlog-proof): keep it in a file *.tlog-proof."""
    from daemon.keeping import upkeep

    _put_proof(upkeep.prove_event(home_of(context), seq, under), as_json=as_json)


@app.command("consistency")
def consistency(
    context: typer.Context,
    old: Annotated[Path, typer.Argument(metavar="OLD_CHECKPOINT", help="A checkpoint that was kept elsewhere.")],
    as_json: AsJson = False,
) -> None:
    """Print the proof that the trail only grew since an older checkpoint (as C2SP tlog-witness takes it)."""
    from daemon.keeping import upkeep

    _put_proof(upkeep.prove_growth(home_of(context), old), as_json=as_json)


def _put_proof(proof: EventProof | GrowthProof, *, as_json: bool) -> None:
    put_json(proof.json()) if as_json else put(proof.text().rstrip("\n"))


@app.command("check-proof")
def check_proof(
    context: typer.Context,
    proof: Annotated[Path, typer.Argument(metavar="PROOF", help="What `prove` or `consistency` printed.")],
    since: Annotated[
        Path | None, typer.Option(metavar="OLD_CHECKPOINT", help="The checkpoint that a consistency proof begins at.")
    ] = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A copy of audit-verifier.txt, where there is no home.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a proof, on any machine: it needs the public key alone, and not the trail."""
    from daemon.keeping import upkeep

    proven = upkeep.check_proof(upkeep.audit_key(lambda: home_of(context), key), proof, since)
    if as_json:
        put_json({"ok": True, **proven})
    elif "line" in proven:
        put(f"ok: event {proven['seq']} is in the trail of {proven['checkpoint_lines']} events that was signed")
        put(str(proven["line"]))
    else:
        put(f"ok: the trail of {proven['old_lines']} events grew to {proven['checkpoint_lines']}, and only grew")
