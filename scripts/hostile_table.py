"""Reads every hostile file of the tests in a child, as the daemon does, and writes what each cost to docs/hostile-files.md."""

from __future__ import annotations

import argparse
import dataclasses
import platform
import socket
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import psutil  # noqa: E402 - after the path to this repository

from daemon.adapters.models.store import default_models_dir  # noqa: E402
from daemon.adapters.reading.engine_process import EngineProcess  # noqa: E402
from daemon.adapters.reading.text_reader import read_text  # noqa: E402
from daemon.model.errors import ChartdraftError  # noqa: E402
from daemon.model.limits import Limits  # noqa: E402
from daemon.model.source import Source, source_kind  # noqa: E402
from tests.fakes.hostile_files import Hostile, hostile_files  # noqa: E402

TABLE = ROOT / "docs" / "hostile-files.md"
MODELS = {"recording": "whisper-base", "scan": "pp-ocrv6-small"}
POLL_SECONDS = 0.005
Cost = tuple[float, float, str]


class Peak:
    """The most memory a process and its children had, in MB, looked at every few milliseconds."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._process, self._done = psutil.Process(pid), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(POLL_SECONDS):
            try:
                family = [self._process, *self._process.children(recursive=True)]
                now = sum(each.memory_info().rss for each in family) / 1e6
            except psutil.Error:
                continue
            self.megabytes = max(self.megabytes, now)


def cost_of(file: Hostile, limits: Limits) -> Cost:
    """Seconds, peak MB of the child (0 where none was needed) and the code; "" for what was read."""
    kind = source_kind(file.name)
    assert kind is not None
    start = time.monotonic()
    if kind == "text":
        try:
            read_text(Source("s1", "text", ""), file.data)
        except ChartdraftError as error:
            return time.monotonic() - start, 0.0, error.code
        return time.monotonic() - start, 0.0, ""
    child = EngineProcess(kind, limits=limits, threads=1)
    asked = {"do": kind, "suffix": Path(file.name).suffix, "limits": dataclasses.asdict(limits)}
    asked |= {"model": str(default_models_dir() / MODELS[kind]), "language": "en", "hotwords": []}
    code, pid = "", child.pid
    assert pid is not None
    with Peak(pid) as peak:
        try:
            child.call(asked, file.data, timeout_seconds=limits.max_wall_seconds)
        except ChartdraftError as error:
            code = error.code
    seconds = time.monotonic() - start
    child.close()
    return seconds, peak.megabytes, code


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="only files whose name or kind holds this; nothing is written")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long one file may take")
    chosen = parser.parse_args()
    limits = Limits(max_wall_seconds=chosen.seconds)
    rows = []
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        canary = Path(folder) / "canary.wav"
        for file in hostile_files(canary, listener.getsockname()[1]):
            if chosen.only not in file.name and chosen.only not in file.kind:
                continue
            seconds, megabytes, code = cost_of(file, limits)
            note = "" if code in file.codes else "  UNEXPECTED"
            rows.append((file.kind, file.name, len(file.data), seconds, megabytes, code or "(read)"))
            said = f"{file.name:34} {len(file.data):9} {seconds:6.1f} s {megabytes:6.0f} MB  {code or '(read)'}{note}"
            print(f"{file.kind:20} {said}", flush=True)
    if not chosen.only:
        TABLE.write_text(page(rows, limits), encoding="utf-8")


def page(rows: list[tuple[str, str, int, float, float, str]], limits: Limits) -> str:
    """The table, in Markdown."""
    cells = "\n".join(
        f"| {kind} | `{name}` | {size:,} | {seconds:.1f} | {f'{megabytes:.0f}' if megabytes else '-'} | {code} |"
        for kind, name, size, seconds, megabytes, code in rows
    )
    return f"""# What hostile files cost

Written by `scripts/hostile-table` ({platform.system()}, {psutil.cpu_count()} cores); do not edit. Each file of `tests/fakes/hostile_files.py` was
read in a fresh child under the usual limits, but for {limits.max_wall_seconds:.0f} s of wall clock. Seconds include the child's start, and megabytes its
libraries and models: a child that has read nothing takes some 1 s and 100 to 300 MB. Texts are read without a child.

| kind | file | bytes | seconds | peak MB | code |
|---|---|---|---|---|---|
{cells}
"""


if __name__ == "__main__":
    main()
