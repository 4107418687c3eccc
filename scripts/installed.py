"""One installed version, asked through its own command: its home, its checks, its service."""

from __future__ import annotations

import json
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from application import Choices
from setup_tools import SetupError, say

# How long a service may take to be at work, and how long it must then stay so. A program that only loads is not at work yet: one
# that fails after that was no start.
_START_SECONDS = 90.0
_STAY_SECONDS = 4.0
_NO_MANAGER = "(service-no-manager)"


class ServiceError(Exception):
    """The service did not start; its text is one sentence."""


@dataclass(frozen=True)
class Paths:
    """Where the home's folders are.

    `moved` are those that the settings put elsewhere, `waiting` counts the files in the inbox, `at_work` says whether
    a Chartdraft holds the home.
    """

    inbox: Path
    outbox: Path
    state: Path
    config: Path
    moved: list[str]
    has_keys: bool
    waiting: int
    at_work: bool


class Installed:
    """A version in the application folder, with the home it serves."""

    def __init__(self, version: Path, choices: Choices) -> None:
        self.version = version
        self.choices = choices
        self._bin = version / ".venv" / "bin"

    def paths(self) -> Paths:
        """Where the home is, as its settings have it. Raises SetupError."""
        command = [str(self._bin / "python"), str(self.version / "scripts" / "home_paths.py"), *self.choices.arguments]
        done = _ask(command)
        if done.returncode != 0:
            raise SetupError(done.stderr.strip())
        found = json.loads(done.stdout)
        for name in ("inbox", "outbox", "state", "config"):
            found[name] = Path(found[name])
        return Paths(**found)

    def run(self, *arguments: str) -> int:
        """Run one `chartdraft` command, seen by the person; its exit code."""
        return subprocess.run(self._command(*arguments), stdin=subprocess.DEVNULL, check=False).returncode

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one `chartdraft` command unseen."""
        return _ask(self._command(*arguments))

    def _command(self, *arguments: str) -> list[str]:
        return [str(self._bin / "chartdraft"), *self.choices.arguments, *arguments]

    def set_up_home(self, recovery_out: Path, paths: Paths) -> None:
        """Folders, keys, settings, as far as they are missing: also those that a killed `init` left out. Raises SetupError."""
        done = self.ask("init", "--recovery-out", str(recovery_out))
        if done.returncode != 0:
            raise SetupError(_sentence(done))
        if paths.has_keys:
            return
        for line in done.stdout.splitlines():
            say(f"  {line}")
        if recovery_out.stat().st_dev == paths.inbox.stat().st_dev:
            say(
                f"  WARNING: {recovery_out.name} lies on the same disk as what it opens. Whoever has this machine has it, too,"
            )
            say("  and it is lost along with the machine. Move it to a USB stick, into a safe.")

    def counts(self) -> dict[str, int]:
        """How many jobs are in which state. Raises SetupError."""
        done = self.ask("status", "--json")
        if done.returncode != 0:
            raise SetupError(done.stderr.strip())
        counts: dict[str, int] = json.loads(done.stdout)["counts"]
        return counts

    def install_model(self, spec: str) -> str:
        """Fetch a model, its progress seen by the person; the name it has, or nothing if that failed."""
        command = self._command("models", "install", spec)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
        return done.stdout.split()[0] if done.returncode == 0 and done.stdout else ""

    def start_service(self) -> bool:
        """Install and start the service; False, and one sentence, where nothing starts services. Raises ServiceError."""
        done = self.ask("service", "install", *self._for_machine)
        if _NO_MANAGER in done.stderr:
            say("  Nothing here starts services (as in a container), so it has to be started by hand.")
            return False
        if done.returncode != 0:
            raise ServiceError(_sentence(done))
        for line in done.stdout.splitlines() + done.stderr.splitlines():
            say(f"  {line}")
        self._expect_running()
        return True

    def _expect_running(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        since: float | None = None
        while time.monotonic() < deadline:
            running = self.runs() and self.paths().at_work
            since = (since or time.monotonic()) if running else None
            if since and time.monotonic() - since >= _STAY_SECONDS:
                return
            time.sleep(2)
        raise ServiceError(_sentence(self.ask("service", "status", *self._for_machine)) or "it does not stay running.")

    def stop_service(self) -> None:
        """Stop and remove the service if it is this installation's; what it was doing is taken up by the next.

        Raises ServiceError if the system does not let go of it.
        """
        command = self._service().get("command")
        # The service's own command line has no links in it: the environment was made in the resolved folder.
        if not command or not Path(command[0]).resolve().is_relative_to(self.version.parent.resolve()):
            return
        done = self.ask("service", "uninstall", *self._for_machine)
        if done.returncode != 0:
            raise ServiceError(_sentence(done))

    def runs(self) -> bool:
        """Whether the service runs, and is this installation's or another's."""
        return bool(self._service().get("running"))

    @property
    def _for_machine(self) -> list[str]:
        return ["--system"] if self.choices.system else []

    def _service(self) -> dict[str, Any]:
        done = self.ask("service", "status", "--json", *self._for_machine)
        try:
            found: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            return {}
        return found


def _ask(command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError:  # its Python is gone, perhaps with an update of the system
        return subprocess.CompletedProcess(
            command, 127, "", f"{command[0]} cannot be run; please run scripts/install again."
        )


def _sentence(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join((done.stderr.strip() or done.stdout.strip()).removeprefix("chartdraft: ").split())
