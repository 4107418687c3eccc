"""The loop of the engine child: frames in, work, frames out.

Whatever goes wrong without a code of its own ends the process: the daemon sees the pipe break and calls it a crash. No
error text leaves here.
"""

from __future__ import annotations

import faulthandler
import io
import logging
import os
import queue
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from daemon.model.engine_protocol import ProtocolError, read_frame, write_frame
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.reading_engines import RAPIDOCR

Send = Callable[[dict[str, Any]], None]
Frame = tuple[dict[str, Any], bytes]

# The daemon has checked the size against its limits; this bounds only what a broken frame could ask for.
MAX_REQUEST_PAYLOAD_BYTES = 1 << 34
# Beyond the daemon's own time limit: ends a child whose daemon is gone while native code holds the interpreter's lock.
STUCK_AFTER_LIMIT_SECONDS = 30.0


def main(arguments: list[str]) -> NoReturn:
    """Serve requests until the daemon closes the pipe. `arguments`: the role, and the number of threads."""
    role, threads = arguments[0], int(arguments[1])
    requests, replies = _private_pipes()
    _confine()
    frames: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(requests, frames), name="requests", daemon=True).start()
    write_frame(replies, {"ready": True})
    threading.Thread(target=_warm_up, args=(role,), name="warm-up", daemon=True).start()
    while True:
        header, payload = frames.get()
        faulthandler.dump_traceback_later(_patience(header), exit=True, file=sys.stderr)
        write_frame(replies, _answer(header, payload, threads, lambda message: write_frame(replies, message)))
        faulthandler.cancel_dump_traceback_later()
        del header, payload


def _answer(header: dict[str, Any], payload: bytes, threads: int, send: Send) -> dict[str, Any]:
    try:
        return {"ok": _dispatch(header, payload, threads, send)}
    except ChartdraftError as error:
        return _error(error)
    except MemoryError:
        return _error(PermanentError("engine-memory"))
    except ImportError:
        return _error(RetryableError("engine-start"))


def _error(error: ChartdraftError) -> dict[str, Any]:
    return {"error": error.code, "retryable": error.retryable}


def _dispatch(header: dict[str, Any], payload: bytes, threads: int, send: Send) -> dict[str, Any]:
    what = str(header.get("do"))
    if what == "ping":
        return {}
    if what == "self-test":
        from daemon.engines import self_test

        return self_test.handle(header)
    if what == "recording":
        from daemon.engines import recording

        return recording.read(header, payload, threads, send)
    if what == "again":
        from daemon.engines import recording

        return recording.again(header)
    if what == "scan":
        from daemon.engines import scan

        return scan.read(header, payload, threads, send)
    if what == "prepare":
        _prepare(header, threads)
        return {}
    if what.startswith("llm."):
        from daemon.engines import llm

        return llm.handle(header, payload, send)
    raise PermanentError("engine-protocol")


def _prepare(header: dict[str, Any], threads: int) -> None:
    from daemon.engines import recording, scan

    if header["kind"] == "recording":
        recording.prepare(Path(header["model"]), threads)
    else:
        scan.prepare(Path(header["model"]), threads, header.get("engine", RAPIDOCR))


def _warm_up(role: str) -> None:
    """Import what this role needs while the request is still on its way (0.6 to 1 s on the box of DESIGN 5)."""
    if role == "recording":
        from daemon.engines import recording

        recording.warm_up()
    elif role == "scan":
        from daemon.engines import scan

        scan.warm_up()


def _receive(requests: BinaryIO, frames: queue.SimpleQueue[Frame]) -> None:
    """Read requests, also while one is worked on: a closed pipe means that the daemon ended, and so must we."""
    try:
        while (frame := read_frame(requests, MAX_REQUEST_PAYLOAD_BYTES)) is not None:
            frames.put(frame)
    except (ProtocolError, OSError):
        pass
    finally:
        os._exit(0)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Take stdin and stdout for the protocol, and put nothing in their place, so that no print can break a frame."""
    # Buffers of one byte: larger ones would keep the end of what was read last, and of what was answered, until more comes.
    requests = io.BufferedReader(io.FileIO(os.dup(0), "rb"), buffer_size=1)
    replies = io.BufferedWriter(io.FileIO(os.dup(1), "wb"), buffer_size=1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return requests, replies


def _confine() -> None:
    """No core dump (it would hold what was read), no file written, no log line."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.umask(0o077)
    logging.disable(logging.CRITICAL)


def _patience(header: dict[str, Any]) -> float:
    return float(header.get("timeout_seconds", 86_400.0)) + STUCK_AFTER_LIMIT_SECONDS
