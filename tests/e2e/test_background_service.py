"""What `service plist` prints is run as launchd and systemd would, with nothing around it; and `service` against their stand-ins."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from daemon.adapters.machine.commands import run_command
from daemon.adapters.machine.service_templates import launchd_plist, systemd_unit
from daemon.config import load_home
from daemon.keeping import background
from daemon.keeping.background import Asked, Machine
from daemon.model.background_service import ServicePlan
from tests.e2e.product import QUICK, Product
from tests.fakes.service_manager import SmallManager, from_plist, from_unit, managed

READ = {"launchd": (launchd_plist, from_plist), "systemd": (systemd_unit, from_unit)}
NOTE = "Subjective: Dry cough for two weeks.\n\nPlan: Stop lisinopril 10 mg.\n"


@pytest.fixture(scope="module", params=["launchd", "systemd"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Product, SmallManager]]:
    """A home in a folder with an awkward name, and its daemon, run as the file says that the product would install."""
    product = Product(tmp_path_factory.mktemp("home") / 'Dr. "Q" & co, 100 % $HOME', QUICK + 'drafter = "quoting"\n')
    write, read = READ[request.param]
    with managed(read(write(plan_of(product)))) as manager:
        yield product, manager


def plan_of(product: Product) -> ServicePlan:
    machine = Machine(sys.platform, os.getuid(), product.root, {}, run=lambda command: pytest.fail(str(command)))
    home = load_home(product.root, None)
    home.logs.mkdir(exist_ok=True)
    return Asked(home, product.root, None, system=False).plan(machine)


def draft_of(product: Product, name: str) -> Path:
    """Put a text in, and wait for its draft."""
    (product.inbox / "soap").mkdir(exist_ok=True)
    (product.inbox / "soap" / f"{name}.txt").write_text(NOTE + f"Seen as {name}.\n")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for path in product.delivered(".html"):
            if path.name.startswith(name):
                return path
        time.sleep(0.05)
    raise AssertionError(f"{name} was not drafted")


def test_it_runs_with_nothing_but_what_its_file_says(running: tuple[Product, SmallManager]) -> None:
    product, manager = running
    assert "UNREVIEWED" in draft_of(product, "first").name
    proc = Path("/proc") / str(manager.pids[-1])
    environment = dict(line.split("=", 1) for line in (proc / "environ").read_text().split("\0") if line)
    assert set(environment) == {"PATH", "LC_CTYPE"}
    assert str(product.root) in (proc / "cmdline").read_text().split("\0")
    assert (proc / "cwd").readlink() == Path("/")
    status = dict(line.split(":\t", 1) for line in (proc / "status").read_text().splitlines() if ":\t" in line)
    assert status["Umask"] == "0077"
    # man proc_pid_stat: state, ppid, pgrp, session, tty_nr
    _, _, group, session, terminal = (proc / "stat").read_text().rpartition(")")[2].split()[:5]
    assert (group, session, terminal) == (proc.name, proc.name, "0")
    [core] = [line for line in (proc / "limits").read_text().splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    assert (product.state / "log" / "crash.log").stat().st_mode & 0o777 == 0o600


def test_it_comes_back_after_a_kill_and_goes_on(running: tuple[Product, SmallManager]) -> None:
    product, manager = running
    draft_of(product, "before")
    runs = len(manager.pids)
    os.kill(manager.wait_for_start(runs), signal.SIGKILL)
    assert manager.wait_for_end(runs) == -signal.SIGKILL
    assert manager.wait_for_start(runs + 1) != manager.pids[runs - 1]
    assert "UNREVIEWED" in draft_of(product, "after").name
    assert len(manager.pids) == runs + 1


def test_a_stop_is_over_long_before_the_kill(running: tuple[Product, SmallManager]) -> None:
    product, manager = running
    draft_of(product, "last")
    manager.stop()
    assert manager.codes[-1] == 0
    assert len(manager.codes) == len(manager.pids)
    assert not manager.killed
    assert product.json("audit", "verify")["ok"]


def test_a_refused_home_is_tried_again_and_says_so(tmp_path: Path) -> None:
    product = Product(tmp_path / "home", QUICK)
    plan = plan_of(product)
    product.state.chmod(0o755)
    with managed(from_plist(launchd_plist(plan))) as manager:
        assert manager.wait_for_end(1) == 5
        product.state.chmod(0o700)
        manager.wait_for_start(2)
        draft_of(product, "memo")


STAND_IN = """#!/bin/sh
# Answers like systemctl and loginctl, and runs nothing.
echo "$(basename "$0") $*" >>"$0.calls"
case "$*" in
    *--property=LoadState*)
        [ -f "$HOME/.config/systemd/user/chartdraft.service" ] && pid=$PPID || pid=0
        printf 'LoadState=loaded\\nMainPID=%s\\nNRestarts=2\\nExecMainCode=0\\nExecMainStatus=0\\n' "$pid" ;;
