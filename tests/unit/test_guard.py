"""The thread beside the loop: it hears a stop that the main thread cannot hear, and says when nothing moves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from daemon.serving.guard import HANG_LOOKS, Guard

DEAF = """
import signal, sys, threading
from daemon.serving.guard import Guard
signal.signal(signal.SIGTERM, lambda *_: None)
guard = Guard(0.05, lambda: None, look_seconds=0.05)
guard.before_leaving({wish})
guard.__enter__()
{deaf}
sys.stdout.write("ready"); sys.stdout.flush()
lock = threading.Lock()
lock.acquire(); lock.acquire()
"""


class Hangs:
    """A guard that looks all the time, and how often it said that the loop hangs."""

    def __init__(self) -> None:
        self.told = threading.Semaphore(0)
        self.guard = Guard(0.0, self.told.release, look_seconds=0.001)


@pytest.fixture
def hangs() -> Iterator[Hangs]:
    made = Hangs()
    with made.guard:
        yield made


def test_a_loop_without_a_sign_of_life_is_told_of_once(hangs: Hangs) -> None:
    assert hangs.told.acquire(timeout=20)
    assert not hangs.told.acquire(timeout=3 * HANG_LOOKS * 0.001)


def test_a_loop_that_went_on_and_hangs_again_is_told_of_again(hangs: Hangs) -> None:
    assert hangs.told.acquire(timeout=20)
    hangs.guard.sign()
    assert hangs.told.acquire(timeout=20)


def test_telling_that_hangs_as_well_keeps_no_stop_from_being_heard() -> None:
    left, never = threading.Event(), threading.Event()

    def wait_for_ever() -> None:
        never.wait()

    before = signal.signal(signal.SIGTERM, lambda *_: None)
    guard = Guard(0.0, wait_for_ever, leave=left.set, look_seconds=0.001)
    try:
        with guard:
            time.sleep(2 * HANG_LOOKS * 0.001)
            os.kill(os.getpid(), signal.SIGTERM)
            assert left.wait(20)
    finally:
        never.set()
        signal.signal(signal.SIGTERM, before)


def test_a_guard_that_ended_leaves_signals_and_threads_as_they_were() -> None:
    with Guard(0.0, lambda: None):
        assert "guard" in {thread.name for thread in threading.enumerate()}
    assert "guard" not in {thread.name for thread in threading.enumerate()}
    assert signal.set_wakeup_fd(-1) == -1


@pytest.mark.parametrize(
    "deaf",
    [
        pytest.param("", id="waiting-for-a-lock"),
        # As inside a call that is not answered: the system gives the signal to nobody, and it pends.
        pytest.param("signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})", id="the-signal-pends"),
    ],
)
@pytest.mark.parametrize("wish", ["lambda: None", "threading.Event().wait"])
def test_a_process_whose_main_thread_is_stuck_leaves_when_it_is_asked_to(deaf: str, wish: str) -> None:
    code = DEAF.format(deaf=deaf, wish=wish)
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.read(5) == b"ready"
        process.terminate()
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
