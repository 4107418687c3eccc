"""Trying to break out: what `doctor` asks a child, to see whether it is shut in."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

CONNECT_SECONDS = 2.0


def handle(header: dict[str, Any]) -> dict[str, Any]:
    """Whether a connection to `port` of this machine came about, and whether the file at `path` could be read. Keeps neither."""
    return {"network": _connects(int(header["port"])), "file": _reads(Path(str(header["path"])))}


def _connects(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), CONNECT_SECONDS):
            return True
    except OSError:
        return False


def _reads(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return len(file.read(1)) == 1
    except OSError:
        return False
