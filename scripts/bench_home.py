"""A throw-away home and a daemon in it, for measuring from the outside."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.serving.one_instance import is_running

ROOT = Path(__file__).resolve().parent.parent
CHARTDRAFT = Path(sys.executable).parent / "chartdraft"
START_SECONDS = 60.0
STOP_SECONDS = 10.0


@contextlib.contextmanager
def throw_away(settings: str = "") -> Iterator[Home]:
    """A home, set up, with these settings; gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="chartdraft-bench."))
    try:
        (root / "config.toml").write_text(settings)
        home = load_home(root, None)
        upkeep.set_up(home, root / "recovery.txt")
        yield home
    finally:
        shutil.rmtree(root)


@contextlib.contextmanager
def running(home: Home, command: list[str] | None = None) -> Iterator[psutil.Process]:
    """A daemon for this home, started and its lock held; stopped afterwards. `command` replaces `chartdraft run`."""
    root = home.config.parent
    command = command or [str(CHARTDRAFT), "--home", str(root), "run"]
    with (root / "daemon.log").open("ab") as log:
        process = psutil.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=ROOT)
    try:
        if not wait_for(lambda: is_running(home.lock) or process.poll() is not None, START_SECONDS):
            raise SystemExit("The daemon did not start.")
        if process.poll() is not None:
            raise SystemExit(f"The daemon ended at once: {(root / 'daemon.log').read_text()}")
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


def wait_for(condition: Callable[[], bool], seconds: float, every: float = 0.02) -> bool:
    """Poll until it holds; whether it did."""
    deadline = time.monotonic() + seconds
    while not (held := condition()) and time.monotonic() < deadline:
        time.sleep(every)
    return held


def drop(home: Home, name: str, data: bytes) -> float:
    """A file appears in the inbox, whole at once; the moment on the monotonic clock."""
    temp = home.config.parent / f"{name}.dropping"
    temp.write_bytes(data)
    moment = time.monotonic()
    temp.rename(home.inbox / name)
    return moment


def drop_all(home: Home, files: dict[str, bytes]) -> None:
    """Many files appear in the inbox within a moment."""
    beside = home.config.parent / "beside"
    beside.mkdir()
    for name, data in files.items():
        (beside / name).write_bytes(data)
    for name in files:
        (beside / name).rename(home.inbox / name)


def resident_bytes(process: psutil.Process) -> int:
    """Of a process and all its children."""
    total = 0
    for each in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += each.memory_info().rss
    return total


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time that a process, its living and its ended children have used."""
    times = process.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for each in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            used = each.cpu_times()
            total += used.user + used.system
    return float(total)


def memos_in(folder: Path) -> int:
    """How many recordings lie there; the folder also holds what set-up put into it."""
    with os.scandir(folder) as entries:
        return sum(entry.name.endswith(".mp3") for entry in entries)
