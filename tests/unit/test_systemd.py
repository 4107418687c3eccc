"""The service on Linux, command by command."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.machine.commands import Ran
from daemon.adapters.machine.service_errors import ServiceError
from daemon.adapters.machine.service_templates import systemd_unit
from daemon.adapters.machine.systemd import SystemdService, bus_environment
from tests.fakes.recorded import FOR_MACHINE, PLAN, Recorded


def test_installing_on_linux_replaces_what_runs(tmp_path: Path) -> None:
    run = Recorded()
    service = SystemdService(folder=tmp_path / "user", system=False, uid=501, run=run)
    for _ in range(2):
        assert service.install(PLAN) == ()
    assert service.uninstall() is True
    assert service.uninstall() is False
    steps = ["show --property=Version", "daemon-reload", "enable chartdraft.service", "restart chartdraft.service"]
    installed = [*(f"systemctl --user {step}" for step in steps), "loginctl enable-linger 501"]
    gone = ["show --property=Version", "disable --now chartdraft.service", "daemon-reload"]
    assert run.ran == [*installed, *installed, *(f"systemctl --user {step}" for step in gone)]
    assert not list((tmp_path / "user").iterdir())


def test_the_machines_unit_needs_no_lingering(tmp_path: Path) -> None:
    run = Recorded()
    SystemdService(folder=tmp_path, system=True, uid=501, run=run).install(FOR_MACHINE)
    assert run.ran[-1] == "systemctl restart chartdraft.service"
    assert not any("--user" in each or "loginctl" in each for each in run.ran)


def test_a_machine_without_a_bus_gets_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    run = Recorded({"show": [Ran(1, err="Failed to connect to bus: No medium found")]})
    with pytest.raises(ServiceError) as refused:
        SystemdService(folder=tmp_path, system=False, uid=501, run=run).install(PLAN)
    assert refused.value.code == "service-no-manager"
    assert refused.value.details == ("systemctl: Failed to connect to bus: No medium found",)
    assert not list(tmp_path.iterdir())


def test_a_refusal_to_linger_is_only_a_remark(tmp_path: Path) -> None:
    run = Recorded({"enable-linger": [Ran(1, err="Access denied")]})
    (remark,) = SystemdService(folder=tmp_path, system=False, uid=501, run=run).install(PLAN)
    assert "sudo loginctl enable-linger" in remark


def test_what_systemctl_refuses_is_said(tmp_path: Path) -> None:
    run = Recorded({"enable": [Ran(1, err="Unit is masked.")]})
    service = SystemdService(folder=tmp_path, system=False, uid=501, run=run)
    with pytest.raises(ServiceError, match="service-refused") as refused:
        service.install(PLAN)
    assert "Unit is masked." in str(refused.value)
    with pytest.raises(ServiceError, match="service-not-installed"):
        SystemdService(folder=tmp_path / "empty", system=False, uid=501, run=run).restart()


SHOWN = "LoadState=loaded\nMainPID=0\nNRestarts=4\nExecMainCode={}\nExecMainStatus={}\n"


@pytest.mark.parametrize(
    ("code", "status", "last_exit", "last_signal"),
    [(1, 5, 5, None), (2, 9, None, 9), (3, 11, None, 11), (0, 0, None, None)],
)
def test_what_systemctl_shows_is_understood(
    code: int, status: int, last_exit: int | None, last_signal: int | None, tmp_path: Path
) -> None:
    (tmp_path / "chartdraft.service").write_bytes(systemd_unit(PLAN))
    run = Recorded({"show": [Ran(0, SHOWN.format(code, status))]})
    found = SystemdService(folder=tmp_path, system=False, uid=501, run=run).state()
    assert run.ran[-1] == (
        "systemctl --user show --property=LoadState,MainPID,NRestarts,ExecMainCode,ExecMainStatus chartdraft.service"
    )
    assert (found.installed, found.running, found.restarts) == (True, False, 4)
    assert (found.last_exit, found.last_signal) == (last_exit, last_signal)
    assert found.option("--home") == "/Users/ann/C D"


def test_the_bus_is_found_after_su(tmp_path: Path) -> None:
    (tmp_path / "501").mkdir()
    assert bus_environment({"A": "b"}, 501, tmp_path) == {"A": "b", "XDG_RUNTIME_DIR": str(tmp_path / "501")}
    assert bus_environment({}, 502, tmp_path) == {}
    assert bus_environment({"XDG_RUNTIME_DIR": "/x"}, 501, tmp_path) == {"XDG_RUNTIME_DIR": "/x"}
