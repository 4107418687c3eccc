"""Nothing leaves: this process makes no connection, looks up no name, and heeds no variable that would send something out.

`close` is called first of all, for every command, before the workflow engine is imported. From then on Python's own sockets are refused, whichever
library asks, by an audit hook (PEP 578), which cannot be taken away again. What is left are sockets between processes of this
machine that have a path for a name (AF_UNIX). A library in C that opens sockets by itself is not seen here: libpq is the only
one that this process ever loads, and only where the settings name a Postgres.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from daemon.event_log import EventLog
from daemon.model.errors import PermanentError

CODE = "network-refused"
# DBOS takes orders from these (its cloud, its console, where to send traces); OpenTelemetry from those; libpq lets the last ones
# lead away from the host that the settings name.
_UNHEEDED = ("DBOS_", "OTEL_", "PGHOSTADDR", "PGSERVICE")
_SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_ADDRESSED = frozenset({"socket.bind", "socket.connect", "socket.sendto", "socket.sendmsg"})

# A library of the workflow engine (croniter) asks `platform.architecture` as it is imported, which starts this program, whatever
# the search path has by that name. Where it cannot be started, `platform` knows the answer by itself.
_STRAY = "file"

log = EventLog("egress")


class NetworkRefusedError(PermanentError, PermissionError):
    """`network-refused`. A `PermissionError` too, so that a library that only tried goes on without."""

    def __init__(self, code: str = CODE) -> None:
        super().__init__(code)


@dataclass
class _Egress:
    closed: bool = False
    hooked: bool = False
    refused: int = 0
    names: frozenset[str] = frozenset()


_egress = _Egress()


def close() -> None:
    """From now on, until this process ends: no socket but AF_UNIX, no look-up, no variable heeded that would change that."""
    for name in [name for name in os.environ if name.startswith(_UNHEEDED)]:
        del os.environ[name]
    os.environ.update(_SWITCHES)
    _egress.closed = True
    if not _egress.hooked:
        _egress.hooked = True
        sys.addaudithook(_on_event)


def let_look_up(database_url: str) -> None:
    """The names of a database's hosts may be looked up, which its driver does in Python before C code connects to them.

    Nothing for a database that is a file.
    """
    if not database_url.startswith("postgres"):
        return
    parts = urlsplit(database_url)
    hosts = [parts.hostname or "", *parse_qs(parts.query).get("host", [])]
    _egress.names = frozenset(name for host in hosts for name in host.split(",") if name)


@contextmanager
def open_for_downloads() -> Iterator[None]:
    """For the one command that fetches something, and for as long as it does."""
    _egress.closed = False
    offline = os.environ.pop("HF_HUB_OFFLINE", None)
    try:
        yield
    finally:
        _egress.closed = True
        if offline is not None:
            os.environ["HF_HUB_OFFLINE"] = offline


def refused() -> int:
    """How often something was refused."""
    return _egress.refused


def allowed(event: str, arguments: tuple[object, ...], names: frozenset[str]) -> bool:
    """Whether an audit event of the module `socket` may go on, where these names may be looked up.

    https://docs.python.org/3/library/audit_events.html says what each event's arguments are.
    """
    if event == "socket.__new__":
        return arguments[1] == socket.AF_UNIX
    if event in _ADDRESSED:
        # None is a message on a socket that is connected. All but AF_UNIX have addresses of several parts.
        return arguments[1] is None or isinstance(arguments[1], str | bytes)
    if event in _LOOKUPS:
        return event == "socket.getaddrinfo" and arguments[0] in names
    return True


def _on_event(event: str, arguments: tuple[object, ...]) -> None:
    if event == "subprocess.Popen" and arguments[0] == _STRAY:
        raise PermissionError
    if not event.startswith("socket.") or not _egress.closed or allowed(event, arguments, _egress.names):
        return
    _egress.refused += 1
    if _egress.refused.bit_count() == 1:  # the first, second, fourth …: something that insists must not fill the log
        log.warning("connection-refused", code=CODE, count=_egress.refused)
    raise NetworkRefusedError
