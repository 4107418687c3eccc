"""By which ways text of a patient could leave the process unasked: dumps, modes, tracebacks of threads, others' logs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CANARY = "Zebulon Quatermass"

LEAK = f"""
import logging, os, resource, subprocess, sys, threading
from daemon.cli.main import keep_to_ourselves
keep_to_ourselves()

def fail():
    raise ValueError("{CANARY}")

class Dying:
    def __del__(self):
        fail()

thread = threading.Thread(target=fail)
thread.start()
thread.join()
dying = Dying()
del dying
logging.getLogger("watchdog").warning("{CANARY}")
print(resource.getrlimit(resource.RLIMIT_CORE))
if sys.platform == "linux":
    print(subprocess.run(["cat", "/proc/self/coredump_filter"], capture_output=True, text=True).stdout.strip())
open(sys.argv[1], "w").close()
"""


def test_nothing_but_classes_and_no_dump(tmp_path: Path) -> None:
    file = tmp_path / "made"
    command = [sys.executable, "-c", LEAK, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, umask=0o022)
    assert done.stdout == "(0, 0)\n" + ("00000000\n" if sys.platform == "linux" else "")
    assert done.stderr.count("(ValueError)") == 2
    assert CANARY not in done.stderr
    assert file.stat().st_mode & 0o777 == 0o600


PARKED = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import typer
from daemon.cli import main

def work():
    print("the result")
    ThreadPoolExecutor(1).submit(threading.Event().wait)
    raise typer.Exit(75)

main.app = typer.Typer()
main.app.command("work")(work)
main.main()
"""


def test_a_command_ends_though_another_jobs_step_is_parked() -> None:
    done = subprocess.run([sys.executable, "-c", PARKED], check=False, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (75, "the result\n")