esac
"""


@pytest.fixture
def account(tmp_path: Path) -> dict[str, str]:
    """The environment of an account whose systemctl and loginctl stand on PATH."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("systemctl", "loginctl"):
        (tools / name).write_text(STAND_IN)
        (tools / name).chmod(0o755)
    return {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}


@pytest.mark.skipif(sys.platform == "darwin", reason="there it is launchctl")
def test_the_command_installs_replaces_and_removes(tmp_path: Path, account: dict[str, str]) -> None:
    product = Product(tmp_path / "home")

    def service(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = [str(Path(sys.prefix) / "bin" / "chartdraft"), "--home", str(product.root), "service", *arguments]
        return subprocess.run(program, env=account, capture_output=True, text=True, timeout=60, check=False)

    unit = tmp_path / ".config" / "systemd" / "user" / "chartdraft.service"
    assert (service("status").returncode, service("uninstall").returncode) == (3, 0)
    assert service("install").returncode == 0
    assert unit.read_text() == service("plist").stdout
    assert unit.stat().st_mode & 0o777 == 0o644
    assert str(product.inbox) in service("install").stdout
    asked = service("status", "--json")
    told = json.loads(asked.stdout)
    assert asked.returncode == 0
    assert (told["running"], told["home"], told["restarts"]) == (True, str(product.root), 2)
    assert told["since"].endswith("Z")
    assert "runs for this account since" in service("status").stdout
    assert service("restart").returncode == 0
    assert service("uninstall").returncode == 0
    assert not unit.exists()
    calls = (tmp_path / "bin" / "systemctl.calls").read_text().splitlines()
    changes = [call.removeprefix("systemctl --user ") for call in calls if "show" not in call]
    installed = ["daemon-reload", "enable chartdraft.service", "restart chartdraft.service"]
    removed = ["disable --now chartdraft.service", "daemon-reload"]
    assert changes == [*installed, *installed, "restart chartdraft.service", *removed]
    assert (tmp_path / "bin" / "loginctl.calls").read_text().splitlines() == [
        f"loginctl enable-linger {os.getuid()}"
    ] * 2


# As launchd behaves: what is not loaded is not found, and for a while after a bootout the label is not free.
LAUNCHCTL = """#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >>calls
case "$1" in
    bootout) [ -f loaded ] || { echo 'Boot-out failed: 3: No such process' >&2; exit 3; }
        rm loaded; touch going ;;
    bootstrap) [ -f loaded ] || [ -f going ] && { rm -f going; echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }
        cp "$3" loaded ;;
    print) [ -f loaded ] || { echo 'Could not find service "org.chartdraft.daemon" in domain for user gui: 501' >&2; exit 113; }
        printf '%s = {\\n\\tstate = running\\n\\tpid = %s\\n\\truns = 1\\n\\tlast exit code = (never exited)\\n}\\n' "$2" "$PPID" ;;
    kickstart) [ -f loaded ] || exit 113 ;;
esac
"""


def test_on_a_mac_the_same_with_a_launchctl_that_takes_its_time(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "launchctl").write_text(LAUNCHCTL)
    (tools / "launchctl").chmod(0o755)
    product = Product(tmp_path / "home")
    environment = {"PATH": f"{tools}:{os.environ['PATH']}"}
    run = partial(run_command, environment=environment)
    mac = Machine("darwin", 501, tmp_path, environment, run, sleep=lambda _: None)
    asked = Asked(load_home(product.root, None), product.root, None, system=False)

    assert background.uninstall(mac, system=None) is False
    for _ in range(2):
        assert background.install(asked, mac) == ()
    found = background.state(mac, system=None)
    assert (found.installed, found.pid, found.option("--home")) == (True, os.getpid(), str(product.root))
    assert from_plist((tools / "loaded").read_bytes()).argv[1:] == ["--home", str(product.root), "run"]
    background.restart(mac, system=None)
    assert background.uninstall(mac, system=None) is True
    assert not background.state(mac, system=None).installed
    assert not list((tmp_path / "Library" / "LaunchAgents").iterdir())
    assert (tools / "calls").read_text().count("bootstrap") == 3
