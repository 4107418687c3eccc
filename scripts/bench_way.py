"""How long the way takes: settled → delivered with real engines, against the same engines bare."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from bench_home import ROOT, cpu_seconds, drop, resident_bytes, running, throw_away, wait_for
from bench_table import Row, note

from daemon.adapters.reading.engine_process import child_environment
from daemon.adapters.sandbox.command import EngineCommand
from daemon.config import Home

ASSETS = ROOT / "tests" / "assets"
ITEMS = (
    ("recording", ROOT / "samples" / "visit-memo.m4a"),
    ("recording", ASSETS / "memo.m4a"),
    ("recording", ASSETS / "memo.mp3"),
    ("recording", ASSETS / "memo.flac"),
    ("recording", ASSETS / "canary-memo.m4a"),
    ("scan", ROOT / "samples" / "intake-form.png"),
    ("scan", ASSETS / "form.jpg"),
    ("scan", ASSETS / "image-only.pdf"),
)
WARM_UP = (("recording", ASSETS / "memo.ogg"), ("scan", ASSETS / "canary-form.png"))
SLOWEST_SECONDS = 240.0
FACTOR, ALLOWANCE_SECONDS = 1.10, 2.0
IDLE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Timed:
    """One item's seconds, bare (mean of one run before and one after) and through the product."""

    name: str
    bare: float
    product: float

    @property
    def over(self) -> float:
        """Seconds above 1.10 times bare."""
        return self.product - FACTOR * self.bare


class _Bare:
    """The bare engines in their process."""

    def __init__(self, home: Home) -> None:
        environment = child_environment(EngineCommand("recording", home.settings.threads))
        self._process = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "scripts" / "bench_bare.py"),
                str(home.config.parent),
                *(str(path) for _, path in WARM_UP),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=environment | {"PYTHONPATH": str(ROOT)},
        )
        self.load_seconds = self._answer()["load_seconds"]

    def seconds(self, kind: str, path: Path) -> float:
        """Read and draft one file."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"kind": kind, "path": str(path)}) + "\n")
        self._process.stdin.flush()
        return self._answer()["seconds"]

    def close(self) -> None:
        """End it."""
        self._process.communicate()

    def _answer(self) -> dict[str, float]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("The bare engines did not start: are the starter models installed?")
        answer: dict[str, float] = json.loads(line)
        return answer


def way(*, few: bool) -> list[Row]:
    """The row for the way, and the one for the idle daemon before and after it."""
    items = (ITEMS[1], ITEMS[6]) if few else ITEMS
    with throw_away() as home:
        bare = _Bare(home)
        with running(home) as daemon:
            wait_for((home.outbox / "Status.html").exists, 30)
            note(f"bare engines loaded and warm in {bare.load_seconds:.1f} s; idle for {IDLE_SECONDS:.0f} s …")
            time.sleep(5)
            before = _idle(daemon)
            for kind, path in WARM_UP:  # the daemon imports what renders drafts with its first one
                _product(home, f"first-{kind}", path)
            timed = []
            for number, (kind, path) in enumerate(items):
                first = bare.seconds(kind, path)
                product = _product(home, f"item-{number}", path)
                timed.append(Timed(path.name, (first + bare.seconds(kind, path)) / 2, product))
                note(
                    f"{path.name}: bare {timed[-1].bare:.2f} s, product {product:.2f} s, over 1.10 x bare {timed[-1].over:+.2f} s"
                )
            time.sleep(5)
            after = _idle(daemon)
        bare.close()
    return [_way_row(timed, bare.load_seconds), _idle_row(before, after)]


def _product(home: Home, stem: str, path: Path) -> float:
    """Seconds from the moment in which settle_seconds have passed until both files lie in the outbox."""
    dropped = drop(home, stem + path.suffix, path.read_bytes())

    def delivered() -> bool:
        return {path.suffix for path in home.outbox.glob(f"{stem} - *")} >= {".docx", ".html"}

    if not wait_for(delivered, SLOWEST_SECONDS):
        raise SystemExit(f"{path.name} was not delivered.")
    return time.monotonic() - dropped - home.settings.settle_seconds


def _idle(daemon: psutil.Process) -> tuple[float, int]:
    """Share of one core, and resident bytes, children included."""
    used, started = cpu_seconds(daemon), time.monotonic()
    time.sleep(IDLE_SECONDS)
    return (cpu_seconds(daemon) - used) / (time.monotonic() - started), resident_bytes(daemon)


def _way_row(timed: list[Timed], load_seconds: float) -> Row:
    over = [each.over for each in timed]
    ratio = statistics.median(each.product / each.bare for each in timed)
    return Row(
        "file settled → draft delivered, over the same engines called bare in a loop in one process",
        "≤ 1.10 × + 2 s",
        f"1.10 × + {statistics.median(over):.1f} s, worst + {max(over):.1f} s",
        max(over) <= ALLOWANCE_SECONDS,
        f"{len(timed)} files, bare {min(t.bare for t in timed):.1f} to {max(t.bare for t in timed):.1f} s each, median "
        f"ratio {ratio:.2f}; a fresh engine process for each file; bare engines were loaded once, in {load_seconds:.1f} s",
    )


def _idle_row(before: tuple[float, int], after: tuple[float, int]) -> Row:
    return Row(
        "idle: CPU, resident memory (no model loaded)",
        "≤ 1 %; ≤ 150 MB",
        f"{before[0]:.1%}; {before[1] / 1e6:.0f} MB",
        before[0] <= 0.01 and before[1] <= 150e6,
        f"{IDLE_SECONDS:.0f} s; after the drafts above {after[0]:.1%}; {after[1] / 1e6:.0f} MB",
    )
