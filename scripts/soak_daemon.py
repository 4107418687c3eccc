"""The soak's daemon: begun as a service manager would, killed, begun again, and watched from the outside."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from bench_home import CHARTDRAFT, ROOT

BEGIN_AGAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Sample:
    """The daemon's own process at one moment: seconds of its life, resident bytes, open descriptors, and bytes of its children."""

    at: float
    resident: int
    descriptors: int
    children: int


class Daemon:
    """`chartdraft run` for one home. Only processes that it began, or that these began, are ever signalled."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._log = (root / "stderr.log").open("ab")
        self._process: psutil.Popen | None = None
        self._begun = 0.0
        self._ended: float | None = None
        self.lives, self.refused = 0, 0

    def keep(self) -> None:
        """Begin it, if it does not run: a second after it ended."""
        now = time.monotonic()
        if self._process is not None:
            if self._process.poll() is None:
                return
            self.refused += self._process.returncode not in {0, -signal.SIGKILL}
            self._process, self._ended = None, now
        if self._ended is None or now - self._ended >= BEGIN_AGAIN_SECONDS:
            command = [str(CHARTDRAFT), "--home", str(self._root), "run"]
            streams = {"stdin": subprocess.DEVNULL, "stdout": self._log, "stderr": self._log}
            self._process, self._begun = psutil.Popen(command, cwd=ROOT, **streams), now
            self.lives += 1

    def kill(self) -> bool:
        """SIGKILL; whether there was one to kill."""
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.kill()
        self._process.wait()
        return True

    def kill_child(self, pick: float) -> bool:
        """SIGKILL to one of its children; `pick` from 0 to 1 says which. Whether there was one."""
        with contextlib.suppress(psutil.Error):
            children = self._process.children(recursive=True) if self._process is not None else []
            if children:
                children[int(pick * len(children))].kill()
                return True
        return False

    def sample(self) -> Sample | None:
        """How it is, if it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        with contextlib.suppress(psutil.Error):
            resident, descriptors = self._process.memory_info().rss, self._process.num_fds()
            children = 0
            for child in self._process.children(recursive=True):
                with contextlib.suppress(psutil.Error):
                    children += child.memory_info().rss
            return Sample(time.monotonic() - self._begun, resident, descriptors, children)
        return None

    def stop(self) -> int | None:
        """SIGTERM, as a service manager stops it; its exit status."""
        code = None
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                code = self._process.wait(30)
            except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
                self._process.kill()
        self._log.close()
        return code
