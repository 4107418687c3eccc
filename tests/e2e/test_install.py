"""Installation from the outside: in a copy of the clone, with programs that only note what they are asked."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess

import pytest

from tests.fakes.office_machine import refusal

MEMO = "TEST memo, no patient"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_a_fresh_machine_gets_a_running_service_and_a_drafted_memo(machine):
    out = machine.fresh()
    assert [line[:5] for line in out.splitlines() if line.startswith("[")] == [f"[{n}/8]" for n in range(1, 9)]
    assert (machine.version, machine.serving) == ("1.0", "1.0")
    asked = machine.noted()
    assert asked[:3] == [
        ["init", "--recovery-out", str(machine.chart / "recovery.txt")],
        ["doctor"],
        ["service", "install"],
    ]
    assert f"Drafted: {machine.chart}/outbox/{MEMO} - SOAP note" in out
    memo = (machine.chart / "drafted.m4a").read_bytes()
    assert memo.startswith(b"memo\0\0\0\x18free")
    assert len(memo) == 4 + 24
    assert "recovery.txt lies on the same disk" in out
    [version] = (machine.app / "versions").iterdir()
    assert (version / ".venv/share/chartdraft/models").resolve() == machine.app / "models"


def test_the_clone_is_not_needed_afterwards(installed):
    shutil.move(installed.clone, installed.clone.with_name("moved"))
    done = subprocess.run(
        [installed.app / "chartdraft", "status"], env=installed.environment, capture_output=True, check=False
    )
    assert json.loads(done.stdout) == {"counts": {}}
    installed.clone = installed.app / "current"
    assert installed.run("uninstall")[0] == 0


def test_a_second_run_makes_nothing_anew_and_drafts_another_memo(machine):
    machine.fresh()
    first = (machine.chart / "drafted.m4a").read_bytes()
    machine.noted()
    machine.noted("calls")
    machine.install()
    assert not any("pip" in call for call in machine.noted("calls"))
    assert (machine.chart / "drafted.m4a").read_bytes() != first, "the same file would be the same job"
    assert machine.serving == "1.0"


def test_where_nothing_starts_services_it_says_how_to_start_by_hand(machine):
    out = machine.fresh(NO_MANAGER="1")
    assert "Nothing here starts services" in out
    assert f"Start it by hand: '{machine.app}/chartdraft' run" in out
    assert "Drafted: " in out
    assert ["run", "--once"] in machine.noted()


def test_no_service_and_no_test_memo_are_heeded(machine):
    machine.fresh("--no-service", "--no-test-memo")
    assert {command[0] for command in machine.noted()} == {"init", "doctor"}
    assert list((machine.chart / "outbox").iterdir()) == []


@pytest.mark.parametrize("where", ["requirements/run.txt", "starter_models.py", "home_paths.py"])
def test_a_killed_installation_goes_on_where_it_was(machine, where):
    process = machine.hang(where)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    machine.fresh()
    assert machine.serving == "1.0"


def test_a_second_installation_at_the_same_time_is_refused_also_when_only_the_firsts_child_lives(machine):
    process = machine.hang("run.txt")
    process.kill()
    process.wait()
    assert "another installation" in refusal(machine.run("install", "--yes"))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    machine.fresh()


def test_what_doctor_refuses_stops_it_before_anything_is_started(machine):
    assert "doctor refuses" in refusal(machine.run("install", "--home", str(machine.chart), "--yes", DOCTOR="5"))
    assert machine.serving == ""
    assert "Drafted" in machine.fresh()


def test_a_newer_clone_upgrades_and_leaves_only_itself(installed):
    installed.number("2.0")
    installed.noted()
    installed.install()
    assert (installed.version, installed.serving) == ("2.0", "2.0")
    assert len(list((installed.app / "versions").iterdir())) == 1
    asked = [command[:2] for command in installed.noted()]
    stopped = asked.index(["service", "uninstall"])
    assert asked.index(["doctor"]) < stopped < asked.index(["service", "install"]), (
        "the old one runs until all is checked"
    )


@pytest.mark.parametrize("code", ["2", "5"])
def test_a_version_that_does_not_fit_the_home_leaves_the_old_one_running(installed, code):
    installed.number("0.9")
    installed.noted()
    assert "goes on" in refusal(installed.run("install", DOCTOR=code))
    assert (installed.version, installed.serving) == ("1.0", "1.0")
    assert ["service", "uninstall"] not in installed.noted()


def test_a_version_that_does_not_start_is_rolled_back(installed):
    installed.number("2.0")
    (installed.home / "broken").write_text("2.0-")
    assert "The old version is back and runs." in refusal(installed.run("install"))
    assert (installed.version, installed.serving) == ("1.0", "1.0")


def test_a_version_that_only_loads_and_never_gets_to_work_is_rolled_back(installed):
    installed.number("2.0")
    (installed.home / "broken").write_text("~2.0-")
    assert "The old version is back and runs." in refusal(installed.run("install"))
    assert (installed.version, installed.serving) == ("1.0", "1.0")


def test_an_interruption_between_two_versions_leaves_the_old_one_running(installed):
    installed.number("2.0")
    os.mkfifo(installed.fifo)
    process = installed.start("install", HANG_START="2.0")
    installed.fifo.open().close()
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode == 130
    assert "The old version is back and runs." in out
    assert (installed.version, installed.serving) == ("1.0", "1.0")


def test_over_one_that_was_started_by_hand_nothing_is_exchanged(installed):
    (installed.home / "service").unlink()
    installed.number("2.0")
    assert "started by hand" in refusal(installed.run("install", AT_WORK="1"))
    assert installed.version == "1.0"
    assert len(list((installed.app / "versions").iterdir())) == 2, "the one that runs needs its files"


def test_a_rollback_that_fails_is_said_and_leaves_the_new_one(installed):
    installed.number("2.0")
    (installed.home / "broken").write_text("1.0- 2.0-")
    assert "does not start any more either" in refusal(installed.run("install"))
    assert installed.version == "2.0"


def test_an_environment_that_lost_its_python_is_made_anew(machine):
    machine.fresh()
    [version] = (machine.app / "versions").iterdir()
    python = version / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    (version / ".venv/bin/chartdraft").write_text("#!/nowhere/python3\n")
    shutil.rmtree(version / ".venv/bin")
    machine.install()
    assert machine.serving == "1.0"


def test_models_that_are_named_are_installed_and_stand_in_the_settings(machine):
    machine.fresh("--models", f"a/Large@{COMMIT},b/Llama@{COMMIT}:Llama.gguf")
    settings = (machine.chart / "config.toml").read_text()
    assert settings == '[speech]\nmodel = "large"  # small\n[language]\nmodel = "llama"\n'


@pytest.mark.parametrize("which", ["recommended", "huge", "a/b@main", "a/b"])
def test_models_that_cannot_be_known_are_refused(machine, which):
    assert "OWNER/NAME@COMMIT" in refusal(
        machine.run("install", "--home", str(machine.chart), "--yes", "--models", which)
    )


def test_a_model_that_cannot_be_fetched_stops_it_and_says_how_to_go_on(machine):
    done = machine.run("install", "--home", str(machine.chart), "--yes", "--models", f"a/b@{COMMIT}", FAIL_MODEL="1")
    assert "goes on where it ended" in done[2]
    assert done[0] == 1


def test_a_person_at_a_terminal_is_asked(machine):
    ours, theirs = pty.openpty()
    answers = ["2", "a/b@main", f"a/Large@{COMMIT}", "", str(machine.home / "stick" / "key.txt")]
    (machine.home / "stick").mkdir()
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    process = machine.start("install", "--home", str(machine.chart), "--no-test-memo", stdin=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # Linux's end of a terminal
            break
        if not block:
            break
        shown += block
    process.communicate()
    os.close(ours)
    text = shown.decode()
    assert process.returncode == 0, text
    for words in ("6.5 GB", "16 GB", "Llama 3.1 Community License", "MIT and Apache-2.0", "not OWNER/NAME@COMMIT"):
        assert words in text
    assert (machine.home / "stick" / "key.txt").exists()
    assert 'model = "large"  # small' in (machine.chart / "config.toml").read_text()
