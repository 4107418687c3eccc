"""What Python's sockets are let do in this process, and which variables of its environment are not heeded."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daemon.egress import allowed

TRIES = """
import json, os, socket, sys
import _socket
from daemon import egress

DATABASE = sys.argv[1]
listening = socket.create_server(("127.0.0.1", 0))
port = listening.getsockname()[1]
unconnected, datagrams = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
egress.close()
egress.let_look_up(DATABASE)

def code(do):
    try:
        do()
    except OSError as error:
        return getattr(error, "code", type(error).__name__)
    return "done"

told = {
    "tcp": code(lambda: socket.socket()),
    "udp6": code(lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)),
    "raw class": code(lambda: _socket.socket()),
    "connect": code(lambda: unconnected.connect(("127.0.0.1", port))),
    "connect_ex": code(lambda: unconnected.connect_ex(("127.0.0.1", port))),
    "bind": code(lambda: datagrams.bind(("127.0.0.1", 0))),
    "sendto": code(lambda: datagrams.sendto(b"x", ("127.0.0.1", port))),
    "sendmsg": code(lambda: datagrams.sendmsg([b"x"], [], 0, ("127.0.0.1", port))),
    "name": code(lambda: socket.getaddrinfo("localhost", 1)),
    "old name": code(lambda: socket.gethostbyname("localhost")),
    "address": code(lambda: socket.gethostbyaddr("127.0.0.1")),
    "server": code(lambda: socket.create_server(("127.0.0.1", 0))),
    "url": code(lambda: __import__("urllib.request").request.urlopen(f"http://127.0.0.1:{port}/")),
    "pair": code(lambda: socket.socketpair()),
    "unix": code(lambda: socket.socket(socket.AF_UNIX)),
    "loop": code(lambda: __import__("asyncio").run(__import__("asyncio").sleep(0))),
}
refused = egress.refused()
with egress.open_for_downloads():
    told["while downloading"] = code(lambda: socket.create_connection(("127.0.0.1", port)))
told["afterwards"] = code(lambda: socket.socket())
print(json.dumps({"told": told, "refused": refused, "environment": dict(os.environ)}))
"""
LEFT_ALONE = {"pair", "unix", "loop", "while downloading"}


def tried(database: str = "") -> Any:
    """Each try's code, in a process of its own: an audit hook is there to stay."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DBOS__CLOUD": "true",
        "DBOS_X": "1",
        "OTEL_X": "1",
        "PGHOSTADDR": "x",
        "HTTPS_PROXY": "x",
    }
    done = subprocess.run(
        [sys.executable, "-c", TRIES, database], env=environment, capture_output=True, timeout=60, check=True
    )
    return json.loads(done.stdout) | {"said": done.stderr.decode()}


def test_no_library_gets_a_socket_out_of_this_machine() -> None:
    told = tried()["told"]
    refused = {name for name, code in told.items() if code != "done"}
    assert refused == set(told) - LEFT_ALONE
    # urllib wraps what it is refused; all others hear the code itself.
    assert {told[name] for name in refused - {"url"}} == {"network-refused"}


def test_refusals_are_counted_and_told_of_without_a_name_or_an_address() -> None:
    found = tried()
    assert found["refused"] >= 13
    assert "network-refused" in found["said"]
    assert "localhost" not in found["said"]
    assert "127.0.0.1" not in found["said"]


def test_what_the_environment_says_of_consoles_traces_and_clouds_is_not_heeded() -> None:
    environment = tried()["environment"]
    assert not [name for name in environment if name.startswith(("DBOS", "OTEL", "PGHOSTADDR"))]
    assert environment["HF_HUB_OFFLINE"] == environment["ORT_DISABLE_TELEMETRY"] == "1"


def test_of_a_postgres_only_its_own_name_may_be_looked_up() -> None:
    told = tried("postgresql://u:p@localhost:5432/x")["told"]
    assert told["name"] == "done"
    assert told["tcp"] == told["connect"] == told["old name"] == "network-refused"
    assert tried("postgresql://u:p@db.example:5432/x")["told"]["name"] == "network-refused"
    assert tried("sqlite:////localhost")["told"]["name"] == "network-refused"


@pytest.mark.parametrize(
    ("event", "arguments", "answer"),
    [
        ("socket.__new__", (None, socket.AF_UNIX, 1, 0), True),
        ("socket.__new__", (None, -1, -1, -1), False),
        ("socket.connect", (None, "/run/bus"), True),
        ("socket.connect", (None, b"\0abstract"), True),
        ("socket.connect", (None, ("10.0.0.1", 443)), False),
        ("socket.sendmsg", (None, None), True),
        ("socket.getaddrinfo", ("db1", 5432, 0, 0, 0), True),
        ("socket.getaddrinfo", (None, 0, 0, 0, 0), False),
        ("socket.getnameinfo", (("10.0.0.1", 1),), False),
        ("socket.gethostname", (), True),
    ],
)
def test_each_event(event: str, arguments: tuple[object, ...], answer: bool) -> None:
    assert allowed(event, arguments, frozenset({"db1", "db2"})) is answer


def test_a_library_of_the_workflow_engine_is_imported_without_a_program_that_the_search_path_holds(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text(f"#!/bin/sh\necho >> {tmp_path}/started\n")
    (tmp_path / "file").chmod(0o700)
    ask = "import platform\nprint(platform.architecture()[0])\nimport croniter"
    for first, started in (("from daemon import egress\negress.close()\n", False), ("", True)):
        command, environment = [sys.executable, "-c", first + ask], {"PATH": str(tmp_path)}
        done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=True)
        assert done.stdout.strip() == f"{8 * struct.calcsize('P')}bit".encode()
        assert (tmp_path / "started").exists() is started


def test_every_command_begins_closed() -> None:
    """Also one that fails: `main` closes before it does anything."""
    script = "import sys, socket\nfrom daemon.cli import main\nsys.argv = ['chartdraft', '--version']\ntry:\n    main.main()\nexcept SystemExit:\n    pass\nsocket.socket()"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, check=False)
    assert b"NetworkRefusedError" in done.stderr
