"""Keeping the machine awake: the exact command lines, and a child that never outlives its purpose."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.adapters.machine.keep_awake import KeepAwake, command
from tests.faults.killable import wait_for


def everywhere(program: str) -> str:
    return program if program.startswith("/") else f"/usr/bin/{program}"


def test_macos_is_asked_to_stay_awake_until_this_process_ends() -> None:
    assert command("darwin", 4711, everywhere) == ["/usr/bin/caffeinate", "-i", "-w", "4711"]


def test_linux_holds_a_lock_for_as_long_as_our_pipe_is_open() -> None:
    assert command("linux", 4711, everywhere) == [
        "/usr/bin/systemd-inhibit",
        "--what=sleep:idle",
        "--who=Chartdraft",
        "--why=A draft is being made.",
        "--mode=block",
        "/usr/bin/cat",
    ]


@pytest.mark.parametrize("platform", ["darwin", "linux"])
def test_where_there_is_no_such_program_nothing_is_done(platform: str) -> None:
    assert command(platform, 1, lambda _: None) is None
    awake = KeepAwake(command(platform, 1, lambda _: None))
    awake.hold(True)
    assert awake.pid is None
    awake.hold(False)


def test_a_child_is_there_for_the_work_and_gone_after_it() -> None:
    awake = KeepAwake(["cat"])
    awake.hold(True)
    first = awake.pid
    assert first is not None
    awake.hold(True)
    assert awake.pid == first
    awake.hold(False)
    assert awake.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    awake.hold(True)
    assert awake.pid not in {None, first}
    awake.hold(False)


def test_a_child_that_is_refused_or_missing_keeps_nothing_from_going_on() -> None:
    begun: list[Sequence[str]] = []

    def refused(argv: Sequence[str]) -> subprocess.Popen[bytes]:
        begun.append(argv)
        return subprocess.Popen(["false"], stdin=subprocess.PIPE)

    awake = KeepAwake(["x"], refused)
    awake.hold(True)
    assert wait_for(lambda: awake.pid is None, 10)
    awake.hold(True)
    assert len(begun) == 1, "not again and again for the same work"
    awake.hold(False)
    missing = KeepAwake(["/nowhere/caffeinate"])
    missing.hold(True)
    missing.hold(False)


def test_a_child_that_does_not_heed_the_end_is_ended(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    deaf = f"import signal, time, pathlib; signal.signal(15, signal.SIG_IGN); pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    awake = KeepAwake([sys.executable, "-c", deaf])
    awake.hold(True)
    pid = awake.pid
    assert pid is not None
    assert wait_for(ready.exists, 20)
    awake.hold(False)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_child_ends_with_us_however_we_end() -> None:
    holder = (
        "import sys, time; from daemon.adapters.machine.keep_awake import KeepAwake\n"
        "awake = KeepAwake(['cat']); awake.hold(True); print(awake.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        os.kill(child, 0)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert wait_for(lambda: not lives(child), 10)


def lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
