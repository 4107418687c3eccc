"""A program that tries to break out of whatever it was started in, each way once, and tells what came of it as one line of JSON.

It imports nothing of the product. What it is to try is the JSON of its one argument; `done` stands for what came about, else
the error's name.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

LIBC = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE, PTRACE_DETACH = 0x4206, 17


def tries(at: dict[str, Any]) -> dict[str, Callable[[], object]]:
    """Every attempt, not made yet. `victim` is a process of the same account."""
    return {
        "tcp4": lambda: connect(socket.AF_INET, ("127.0.0.1", at["tcp4"])),
        "tcp6": lambda: connect(socket.AF_INET6, ("::1", at["tcp6"])),
        "udp": lambda: udp(at["udp"]),
        "unix": lambda: connect(socket.AF_UNIX, at["unix"]),
        "abstract": lambda: connect(socket.AF_UNIX, at["abstract"]),
        "read-key": lambda: os.read(os.open(at["key"], os.O_RDONLY), 1),
        "read-inbox": lambda: os.read(os.open(at["memo"], os.O_RDONLY), 1),
        "list-inbox": lambda: list(os.scandir(at["inbox"])),
        "list-outbox": lambda: list(os.scandir(at["outbox"])),
        "list-state": lambda: list(os.scandir(at["state"])),
        "write-temp": lambda: make(at["temp"]),
        "write-outbox": lambda: make(at["outbox"] + "/.prisoner"),
        "write-models": lambda: make(at["models"] + "/.prisoner"),
        "write-home": lambda: os.open(at["memo"], os.O_WRONLY),
        "change-mode": lambda: Path(at["key"]).chmod(0o600),
        "signal": lambda: os.kill(at["victim"], 0),
        "trace": lambda: trace(at["victim"]),
        "its-memory": lambda: os.open(f"/proc/{at['victim']}/mem", os.O_RDONLY),
        "its-environment": lambda: os.read(os.open(f"/proc/{at['victim']}/environ", os.O_RDONLY), 1),
        "machine-memory": lambda: os.open("/dev/mem", os.O_RDONLY),
        "kernel-log": lambda: os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK),
        "fork": fork,
    }


def connect(family: int, address: Any) -> None:
    """As a client."""
    with socket.socket(family, socket.SOCK_STREAM) as caller:
        caller.settimeout(2)
        caller.connect(address)


def udp(port: int) -> None:
    """One datagram; if nobody refuses it, it has come out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as caller:
        caller.connect(("127.0.0.1", port))
        caller.send(b"out")
        caller.settimeout(0.2)
        with suppress(TimeoutError):
            caller.recv(1)


def make(path: str) -> None:
    """A file, and away with it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    Path(path).unlink()


def trace(pid: int) -> None:
    """Take hold of another process, and let it go."""
    if LIBC.ptrace(PTRACE_SEIZE, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), "ptrace")
    LIBC.ptrace(PTRACE_DETACH, pid, None, None)


def fork() -> None:
    """Another process."""
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def main(at: dict[str, Any]) -> None:
    """Try everything, and at last become a shell."""
    told = {}
    for name, attempt in tries(at).items():
        try:
            attempt()
            told[name] = "done"
        except OSError as error:
            told[name] = errno.errorcode.get(error.errno or 0, "unknown")
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    os.execv("/bin/sh", ["sh", "-c", "echo a shell"])


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
