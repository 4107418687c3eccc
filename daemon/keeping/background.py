"""Chartdraft as a background service of the machine: installed, removed, asked how it is."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from daemon.adapters.atomic_file import disk_errors
from daemon.adapters.machine.commands import TIMEOUT_SECONDS, Ran, Runner, run_command
from daemon.adapters.machine.launchd import SYSTEM_FOLDER as LAUNCH_DAEMONS
from daemon.adapters.machine.launchd import LaunchdService
from daemon.adapters.machine.service_account import Ids, account_ids, hand_over, make_account, run_as, taken_ids
from daemon.adapters.machine.service_errors import ServiceError
from daemon.adapters.machine.systemd import SYSTEM_FOLDER as UNITS
from daemon.adapters.machine.systemd import SystemdService, bus_environment
from daemon.adapters.models.store import default_models_dir
from daemon.config import Home
from daemon.model.background_service import ACCOUNT, CRASH_LOG, ServicePlan, ServiceState
from daemon.model.errors import PermanentError

# Where platformdirs looks for the usual places on Linux; what is set here must be set there.
_PLACES = ("XDG_CONFIG_HOME", "XDG_DATA_HOME")


class Manager(Protocol):
    """What starts services here: launchd or systemd."""

    file: Path

    def text(self, plan: ServicePlan) -> bytes:
        """What `install` would write."""

    def install(self, plan: ServicePlan) -> tuple[str, ...]:
        """Write and start it, in place of what was; remarks for the person."""

    def uninstall(self) -> bool:
        """Stop and remove it; whether there was one."""

    def restart(self) -> None:
        """Start it anew."""

    def state(self) -> ServiceState:
        """How it is."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the machine is, and how it is asked; tests hand in another. `person` is the home folder of the account."""

    platform: str
    uid: int
    person: Path
    environment: Mapping[str, str]
    run: Runner
    run_as: Callable[[list[str], Ids], Ran] = run_as
    account_ids: Callable[[], Ids | None] = account_ids
    sleep: Callable[[float], None] = time.sleep
    system_folder: Path | None = None

    def manager(self, *, system: bool) -> Manager:
        """What starts services of this account, or of the whole machine."""
        folder = (self.system_folder or self._system_folder()) if system else self._folder()
        if self.platform == "darwin":
            return LaunchdService(folder=folder, system=system, uid=self.uid, run=self.run, sleep=self.sleep)
        return SystemdService(folder=folder, system=system, uid=self.uid, run=self.run)

    def _system_folder(self) -> Path:
        return LAUNCH_DAEMONS if self.platform == "darwin" else UNITS

    def _folder(self) -> Path:
        if self.platform == "darwin":
            return self.person / "Library" / "LaunchAgents"
        return Path(self.environment.get("XDG_CONFIG_HOME") or self.person / ".config") / "systemd" / "user"


def this_machine(seconds: float = TIMEOUT_SECONDS) -> Machine:
    """The one we run on; each of its commands may take so long."""
    environment = bus_environment(os.environ, os.getuid())
    run = partial(run_command, environment=environment, seconds=seconds)
    return Machine(sys.platform, os.getuid(), Path.home(), environment, run)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says: the home, the options that led to it, and whether it is for the whole machine."""

    home: Home
    root: Path | None
    config: Path | None
    system: bool

    def plan(self, machine: Machine) -> ServicePlan:
        """What the service would be; `service-home-needed`, `service-program-missing`."""
        if self.system and self.root is None and self.config is None:
            raise PermanentError("service-home-needed")
        program = Path(sys.prefix) / "bin" / "chartdraft"
        if not program.is_file():
            raise PermanentError("service-program-missing")
        given = (("--home", self.root), ("--config", self.config))
        options = tuple(word for name, path in given if path is not None for word in (name, str(path.absolute())))
        elsewhere = () if self.root is not None or machine.platform == "darwin" else _PLACES
        return ServicePlan(
            program=program,
            options=options,
            crash_log=self.home.logs / CRASH_LOG,
            account=ACCOUNT if self.system else "",
            environment={name: machine.environment[name] for name in elsewhere if machine.environment.get(name)},
            network=bool(self.home.settings.engine.database_url),
        )


def install(asked: Asked, machine: Machine) -> tuple[str, ...]:
    """Install and start the service, in place of an older one; remarks for the person. Safe to repeat.

    `config-missing` if the home was not set up; `service-…`.
    """
    _expect_right_account(machine, system=asked.system, installing=True)
    plan = asked.plan(machine)
    if not asked.home.keys.is_dir():
        raise PermanentError("config-missing")
    with disk_errors():
        asked.home.logs.mkdir(mode=0o700, exist_ok=True)
    remarks = _prepare_account(asked, plan, machine) if asked.system else ()
    return (*remarks, *machine.manager(system=asked.system).install(plan))


def _prepare_account(asked: Asked, plan: ServicePlan, machine: Machine) -> tuple[str, ...]:
    home = asked.home
    ids = make_account(machine.platform, machine.run, taken_ids(), machine.account_ids)
    hand_over(
        state=home.state,
        shared=(home.inbox, home.outbox),
        models=home.models or default_models_dir(),
        config=home.config,
        root=asked.root,
        ids=ids,
    )
    ran = machine.run_as([str(plan.program), *plan.options, "status"], ids)
    if ran.code:
        raise ServiceError("service-blocked", *([ran.said] if ran.said else []))
    if home.settings.outbox_mode == "0600":
        return (
            f"Colleagues in the group {ACCOUNT} can put files in, but not read drafts: "
            f'set outbox_mode = "0660" in {home.config} for that.',
        )
    return ()


def uninstall(machine: Machine, *, system: bool | None) -> bool:
    """Stop and remove the service; whether there was one. `system`: None looks which one is there."""
    chosen = _installed(machine, system)
    _expect_right_account(machine, system=chosen, installing=False)
    return machine.manager(system=chosen).uninstall()


def restart(machine: Machine, *, system: bool | None) -> None:
    """Start the service anew; `service-not-installed`."""
    chosen = _installed(machine, system)
    _expect_right_account(machine, system=chosen, installing=False)
    machine.manager(system=chosen).restart()


def state(machine: Machine, *, system: bool | None) -> ServiceState:
    """How the service is."""
    found = machine.manager(system=_installed(machine, system)).state()
    return found if found.pid is None else replace(found, since=_began(found.pid))


def version_of(found: ServiceState, machine: Machine) -> str:
    """The version of the program that is installed as the service; empty if it cannot be asked."""
    ran = machine.run([*found.command[:1], "--version"]) if found.command else Ran(1)
    return "" if ran.code else ran.out.strip().removeprefix("chartdraft ")


def _installed(machine: Machine, system: bool | None) -> bool:
    """Which of the two is meant: as said, else the machine's if that alone is there."""
    if system is not None:
        return system
    return machine.manager(system=True).file.exists() and not machine.manager(system=False).file.exists()


def _expect_right_account(machine: Machine, *, system: bool, installing: bool) -> None:
    if system and machine.uid != 0:
        raise PermanentError("service-needs-root")
    if installing and not system and machine.uid == 0 and machine.platform == "darwin":
        raise PermanentError("service-as-root")


def _began(pid: int) -> datetime | None:
    import psutil  # type: ignore[import-untyped]  # it ships no types

    with suppress(psutil.Error):
        return datetime.fromtimestamp(psutil.Process(pid).create_time(), UTC)
    return None
