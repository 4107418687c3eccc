"""Keeping the machine from falling asleep in the middle of a job: a child that holds the wish for as long as it lives.

macOS: `caffeinate -i -w PID` (man caffeinate: -i no idle sleep; -w until that process exits). Linux: `systemd-inhibit` (man
systemd-inhibit: holds the lock while the command it is given runs), whose command `cat` reads a pipe of ours: when this process dies,
however it dies, the pipe is closed, `cat` ends, and the lock is gone. Neither keeps a lid from being closed, and where neither
program is there, or is not allowed to, nothing happens.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from daemon.event_log import EventLog

Start = Callable[[Sequence[str]], "subprocess.Popen[bytes]"]
CAFFEINATE = "/usr/bin/caffeinate"
WHY = "A draft is being made."
_SEARCHED = "/usr/local/bin:/usr/bin:/bin"
_END_SECONDS = 2.0

log = EventLog("service")


def command(platform: str, pid: int, find: Callable[[str], str | None]) -> list[str] | None:
    """The command line for a platform, to keep awake until process `pid` ends; None where there is no program for it."""
    if platform == "darwin":
        return [CAFFEINATE, "-i", "-w", str(pid)] if find(CAFFEINATE) else None
    inhibit, cat = find("systemd-inhibit"), find("cat")
    if inhibit is None or cat is None:
        return None
    options = ["--what=sleep:idle", "--who=Chartdraft", f"--why={WHY}", "--mode=block"]
    return [inhibit, *options, cat]


def this_machines(*, wanted: bool) -> KeepAwake:
    """As the settings want it, on this machine."""
    return KeepAwake(command(sys.platform, os.getpid(), _find) if wanted else None)


class KeepAwake:
    """Holds the machine awake between `hold(True)` and `hold(False)`. `argv` None: it never does."""

    def __init__(self, argv: Sequence[str] | None, start: Start | None = None) -> None:
        self._argv, self._start = argv, start or _start
        self._child: subprocess.Popen[bytes] | None = None
        self._held = False

    def hold(self, wanted: bool) -> None:
        """Begin, go on, or end. Harmless to repeat; a child that ended by itself is not begun again for the same work."""
        if wanted == self._held:
            return
        self._held = wanted
        if wanted:
            self._begin()
        else:
            self._end()

    @property
    def pid(self) -> int | None:
        """The child's process id, while there is one."""
        return None if self._child is None or self._child.poll() is not None else self._child.pid

    def _begin(self) -> None:
        if self._argv is None:
            return
        try:
            self._child = self._start(self._argv)
        except OSError as error:
            log.warning("not-kept-awake", error=error)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        with suppress(OSError):
            child.terminate()
            if child.stdin is not None:
                child.stdin.close()
        try:
            child.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _find(program: str) -> str | None:
    return shutil.which(program, path=_SEARCHED)


def _start(argv: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl-C in a terminal is for us, and we end it.
    return subprocess.Popen(
        list(argv), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
