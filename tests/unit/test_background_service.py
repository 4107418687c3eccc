"""Installing, removing and asking for the service as a whole, and how it is said."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.machine.commands import NOT_FOUND, Ran, run_command
from daemon.adapters.machine.service_errors import ServiceError
from daemon.adapters.machine.service_templates import systemd_unit
from daemon.config import load_home
from daemon.keeping import background
from daemon.keeping.background import Asked, Machine
from daemon.model.background_service import ServiceState, end_in_words, state_in_words
from daemon.model.errors import ChartdraftError
from tests.fakes.recorded import FOR_MACHINE, PLAN, Recorded
from tests.fakes.service_manager import from_unit

SHOWN = "LoadState=loaded\nMainPID=0\nNRestarts=4\nExecMainCode={}\nExecMainStatus={}\n"


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    root = tmp_path / "home"
    for folder in ("state/keys", "inbox", "outbox"):
        (root / folder).mkdir(parents=True)
    (root / "models").mkdir()
    (root / "config.toml").write_text('models_dir = "models"')
    return Asked(load_home(root, None), root, None, system=False)


def machine(tmp_path: Path, run: Recorded, **other: Any) -> Machine:
    made = Machine("linux", 501, tmp_path / "person", {}, run, system_folder=tmp_path / "system")
    return replace(made, **other)


@pytest.mark.parametrize(
    ("platform", "uid", "system", "code"),
    [
        ("linux", 501, True, "service-needs-root"),
        ("darwin", 501, True, "service-needs-root"),
        ("darwin", 0, False, "service-as-root"),
    ],
)
def test_who_may_install_what(platform: str, uid: int, system: bool, code: str, asked: Asked, tmp_path: Path) -> None:
    run = Recorded()
    with pytest.raises(ChartdraftError, match=code):
        background.install(replace(asked, system=system), machine(tmp_path, run, platform=platform, uid=uid))
    assert run.ran == []


def test_the_machines_service_needs_a_home_and_every_service_one_that_is_set_up(asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(ChartdraftError, match="service-home-needed"):
        background.install(replace(asked, root=None, system=True), machine(tmp_path, Recorded(), uid=0))
    (tmp_path / "home" / "state" / "keys").rmdir()
    with pytest.raises(ChartdraftError, match="config-missing"):
        background.install(asked, machine(tmp_path, Recorded()))


def test_installing_prepares_the_folder_of_the_crash_log(asked: Asked, tmp_path: Path) -> None:
    background.install(asked, machine(tmp_path, Recorded()))
    unit = tmp_path / "person" / ".config" / "systemd" / "user" / "chartdraft.service"
    assert Path(from_unit(unit.read_bytes()).output).parent.stat().st_mode & 0o777 == 0o700


def test_the_usual_places_are_those_of_the_account_that_installs(asked: Asked, tmp_path: Path) -> None:
    usual = replace(asked, root=None, config=tmp_path / "home" / "config.toml")
    here = machine(tmp_path, Recorded(), environment={"XDG_DATA_HOME": "/data", "SECRET": "x"})
    plan = usual.plan(here)
    assert plan.environment == {"XDG_DATA_HOME": "/data"}
    assert plan.options == ("--config", str(tmp_path / "home" / "config.toml"))
    assert asked.plan(here).environment == {}
    assert usual.plan(replace(here, platform="darwin")).environment == {}


def test_a_home_that_the_account_cannot_use_is_not_served(asked: Asked, tmp_path: Path) -> None:
    run, tried = Recorded(), []

    def blocked(command: list[str], ids: tuple[int, int]) -> Ran:
        tried.append((command[1:], ids))
        return Ran(2, err="chartdraft: The settings are not valid")

    here = machine(tmp_path, run, uid=0, run_as=blocked, account_ids=lambda: (os.getuid(), os.getgid()))
    with pytest.raises(ServiceError, match="service-blocked") as refused:
        background.install(replace(asked, system=True), here)
    assert tried == [(["--home", str(tmp_path / "home"), "status"], (os.getuid(), os.getgid()))]
    assert "The settings are not valid" in str(refused.value)
    assert run.ran == []
    (remark,) = background.install(replace(asked, system=True), replace(here, run_as=lambda *_: Ran(0)))
    assert 'outbox_mode = "0660"' in remark
    assert (tmp_path / "system" / "chartdraft.service").exists()


def test_the_one_that_is_there_is_meant(asked: Asked, tmp_path: Path) -> None:
    here = machine(tmp_path, Recorded())
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "chartdraft.service").write_bytes(systemd_unit(FOR_MACHINE))
    assert background.state(here, system=None).system
    with pytest.raises(ChartdraftError, match="service-needs-root"):
        background.uninstall(here, system=None)
    background.install(asked, here)
    assert not background.state(here, system=None).system
    assert background.state(here, system=True).system
    assert background.uninstall(here, system=None)
    assert (tmp_path / "system" / "chartdraft.service").exists()


def test_a_running_process_tells_since_when_and_which_version(tmp_path: Path) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "chartdraft.service").write_bytes(systemd_unit(FOR_MACHINE))
    shown = SHOWN.format(0, 0).replace("MainPID=0", f"MainPID={os.getpid()}")
    run = Recorded({"show": [Ran(0, shown)], "--version": [Ran(0, "chartdraft 9.8.7\n")]})
    found = background.state(machine(tmp_path, run), system=None)
    assert found.since is not None
    assert state_in_words(found).startswith("The background service runs for the whole machine since 20")
    assert background.version_of(found, machine(tmp_path, run)) == "9.8.7"
    assert run.ran[-1] == f"{PLAN.program} --version"


def test_states_and_ends_in_words() -> None:
    state = ServiceState(Path("/x"), system=False)
    assert "is not installed" in state_in_words(state)
    assert "not running" in state_in_words(replace(state, installed=True))
    assert "Its file is gone" in state_in_words(replace(state, running=True, pid=3))
    assert end_in_words(replace(state, last_signal=9)) == "it was ended from outside (SIGKILL)"
    assert "(signal 99)" in end_in_words(replace(state, last_signal=99))
    assert "unsafe or missing" in end_in_words(replace(state, last_exit=5))
    assert end_in_words(replace(state, last_exit=42)).endswith("(exit code 42)")


def test_a_command_that_is_not_there_or_hangs_is_an_answer() -> None:
    assert run_command(["/nowhere/launchctl"]).code == NOT_FOUND
    assert run_command(["sh", "-c", "echo $A; exit 3"], {"A": "b", "PATH": os.environ["PATH"]}) == Ran(3, "b\n")
    assert run_command(["sleep", "5"], seconds=0.05).code == 124
