"""Arguments of the command line are read without the library by which Typer would check them, and mean the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.core import TyperCommand
from typer.testing import CliRunner

from daemon.cli.quick_arguments import QuickCommand

_LOADED = """
import sys
from daemon.cli.main import app
try:
    app(["check", *sys.argv[1:]], prog_name="chartdraft")
except SystemExit as leaving:
    print(leaving.code, "pydantic" in sys.modules)
"""


def _app(cls: type[TyperCommand]) -> typer.Typer:
    app = typer.Typer()

    @app.command(cls=cls)
    def show(note: Path, other: Path | None = None, there: Annotated[Path | None, typer.Option(exists=True)] = None,
             often: int = 1, names: list[Path] | None = None) -> None:  # fmt: skip
        typer.echo(repr((note, other, there, often, names)))

    return app


def test_a_check_loads_no_library_for_its_arguments(tmp_path: Path) -> None:
    (tmp_path / "note").write_text("He takes aspirin.")
    (tmp_path / "source").write_text("Doctor: He takes aspirin.")
    told = [str(tmp_path / "note"), "--source", str(tmp_path / "source")]
    ran = subprocess.run([sys.executable, "-c", _LOADED, *told], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 False"


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["-"],
        ["here"],
        ["not-there", "--other", "here"],
        ["", "--other", ""],
        ["here", "--there", "not-there"],
        ["here", "--there", "here"],
        ["here", "--often", "x"],
        ["here", "--often", "3", "--names", "a", "--names", "here"],
        ["here", "too-much"],
        ["--help"],
    ],
)
def test_what_is_given_means_what_it_means_to_typer(given: list[str], tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    words = [str(tmp_path / word) if word in {"here", "not-there"} else word for word in given]
    quick, plain = (CliRunner().invoke(_app(cls), words) for cls in (QuickCommand, TyperCommand))
    assert (quick.exit_code, quick.output) == (plain.exit_code, plain.output)
