"""Installation from the outside: in a copy of the clone, with programs that only note what they are asked."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fakes import installed_programs as programs

ROOT = Path(__file__).resolve().parents[2]
MEMO = "TEST memo, no patient"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Machine:
    """A person's machine with a clone on it: an empty HOME, a compiler that works, fakes for what would be installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home, self.app, self.chart, self.clone = (folder / name for name in ("home", "app", "chart", "clone"))
        fakes = folder / "fakes"
        self.fifo = folder / "fifo"
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "PYTHONPATH": str(fakes),
            "PYTHONDONTWRITEBYTECODE": "1",
            "CXX": str(fakes / "c++"),
            "FAKES": str(fakes),
            "FIFO": str(self.fifo),
        }

    def set_up(self) -> Machine:
        """The clone and the fakes."""
        fakes = self.folder / "fakes"
        for made in (self.home, fakes, self.clone / "daemon", self.clone / "samples"):
            made.mkdir(parents=True)
        for name, text in (
            ("venv.py", programs.VENV),
            ("python", programs.PYTHON),
            ("chartdraft", programs.CHARTDRAFT),
            ("sitecustomize.py", programs.SITE),
        ):
            (fakes / name).write_text(text)
        compiler = fakes / "c++"
        compiler.write_text("#!/bin/sh\ncat >/dev/null\n")
        compiler.chmod(0o755)
        shutil.copytree(ROOT / "scripts", self.clone / "scripts", ignore=shutil.ignore_patterns("__pycache__", "*.tsv"))
        shutil.copytree(ROOT / "requirements", self.clone / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.clone)
        (self.clone / "samples" / "visit-memo.m4a").write_bytes(b"memo")
        self.number("1.0")
        return self

    def copy_to(self, folder: Path) -> Machine:
        """This machine once more, as if everything had happened there."""
        shutil.copytree(self.folder, folder, symlinks=True)
        copy = Machine(folder)
        for file in (copy.app / "install.json", copy.app / "chartdraft", copy.home / "service"):
            file.write_text(file.read_text().replace(str(self.folder), str(folder)))
        [models] = copy.app.glob("versions/*/.venv/share/chartdraft/models")
        models.unlink()
        models.symlink_to(copy.app / "models")
        return copy

    def hang(self, on: str) -> subprocess.Popen[str]:
        """An installation that hangs where the environment's Python is asked for something."""
        os.mkfifo(self.fifo)
        process = self.start("install", "--home", str(self.chart), "--yes", HANG_ON=on)
        self.fifo.open().close()
        return process

    def number(self, version: str) -> None:
        """Let the clone be another version."""
        (self.clone / "daemon" / "__init__.py").write_text(f'__version__ = "{version}"\n')

    def start(self, script: str, *arguments: str, stdin: int = subprocess.DEVNULL, **environment: str):
        command = [str(self.clone / "scripts" / script), "--app", str(self.app), *arguments]
        return subprocess.Popen(
            command,
            env=self.environment | environment,
            stdin=stdin,
            stdout=stdin if stdin != subprocess.DEVNULL else subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, script: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
        process = self.start(script, *arguments, **environment)
        out, said = process.communicate(timeout=60)
        return process.returncode, out, said

    def install(self, *arguments: str, **environment: str) -> str:
        """Install as it should go; what was said."""
        code, out, said = self.run("install", *arguments, **environment)
        assert (code, said) == (0, ""), (out, said)
        return out

    def fresh(self, *arguments: str, **environment: str) -> str:
        return self.install("--home", str(self.chart), "--yes", *arguments, **environment)

    def noted(self, name: str = "commands") -> list[list[str]]:
        """What was asked since this was last called."""
        log = self.home / f"{name}.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return [json.loads(line) for line in lines]

    @property
    def version(self) -> str:
        return (self.app / "current").readlink().name.split("-")[0]

    @property
    def serving(self) -> str:
        """The version that the service runs."""
        service = self.home / "service"
        return Path(service.read_text()).parts[-4].split("-")[0] if service.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path).set_up()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("template")).set_up()
    machine.fresh()
    machine.noted()
    return machine


