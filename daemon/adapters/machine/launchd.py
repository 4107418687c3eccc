"""launchd: the service of this account or of the machine, through `launchctl`. One function of `Launchctl` is one command line.

launchctl's exit codes are errors of the system or of launchd itself (`launchctl error CODE` names them):

| code | what it says | what it means here |
|---|---|---|
| 3, 113 | No such process; Could not find specified service | nothing is loaded |
| 5 | Input/output error | after a `bootout` for some 5 s (the label is not free yet); otherwise a property list it refuses |
| 36, 37 | Operation now in progress; already in progress | the same, a moment later |
| 112 | Could not find specified domain | nobody is logged in at the screen |
| 125 | Domain does not support specified action | the same, or background items are switched off |

`bootout` comes back before the job is gone, so what follows waits until `print` no longer finds it, and tries `bootstrap` again for as
long as it answers 5, 36 or 37. (Measured by others on macOS 26: ten tries in five seconds before the eleventh went through.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors, publish_bytes
from daemon.adapters.machine.commands import NOT_FOUND, TOOK_TOO_LONG, Ran, Runner
from daemon.adapters.machine.service_errors import ServiceError
from daemon.adapters.machine.service_templates import launchd_plist, plist_command
from daemon.model.background_service import LABEL, ServicePlan, ServiceState
from daemon.model.errors import RetryableError

SYSTEM_FOLDER = Path("/Library/LaunchDaemons")
_ABSENT = frozenset({3, 113})
_NO_SESSION = frozenset({112, 125})
_BUSY = frozenset({36, 37})
_REFUSED = 5
_NOT_YET = _BUSY | {_REFUSED}
# Longer than ExitTimeOut, after which launchd has killed the old one.
_GONE_SECONDS, _LOAD_SECONDS, _PAUSE_SECONDS = 40.0, 20.0, 0.5
# Only lines of the outermost block: further inside stand states of other things.
_FACT = re.compile(r"^\t(?P<name>[a-z ]+) = (?P<value>.+)$", re.MULTILINE)
_SIGNAL = re.compile(r": (\d+)$")


@dataclass(frozen=True, slots=True)
class Launchctl:
    """The command lines for one job in one domain (`gui/501` or `system`)."""

    domain: str
    run: Runner

    @property
    def target(self) -> str:
        """The job."""
        return f"{self.domain}/{LABEL}"

    def bootstrap(self, file: Path) -> Ran:
        """Load what the property list says."""
        return self.run(["launchctl", "bootstrap", self.domain, str(file)])

    def bootout(self) -> Ran:
        """Stop the job and forget it."""
        return self.run(["launchctl", "bootout", self.target])

    def enable(self) -> Ran:
        """Allow it, should it once have been disabled; that outlives its property list."""
        return self.run(["launchctl", "enable", self.target])

    def kickstart(self, *, kill: bool) -> Ran:
        """Start it; with `kill`, end it first if it runs."""
        return self.run(["launchctl", "kickstart", *(["-k"] if kill else []), self.target])

    def print(self) -> Ran:
        """How it is."""
        return self.run(["launchctl", "print", self.target])

    def print_domain(self) -> Ran:
        """Whether there is a session that it can run in."""
        return self.run(["launchctl", "print", self.domain])


class LaunchdService:
    """The service on macOS."""

    def __init__(self, *, folder: Path, system: bool, uid: int, run: Runner, sleep: Callable[[float], None]) -> None:
        """`folder` is LaunchAgents or LaunchDaemons, `uid` the account whose session it is."""
        self.file, self._system, self._sleep = folder / f"{LABEL}.plist", system, sleep
        self._launchctl = Launchctl("system" if system else f"gui/{uid}", run)

    def text(self, plan: ServicePlan) -> bytes:
        """What `install` would write; `service-path`."""
        return launchd_plist(plan)

    def install(self, plan: ServicePlan) -> tuple[str, ...]:
        """Write the property list and start what it says, in place of what ran before; remarks for the person, if any.

        `service-no-session`, `service-busy`, `service-refused`, `service-no-manager`.
        """
        text = self.text(plan)
        self._remove_job()
        with disk_errors("target-unwritable"):
            self.file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        publish_bytes(self.file, text, replace=True, mode=0o644, unwritable="target-unwritable")
        self._launchctl.enable()
        self._load()
        return ()

    def uninstall(self) -> bool:
        """Stop it and remove its property list; whether there was one. `service-busy`, `service-no-manager`."""
        there = self.file.exists()
        self._remove_job()
        with disk_errors("target-unwritable"), suppress(FileNotFoundError):
            self.file.unlink()
        return there

    def restart(self) -> None:
        """Start it anew; `service-not-installed`, and what `install` raises."""
        ran = self._launchctl.kickstart(kill=True)
        if ran.code in _ABSENT | _NO_SESSION and self.file.exists():
            self._load()
        elif ran.code in _ABSENT:
            raise ServiceError("service-not-installed")
        elif ran.code not in {0} | _BUSY:
            raise _failure(ran)

    def state(self) -> ServiceState:
        """How it is; without the moment it began, which launchd does not tell. `service-no-manager`."""
        ran = self._launchctl.print()
        if ran.code in {NOT_FOUND, TOOK_TOO_LONG}:  # not to be taken for a service that does not run
            raise _failure(ran)
        facts = {} if ran.code else {fact["name"]: fact["value"] for fact in _FACT.finditer(ran.out)}
        pid, runs = _number(facts.get("pid", "")), _number(facts.get("runs", ""))
        ended_by = _SIGNAL.search(facts.get("last terminating signal", ""))
        try:
            command = plist_command(self.file.read_bytes())
        except FileNotFoundError:
            command = ()
        return ServiceState(
            file=self.file,
            system=self._system,
            installed=bool(command),
            running=pid is not None,
            pid=pid,
            restarts=None if runs is None else max(0, runs - 1),
            last_exit=_number(facts.get("last exit code", "")),
            last_signal=int(ended_by[1]) if ended_by else None,
            command=command,
        )

    def _remove_job(self) -> None:
        """Unload the job and wait until launchd has let go of it."""
        ran = self._launchctl.bootout()
        if ran.code in _ABSENT | _NO_SESSION:
            return
        if ran.code == NOT_FOUND:
            raise _failure(ran)
        for _ in range(int(_GONE_SECONDS / _PAUSE_SECONDS)):
            if self._launchctl.print().code:
                return
            self._sleep(_PAUSE_SECONDS)
        raise RetryableError("service-busy")

    def _load(self) -> None:
        ran = self._launchctl.bootstrap(self.file)
        for _ in range(int(_LOAD_SECONDS / _PAUSE_SECONDS)):
            if ran.code not in _NOT_YET:
                break
            self._sleep(_PAUSE_SECONDS)
            ran = self._launchctl.bootstrap(self.file)
        if ran.code == _REFUSED and self._launchctl.print_domain().code:
            raise ServiceError(
                "service-no-session"
            )  # some versions say 5 for that, too, as over SSH with nobody logged in
        if ran.code:
            raise _failure(ran)
        # RunAtLoad starts it; where launchd let that pass (seen after quick reloads), this does. 37: it is just starting.
        self._launchctl.kickstart(kill=False)


def _number(text: str) -> int | None:
    """`0`, or `78: EX_CONFIG`; `(never exited)` is none."""
    found = re.match(r"-?\d+", text)
    return int(found[0]) if found else None


def _failure(ran: Ran) -> ServiceError | RetryableError:
    if ran.code == NOT_FOUND:
        return ServiceError("service-no-manager")
    if ran.code in _NO_SESSION:
        return ServiceError("service-no-session")
    if ran.code in _BUSY | {TOOK_TOO_LONG}:
        return RetryableError("service-busy")
    return ServiceError("service-refused", f"launchctl: {ran.said or ran.code}")
