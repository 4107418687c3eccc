"""Trying to break out: what every start and `doctor` ask a child, to see whether it is shut in. Keeps nothing it gets at."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

CONNECT_SECONDS = 2.0
SILENCE_SECONDS = 0.2


def handle(header: dict[str, Any]) -> dict[str, Any]:
    """Whether each try came about. `ways`: where the witness listens; `files` to read, `folders` to list, `writing`: to make."""
    ways = dict(header["ways"])
    tries: dict[str, Callable[[], None]] = {
        "tcp4": lambda: _connect(socket.AF_INET, ("127.0.0.1", int(ways["tcp4"]))),
        "tcp6": lambda: _connect(socket.AF_INET6, ("::1", int(ways["tcp6"]))),
        "udp": lambda: _send(("127.0.0.1", int(ways["udp"]))),
        "unix": lambda: _connect(socket.AF_UNIX, str(ways["unix"])),
        "abstract": lambda: _connect(socket.AF_UNIX, str(ways["abstract"])),
    }
    told = {way: _comes_about(tries[way]) for way in ways if way in tries}
    return told | {
        "files": _any_comes_about(_read, header["files"]),
        "folders": _any_comes_about(os.listdir, header["folders"]),
        "writing": _any_comes_about(_make, header["writing"]),
    }


def _comes_about(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _any_comes_about(attempt: Callable[[str], object], paths: Iterable[object]) -> bool:
    return any(_comes_about(partial(attempt, str(path))) for path in paths)


def _connect(family: socket.AddressFamily, address: tuple[str, int] | str) -> None:
    with socket.socket(family, socket.SOCK_STREAM) as caller:
        caller.settimeout(CONNECT_SECONDS)
        caller.connect(address)


def _send(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.settimeout(SILENCE_SECONDS)
        caller.connect(address)
        caller.send(b"child")
        # Nobody answers. A network of its own says at once that nobody is there.
        with suppress(TimeoutError):
            caller.recv(1)


def _read(path: str) -> None:
    with Path(path).open("rb") as file:
        file.read(1)


def _make(path: str) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    Path(path).unlink()
