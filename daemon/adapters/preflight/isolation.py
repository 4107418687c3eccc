"""Whether the child that reads hostile files is shut in: measured, by asking one to break out."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.limits import Limits
from daemon.model.preflight_check import Check

CODE = "isolation"
_SECONDS = 20.0
_ADVICE = "take in files of known senders alone until a release says that the reading process is shut in"


def check_isolation(ask: Callable[[], dict[str, Any]]) -> Check:
    """`ask` has a child try; what it could reach is told."""
    try:
        told = ask()
    except ChartdraftError as error:
        return Check(
            CODE, "warn", f"It could not be checked whether the reading process is shut in: {error}", "", error.code
        )
    reached = [what for key, what in (("network", "the network"), ("file", "the keys")) if told.get(key) is not False]
    if reached:
        sentence = f"The process that reads patients' files is not shut in: it can reach {' and '.join(reached)}."
        return Check(CODE, "warn", sentence, _ADVICE)
    return Check(CODE, "ok", "The process that reads patients' files reaches neither the network nor the keys.")


def ask_child(keys: Path, limits: Limits) -> dict[str, Any]:
    """Start a child as reading does, and have it try to connect to a port that listens and to open a file of the keys.

    The port is one of this machine's own (127.0.0.1), open for as long as the child tries.
    """
    if not (files := [path for path in sorted(keys.iterdir()) if path.is_file()]):
        raise PermanentError("keys-missing")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        child = EngineProcess("recording", limits=limits, threads=1)
        try:
            asked = {"do": "self-test", "port": listening.getsockname()[1], "path": str(files[0])}
            told, _ = child.call(asked, timeout_seconds=_SECONDS)
        finally:
            child.close()
    return told
