"""Where an installation may go and who may make it: folders, names, Pythons, accounts, permissions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes.office_machine import refusal


def test_another_home_or_a_home_inside_the_application_is_refused(machine):
    assert "may not lie in each other" in refusal(machine.run("install", "--home", str(machine.app / "x"), "--yes"))
    machine.fresh()
    assert "please leave --home out" in refusal(machine.run("install", "--home", str(machine.home / "other")))


def test_a_folder_that_holds_other_things_becomes_no_application_folder(machine):
    (machine.app / "Documents").mkdir(parents=True)
    assert "holds other things" in refusal(machine.run("install", "--yes"))
    assert [path.name for path in machine.app.iterdir()] == ["Documents"]


@pytest.mark.parametrize("sign", ['"', "$HOME", "`", "\n", ":", "\\"])
def test_an_application_folder_that_a_shell_would_read_otherwise_is_refused(machine, sign):
    assert "stumble" in refusal(machine.run("install", "--yes", "--app", str(machine.home / f"a{sign}b")))


def test_a_home_that_no_service_could_be_given_is_refused_before_it_is_made(machine):
    assert "line break" in refusal(machine.run("install", "--yes", "--home", str(machine.home / "a\nb")))
    assert list(machine.home.iterdir()) == []


def test_names_that_only_look_odd_will_do(machine):
    app = machine.home / "Dr. O'Neill & Söhne (中) #1"
    machine.app = app
    machine.chart = machine.home / 'Praxis "Süd" $1'
    assert "Drafted: " in machine.fresh("--app", str(app))
    done = subprocess.run([app / "chartdraft", "status"], env=machine.environment, capture_output=True, check=False)
    assert json.loads(done.stdout) == {"counts": {}}


def test_on_a_mac_it_is_said_what_macos_says_and_asks(installed):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import install, platform; from pathlib import Path;"
        "platform.system = lambda: 'Darwin'; where = Path('/x');"
        "install.report(install.Application(where), install.Paths(where, where, where, where, [], True, 0, True), runs=True)"
    )
    command = [sys.executable, "-c", script, str(installed.clone / "scripts")]
    done = subprocess.run(command, env=installed.environment, capture_output=True, text=True, check=True)
    assert "background item" in done.stdout
    assert "Python may use a folder" in done.stdout


def test_settings_that_put_a_folder_into_the_application_are_refused(machine):
    (machine.chart).mkdir()
    (machine.chart / "config.toml").write_text(f'state_dir = "{machine.app}/models/state"\n')
    assert "may not lie in each other" in refusal(machine.run("install", "--home", str(machine.chart), "--yes"))


def test_nothing_that_was_made_can_be_written_by_others_whatever_the_persons_umask(machine):
    shutil.copy("/bin/true", machine.clone / "scripts" / "open")
    (machine.clone / "scripts" / "open").chmod(0o777)
    (machine.clone / "scripts" / "closed").touch(0o600)
    (machine.clone / "scripts" / "closed").chmod(0o600)
    before = os.umask(0)
    try:
        machine.fresh()
    finally:
        os.umask(before)
    made = [path for path in machine.app.rglob("*") if not path.is_symlink()]
    assert [path for path in made if path.stat().st_mode & 0o022 and ".venv" not in path.parts] == []
    [closed] = machine.app.glob("versions/*/scripts/closed")
    assert closed.stat().st_mode & 0o777 == 0o644


def test_what_the_system_refuses_is_one_sentence(machine):
    machine.app.parent.mkdir(exist_ok=True)
    machine.app.write_text("no folder")
    assert "app: File exists; please mend that" in refusal(machine.run("install", "--yes"))


def test_a_command_whose_python_is_gone_says_what_to_do(installed):
    (installed.app / "current/.venv/bin/python").unlink()
    done = subprocess.run(
        [installed.app / "chartdraft", "status"], env=installed.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 127
    assert "run scripts/install again" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="sudo gives the rights of root")
def test_sudo_for_one_person_and_a_python_of_one_person_are_refused(machine):
    asked = ["install", "--home", str(machine.chart), "--yes"]
    assert "without sudo" in refusal(machine.run(*asked, SUDO_UID="1000"))
    if not all(place.stat().st_mode & 0o001 for place in Path(sys.executable).resolve().parents):
        assert "another Python" in refusal(machine.run(*asked, "--system"))


@pytest.mark.skipif(os.geteuid() == 0, reason="only an ordinary account is refused")
def test_the_whole_machine_is_for_its_administrator(machine):
    assert "sudo" in refusal(machine.run("install", "--system", "--yes"))
