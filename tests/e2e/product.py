"""The installed product, driven as a person does: its command line, its folders, and nothing of its inside."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent.parent / "assets"
SAMPLES = Path(__file__).parent.parent.parent / "samples"
COMMAND = [sys.executable, "-c", "from daemon.cli.main import main; main()"]
QUICK = "settle_seconds = 0.2\ngive_up_seconds = 0.5\nrescan_seconds = 1.0\n"


class Product:
    """One home."""

    def __init__(self, root: Path, settings: str = QUICK) -> None:
        self.root = root
        self.inbox, self.outbox, self.state = root / "inbox", root / "outbox", root / "state"
        self.heard = b""
        root.mkdir(exist_ok=True)
        (root / "config.toml").write_text(settings)
        assert self.run("init").returncode == 0

    def run(self, *arguments: str, timeout: float = 240) -> subprocess.CompletedProcess[bytes]:
        """One command, to its end. What it said is kept, for the search for what must not be said."""
        done = subprocess.run(
            [*COMMAND, "--home", str(self.root), *arguments],
            capture_output=True,
            timeout=timeout,
            check=False,
            env=self._environment(),
        )
        if arguments[0] not in {"open", "draft", "retry"}:  # these are asked to print what a document says, or its name
            self.heard += done.stdout
        self.heard += done.stderr
        return done

    def start(self) -> subprocess.Popen[bytes]:
        """The daemon, left running; its words go to a file beside the state folder."""
        with (self.root / "daemon.log").open("ab") as log:
            return subprocess.Popen(
                [*COMMAND, "--home", str(self.root), "run"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
            )

    def json(self, *arguments: str) -> Any:
        """A command's one JSON document."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def jobs(self) -> list[dict[str, Any]]:
        """What `status` says of the jobs."""
        jobs: list[dict[str, Any]] = self.json("status")["jobs"]
        return jobs

    def delivered(self, ending: str) -> list[Path]:
        """The outbox's files of one kind, without the status page."""
        return sorted(path for path in self.outbox.glob(f"*{ending}") if path.name not in {"Status.html", "README.txt"})

    def wait_for_state(self, *states: str, seconds: float = 60) -> None:
        """Poll until some job is in one of these states."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if any(job["state"] in states for job in self.jobs()):
                return
            time.sleep(0.2)
        raise AssertionError(f"no job came to be {states}")

    def everything_at_rest(self) -> dict[Path, bytes]:
        """All that lies in the state folder and all that was ever logged."""
        files = [path for path in [self.root / "daemon.log", *self.state.rglob("*")] if path.is_file()]
        return {path: path.read_bytes() for path in files} | {Path("stdout and stderr"): self.heard}

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.root), "LC_ALL": "C.UTF-8"}


def stop(process: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> int:
    """Signal a process this test started, and wait the three seconds that it may take."""
    process.send_signal(number)
    return process.wait(timeout=3)
