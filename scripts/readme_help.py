"""The help of every command and the table of checks as README.md shows them; `scripts/update-readme` writes them there, tests compare them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- help: scripts/update-readme writes this -->\n", "<!-- /help -->\n"
CHECKS_BEGIN, CHECKS_END = "<!-- checks: scripts/update-readme writes this -->\n", "<!-- /checks -->\n"
COLUMNS = "80"


def command_paths() -> Iterator[tuple[str, ...]]:
    """Every command as the words that lead to it: first (), the program itself; a group before its commands."""
    from typer.main import get_command

    from daemon.cli.main import app

    waiting: list[tuple[tuple[str, ...], object]] = [((), get_command(app))]
    while waiting:
        path, command = waiting.pop(0)
        yield path
        inner = getattr(command, "commands", {})
        waiting = [((*path, name), each) for name, each in inner.items()] + waiting


def help_block() -> str:
    """What stands between the markers: one fenced block, 80 columns wide."""
    from typer.testing import CliRunner

    from daemon.cli.main import app

    runner, parts = CliRunner(), []
    for path in command_paths():
        done = runner.invoke(app, [*path, "--help"], prog_name="chartdraft", env={"COLUMNS": COLUMNS, "LINES": "50"})
        if done.exit_code != 0:
            raise RuntimeError(f"`{' '.join(path)} --help` ended with {done.exit_code}")
        parts.append(f"$ {' '.join(('chartdraft', *path, '--help'))}\n{done.output.strip()}\n")
    return "```\n" + "\n".join(parts) + "```\n"


def with_help(readme: str) -> str:
    """README's text with the block of help between its markers replaced. ValueError without the markers."""
    return _between(readme, BEGIN, END, help_block())


def with_checks(readme: str) -> str:
    """README's text with the table of what `doctor` checks replaced. ValueError without its markers."""
    from daemon.adapters.preflight.codes import markdown_table

    return _between(readme, CHECKS_BEGIN, CHECKS_END, "".join(f"{line}\n" for line in markdown_table()))


def _between(readme: str, begin: str, end: str, block: str) -> str:
    before, rest = readme.split(begin)
    _, after = rest.split(end)
    return before + begin + block + end + after


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    README.write_text(with_checks(with_help(README.read_text(encoding="utf-8"))), encoding="utf-8")
