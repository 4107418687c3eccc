"""A machine in an office on which Chartdraft is installed: a clone, an application folder, a home, all below one folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.fakes import installed_programs as programs

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """A person's machine with a clone on it: an empty HOME, a compiler that works, fakes for what would be installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.app, self.chart, self.clone = (folder / name for name in ("home", "app", "chart", "clone"))
        fakes = folder / "fakes"
        self.fifo = folder / "fifo"
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "PYTHONPATH": str(fakes),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CXX": str(fakes / "c++"),
            "FAKES": str(fakes),
            "FIFO": str(self.fifo),
        }

    def set_up(self) -> Machine:
        """The clone and the fakes."""
        fakes = self.folder / "fakes"
        for made in (self.home, fakes, self.clone / "daemon", self.clone / "samples"):
            made.mkdir(parents=True)
        for name, text in (
            ("venv.py", programs.VENV),
            ("python", programs.PYTHON),
            ("chartdraft", programs.CHARTDRAFT),
            ("sitecustomize.py", programs.SITE),
        ):
            (fakes / name).write_text(text)
        compiler = fakes / "c++"
        compiler.write_text("#!/bin/sh\ncat >/dev/null\n")
        compiler.chmod(0o755)
        shutil.copytree(ROOT / "scripts", self.clone / "scripts", ignore=shutil.ignore_patterns("__pycache__", "*.tsv"))
        shutil.copytree(ROOT / "requirements", self.clone / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.clone)
        (self.clone / "samples" / "visit-memo.m4a").write_bytes(b"memo")
        self.number("1.0")
        return self

    def copy_to(self, folder: Path) -> Machine:
        """This machine once more, as if everything had happened there."""
        shutil.copytree(self.folder, folder, symlinks=True)
        copy = Machine(folder)
        for file in (copy.app / "install.json", copy.app / "chartdraft", copy.home / "service"):
            file.write_text(file.read_text().replace(str(self.folder), str(folder)))
        [models] = copy.app.glob("versions/*/.venv/share/chartdraft/models")
        models.unlink()
        models.symlink_to(copy.app / "models")
        return copy

    def hang(self, on: str) -> subprocess.Popen[str]:
        """An installation that hangs where the environment's Python is asked for something."""
        os.mkfifo(self.fifo)
        process = self.start("install", "--home", str(self.chart), "--yes", HANG_ON=on)
        self.fifo.open().close()
        return process

    def number(self, version: str) -> None:
        """Let the clone be another version."""
        (self.clone / "daemon" / "__init__.py").write_text(f'__version__ = "{version}"\n')

    def start(self, script: str, *arguments: str, stdin: int = subprocess.DEVNULL, **environment: str):
        command = [str(self.clone / "scripts" / script), "--app", str(self.app), *arguments]
        return subprocess.Popen(
            command,
            env=self.environment | environment,
            stdin=stdin,
            stdout=stdin if stdin != subprocess.DEVNULL else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(script, *arguments, **environment)
        out, said = process.communicate(timeout=60)
        return process.returncode, out, said

    def install(self, *arguments: str, **environment: str) -> str:
        """Install as it should go; what was said."""
        code, out, said = self.run("install", *arguments, **environment)
        assert (code, said) == (0, ""), (out, said)
        return out

    def fresh(self, *arguments: str, **environment: str) -> str:
        return self.install("--home", str(self.chart), "--yes", *arguments, **environment)

    def noted(self, name: str = "commands") -> list[list[str]]:
        """What was asked since this was last called."""
        log = self.home / f"{name}.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return [json.loads(line) for line in lines]

    @property
    def version(self) -> str:
        return (self.app / "current").readlink().name.split("-")[0]

    @property
    def serving(self) -> str:
        """The version that the service runs."""
        service = self.home / "service"
        return Path(service.read_text()).parts[-4].split("-")[0] if service.exists() else ""


def refusal(done: tuple[int, str, str]) -> str:
    """Its one sentence."""
    code, _, said = done
    assert code == 1
    [sentence] = said.splitlines()
    return sentence
