"""Set-up from the outside: in a copy of its files, with the venv's Python replaced by one that notes what it is asked."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.adapters.models.store import ModelStore

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    "setup",
    "find_python.sh",
    "setup.py",
    "setup_tools.py",
    "language_engine.py",
    "language_engine.cmake",
    "starter_models.py",
]
# Stands in for .venv/bin/python: notes each call as a line of JSON, "builds" a wheel when asked for one.
NOTING_PYTHON = f"""#!{sys.executable}
import json, os, pathlib, sys
arguments = sys.argv[1:]
log = pathlib.Path(__file__).parent.parent.parent / "calls.jsonl"
with log.open("a") as out:
    kept = ("CMAKE_ARGS", "CMAKE_BUILD_PARALLEL_LEVEL")
    out.write(json.dumps([arguments, {{name: os.environ.get(name) for name in kept}}]) + "\\n")
if "--wheel-dir" in arguments:
    folder = pathlib.Path(arguments[arguments.index("--wheel-dir") + 1])
    folder.mkdir()
    (folder / "llama_cpp_python-0.0.0-py3-none-any.whl").write_bytes(b"built")
if "--editable" in arguments:
    (log.parent / ".venv" / "bin" / "chartdraft").touch()
if any(word in " ".join(arguments) for word in os.environ.get("FAIL_ON", "\\0").split(",")):
    sys.exit(1)
"""


class Clone:
    """A copy of the repository's set-up, and the environment it runs in: an empty HOME and a compiler that works."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.root = folder
        (folder / "scripts").mkdir(parents=True)
        for name in FILES:
            shutil.copy(ROOT / "scripts" / name, folder / "scripts" / name)
        shutil.copytree(ROOT / "requirements", folder / "requirements")
        shutil.copy(ROOT / "pyproject.toml", folder)
        compiler = home / "c++"
        compiler.write_text("#!/bin/sh\ncat >/dev/null\n")
        compiler.chmod(0o755)
        self.environment = {
            "HOME": str(home),
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "CXX": str(compiler),
        }

    def with_venv(self) -> Clone:
        """With a venv whose Python only notes."""
        python = self.root / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(NOTING_PYTHON)
        python.chmod(0o755)
        (python.parent / "pip").touch()
        (self.root / ".venv" / "pyvenv.cfg").write_text("version = 3.11.7\n")
        return self

    def set_up(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "scripts" / "setup", *arguments],
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def calls(self) -> list[tuple[list[str], dict[str, str | None]]]:
        """What the venv's Python was asked since this was last called, without the probes of its version."""
        log = self.root / "calls.jsonl"
        lines = log.read_text().splitlines() if log.exists() else []
        log.write_text("")
        return [(arguments, environment) for arguments, environment in map(json.loads, lines) if arguments[0] != "-c"]

    def builds(self) -> int:
        return sum("wheel" in arguments for arguments, _ in self.calls())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def clone(tmp_path: Path, home: Path) -> Clone:
    return Clone(tmp_path / "clone", home)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """Its one sentence."""
    assert done.returncode != 0
    [sentence] = done.stderr.splitlines()
    assert sentence.startswith("Set-up stopped: ")
    return sentence


def test_a_wrong_python_is_one_sentence(clone):
    assert "not a working Python 3.11, 3.12 or 3.13" in refusal(clone.set_up(PYTHON="/bin/false"))


def test_no_python_is_one_sentence(clone, home):
    for tool in ("dirname", "sh"):
        (home / tool).symlink_to(shutil.which(tool))
    assert "no Python 3.11, 3.12 or 3.13 was found" in refusal(clone.set_up(PYTHON="", PATH=str(home)))


def test_a_python_that_is_there_and_does_not_work_is_passed_over(clone, home):
    (home / "python3.13").write_text("#!/bin/sh\necho 'pyenv: version 3.13 is not installed' >&2\nexit 127\n")
    (home / "python3.12").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for name in ("python3.13", "python3.12"):
        (home / name).chmod(0o755)
    (clone.root / "scripts" / "setup.py").write_text("print('began')")
    done = clone.set_up(PYTHON="", PATH=f"{home}:{os.environ['PATH']}")
    assert (done.stdout, done.stderr, done.returncode) == ("began\n", "", 0)


