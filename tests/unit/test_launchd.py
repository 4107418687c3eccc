"""The service on macOS, command by command, and each refusal of launchctl."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.machine.commands import NOT_FOUND, TOOK_TOO_LONG, Ran
from daemon.adapters.machine.launchd import LaunchdService
from daemon.adapters.machine.service_templates import launchd_plist
from daemon.model.background_service import end_in_words
from daemon.model.errors import ChartdraftError
from tests.fakes.recorded import FOR_MACHINE, PLAN, Recorded

JOB = "gui/501/org.chartdraft.daemon"


def launchd(folder: Path, run: Recorded, *, system: bool = False) -> LaunchdService:
    return LaunchdService(folder=folder, system=system, uid=501, run=run, sleep=lambda _: run.ran.append("sleep"))


def test_installing_on_a_mac_replaces_what_runs(tmp_path: Path) -> None:
    run = Recorded({"print": [Ran(0), Ran(0), Ran(113)], "bootstrap": [Ran(5), Ran(37), Ran(0)]})
    service = launchd(tmp_path / "LaunchAgents", run)
    assert service.install(PLAN) == ()
    file = tmp_path / "LaunchAgents" / "org.chartdraft.daemon.plist"
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (launchd_plist(PLAN), 0o644)
    load = f"launchctl bootstrap gui/501 {file}"
    assert run.ran == [
        f"launchctl bootout {JOB}",
        *[f"launchctl print {JOB}", "sleep"] * 2,
        f"launchctl print {JOB}",
        f"launchctl enable {JOB}",
        *[load, "sleep"] * 2,
        load,
        f"launchctl kickstart {JOB}",
    ]


@pytest.mark.parametrize("absent", [3, 113])
def test_a_first_installation_waits_for_nothing(absent: int, tmp_path: Path) -> None:
    run = Recorded({"bootout": [Ran(absent, err="Boot-out failed: 3: No such process")]})
    launchd(tmp_path, run, system=True).install(FOR_MACHINE)
    target = "system/org.chartdraft.daemon"
    assert run.ran == [
        f"launchctl bootout {target}",
        f"launchctl enable {target}",
        f"launchctl bootstrap system {tmp_path}/org.chartdraft.daemon.plist",
        f"launchctl kickstart {target}",
    ]


@pytest.mark.parametrize(
    ("code", "error", "exit_code"),
    [
        (5, "service-refused", 3),
        (36, "service-busy", 75),
        (37, "service-busy", 75),
        (112, "service-no-session", 75),
        (125, "service-no-session", 75),
        (134, "service-refused", 3),
        (NOT_FOUND, "service-no-manager", 2),
    ],
)
def test_each_refusal_of_launchctl_is_one_sentence(code: int, error: str, exit_code: int, tmp_path: Path) -> None:
    run = Recorded({"bootout": [Ran(3)], "bootstrap": [Ran(code, err=f"\nBootstrap failed: {code}: Oh\nTry …")]})
    with pytest.raises(ChartdraftError) as refused:
        launchd(tmp_path, run).install(PLAN)
    assert (refused.value.code, refused.value.text.exit_code) == (error, exit_code)
    if error == "service-refused":
        assert str(refused.value).endswith(f"\n  launchctl: Bootstrap failed: {code}: Oh")
    assert ("sleep" in run.ran) == (code in {5, 36, 37})


def test_a_refusal_with_nobody_logged_in_is_told_as_that(tmp_path: Path) -> None:
    run = Recorded({"bootout": [Ran(3)], "bootstrap": [Ran(5)], "print": [Ran(112, err="Could not find domain")]})
    with pytest.raises(ChartdraftError, match="service-no-session"):
        launchd(tmp_path, run).install(PLAN)
    assert run.ran[-1] == "launchctl print gui/501"


def test_an_old_job_that_does_not_go_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(ChartdraftError, match="service-busy"):
        launchd(tmp_path, Recorded()).install(PLAN)
    assert not (tmp_path / "org.chartdraft.daemon.plist").exists()


def test_uninstalling_removes_the_job_and_its_file_and_is_harmless_twice(tmp_path: Path) -> None:
    run = Recorded({"bootout": [Ran(3), Ran(36), Ran(3)], "print": [Ran(113)]})
    service = launchd(tmp_path, run)
    service.install(PLAN)
    assert service.uninstall() is True
    assert not list(tmp_path.iterdir())
    assert service.uninstall() is False


def test_restarting_kills_and_starts_and_loads_what_was_not_loaded(tmp_path: Path) -> None:
    run = Recorded({"bootout": [Ran(3)], "-k": [Ran(0), Ran(37), Ran(113)]})
    service = launchd(tmp_path, run)
    with pytest.raises(ChartdraftError, match="service-not-installed"):
        launchd(tmp_path, Recorded({"-k": [Ran(113)]})).restart()
    service.install(PLAN)
    for _ in range(3):
        service.restart()
    assert run.ran[4:6] == [f"launchctl kickstart -k {JOB}"] * 2
    assert run.ran[6:] == [f"launchctl kickstart -k {JOB}", run.ran[2], run.ran[3]]
    with pytest.raises(ChartdraftError, match="service-refused"):
        launchd(tmp_path, Recorded({"-k": [Ran(1, err="Not privileged")]})).restart()


# As launchctl(1) of macOS 13 to 15 prints it; its own page calls the form "not API".
PRINTED = """gui/501/org.chartdraft.daemon = {
	active count = 1
	path = /Users/ann/Library/LaunchAgents/org.chartdraft.daemon.plist
	type = LaunchAgent
	state = running

	program = /Users/ann/App/.venv/bin/chartdraft
	arguments = {
		/Users/ann/App/.venv/bin/chartdraft
		run
	}

	environment = {
		PATH => /usr/bin:/bin
		XPC_SERVICE_NAME => org.chartdraft.daemon
	}

	domain = gui/501 [100020]
	minimum runtime = 30
	exit timeout = 30
	runs = 3
	pid = 812
	immediate reason = semaphore
	last exit code = 75: EX_TEMPFAIL

	resource coalition = {
		ID = 4711
		state = active
		pid = 1
	}
}
"""


def test_what_launchctl_prints_is_understood(tmp_path: Path) -> None:
    (tmp_path / "org.chartdraft.daemon.plist").write_bytes(launchd_plist(PLAN))
    found = launchd(tmp_path, Recorded({"print": [Ran(0, PRINTED)]})).state()
    assert (found.installed, found.running, found.pid, found.restarts, found.last_exit) == (True, True, 812, 2, 75)
    assert found.option("--home") == "/Users/ann/C D"
    killed = PRINTED.replace("last exit code = 75: EX_TEMPFAIL", "last terminating signal = Killed: 9")
    killed = killed.replace("\tpid = 812\n", "").replace("state = running", "state = spawn scheduled")
    found = launchd(tmp_path, Recorded({"print": [Ran(0, killed)]})).state()
    assert (found.running, found.pid, found.last_exit, found.last_signal) == (False, None, None, 9)
    fresh = PRINTED.replace("75: EX_TEMPFAIL", "(never exited)").replace("runs = 3", "runs = 1")
    found = launchd(tmp_path, Recorded({"print": [Ran(0, fresh)]})).state()
    assert (found.restarts, found.last_exit, end_in_words(found)) == (0, None, "")


def test_no_answer_is_not_taken_for_a_service_that_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(ChartdraftError, match="service-busy"):
        launchd(tmp_path, Recorded({"print": [Ran(TOOK_TOO_LONG)]})).state()


def test_a_mac_without_the_service_says_so(tmp_path: Path) -> None:
    found = launchd(
        tmp_path, Recorded({"print": [Ran(113, err='Could not find service "org.chartdraft.daemon"')]})
    ).state()
    assert (found.installed, found.running) == (False, False)
    with pytest.raises(ChartdraftError, match="service-no-manager"):
        launchd(tmp_path, Recorded({"print": [Ran(NOT_FOUND)]})).state()
