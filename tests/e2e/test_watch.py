"""`status --watch` beside a real daemon, on a terminal and into a pipe: progress is seen to move, and every end is a clean one."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.product import COMMAND, SAMPLES, Product, stop

SCREEN_ON, SCREEN_OFF = "\x1b[?1049h", "\x1b[?1049l"


class Terminal:
    """A command on a pseudo terminal, with all that it ever wrote."""

    def __init__(self, product: Product, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.resize(30, 100, slave)
        environment = {"PATH": os.environ["PATH"], "HOME": str(product.root), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
        self.process = subprocess.Popen(
            [*COMMAND, "--home", str(product.root), *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self.wrote = ""

    def resize(self, lines: int, columns: int, descriptor: int | None = None) -> None:
        """As when a person pulls at the window."""
        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self._master if descriptor is None else descriptor, termios.TIOCSWINSZ, size)

    def wait_for(self, seen: Callable[[str], object], seconds: float = 90) -> None:
        """Read on until this is seen in what was written since the last call."""
        fresh, deadline = "", time.monotonic() + seconds
        while not seen(fresh):
            if time.monotonic() > deadline:
                raise AssertionError(f"not seen in: {fresh[-2000:]}")
            fresh += self._read()
        self.wrote += fresh

    def end(self, number: int = signal.SIGINT) -> int:
        """Send a signal and read to the end; the exit code."""
        self.process.send_signal(number)
        while self._read():
            pass
        return self.process.wait(timeout=10)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _read(self) -> str:
        ready, _, _ = select.select([self._master], [], [], 10)
        try:
            data = os.read(self._master, 65536).decode(errors="replace") if ready else ""
        except OSError:  # Linux: the other side is closed
            data = ""
        self.wrote += data
        return data


@pytest.fixture
def terminal(product: Product) -> Iterator[Terminal]:
    shown = Terminal(product, "status", "--watch")
    yield shown
    shown.close()


@pytest.fixture
def product(tmp_path: Path) -> Product:
    return Product(tmp_path / "home")


def shares(text: str) -> set[int]:
    return {int(share) for share in re.findall(r"(\d+) %", text)}


@pytest.mark.engines
def test_a_memo_is_seen_to_move_through_its_stage(product: Product, terminal: Terminal) -> None:
    terminal.wait_for(lambda text: "Chartdraft is not running; nothing waits" in text)
    daemon = product.start()
    told = subprocess.Popen(
        [*COMMAND, "--home", str(product.root), "status", "--watch", "--json"],
        stdout=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(product.root)},
        text=True,
    )
    assert told.stdout is not None
    try:
        terminal.wait_for(lambda text: "Chartdraft is running" in text)
        shutil.copy(SAMPLES / "visit-memo.m4a", product.inbox)
        terminal.wait_for(lambda text: "reading" in text and shares(text) - {0})
        terminal.resize(12, 60)
        terminal.wait_for(lambda text: "Delivered last" in text)
        documents = [json.loads(told.stdout.readline())]
        while not documents[-1]["counts"]["delivered"]:
            documents.append(json.loads(told.stdout.readline()))
        done = [work["done"] for each in documents for work in each["work"] if work["state"] == "reading"]
        known = [share for share in done if share is not None]
        assert known == sorted(known)
        assert any(0 < share < 1 for share in known)
        told.send_signal(signal.SIGTERM)
        assert told.wait(10) == 0
        daemon.kill()
        daemon.wait()
        terminal.wait_for(lambda text: "Chartdraft is not running" in text)
        daemon = product.start()
        terminal.wait_for(lambda text: "Chartdraft is running" in text)
        assert stop(daemon) == 0
    finally:
        for process in (daemon, told):
            process.kill()
            process.wait()
        told.stdout.close()
    assert terminal.end() == 0
    assert terminal.wrote.index(SCREEN_ON) < terminal.wrote.rindex(SCREEN_OFF)
    assert "Delivered last" in terminal.wrote[terminal.wrote.rindex(SCREEN_OFF) :]
    assert "visit-memo" not in terminal.wrote


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_into_a_pipe_there_is_a_line_for_each_change(product: Product, number: signal.Signals) -> None:
    with subprocess.Popen(
        [*COMMAND, "--home", str(product.root), "status", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(product.root)},
        text=True,
    ) as told:
        assert told.stdout is not None
        assert told.stderr is not None
        assert told.stdout.readline().endswith("  Chartdraft is not running; nothing waits\n")
        (product.root / "state").rename(product.root / "away")
        assert "config-missing" in told.stdout.readline()
        (product.root / "away").rename(product.root / "state")
        assert told.stdout.readline().endswith("  Chartdraft is not running; nothing waits\n")
        told.send_signal(number)
        assert told.wait(10) == 0
        assert "\x1b" not in told.stdout.read()
        assert told.stderr.read() == ""


def test_before_there_is_a_home_it_says_so_and_ends(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--home", str(tmp_path), "status", "--watch"], capture_output=True, timeout=30, check=False
    )
    assert done.returncode != 0
    assert b"config-missing" in done.stderr
    assert not list(tmp_path.iterdir())
