"""The background service as data: what is to be started, how it is at the moment, and that in words."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

LABEL = "org.chartdraft.daemon"
UNIT = "chartdraft.service"
ACCOUNT = "_chartdraft"
CRASH_LOG = "crash.log"
# Tools of the system alone: folders that a person's package manager may write to are not searched.
PATH = "/usr/bin:/bin:/usr/sbin:/sbin"

_ENDS = {
    0: "it ended by itself, as it should",
    2: "its settings are not valid; `chartdraft doctor` says what",
    4: "the audit trail or the vault is damaged; `chartdraft audit verify` says where",
    5: "it refused to start, because something is unsafe or missing; `chartdraft doctor` says what",
    75: "something had to wait (a full disk, a folder that is away, another Chartdraft); it tries again by itself",
    126: "the program may not be executed by this account",
    127: "the program is not where it was installed; please run `chartdraft service install` again",
    # What launchd itself says when it cannot start a program (EX_CONFIG of sysexits.h) …
    78: "the program could not be started; please run `chartdraft service install` again",
    # … and systemd (systemd.exec(5), "Process exit codes").
    203: "the program could not be started; please run `chartdraft service install` again",
    209: "the state folder cannot be written by the service's account",
    217: "the service's account does not exist",
}


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """What is to run in the background.

    `options` stand between the program and `run`; `account` is empty for a service of the account that installs it. `environment` is
    given beside PATH and LC_CTYPE. `network` is whether it may open a connection at all (a database elsewhere).
    """

    program: Path
    options: tuple[str, ...]
    crash_log: Path
    account: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    network: bool = False

    @property
    def system(self) -> bool:
        """Whether it is a service of the whole machine."""
        return bool(self.account)


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How the service is. `file` describes it to the system; `command` is what stands there.

    `restarts` counts since the system knows the service; None where it does not say. `last_exit` is an exit code, `last_signal` a
    signal's number; both None while it never ended.
    """

    file: Path
    system: bool
    installed: bool = False
    running: bool = False
    pid: int | None = None
    since: datetime | None = None
    restarts: int | None = None
    last_exit: int | None = None
    last_signal: int | None = None
    command: tuple[str, ...] = ()

    def option(self, name: str) -> str:
        """What the service was given for an option, such as `--home`; empty if nothing."""
        after = dict(zip(self.command, self.command[1:], strict=False))
        return after.get(name, "")


def end_in_words(state: ServiceState) -> str:
    """How it ended the last time, for a person; empty if it never did."""
    if state.last_signal is not None:
        return f"it was ended from outside ({_signal_name(state.last_signal)})"
    if state.last_exit is None:
        return ""
    words = _ENDS.get(state.last_exit, "it ended for a reason that its log names")
    return f"{words} (exit code {state.last_exit})"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def state_in_words(state: ServiceState) -> str:
    """One sentence: installed or not, running or not, since when."""
    for_whom = "for the whole machine" if state.system else "for this account"
    if not state.installed and not state.running:
        return "The background service is not installed; `chartdraft service install` does that."
    if not state.running:
        return f"The background service is installed {for_whom}, but it is not running."
    since = f" since {state.since.astimezone():%Y-%m-%d %H:%M}" if state.since else ""
    runs = f"The background service runs {for_whom}{since} (process {state.pid})."
    if not state.installed:
        return f"{runs} Its file is gone, so it will not come back; please run `chartdraft service install` again."
    return runs
