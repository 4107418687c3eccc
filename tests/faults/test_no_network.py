"""Nothing leaves, seen from outside: the daemon at work under strace, with an environment that would have it call home."""

from __future__ import annotations

import re
import shutil
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.adapters.reading.engine_process import child_environment
from daemon.adapters.sandbox.command import EngineCommand
from tests.e2e.product import ASSETS, COMMAND, Product
from tests.fakes.traced import Asked, Trace, read_trace, traced

WITNESS, SHUT_IN = "daemon.adapters.sandbox.witness", "daemon.adapters.sandbox.enter"
LOOPBACK = {"127.0.0.1", "::1"}


@dataclass(frozen=True)
class Day:
    """A memo and a form were drafted while somebody listened where the environment says that everything is to be sent."""

    trace: Trace
    drafts: int
    callers: int


def calls_home(port: int) -> dict[str, str]:
    """Variables by which the workflow engine, or what it carries, is told to send things somewhere."""
    there = f"127.0.0.1:{port}"
    return {
        "DBOS__CLOUD": "true",
        "DBOS_APP_NAME": "x",
        "DBOS_SYSTEM_DATABASE_URL": f"postgresql://x:x@{there}/x",
        "DBOS_DOMAIN": there,
        "DBOS__CONDUCTOR_APP_NAME": "x",
        "DBOS__CONDUCTOR_KEY": "x",
        "DBOS__CONDUCTOR_URL": f"ws://{there}",
        "DBOS__OTLP_TRACES_ENDPOINT": f"http://{there}/traces",
        "DBOS__OTLP_LOGS_ENDPOINT": f"http://{there}/logs",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{there}",
        "HTTP_PROXY": f"http://{there}",
        "HTTPS_PROXY": f"http://{there}",
    }


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, listener: socket.socket) -> Day:
    root = tmp_path_factory.mktemp("no-network")
    product = Product(root / "home")
    for name in ("memo.m4a", "canary-form.png"):
        shutil.copy(ASSETS / name, product.inbox)
    environment = product._environment() | calls_home(listener.getsockname()[1])
    command = [*COMMAND, "--home", str(product.root), "run", "--once"]
    code, trace = traced(command, environment, root / "trace")
    assert code == 0
    return Day(trace, len(product.delivered(".docx")), accepted(listener))


def shut_in(day: Day) -> list[int]:
    """The children that were started, inside of what shuts them in, in order."""
    return [task for task, command in day.trace.programs.items() if SHUT_IN in command and "/bwrap" not in command[:80]]


def accepted(listener: socket.socket) -> int:
    """How many came so far."""
    callers = 0
    while True:
        try:
            listener.accept()[0].close()
        except BlockingIOError:
            return callers
        callers += 1


@pytest.mark.engines
@pytest.mark.needs("strace")
@pytest.mark.timeout(300)
def test_the_daemon_opens_no_socket_of_the_internet_and_calls_nobody(day: Day) -> None:
    assert day.drafts == 2
    assert day.callers == 0
    assert len(shut_in(day)) >= 3  # the children that read were watched as well
    daemons = [asked for asked in day.trace.asked if "daemon.cli.main" in day.trace.program(asked.task)]
    assert daemons == []


@pytest.mark.engines
@pytest.mark.needs("strace")
def test_no_library_starts_a_program_of_its_own(day: Day) -> None:
    assert [command for command in day.trace.programs.values() if re.search(r'"file", "-b"', command)] == []


@pytest.mark.engines
@pytest.mark.needs("strace")
def test_the_only_sockets_are_those_of_the_witness_to_itself(day: Day) -> None:
    had = {asked.task for asked in day.trace.asked if not asked.error}
    assert had
    assert all(WITNESS in day.trace.program(task) for task in had)
    assert {address for _, _, address in day.trace.addresses} <= LOOPBACK
    assert all(WITNESS in day.trace.program(task) for task, _, _ in day.trace.addresses)


@pytest.mark.engines
@pytest.mark.needs("strace")
def test_a_child_that_reads_asks_for_no_network_even_in_vain(day: Day) -> None:
    # The first that is started is the one that tries to break out, on purpose.
    first, *_ = shut_in(day)
    assert {(a.family, a.kind, a.error) for a in day.trace.asked if a.task == first} >= {
        ("AF_INET", "SOCK_STREAM", "EPERM"),
        ("AF_INET", "SOCK_DGRAM", "EPERM"),
    }
    others = {(a.family, a.kind, a.error) for a in day.trace.asked if a.error and a.task != first}
    # One of the OCR's libraries asks for a moment whether there is IPv6, and is not told.
    assert others <= {("AF_INET6", "SOCK_STREAM", "EPERM")}


@pytest.mark.needs("strace")
def test_a_socket_of_a_thread_of_a_grandchild_would_have_been_seen(listener: socket.socket, tmp_path: Path) -> None:
    port = listener.getsockname()[1]
    connect = f"import socket, threading; t = threading.Thread(target=socket.create_connection, args=(('127.0.0.1', {port}),)); t.start(); t.join()"
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {connect!r}], check=True)"
    code, trace = traced([sys.executable, "-c", start], {"PATH": "/usr/bin:/bin"}, tmp_path / "trace")
    assert code == 0
    assert accepted(listener) == 1
    [asked] = trace.asked
    assert (asked.family, asked.kind, asked.error) == ("AF_INET", "SOCK_STREAM", "")
    assert "threading" in trace.program(asked.task)
    assert [(call, address) for _, call, address in trace.addresses] == [("connect", "127.0.0.1")]


def test_how_a_trace_is_read() -> None:
    trace = read_trace(
        "\n".join(
            [
                '10 execve("/usr/bin/python", ["python", "-c", "the daemon"], 0x1 /* 3 vars */) = 0',
                "10 clone3({flags=CLONE_VM|CLONE_THREAD}, 88 <unfinished ...>",
                "10 <... clone3 resumed> => {parent_tid=[11]}, 88) = 11",
                "11 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 2 /* 12 in strace's PID NS */",
                '12 execve("/usr/bin/other", ["other"], 0x1 /* 3 vars */ <unfinished ...>',
                "11 socket(AF_INET6, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = 5",
                "12 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = -1 EPERM (Operation not permitted)",
                "12 socket(AF_UNIX, SOCK_STREAM, 0) = 6",
                '11 sendto(5, "x", 1, 0, {sa_family=AF_INET6, inet_pton(AF_INET6, "2001:db8::1", &sin6_addr)}, 28) = 1',
            ]
        )
    )
    assert trace.first == 10
    assert trace.asked == [Asked(11, "AF_INET6", "SOCK_DGRAM", ""), Asked(12, "AF_INET", "SOCK_STREAM", "EPERM")]
    assert "the daemon" in trace.program(11)
    assert "other" in trace.program(12)
    assert trace.addresses == [(11, "sendto", "2001:db8::1")]


def test_onnx_runtime_is_told_not_to_report() -> None:
    # Whether it reports depends on time and chance, so that the trace above need not show it.
    assert child_environment(EngineCommand("scan", 1))["ORT_DISABLE_TELEMETRY"] == "1"
