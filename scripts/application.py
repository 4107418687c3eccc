"""The application folder: what `scripts/install` makes of a clone, and `scripts/uninstall` removes.

| in the folder | what |
|---|---|
| `versions/<version>-<digest>/` | the files of one version, with a virtual environment of their own |
| `current` | a link to the version in use; switched in one step |
| `models/` | the models, one copy for all versions |
| `chartdraft` | the command, for this installation's home |
| `install.json` | what was chosen: the home, and whether it serves the whole machine |

Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from setup_tools import SetupError

# Neither is needed to run; the rest is a tenth of a percent of what the environment takes.
_LEFT_OUT = ("tests", "build")
_MADE_HERE = re.compile(r"\.(?!gitignore$).*|__pycache__|.*\.egg-info")
# All that an application folder holds, with what a killed installation may leave in it.
_OURS = (
    "versions",
    "current",
    "models",
    "chartdraft",
    "install.json",
    ".current",
    ".chartdraft",
    ".install.json",
    ".lock",
)
# A folder's name stands in a shell's command lines, and in PATH: pip quotes a blank there, and none of these.
_UNFIT = re.compile(r"[\x00-\x1f\x7f\"$`\\:\ud800-\udfff]")

# An update of the system may take away the Python that the environment was made with.
_COMMAND = """\
#!/bin/sh
if [ ! -x {python} ]; then
    echo "Chartdraft's Python is not there any more, as after an update of Python; please run scripts/install again." >&2
    exit 127
fi
exec {command} "$@"
"""


@dataclass(frozen=True)
class Choices:
    """What the person chose, kept for upgrades and for uninstalling. `home` empty: the usual places."""

    home: str = ""
    system: bool = False
    service: bool = False

    @property
    def arguments(self) -> list[str]:
        """What every `chartdraft` command of this installation begins with."""
        return ["--home", self.home] if self.home else []


class Application:
    """One application folder, which need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.versions = root / "versions"
        self.models = root / "models"
        self.current = root / "current"
        self._record = root / "install.json"

    def expect_fit(self) -> None:
        """Refuse a folder that cannot become an application folder, or holds something else. Raises SetupError."""
        if _UNFIT.search(str(self.root)):
            raise SetupError(
                "the application folder's name holds a sign that programs stumble over; please choose another --app."
            )
        names = {path.name for path in self.root.iterdir()} - {".DS_Store"} if self.root.is_dir() else set()
        begun = ".lock" in names and names <= set(_OURS)
        if names and not (begun or self._record.name in names):
            raise SetupError(f"{self.root} holds other things; please name an empty or a new folder with --app.")

    def remove(self) -> list[Path]:
        """Remove what an installation put here, and the folder if that leaves it empty; after a death it can be repeated.

        What lies beside that is somebody's own, and stays: its paths. Links are removed, not what they lead to.
        """
        for name in ("versions", "models", "chartdraft", ".chartdraft", ".current", ".install.json"):
            _remove(self.root / name)
        for name in ("current", "install.json", ".lock"):
            _remove(self.root / name)
        left = sorted(self.root.iterdir())
        if not left and not self.root.is_symlink():
            self.root.rmdir()
        return left

    def choices(self) -> Choices | None:
        """What was chosen when it was installed; None if it never was. Raises SetupError if the record is unreadable."""
        try:
            return Choices(**json.loads(self._record.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as error:
            raise SetupError(
                f"{self._record} cannot be read; please remove it and run scripts/install again."
            ) from error

    def record(self, choices: Choices) -> None:
        """Keep what was chosen, and the command that goes with it."""
        _replace(self._record, json.dumps(asdict(choices), indent=2) + "\n", 0o644)
        command = shlex.join([str(self.current / ".venv" / "bin" / "chartdraft"), *choices.arguments])
        python = shlex.quote(str(self.current / ".venv" / "bin" / "python"))
        _replace(self.command, _COMMAND.format(python=python, command=command), 0o755)

    @property
    def command(self) -> Path:
        """What a person types: the current version, with this installation's home."""
        return self.root / "chartdraft"

    def in_use(self) -> Path | None:
        """The folder of the version in use."""
        return self.versions / self.current.readlink().name if self.current.is_symlink() else None

    def switch(self, version: Path) -> None:
        """Make a version the one in use: before this, the other is; after it, this one; nothing between."""
        temporary = self.root / ".current"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(Path("versions") / version.name)
        temporary.replace(self.current)

    def remove_others(self, version: Path) -> None:
        """Remove every version but this one."""
        for other in self.versions.iterdir():
            if other != version:
                _remove(other)

    @contextmanager
    def alone(self) -> Iterator[int]:
        """Hold the folder against another installation. Raises SetupError if one is under way.

        Yields the lock's descriptor: a child that is given it holds the lock, too, should this process be killed.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SetupError(f"another installation into {self.root} is under way.") from None
            yield lock.fileno()


def default_root(*, system: bool) -> Path:
    """Where the application folder lies: on a Mac in Application Support, else as the XDG and FHS rules have it."""
    if platform.system() == "Darwin":
        base = Path("/Library") if system else Path.home() / "Library"
        return base / "Application Support" / "Chartdraft App"
    if system:
        return Path("/opt/chartdraft")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "chartdraft-app"


def files_of(clone: Path) -> list[Path]:
    """The files that a version consists of, relative: those that Git tracks, or, without Git, all that nobody made here."""
    listed = (
        subprocess.run(["git", "-C", str(clone), "ls-files", "-z"], capture_output=True, check=False)
        if ((clone / ".git").exists() and shutil.which("git"))
        else None
    )
    if listed and listed.returncode == 0:
        names = [Path(os.fsdecode(name)) for name in listed.stdout.split(b"\0") if name]
    else:
        names = [path.relative_to(clone) for path in clone.rglob("*")]
        names = [name for name in names if not any(map(_MADE_HERE.fullmatch, name.parts))]
    return sorted(name for name in names if name.parts[0] not in _LEFT_OUT and (clone / name).is_file())


def name_of(clone: Path, files: list[Path]) -> str:
    """A version's name: its number, and a digest over the names and contents of its files."""
    digest = hashlib.sha256()
    for name in files:
        digest.update(str(name).encode() + b"\0" + hashlib.sha256((clone / name).read_bytes()).digest())
    found = re.search(r'__version__ = "([\w.+-]+)"', (clone / "daemon" / "__init__.py").read_text(encoding="utf-8"))
    return f"{found[1] if found else '0'}-{digest.hexdigest()[:12]}"


def copy_version(clone: Path, application: Application) -> Path:
    """Copy a clone's files into the application folder; what is there and the same is left alone. Its folder there."""
    files = files_of(clone)
    target = application.versions / name_of(clone, files)
    for name in files:
        source, copy = clone / name, target / name
        if copy.is_file() and copy.read_bytes() == source.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, copy)
        # Git's two modes, however the clone was made: nobody else writes it, the service's account reads it.
        copy.chmod(0o755 if source.stat().st_mode & 0o100 else 0o644)
    return target


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _replace(path: Path, text: str, mode: int) -> None:
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(mode)
    temporary.replace(path)
