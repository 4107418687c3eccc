"""What stands in for the programs of an installed version: a Python that notes its calls, and a `chartdraft` that keeps its
home and its service in plain files. Both are copied into the environments that `scripts/install` makes."""

from __future__ import annotations

import sys

# `python -m venv DIR` finds this in place of the standard library's, through PYTHONPATH.
VENV = f"""
import os, pathlib, sys
bin = pathlib.Path(sys.argv[1]) / "bin"
bin.mkdir(parents=True)
for name in ("python", "chartdraft.to-be"):
    source = pathlib.Path(os.environ["FAKES"]) / name.removesuffix(".to-be")
    (bin / name).write_text("#!{sys.executable} -ES\\n" + source.read_text())
    (bin / name).chmod(0o755)
(bin / "pip").touch()
(bin.parent / "pyvenv.cfg").write_text("version = 3.11.7\\n")
"""

PYTHON = """
import json, os, pathlib, signal, sys
arguments = sys.argv[1:]
here = pathlib.Path(__file__).parent
with (pathlib.Path(os.environ["HOME"]) / "calls.jsonl").open("a") as out:
    out.write(json.dumps(arguments) + "\\n")
if os.environ.get("HANG_ON", "\\0") in " ".join(arguments):
    open(os.environ["FIFO"], "w").close()
    signal.pause()
if arguments[0].endswith("home_paths.py"):
    import tomllib
    home = pathlib.Path(arguments[2])
    config = home / "config.toml"
    settings = tomllib.loads(config.read_text()) if config.exists() else {}
    names = ("inbox", "outbox", "state")
    found = {name: settings.get(name + "_dir", str(home / name)) for name in names} | {"config": str(config)}
    moved = [name for name in names if name + "_dir" in settings]
    waiting = len(list(home.glob("inbox/**/*.m4a")))
    machine = pathlib.Path(os.environ["HOME"])
    serves = (machine / "service").read_text() if (machine / "service").exists() else ""
    broken = (machine / "broken").read_text().split() if (machine / "broken").exists() else []
    ours = str(here.parents[2]) in serves
    at_work = "AT_WORK" in os.environ or ours and not any(name.lstrip("~") in serves for name in broken)
    print(json.dumps(found | {"moved": moved, "has_keys": (home / "state/keys").is_dir(), "waiting": waiting, "at_work": at_work}))
if "--wheel-dir" in arguments:
    folder = pathlib.Path(arguments[arguments.index("--wheel-dir") + 1])
    folder.mkdir()
    (folder / "llama_cpp_python-0.0.0-py3-none-any.whl").write_bytes(b"built")
if "--editable" in arguments:
    (here / "chartdraft").write_text((here / "chartdraft.to-be").read_text())
    (here / "chartdraft").chmod(0o755)
if os.environ.get("FAIL_ON", "\\0") in " ".join(arguments):
    sys.exit(1)
"""

# HOME/service holds the program that the service runs; a version named in HOME/broken does not start, one with a ~ before it only loads.
CHARTDRAFT = """
import json, os, pathlib, signal, subprocess, sys, time
arguments, home, machine = sys.argv[1:], None, pathlib.Path(os.environ["HOME"])
if arguments[0] == "--home":
    home, arguments = pathlib.Path(arguments[1]), arguments[2:]
with (machine / "commands.jsonl").open("a") as out:
    out.write(json.dumps(arguments) + "\\n")
service = machine / "service"
version = pathlib.Path(__file__).parts[-4]
broken = (machine / "broken").read_text() if (machine / "broken").exists() else ""

def work():
    for memo in (home / "inbox").glob("*.m4a"):
        memo.rename(home / "drafted.m4a")
        for kind in ("docx", "html"):
            (home / "outbox" / f"{memo.stem} - SOAP note - UNREVIEWED - 7f3k.{kind}").touch()
        return True
    return False

if arguments[0] == "init":
    for name in ("inbox", "outbox", "state/keys"):
        (home / name).mkdir(parents=True, exist_ok=True)
    if (home / "config.toml").exists():
        sys.exit()
    (home / "config.toml").write_text(chr(10).join(["[speech]", 'model = "whisper-base"  # small', "[language]", ""]))
    pathlib.Path(arguments[2]).write_text("key")
elif arguments[0] == "doctor":
    sys.exit(int(os.environ.get("DOCTOR", "0")))
elif arguments[:2] == ["models", "install"]:
    if "FAIL_MODEL" in os.environ:
        sys.exit("chartdraft: it could not be fetched (model-source)")
    print(arguments[2].split("@")[0].split("/")[1].lower(), " 0123")
elif arguments == ["run", "--once"]:
    work()
elif arguments[0] == "status":
    print(json.dumps({"counts": json.loads(os.environ.get("COUNTS", "{}"))}))
elif arguments[:2] == ["service", "install"]:
    if version.split("-")[0] == os.environ.get("HANG_START"):
        open(os.environ["FIFO"], "w").close()
        signal.pause()
    if "NO_MANAGER" in os.environ:
        sys.exit("chartdraft: Nothing here starts services (service-no-manager)")
    service.write_text(__file__)
    quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    subprocess.Popen([__file__, "--home", str(home), "serve"], **quiet)
elif arguments[0] == "serve":
    for _ in range(4000):
        if not service.exists() or work():
            break
        time.sleep(0.005)
elif arguments[:2] == ["service", "uninstall"]:
    if "KEEPS_SERVICE" in os.environ:
        sys.exit("chartdraft: it is busy (service-busy)")
    service.unlink(missing_ok=True)
elif arguments[:2] == ["service", "status"]:
    program = service.read_text() if service.exists() else ""
    runs = bool(program) and not any(name in program for name in broken.split())
    command = [program] if program else []
    print(json.dumps({"installed": bool(program), "running": runs, "command": command}))
"""

# Waiting costs nothing: the clock jumps.
SITE = """
import time
really, passed = time.sleep, [0.0]
started = time.monotonic
def sleep(seconds):
    passed[0] += seconds
    really(0.005)
time.sleep, time.monotonic = sleep, lambda: started() + passed[0]
"""
