"""Which folders a child needs, and which are a home's own: real paths, since that is what both systems compare."""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.model.reach import Reach

if TYPE_CHECKING:
    from daemon.config import Home

PACKAGE = Path(__file__).resolve().parents[2]
SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime",
    "/etc/mime.types", "/etc/ssl/openssl.cnf", "/sys/devices/system/cpu", "/sys/devices/system/node",
)  # fmt: skip
"""What programs on Linux are made of, and what libraries ask about the processor. No account's files are below these."""
OF_ITS_OWN = (
    "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm/overcommit_memory",
    "/dev/null", "/dev/zero", "/dev/urandom",
)  # fmt: skip
"""What a child on Linux may read besides: of itself, and of the machine what allocators look at."""
_F_GETPATH, _LONGEST = 50, 1024  # of macOS: <sys/fcntl.h>, MAXPATHLEN


def reach(home: Home | None, models: Path) -> Reach:
    """What a child of this home may see. A folder that is not there yet is named as it would be."""
    system = SYSTEM if sys.platform == "linux" else ()
    needed = [Path(path) for path in system] + [Path(sys.base_prefix), Path(sys.prefix), PACKAGE, models]
    readable = dict.fromkeys(true_path(path) for path in needed if path.exists())
    hidden = dict.fromkeys(true_path(path) for path in _own(home)) if home else {}
    return Reach(tuple(readable), tuple(hidden))


def _own(home: Home) -> Iterator[Path]:
    yield from (home.inbox, home.outbox, home.state, home.keys, home.config)
    # Where `init` leaves the recovery key until somebody takes it away.
    yield from (home.inbox.parent / "recovery.txt", home.state.parent / "recovery.txt")
    yield from (folder for folder in (home.checkpoints, home.volume) if folder is not None)


def true_path(path: Path, platform: str = sys.platform) -> Path:
    """The path as the kernel knows it: without links, and on macOS in the folder's own upper and lower case."""
    real = Path(os.path.realpath(path))
    if platform != "darwin":
        return real
    try:
        place = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return real
    try:
        return Path(os.fsdecode(fcntl.fcntl(place, _F_GETPATH, bytes(_LONGEST)).rstrip(b"\0")))
    finally:
        os.close(place)


def links(readable: Reach) -> tuple[tuple[str, Path], ...]:
    """Links on the way to what is readable and to the interpreter, as (what it says, where it lies), without those that lie in
    something readable themselves."""
    found: dict[Path, str] = {}
    for path in (*SYSTEM, sys.executable, sys.prefix, sys.base_prefix):
        found |= _links_on(Path(path))
    return tuple((says, link) for link, says in found.items() if readable.view(link) is None)


def _links_on(path: Path) -> dict[Path, str]:
    found: dict[Path, str] = {}
    at, left = Path("/"), list(path.parts[1:])
    while left and len(found) < 40:  # as many as the kernel follows
        step = at / left.pop(0)
        if step.is_symlink():
            found[step] = says = str(step.readlink())
            left = [*Path(says).parts[says.startswith("/") :], *left]
            at = Path("/") if says.startswith("/") else at
        else:
            at = step.parent.parent if step.name == ".." else step
    return found