def test_python_daemon_is_one_sentence(clone):
    clone.with_venv()
    (clone.root / ".venv/lib/python3.11/site-packages/python_daemon-3.1.2.dist-info").mkdir(parents=True)
    assert "python-daemon" in refusal(clone.set_up())
    assert clone.calls() == []


def test_no_compiler_is_one_sentence(clone, home):
    assert "C++ compiler" in refusal(clone.set_up(CXX="/bin/false"))
    assert "C++ compiler" in refusal(clone.set_up(CXX=str(home / "absent")))
    for tool in ("dirname", "sh"):
        (home / tool).symlink_to(shutil.which(tool))
    (home / "c++").rename(home / "compiler")
    assert "C++ compiler" in refusal(clone.set_up(CXX="", PATH=str(home)))
    assert not (clone.root / ".venv").exists()


def test_a_full_disk_is_one_sentence(clone, home):
    (home / "sitecustomize.py").write_text(
        "import shutil\nshutil.disk_usage = lambda _: shutil._ntuple_diskusage(9e9, 8e9, 1e9)\n"
    )
    assert "needs 3 GB of free disk space and there are 1.0 GB" in refusal(clone.set_up(PYTHONPATH=str(home)))
    assert not (clone.root / ".venv").exists()


def test_what_the_system_refuses_is_one_sentence(clone):
    clone.with_venv()
    (clone.root / ".venv" / "setup.log").mkdir()
    assert "setup.log: Is a directory" in refusal(clone.set_up())


def test_an_old_macos_is_one_sentence(clone, home):
    (home / "sitecustomize.py").write_text(
        "import platform\nplatform.mac_ver = lambda: ('13.6', ('', '', ''), 'arm64')\n"
    )
    assert "needs macOS 14 or later, and this is macOS 13.6" in refusal(clone.set_up(PYTHONPATH=str(home)))
    assert not (clone.root / ".venv").exists()


def test_a_venv_that_lost_its_python_is_one_sentence(clone):
    python = clone.with_venv().root / ".venv/bin/python"
    python.write_text("#!/bin/sh\nexit 1\n")
    assert "please remove it" in refusal(clone.set_up())


def test_a_python_without_venv_is_one_sentence(clone, home):
    (home / "venv.py").write_text("import pathlib, sys\npathlib.Path(sys.argv[1]).mkdir()\nsys.exit(1)\n")
    assert "python3-venv" in refusal(clone.set_up(PYTHONPATH=str(home)))
    assert not (clone.root / ".venv").exists()


def test_pip_that_fails_is_one_sentence_and_is_tried_again(clone):
    clone.with_venv()
    assert "see" in refusal(clone.set_up(FAIL_ON="run.txt"))
    clone.calls()
    assert clone.set_up().returncode == 0
    assert any("install" in arguments for arguments, _ in clone.calls())


def test_everything_is_installed_by_hash(clone):
    assert clone.with_venv().set_up("--with-tests").returncode == 0
    calls = clone.calls()
    pips = [arguments for arguments, _ in calls if arguments[:2] == ["-m", "pip"]]
    installed = [a for a in pips if "-r" in a]
    assert [Path(a[a.index("-r") + 1]).name for a in installed] == ["build.txt", "run.txt", "test.txt", "llm.txt"]
    assert all({"--no-deps", "--require-hashes"} <= set(arguments) for arguments in installed)
    assert all("--no-deps" in arguments for arguments in pips)
    assert all("--only-binary" in arguments for arguments in installed[:-1])
    assert calls[-1][0] == [str(clone.root / "scripts" / "starter_models.py")]


