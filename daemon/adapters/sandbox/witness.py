"""A process that really listens, for as long as a child tries to reach it: the daemon itself opens no socket.

`python -m daemon.adapters.sandbox.witness FOLDER`. It first connects to itself each way, so that silence later on means something.
A line of JSON then says where it listens; when its stdin closes, another one says which ways somebody came.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress

WAIT_SECONDS = 5.0
_HELLO = b"witness"
_NOT_HERE = (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL)
Address = tuple[str, int] | str


class Listener:
    """One way to come in."""

    def __init__(self, family: socket.AddressFamily, kind: socket.SocketKind, address: Address) -> None:
        """OSError where this machine does not have it."""
        self._family, self._kind = family, kind
        self._socket = socket.socket(family, kind)
        self._socket.bind(address)
        if kind == socket.SOCK_STREAM:
            self._socket.listen()
        self._socket.settimeout(WAIT_SECONDS)
        self.address: Address = self._socket.getsockname()

    def prove(self) -> None:
        """Come in oneself; OSError if that fails."""
        with socket.socket(self._family, self._kind) as caller:
            caller.settimeout(WAIT_SECONDS)
            caller.connect(self.address)
            caller.send(_HELLO)
            if self._receive() != _HELLO:
                raise ConnectionError

    def came(self) -> bool:
        """Whether anybody has come in since."""
        self._socket.setblocking(False)
        with suppress(BlockingIOError):
            if self._kind == socket.SOCK_STREAM:
                self._socket.accept()[0].close()
            else:
                self._socket.recv(1)
            return True
        return False

    def _receive(self) -> bytes:
        if self._kind == socket.SOCK_DGRAM:
            return self._socket.recv(len(_HELLO))
        connection, _ = self._socket.accept()
        with connection:
            connection.settimeout(WAIT_SECONDS)
            return connection.recv(len(_HELLO))


def main(folder: str) -> None:
    """Listen until stdin closes. A family that this machine, or the service manager, gives to nobody of this account is left out.

    OSError for all else that keeps it from listening.
    """
    listeners = dict(_listeners(folder))
    for listener in listeners.values():
        listener.prove()
    _say({way: _plain(listener.address) for way, listener in listeners.items()})
    sys.stdin.buffer.read()
    _say({way: listener.came() for way, listener in listeners.items()})


def _listeners(folder: str) -> Iterator[tuple[str, Listener]]:
    places: list[tuple[str, socket.AddressFamily, socket.SocketKind, Address]] = [
        ("tcp4", socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        ("tcp6", socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0)),
        ("udp", socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        ("unix", socket.AF_UNIX, socket.SOCK_STREAM, f"{folder}/witness"),
    ]
    if sys.platform == "linux":
        name = f"\0chartdraft-witness-{os.getpid()}"
        places.append(("abstract", socket.AF_UNIX, socket.SOCK_STREAM, name))
    for way, family, kind, address in places:
        try:
            yield way, Listener(family, kind, address)
        except OSError as error:
            if error.errno not in _NOT_HERE:
                raise


def _plain(address: Address | bytes) -> int | str:
    """A port, or a path; an abstract name begins with a zero character."""
    if isinstance(address, tuple):
        return address[1]
    return address.decode() if isinstance(address, bytes) else address


def _say(what: dict[str, int | str] | dict[str, bool]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
