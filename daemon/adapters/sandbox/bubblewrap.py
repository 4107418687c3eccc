"""Linux, where bubblewrap is installed and works: a tree of its own for the child, that holds only what it needs.

Own namespaces of everything (users, processes, network, IPC, host name, control groups), no capability, and no place to write:
even the root of its tree is read-only. Options: bwrap(1), of version 0.4 and later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from daemon.model.reach import Reach

DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"))
_ALONE = ("--unshare-all", "--die-with-parent", "--cap-drop", "ALL")


def command_line(bwrap: Path, reach: Reach, links: Sequence[tuple[str, Path]], inside: Sequence[str]) -> list[str]:
    """`inside`, in a tree of what is readable. `links` are those of the root folder (`/lib` → `usr/lib`).

    No `--new-session`: the daemon has started bwrap in a session of its own, and ends it by its process group.
    """
    return [str(bwrap), *_ALONE, *_tree(reach, links), "--chdir", "/", "--", *inside]


def _tree(reach: Reach, links: Sequence[tuple[str, Path]]) -> Iterator[str]:
    yield from ("--proc", "/proc")
    for device in DEVICES:
        yield from ("--dev-bind", str(device), str(device))
    for target, link in links:
        yield from ("--symlink", target, str(link))
    for path, view in reach.views():
        if view == "readable":
            yield from ("--ro-bind", str(path), str(path))
        elif any(path.is_relative_to(readable) for readable in reach.readable):
            yield from _covered(path)
    yield from ("--remount-ro", "/")


def _covered(path: Path) -> Iterator[str]:
    """Something hidden inside of something readable: an empty folder, or an empty file, lies over it."""
    if path.is_dir():
        yield from ("--tmpfs", str(path), "--remount-ro", str(path))
    elif path.exists():
        yield from ("--ro-bind", "/dev/null", str(path))
