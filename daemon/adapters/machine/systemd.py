"""systemd: the service of this account or of the machine, through `systemctl`. One function of `Systemctl` is one command line."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors, publish_bytes
from daemon.adapters.machine.commands import Ran, Runner
from daemon.adapters.machine.service_errors import ServiceError
from daemon.adapters.machine.service_templates import systemd_unit, unit_command
from daemon.model.background_service import UNIT, ServicePlan, ServiceState

SYSTEM_FOLDER = Path("/etc/systemd/system")
_ASKED = ("LoadState", "MainPID", "NRestarts", "ExecMainCode", "ExecMainStatus")
# ExecMainCode is si_code of waitid(2): how the main process ended.
_EXITED, _KILLED, _DUMPED = "1", "2", "3"


@dataclass(frozen=True, slots=True)
class Systemctl:
    """The command lines for one unit, of this account (`--user`) or of the machine."""

    system: bool
    run: Runner

    def _systemctl(self, *arguments: str) -> Ran:
        return self.run(["systemctl", *([] if self.system else ["--user"]), *arguments])

    def version(self) -> Ran:
        """Whether anybody answers."""
        return self._systemctl("show", "--property=Version")

    def reload(self) -> Ran:
        """Read the units again."""
        return self._systemctl("daemon-reload")

    def enable(self) -> Ran:
        """Start it from now on whenever the machine, or the account's systemd, starts."""
        return self._systemctl("enable", UNIT)

    def restart(self) -> Ran:
        """Start it, anew if it runs."""
        return self._systemctl("restart", UNIT)

    def disable(self) -> Ran:
        """Stop it, and start it no more."""
        return self._systemctl("disable", "--now", UNIT)

    def show(self) -> Ran:
        """How it is: NAME=VALUE, a line each."""
        return self._systemctl("show", f"--property={','.join(_ASKED)}", UNIT)

    def enable_linger(self, uid: int) -> Ran:
        """Start this account's services with the machine, not only when somebody logs in.

        The account is named: without a name loginctl takes that of the session, and after `su` there is none.
        """
        return self.run(["loginctl", "enable-linger", str(uid)])


class SystemdService:
    """The service on Linux."""

    def __init__(self, *, folder: Path, system: bool, uid: int, run: Runner) -> None:
        """`folder` is where the units lie, `uid` the account that asks."""
        self.file, self._system, self._uid = folder / UNIT, system, uid
        self._systemctl = Systemctl(system, run)

    def text(self, plan: ServicePlan) -> bytes:
        """What `install` would write; `service-path`."""
        return systemd_unit(plan)

    def install(self, plan: ServicePlan) -> tuple[str, ...]:
        """Write the unit and start it, in place of what ran before; remarks for the person, if any.

        `service-no-manager`, `service-refused`.
        """
        text = self.text(plan)
        self._expect_manager()
        with disk_errors("target-unwritable"):
            self.file.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        publish_bytes(self.file, text, replace=True, mode=0o644, unwritable="target-unwritable")
        for step in (self._systemctl.reload, self._systemctl.enable, self._systemctl.restart):
            _expect(step())
        if not self._system and self._systemctl.enable_linger(self._uid).code:
            return (
                "It starts when you log in. To have it start with the machine, run: sudo loginctl enable-linger $USER",
            )
        return ()

    def uninstall(self) -> bool:
        """Stop it and remove its unit; whether there was one. `service-no-manager`, `service-refused`."""
        if not self.file.exists():
            return False
        self._expect_manager()
        _expect(self._systemctl.disable())
        with disk_errors("target-unwritable"), suppress(FileNotFoundError):
            self.file.unlink()
        _expect(self._systemctl.reload())
        return True

    def restart(self) -> None:
        """Start it anew; `service-not-installed`, `service-no-manager`, `service-refused`."""
        if not self.file.exists():
            raise ServiceError("service-not-installed")
        self._expect_manager()
        _expect(self._systemctl.restart())

    def state(self) -> ServiceState:
        """How it is; without the moment it began. `service-no-manager` where a unit lies and nobody answers."""
        ran = self._systemctl.show()
        try:
            command = unit_command(self.file.read_bytes())
        except FileNotFoundError:
            command = ()
        if ran.code and command:
            raise ServiceError("service-no-manager", *_said(ran))
        facts = {} if ran.code else dict(line.split("=", 1) for line in ran.out.splitlines() if "=" in line)
        pid = int(facts.get("MainPID") or 0) or None
        return ServiceState(
            file=self.file,
            system=self._system,
            installed=bool(command),
            running=pid is not None,
            pid=pid,
            restarts=int(facts["NRestarts"]) if facts.get("NRestarts") else None,
            last_exit=_status(facts, _EXITED),
            last_signal=_status(facts, _KILLED, _DUMPED),
            command=command,
        )

    def _expect_manager(self) -> None:
        ran = self._systemctl.version()
        if ran.code:
            raise ServiceError("service-no-manager", *_said(ran))


def _status(facts: Mapping[str, str], *codes: str) -> int | None:
    return int(facts["ExecMainStatus"]) if facts.get("ExecMainCode") in codes else None


def _expect(ran: Ran) -> None:
    if ran.code:
        raise ServiceError("service-refused", *_said(ran))


def _said(ran: Ran) -> tuple[str, ...]:
    return (f"systemctl: {ran.said}",) if ran.said else ()


def bus_environment(environment: Mapping[str, str], uid: int, runtime: Path = Path("/run/user")) -> dict[str, str]:
    """The environment in which `systemctl --user` finds its bus: after `su` or `sudo -u` XDG_RUNTIME_DIR is missing."""
    usual = runtime / str(uid)
    if environment.get("XDG_RUNTIME_DIR") or not usual.is_dir():
        return dict(environment)
    return {**environment, "XDG_RUNTIME_DIR": str(usual)}