@pytest.fixture
def installed(template: Machine, tmp_path: Path) -> Machine:
    """A machine on which version 1.0 is installed and runs."""
    return template.copy_to(tmp_path / "machine")


def refusal(done: tuple[int, str, str]) -> str:
    """Its one sentence."""
    code, _, said = done
    assert code == 1
    [sentence] = said.splitlines()
    return sentence


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


def test_another_home_or_a_home_inside_the_application_is_refused(machine):
    assert "may not lie in each other" in refusal(machine.run("install", "--home", str(machine.app / "x"), "--yes"))
    machine.fresh()
    assert "please leave --home out" in refusal(machine.run("install", "--home", str(machine.home / "other")))


@pytest.mark.skipif(os.geteuid() == 0, reason="only an ordinary account is refused")
def test_the_whole_machine_is_for_its_administrator(machine):
    assert "sudo" in refusal(machine.run("install", "--system", "--yes"))


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


def test_uninstalling_keeps_everything_of_patients_and_installing_takes_it_up(installed):
    code, out, _ = installed.run("uninstall")
    assert code == 0
    assert not installed.app.exists()
    assert installed.serving == ""
    for kept in ("inbox", "outbox", "state/keys", "config.toml"):
        assert (installed.chart / kept).exists()
        assert str(installed.chart / kept.split("/")[0]) in out
    (installed.chart / "recovery.txt").rename(installed.home / "stick.txt")
    out = installed.fresh()
    assert not (installed.chart / "recovery.txt").exists()
    assert "WARNING" not in out
    assert refusal(installed.run("uninstall", "--app", str(installed.home))).endswith("--app names another folder.")


def test_deleting_everything_needs_a_word(installed):
    code, out, said = installed.run("uninstall", "--delete-everything")
    assert code == 1
    assert "nothing was deleted" in said
    assert "The recovery key then opens nothing any more" in out
    assert installed.serving == "1.0"
    assert installed.run("uninstall", "--delete-everything", "--confirm", "delete")[0] == 0
    assert sorted(path.name for path in installed.chart.iterdir()) == ["drafted.m4a", "recovery.txt"]
    assert not installed.app.exists()


@pytest.mark.parametrize("what", ["job", "inbox"])
def test_deleting_everything_is_refused_while_something_was_not_drafted(installed, what):
    environment = {}
    if what == "job":
        environment["COUNTS"] = json.dumps({"attention": 1, "delivered": 5})
    else:
        (installed.chart / "inbox" / "soap").mkdir()
        (installed.chart / "inbox" / "README.txt").touch()
        (installed.chart / "inbox" / "soap" / "memo.m4a").touch()
    asked = ["uninstall", "--delete-everything", "--confirm", "delete"]
    assert "--force" in refusal(installed.run(*asked, **environment))
    assert (installed.chart / "state" / "keys").exists()
    assert installed.run(*asked, "--force", **environment)[0] == 0
    assert not (installed.chart / "state").exists()


def test_folders_that_the_settings_chose_are_not_deleted(installed):
    shared = installed.home / "shared"
    shared.mkdir()
    (shared / "other.txt").touch()
    (installed.chart / "config.toml").write_text(f'outbox_dir = "{shared}"\n')
    code, out, _ = installed.run("uninstall", "--delete-everything", "--confirm", "delete")
    assert code == 0
    assert (shared / "other.txt").exists()
    assert f"Left alone, because the settings chose it: {shared}" in out


def test_a_service_of_another_installation_is_left_alone(installed):
    (installed.home / "service").write_text("/elsewhere/bin/chartdraft")
    assert installed.run("uninstall")[0] == 0
    assert (installed.home / "service").exists()
