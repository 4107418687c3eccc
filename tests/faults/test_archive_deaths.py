"""kill -9 at each step of closing a file of the audit trail, and at any moment while several processes write."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.audit import log as audit_log
from daemon.adapters.keys import Keys, init_keys
from tests.fakes.trails import assert_whole, keys_in, make

SMALL = 2_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def keys(home: Path) -> Keys:
    return init_keys(home / "keys", home / "recovery.txt")


def dying(work: Callable[..., Any], left: Iterator[int], *, after: bool) -> Callable[..., Any]:
    """The same call; the one at which the countdown ends kills this process, before it does anything or right after."""

    def call(*args: Any, **kwargs: Any) -> Any:
        last = next(left) == 0
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = work(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


def write_and_die(folder: Path, keys: Keys, step: int, *, after: bool) -> bool:
    """Write forty events in a fork that dies at this step of a closing; whether it died."""
    child = os.fork()
    if not child:
        left = iter(range(step, -1_000_000, -1))
        for name in ("publish_bytes", "sync_folder"):
            setattr(audit_log, name, dying(getattr(audit_log, name), left, after=after))
        Path.rename = dying(Path.rename, left, after=after)  # type: ignore[method-assign]
        Path.chmod = dying(Path.chmod, left, after=after)  # type: ignore[method-assign]
        log = make(folder, keys, archive_bytes=SMALL)
        for n in range(40):
            log.record("read", key=f"read:{n}")
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_any_step_of_a_closing_loses_and_repeats_nothing(
    tmp_path_factory: pytest.TempPathFactory, keys: Keys, *, after: bool
) -> None:
    step = 0
    while True:
        folder = tmp_path_factory.mktemp("death")
        died = write_and_die(folder, keys, step, after=after)
        before = keys_in(folder)
        assert before == [f"read:{n}" for n in range(len(before))]
        if before:
            assert_whole(folder, keys)
        log = make(folder, keys, archive_bytes=SMALL)
        for n in range(45):
            log.record("read", key=f"read:{n}")
        assert keys_in(folder) == [f"read:{n}" for n in range(45)]
        assert_whole(folder, keys)
        if not died:
            break
        step += 1
    assert step > 20  # five files were closed in at least four steps each


WRITER = """
import sys
from pathlib import Path
from daemon.adapters.audit.log import AuditLog
from daemon.adapters.keys import load_keys
from tests.fakes.clock import FakeClock
home, name = Path(sys.argv[1]), sys.argv[2]
log = AuditLog(Path(sys.argv[3]), load_keys(home / "keys"), FakeClock(), checkpoint_every=7, archive_bytes=1500)
print("ready", flush=True)
for n in range(100_000):
    log.record("read", key=f"read:{name}:{n}", pages=n)
    print(n, flush=True)
"""


def test_writers_killed_at_any_moment_leave_a_whole_trail_of_many_files(tmp_path: Path, home: Path, keys: Keys) -> None:
    told: list[str] = []
    moments = random.Random(20261122)
    for round_ in range(4):
        command = [sys.executable, "-c", WRITER, str(home)]
        writers = {
            name: subprocess.Popen(
                [*command, f"{name}{round_}", str(tmp_path / "audit")], stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            for name in "ab"
        }
        for writer in writers.values():
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0.2, 0.5))
        for name, writer in writers.items():
            writer.send_signal(signal.SIGKILL)
            out, err = writer.communicate()
            assert not err
            told += [f"read:{name}{round_}:{n}" for n in out.decode().split("\n")[:-1]]
    make(tmp_path, keys).record("read", key="read:last")
    recorded = keys_in(tmp_path)
    assert len(list((tmp_path / "audit").glob("trail-*.jsonl"))) > 4
    assert set(told) <= set(recorded)
    assert len(recorded) == len(set(recorded))
    assert_whole(tmp_path, keys)
