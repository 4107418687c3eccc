"""Which isolation this machine has: tried out, once in a process."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.adapters.sandbox import bubblewrap, places, seatbelt
from daemon.adapters.sandbox.command import INTERPRETER, EngineCommand, child_command
from daemon.model.reach import Reach, carve

if TYPE_CHECKING:
    from daemon.config import Home

CommandLine = Callable[[EngineCommand], list[str]]

BUBBLEWRAP, SEATBELT = "bubblewrap", "sandbox-exec"
_TRIAL_SECONDS = 20.0
_BWRAP_PLACES = "/usr/bin:/usr/local/bin:/bin"
_TRY_NETWORK = (
    "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x50000000) != 0)"  # CLONE_NEWUSER | CLONE_NEWNET
)
_WORDS = {"network": "a network namespace"}


@dataclass(frozen=True, slots=True)
class Isolation:
    """How children are shut in: by which layers, the outermost first, and the command line that does it."""

    layers: tuple[str, ...]
    command_line: CommandLine

    @property
    def name(self) -> str:
        """For people: "bubblewrap, landlock and seccomp"."""
        words = [_WORDS.get(layer, layer) for layer in self.layers]
        return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:]))) or "nothing"


NO_ISOLATION = Isolation((), child_command)


def isolation(home: Home | None, models: Path) -> Isolation:
    """The strongest that works here, for the children of a home; `models` may be read."""
    if sys.platform == "darwin":
        if not _works(tuple(seatbelt.trial())):
            return NO_ISOLATION
        return Isolation(
            (SEATBELT,), lambda command: seatbelt.command_line(command, lambda: places.reach(home, models))
        )
    return _linux(places.reach(home, models))


@functools.lru_cache(maxsize=8)
def _linux(reach: Reach) -> Isolation:
    inner, bwrap = inner_layers(), shutil.which("bwrap", path=_BWRAP_PLACES)
    if bwrap is not None:
        trial = bubblewrap.command_line(Path(bwrap), reach, places.links(reach), [sys.executable, "-I", "-S", "-c", ""])
        if _works(tuple(trial)):
            return linux((BUBBLEWRAP, *inner), reach, Path(bwrap))
    if "landlock" not in inner and _works((sys.executable, "-I", "-S", "-c", _TRY_NETWORK)):
        inner = ("network", *inner)
    return linux(inner, reach)


def linux(layers: Sequence[str], reach: Reach, bwrap: Path = Path("/usr/bin/bwrap")) -> Isolation:
    """These layers, whether they are enough or not."""

    def command_line(command: EngineCommand) -> list[str]:
        inside = [layer for layer in layers if layer != BUBBLEWRAP]
        entered = _entered(command, inside, reach)
        if BUBBLEWRAP not in layers:
            return entered
        return bubblewrap.command_line(bwrap, reach, places.links(reach), entered)

    return Isolation(tuple(layers), command_line)


def inner_layers() -> tuple[str, ...]:
    """What the kernel lets a process do to itself."""
    from daemon.adapters.sandbox import landlock, system_calls

    has_seccomp = system_calls.known_machine(os.uname().machine) and Path("/proc/sys/kernel/seccomp").is_dir()
    return (*(["landlock"] if landlock.version() else []), *(["seccomp"] if has_seccomp else []))


def _entered(command: EngineCommand, layers: Sequence[str], reach: Reach) -> list[str]:
    readable = [str(path) for path in carve(reach, _children)]
    limits = ["+".join(layers), str(_most_data(command.max_resident_bytes))]
    launcher = [*INTERPRETER, "daemon.adapters.sandbox.enter"]
    return [*launcher, *limits, *readable, *places.OF_ITS_OWN, "--", *command.arguments]


def _children(folder: Path) -> list[Path]:
    """Without links: what one leads to would be let in by its name here. What cannot be listed holds nothing for a child."""
    try:
        return [path for path in folder.iterdir() if not path.is_symlink()]
    except OSError:
        return []


def _most_data(resident: int) -> int:
    """The kernel counts what is asked for, the daemon what is used, which is less: this stands behind the daemon's own limit."""
    return resident + resident // 2 + 1_000_000_000


def _works(command: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
            check=False,
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
