"""Set-up, from the moment a Python is found: makes .venv whole, or says in one sentence why it can't.

Uses the standard library only, because it runs before anything is installed. `scripts/setup` starts it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import language_engine
from setup_tools import SetupError, in_words, run_logged, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "setup.json"
LOG = VENV / "setup.log"
# Measured on Linux: 1.5 GB of packages and models, and up to 1 GB while the language engine is built.
NEEDED_BYTES = 3_000_000_000


def main(arguments: list[str]) -> int:
    """Do what is not done yet. Exit status 1 and one sentence on stderr if that is not possible."""
    parser = argparse.ArgumentParser(prog="scripts/setup", description="Install Chartdraft into .venv.")
    parser.add_argument("--with-tests", action="store_true", help="also install what scripts/test needs")
    parser.add_argument("--models-in", metavar="DIR", type=Path, help="keep the models in DIR, which others may share")
    options = parser.parse_args(arguments)
    files = ["build.txt", "run.txt", *(["test.txt"] if options.with_tests else [])]
    try:
        set_up(files, options.models_in)
    except SetupError as error:
        print(f"Set-up stopped: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Set-up stopped: {in_words(error)}; please mend that and run it again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130  # whoever pressed the key knows; run again, it goes on
    return 0


def set_up(requirement_files: list[str], models: Path | None = None) -> None:
    """Install the requirements, the language engine, this project and the models, as far as they are not there."""
    refuse_other_daemon(VENV)
    key = inputs_key(requirement_files)
    if key not in finished_keys():
        started = time.monotonic()
        check_system(platform.mac_ver()[0])
        check_disk(shutil.disk_usage(ROOT).free)
        check_compiler_if_needed()
        make_venv()
        link_models(models)
        STAMP.unlink(missing_ok=True)
        install_requirements(requirement_files)
        language_engine.install(PYTHON, ROOT, LOG)
        say("Installing Chartdraft itself …")
        pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        install_models()
        refuse_other_daemon(VENV)
        # Whoever has the checks' tools has all that running needs, too.
        keys = {key, inputs_key([name for name in requirement_files if name != "test.txt"])}
        STAMP.write_text(json.dumps(sorted(keys)), encoding="utf-8")
        say(
            f"Chartdraft is set up ({time.monotonic() - started:.0f} s)"
            + ("." if models else ": .venv/bin/chartdraft --help")
        )
    else:
        link_models(models)
        install_models()


def inputs_key(requirement_files: list[str]) -> str:
    """A digest over all that decides what .venv holds: requirements, set-up's own files, Python, where .venv lies."""
    digest = hashlib.sha256(f"{VENV}\n{python_version()}\n{language_engine.build_key(ROOT)}\n".encode())
    inputs = [ROOT / "requirements" / name for name in requirement_files]
    for path in [*inputs, ROOT / "pyproject.toml", *sorted((ROOT / "scripts").glob("*setup*"))]:
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def python_version() -> str:
    """The version of the Python that .venv was made with, or would be made with."""
    config = VENV / "pyvenv.cfg"
    if config.is_file() and PYTHON.exists():
        lines = dict(line.split(" = ", 1) for line in config.read_text(encoding="utf-8").splitlines() if " = " in line)
        return lines.get("version", "")
    return platform.python_version()


def finished_keys() -> list[str]:
    """The keys of the set-ups that .venv has been through and still satisfies."""
    # An update of the system may take away the Python that .venv links to.
    if not (STAMP.is_file() and (VENV / "bin" / "chartdraft").is_file() and PYTHON.exists()):
        return []
    try:
        keys: list[str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except ValueError:
        return []
    return keys


def check_system(macos_version: str) -> None:
    """PyAV's wheels, the newest of our needs, are made for macOS 14 and later; empty elsewhere."""
    if macos_version and int(macos_version.split(".", maxsplit=1)[0]) < 14:
        raise SetupError(f"Chartdraft needs macOS 14 or later, and this is macOS {macos_version}.")


def check_disk(free_bytes: int) -> None:
    """Refuse early rather than fail late."""
    if free_bytes < NEEDED_BYTES:
        raise SetupError(
            f"set-up needs {NEEDED_BYTES / 1e9:.0f} GB of free disk space and there are {free_bytes / 1e9:.1f} GB;"
            " please free some and run it again."
        )


def check_compiler_if_needed() -> None:
    """The only thing that set-up compiles is the language engine, and only once on a machine."""
    if not language_engine.is_built(ROOT):
        language_engine.check_compiler()


def make_venv() -> None:
    """Make .venv, or check that the one that is there works; one that does not may hold models, so it is not removed."""
    if PYTHON.exists():
        probe = "import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13)))"
        if subprocess.run([PYTHON, "-c", probe], capture_output=True, check=False).returncode != 0:
            raise SetupError("the folder .venv belongs to another Python; please remove it and run set-up again.")
    elif VENV.exists() and not (VENV / "pyvenv.cfg").exists() and any(VENV.iterdir()):
        raise SetupError("the folder .venv is not a virtual environment; please remove it and run set-up again.")
    if PYTHON.exists() and (VENV / "bin" / "pip").exists():
        return
    is_new = not VENV.exists()
    say(f"Making .venv with Python {platform.python_version()} …")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if made.returncode != 0:
        if is_new:
            shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(
            "this Python cannot make virtual environments; please install its venv package (Debian: python3-venv)."
        )


def link_models(folder: Path | None) -> None:
    """Let .venv find its models in a folder that other environments share; None: they lie in .venv itself."""
    if folder is None:
        return
    link = VENV / "share" / "chartdraft" / "models"
    if link.is_symlink() and link.readlink() == folder:
        return
    if link.is_dir() and not link.is_symlink():
        raise SetupError(f"there are models in {link} already; please move them to {folder} and run it again.")
    folder.mkdir(parents=True, exist_ok=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)
    link.symlink_to(folder)


def refuse_other_daemon(venv: Path) -> None:
    """PyPI's python-daemon installs a top-level package `daemon` too, which would be imported in place of ours."""
    if any(venv.glob("lib/python3*/site-packages/python_daemon-*")):
        raise SetupError(
            "python-daemon is installed in .venv and hides Chartdraft's own package;"
            " please run `.venv/bin/python -m pip uninstall python-daemon`."
        )


def install_requirements(requirement_files: list[str]) -> None:
    """What is pinned, with its hashes, and nothing else; pip looks wherever this person's pip is set up to look.

    Wheels only: a source distribution would fetch and run what no hash here covers.
    """
    for name in requirement_files:
        say(f"Installing requirements/{name} …")
        pinned = ("-r", str(ROOT / "requirements" / name))
        pip("install", "--no-deps", "--require-hashes", "--only-binary", ":all:", *pinned)


def pip(*arguments: str) -> None:
    """Run the venv's pip, quietly; what it says goes to the log, which the sentence names if it fails."""
    command = [str(PYTHON), "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input", "--quiet"]
    if run_logged(command, LOG, dict(os.environ)) != 0:
        raise SetupError(f"pip could not install what is needed; please check the network, and see {LOG}.")


def install_models() -> None:
    """Install the starter models that are missing or altered, and hash those that are there, every time."""
    done = subprocess.run([PYTHON, ROOT / "scripts" / "starter_models.py"], cwd=ROOT, check=False)
    if done.returncode != 0:
        raise SetupError("the starter models could not be installed, for the reason above.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