def test_the_engine_is_built_from_source_portably_and_not_from_pips_cache(clone):
    clone.with_venv().set_up(CMAKE_ARGS="-DMINE=1")
    [(arguments, environment)] = [call for call in clone.calls() if "wheel" in call[0]]
    assert {"--no-cache-dir", "--no-build-isolation", "--no-binary", "--require-hashes"} <= set(arguments)
    portable = "" if sys.platform == "darwin" and os.uname().machine == "arm64" else " -DGGML_NATIVE=OFF"
    flags = environment["CMAKE_ARGS"] or ""
    assert flags.startswith("-DLLAVA_BUILD=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE=")
    assert flags.endswith(f"/scripts/language_engine.cmake{portable} -DMINE=1")
    assert 1 <= int(environment["CMAKE_BUILD_PARALLEL_LEVEL"] or 0) <= (os.cpu_count() or 1)


def test_a_second_run_only_checks_the_models(clone):
    clone.with_venv().set_up("--with-tests")
    clone.calls()
    for arguments in (["--with-tests"], []):
        assert clone.set_up(*arguments).returncode == 0
        assert [Path(call[0][0]).name for call in clone.calls()] == ["starter_models.py"]


def test_set_up_for_use_is_not_set_up_for_tests(clone):
    clone.with_venv().set_up()
    clone.calls()
    clone.set_up("--with-tests")
    assert any("test.txt" in " ".join(arguments) for arguments, _ in clone.calls())


def test_a_changed_requirement_is_installed(clone):
    clone.with_venv().set_up()
    clone.calls()
    with (clone.root / "requirements" / "run.txt").open("a") as out:
        out.write("# moved\n")
    clone.set_up()
    assert any("run.txt" in " ".join(arguments) for arguments, _ in clone.calls())
    shutil.copy(ROOT / "requirements" / "run.txt", clone.root / "requirements" / "run.txt")
    clone.set_up()
    assert any("run.txt" in " ".join(arguments) for arguments, _ in clone.calls()), "an older stamp no longer holds"


def test_a_second_clone_does_not_build_again(clone, tmp_path, home):
    clone.with_venv().set_up()
    assert clone.builds() == 1
    second = Clone(tmp_path / "its name has spaces", home).with_venv()
    (home / "c++").write_text("#!/bin/sh\nexit 1\n")
    assert second.set_up().returncode == 0, "nothing to compile, so no compiler is asked for"
    assert second.builds() == 0


def test_other_flags_and_altered_wheels_are_built_again(clone, home):
    clone.with_venv().set_up()
    [wheel] = home.rglob("*.whl")
    assert clone.builds() == 1
    clone.set_up(CMAKE_ARGS="-DGGML_CUDA=ON")
    assert clone.builds() == 1
    assert len(list(home.rglob("*.whl"))) == 2
    wheel.write_bytes(b"tampered")
    clone.set_up()
    assert clone.builds() == 1
    assert wheel.read_bytes() == b"built"


def test_models_that_cannot_be_had_are_a_refusal(clone):
    clone.with_venv()
    assert "starter models" in refusal(clone.set_up(FAIL_ON="starter_models"))


def test_an_altered_model_is_noticed_and_put_right(tmp_path, capsys):
    spec = importlib.util.spec_from_file_location("starter_models", ROOT / "scripts" / "starter_models.py")
    assert spec is not None
    assert spec.loader is not None
    starter_models = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(starter_models)
    store = ModelStore(tmp_path / "models")
    starter_models.ensure(store, "pp-ocrv6-small")
    store.get("pp-ocrv6-small").main_path.write_bytes(b"other weights")
    capsys.readouterr()
    starter_models.ensure(store, "pp-ocrv6-small")
    assert "has been altered" in capsys.readouterr().out
    store.verify("pp-ocrv6-small")
    starter_models.ensure(store, "pp-ocrv6-small")
    assert capsys.readouterr().out == ""


def test_no_index_address_is_committed():
    for path in [*ROOT.glob("requirements/*"), *ROOT.glob("scripts/*"), ROOT / "pyproject.toml"]:
        if path.is_file():
            assert "--index-url" not in path.read_text(encoding="utf-8", errors="replace"), path


def test_every_pin_has_a_hash():
    for path in ROOT.glob("requirements/*.txt"):
        pins = path.read_text().replace("\\\n", " ").splitlines()
        assert pins
        assert all("==" in pin and "--hash=sha256:" in pin for pin in pins), path
