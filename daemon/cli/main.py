"""The entry point: the commands, and the one place where errors become exit codes."""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from daemon import __version__, egress
from daemon.cli import (
    audit,
    bench,
    check,
    doctor,
    documents,
    draft,
    init,
    models,
    purge,
    rekey,
    retry,
    run,
    seal,
    service,
    status,
)
from daemon.cli import eval as eval_command
from daemon.cli import open as open_command
from daemon.cli.context import Invocation, say
from daemon.cli.quick_arguments import QuickCommand, QuickGroup
from daemon.model.errors import ChartdraftError
from daemon.model.log_line import class_said

INTERNAL_EXIT_CODE = 3

app = typer.Typer(
    name="chartdraft",
    cls=QuickGroup,
    help="Drafts for a clinician's review, made on this machine alone from voice memos and scanned forms.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("init")(init.init)
app.command("run")(run.run)
app.command("draft")(draft.draft)
app.command("status")(status.status)
app.command("open")(open_command.open_job)
app.command("retry")(retry.retry)
app.command("check", cls=QuickCommand)(check.check)
app.command("seal")(seal.seal)
app.command("rekey")(rekey.rekey)
app.command("purge")(purge.purge)
app.add_typer(audit.app, name="audit")
app.add_typer(models.app, name="models")
app.add_typer(documents.app, name="documents")
app.add_typer(eval_command.app, name="eval")
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
app.add_typer(service.app, name="service")


def _print_version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"chartdraft {__version__}\n")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep everything below DIR: inbox, outbox, state, config.toml.")
    ] = None,
    config: Annotated[Path | None, typer.Option(metavar="FILE", help="Read the settings from FILE.")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Drafts for a clinician's review, made on this machine alone from voice memos and scanned forms."""
    context.obj = Invocation(home, config)


def keep_to_ourselves() -> None:
    """What this process holds of patients leaves it by no side way: no core dump, no file that others may read, and of
    an error in a thread only its class, since its message may quote a document or a file's name."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(
        OSError
    ):  # Linux: a dump that goes to a program heeds no limit (core(5)); then it holds no memory. Children inherit it.
        Path("/proc/self/coredump_filter").write_text("0")
    os.umask(0o077)
    sys.excepthook = lambda kind, *_: say(f"chartdraft: it ended ({class_said(kind)})")
    threading.excepthook = lambda failed: say(f"chartdraft: a thread ended ({class_said(failed.exc_type)})")
    sys.unraisablehook = lambda failed: say(f"chartdraft: cleaning up failed ({class_said(failed.exc_type)})")
    # Without a handler Python prints other libraries' records and warnings, whose texts are not ours, to stderr.
    logging.getLogger().addHandler(logging.NullHandler())
    logging.captureWarnings(True)


def main() -> None:
    """Run one command. Every error is one sentence with a stable code, on stderr."""
    egress.close()
    keep_to_ourselves()
    try:
        _run()
    except SystemExit as leaving:
        _abandon_threads(leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None))
        raise


def _run() -> None:
    try:
        app(prog_name="chartdraft")
    except ChartdraftError as error:
        say(f"chartdraft: {error}")
        sys.exit(error.text.exit_code)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - the last line; the class alone, since a message may quote a document
        say(
            f"chartdraft: Something went wrong inside Chartdraft ({class_said(type(error))}); nothing is lost. (internal)"
        )
        sys.exit(INTERNAL_EXIT_CODE)


def _abandon_threads(code: int) -> None:
    """Leave without waiting for work of other jobs under way, which is durable: Python would join its threads for ever."""
    if threading.active_count() == 1:
        return
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
