"""Children that try to break out, for real: each ingredient alone, together, and with a hole in it. Linux."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.adapters import preflight
from daemon.adapters.preflight.isolation import _Witness
from daemon.adapters.reading.engine_process import EngineProcess, child_environment
from daemon.adapters.sandbox import bubblewrap, choose, enter, places, system_calls
from daemon.adapters.sandbox.choose import NO_ISOLATION, Isolation
from daemon.adapters.sandbox.command import EngineCommand
from daemon.config import Home, load_home
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.reach import Reach
from tests.fakes import prisoner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how Linux shuts a child in")
BWRAP = Path("/usr/bin/bwrap")
NEEDS_BWRAP = pytest.mark.needs("bwrap")
ENVIRONMENT = child_environment(EngineCommand("llm", 1))
Inside = Callable[[list[str], Reach], list[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("shut-in") / "home"
    done = subprocess.run(
        [sys.executable, "-c", "from daemon.cli.main import main; main()", "--home", str(root), "init"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (root / "inbox" / "memo.m4a").write_bytes(b"patient")
    (root.parent / "models").mkdir()
    return load_home(root, None)


@pytest.fixture(scope="module")
def reach(home: Home) -> Reach:
    return places.reach(home, _models(home))


def _models(home: Home) -> Path:
    return home.config.parents[1] / "models"


# -- every way out, each ingredient alone ----------------------------------------------------------------------------


def _bare(command: list[str], _reach: Reach) -> list[str]:
    return command


def _bubblewrap_alone(command: list[str], reach: Reach) -> list[str]:
    return bubblewrap.command_line(BWRAP, reach, places.links(reach), command)


def _entered(layers: str) -> Inside:
    """The launcher's layers, and then this program in place of the engine."""

    def inside(command: list[str], reach: Reach) -> list[str]:
        readable = [str(path) for path in (*reach.readable, Path(prisoner.__file__))] + list(places.OF_ITS_OWN)
        enter_first = (
            "import sys, runpy; from daemon.adapters.sandbox import enter; "
            f"enter.shut_in({layers.split('+')!r}, 4_000_000_000, {readable!r}); "
            "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
        )
        return [sys.executable, "-P", "-s", "-B", "-c", enter_first, *command[1:]]

    return inside


def _whole(command: list[str], reach: Reach) -> list[str]:
    return _bubblewrap_alone(_entered("landlock+seccomp")(command, reach), reach)


def _break_out(inside: Inside, home: Home, reach: Reach) -> tuple[dict[str, str], bool]:
    """What came of each attempt, and whether it became a shell."""
    visible = Reach((*reach.readable, Path(prisoner.__file__)), reach.hidden)
    temp = Path(tempfile.gettempdir()) / f"prisoner-{os.getpid()}"
    victim = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        with _Witness() as witness:
            at = witness.ways | {
                "key": str(home.keys / "identity.txt"),
                "memo": str(home.inbox / "memo.m4a"),
                "inbox": str(home.inbox),
                "outbox": str(home.outbox),
                "state": str(home.state),
                "models": str(_models(home)),
                "temp": str(temp),
                "victim": victim.pid,
            }
            command = [sys.executable, prisoner.__file__, json.dumps(at)]
            done = subprocess.run(
                inside(command, visible), capture_output=True, timeout=60, env=ENVIRONMENT, cwd="/", check=False
            )
    finally:
        victim.communicate(b"\n")
        for left in (temp, *(folder / ".prisoner" for folder in (home.outbox, _models(home)))):
            left.unlink(missing_ok=True)  # by what may make a file, but not remove it
    told, _, rest = done.stdout.partition(b"\n")
    return json.loads(told), rest == b"a shell\n"


DEVICES = {"machine-memory": Path("/dev/mem"), "kernel-log": Path("/dev/kmsg")}
NOT_HERE = {way for way, device in DEVICES.items() if not device.exists()}
WAYS = tuple(prisoner.tries({}))
REFUSED = frozenset({"EPERM", "EACCES"})
NOT_THERE = frozenset({"ENOENT", "ESRCH", "ECONNREFUSED", "EROFS"})
DENIED = REFUSED | NOT_THERE


def test_without_anything_around_it_each_way_out_is_open(home: Home, reach: Reach) -> None:
    told, shell = _break_out(_bare, home, reach)
    assert shell
    root = os.geteuid() == 0
    assert {way for way, what in told.items() if what != "done"} <= (NOT_HERE if root else {*DEVICES})
    assert told.keys() == set(WAYS)


@NEEDS_BWRAP
def test_bubblewrap_alone_lets_nothing_out(home: Home, reach: Reach) -> None:
    told, _ = _break_out(_bubblewrap_alone, home, reach)
    # It may start programs, and those are in there with it.
    assert {way for way, what in told.items() if what not in DENIED} == {"fork"}


def test_landlock_and_seccomp_alone_let_nothing_out(home: Home, reach: Reach) -> None:
    told, shell = _break_out(_entered("landlock+seccomp"), home, reach)
    assert {way: what for way, what in told.items() if what not in REFUSED and way not in NOT_HERE} == {}
    assert not shell


@NEEDS_BWRAP
def test_all_together_let_nothing_out(home: Home, reach: Reach) -> None:
    told, shell = _break_out(_whole, home, reach)
    assert {way: what for way, what in told.items() if what not in DENIED} == {}
    assert not shell


def test_landlock_alone_denies_files_and_seccomp_alone_denies_the_rest(home: Home, reach: Reach) -> None:
    by_landlock, _ = _break_out(_entered("landlock"), home, reach)
    by_seccomp, shell = _break_out(_entered("seccomp"), home, reach)
    files = {
        way
        for way in WAYS
        if way not in NOT_HERE and way.startswith(("read-", "list-", "write-", "its-", "machine-", "kernel-"))
    }
    assert {by_landlock[way] for way in files} <= REFUSED
    assert {by_seccomp[way] for way in WAYS if way not in {*files, *NOT_HERE}} == {"EPERM"}
    assert not shell


# -- system calls ----------------------------------------------------------------------------------------------------

_CALLS = """
import ctypes, errno, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
told = {}
for name, number in json.loads(sys.argv[1]).items():
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
    told[name] = errno.errorcode.get(ctypes.get_errno(), "none")
print(json.dumps(told), flush=True)
"""


def _in_the_filter(script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    first = "from daemon.adapters.sandbox import enter; enter.shut_in(['seccomp'], 4_000_000_000, [])\n"
    command = [sys.executable, "-P", "-s", "-B", "-c", first + script, *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, env=ENVIRONMENT, check=False)


def test_every_call_of_the_list_is_refused() -> None:
    which = list(system_calls._ARCHITECTURES).index(os.uname().machine)
    numbers = {name: both[which] for name, both in system_calls._REFUSED.items() if both[which] is not None}
    told = json.loads(_in_the_filter(_CALLS, json.dumps(numbers)).stdout)
    assert told == dict.fromkeys(numbers, "EPERM")


def test_what_is_newer_than_the_list_is_not_there() -> None:
    numbers = {"clone3": 435, "openat2": 437, "newer": system_calls._LAST_KNOWN + 1}
    assert set(json.loads(_in_the_filter(_CALLS, json.dumps(numbers)).stdout).values()) == {"ENOSYS"}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="this machine has one way to make a call")
def test_a_call_made_in_another_machines_way_ends_it() -> None:
    done = _in_the_filter("import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)")
    assert done.returncode == -signal.SIGSYS


def test_it_has_threads_and_its_own_signals_and_no_others() -> None:
    script = (
        "import os, signal, threading\n"
        "got = []\nsignal.signal(signal.SIGUSR1, lambda *_: got.append(1))\n"
        "thread = threading.Thread(target=lambda: got.append(2)); thread.start(); thread.join()\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "for number in (0, -1, 1, os.getppid()):\n"
        "    try: os.kill(number, 0)\n"
        "    except PermissionError: got.append(3)\n"
        "import fcntl\n"
        "try: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())\n"
        "except PermissionError: got.append(4)\n"
        "print(got)\n"
    )
    assert _in_the_filter(script).stdout == b"[2, 1, 3, 3, 3, 3, 4]\n"


def test_it_cannot_allocate_without_bound() -> None:
    script = "try: bytearray(6_000_000_000)\nexcept MemoryError: print('bounded')"
    assert _in_the_filter(script).stdout == b"bounded\n"


# -- a hole is noticed -----------------------------------------------------------------------------------------------


def _proof(home: Home, isolation: Isolation) -> tuple[str, ...]:
    return preflight.prove(home, isolation, _models(home), Limits()).reached


@pytest.mark.parametrize(
    "layers", [pytest.param(("bubblewrap", "landlock", "seccomp"), marks=NEEDS_BWRAP),
               pytest.param(("bubblewrap",), marks=NEEDS_BWRAP), ("landlock", "seccomp")]
)  # fmt: skip
def test_what_is_enough_alone_is_proven(layers: tuple[str, ...], home: Home, reach: Reach) -> None:
    assert _proof(home, choose.linux(layers, reach)) == ()


def test_what_this_machine_has_is_proven_and_named(home: Home) -> None:
    found = choose.isolation(home, _models(home))
    assert _proof(home, found) == ()
    assert "seccomp" in found.name


EVERYTHING = ("the network", "other programs", "the keys", "the practice's folders", "files to write to")


@pytest.mark.parametrize(
    ("layers", "reached"),
    [
        (("landlock",), EVERYTHING[:2]),
        (("seccomp",), EVERYTHING[2:]),
        (("network", "seccomp"), EVERYTHING[2:]),
        (("network",), EVERYTHING[1:]),
    ],
)
def test_without_one_ingredient_the_proof_fails(
    layers: tuple[str, ...], reached: tuple[str, ...], home: Home, reach: Reach
) -> None:
    assert _proof(home, choose.linux(layers, reach)) == reached


def test_nothing_at_all_is_noticed(home: Home) -> None:
    assert _proof(home, NO_ISOLATION) == EVERYTHING
    assert not [path for path in (*home.inbox.iterdir(), *home.outbox.iterdir()) if "trial" in path.name]


@pytest.mark.parametrize("layers", [("landlock", "seccomp"), pytest.param(("bubblewrap",), marks=NEEDS_BWRAP)])
def test_one_folder_too_many_is_noticed(layers: tuple[str, ...], home: Home, reach: Reach) -> None:
    too_much = Reach((*reach.readable, home.keys), ())
    assert _proof(home, choose.linux(layers, too_much)) == ("the keys", "the practice's folders")


@NEEDS_BWRAP
@pytest.mark.parametrize(
    ("before", "options", "reached"),
    [
        ("--unshare-all", ["--share-net"], EVERYTHING[:2]),
        ("--chdir", ["--bind", "MODELS", "MODELS"], EVERYTHING[4:]),
    ],
)
def test_a_hole_in_bubblewrap_is_noticed(
    before: str, options: list[str], reached: tuple[str, ...], home: Home, reach: Reach
) -> None:
    def command_line(command: EngineCommand) -> list[str]:
        told = choose.linux(("bubblewrap",), reach).command_line(command)
        at = told.index(before) + (before == "--unshare-all")
        hole = [str(_models(home)) if option == "MODELS" else option for option in options]
        return [*told[:at], *hole, *told[at:]]

    assert _proof(home, Isolation(("bubblewrap",), command_line)) == reached


# -- as the daemon starts them ---------------------------------------------------------------------------------------


@pytest.fixture
def start(reach: Reach) -> Iterator[Callable[..., EngineProcess]]:
    """An engine process, shut in, whose child runs this instead of the engine."""
    made: list[EngineProcess] = []

    def starting(layers: str, script: str, **limits: Any) -> EngineProcess:
        def command_line(_: EngineCommand) -> list[str]:
            inner = [layer for layer in layers.split("+") if layer != "bubblewrap"]
            first = (
                "from daemon.adapters.sandbox import enter; "
                f"enter.shut_in({inner!r}, 9_000_000_000, {[str(p) for p in reach.readable] + list(places.OF_ITS_OWN)!r})\n"
            )
            command = [sys.executable, "-P", "-s", "-B", "-c", first + script]
            return _bubblewrap_alone(command, reach) if "bubblewrap" in layers else command

        made.append(EngineProcess("llm", limits=Limits(**limits), threads=1, command_line=command_line))
        return made[-1]

    yield starting
    for engine in made:
        engine.close()


HOST = "import os, sys, time\nfrom daemon.engines import host\n"
BOTH = pytest.mark.parametrize(
    "layers", ["landlock+seccomp", pytest.param("bubblewrap+landlock+seccomp", marks=NEEDS_BWRAP)]
)


def _host(body: str) -> str:
    return (
        HOST
        + f"def work(header, payload, threads, send):\n    {body}\nhost._dispatch = work\nhost.main(['llm', '1'])\n"
    )


@BOTH
def test_memory_is_watched_through_what_stands_between(layers: str, start: Callable[..., EngineProcess]) -> None:
    engine = start(layers, _host("kept = b'x' * 600_000_000; time.sleep(600)"), max_resident_bytes=300_000_000)
    with pytest.raises(PermanentError, match="engine-memory"):
        engine.call({}, timeout_seconds=60)


@BOTH
def test_a_crash_is_a_crash(layers: str, start: Callable[..., EngineProcess]) -> None:
    with pytest.raises(RetryableError, match="engine-crashed"):
        start(layers, _host("os.kill(os.getpid(), 11)")).call({}, timeout_seconds=60)


@BOTH
def test_a_child_outlives_the_thread_that_asked_for_it(layers: str, start: Callable[..., EngineProcess]) -> None:
    made: list[EngineProcess] = []

    def ask_once() -> None:
        made.append(start(layers, _host("return {}")))
        made[0].call({}, timeout_seconds=60)

    thread = threading.Thread(target=ask_once)
    thread.start()
    thread.join()
    pid = made[0].pid
    _, alive = psutil.wait_procs([psutil.Process(pid)], timeout=0.3)
    assert alive
    assert made[0].call({}, timeout_seconds=60) == ({}, b"")
    assert made[0].pid == pid


@NEEDS_BWRAP
def test_what_forked_away_inside_bubblewrap_ends_with_it(start: Callable[..., EngineProcess]) -> None:
    engine = start(
        "bubblewrap",
        _host("[os.setsid() and 0 or time.sleep(600) for _ in range(20) if os.fork() == 0]\n    return {}"),
    )
    engine.call({}, timeout_seconds=60)
    assert engine.pid is not None
    forked = psutil.Process(engine.pid).children(recursive=True)
    assert len(forked) >= 20
    engine.close()
    _, alive = psutil.wait_procs(forked, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


@BOTH
def test_a_child_that_ignores_its_pipe_ends_with_its_daemon(layers: str, reach: Reach) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from daemon.adapters.models.store import default_models_dir\n"
        "from daemon.adapters.reading.engine_process import EngineProcess\n"
        "from daemon.adapters.sandbox import choose, places\nfrom daemon.model.limits import Limits\n"
        f"iso = choose.linux({tuple(layers.split('+'))!r}, places.reach(None, default_models_dir()))\n"
        "engine = EngineProcess('llm', limits=Limits(), threads=1, command_line=iso.command_line)\n"
        "engine.call({'do': 'ping'}, timeout_seconds=30)\nprint(engine.pid, flush=True)\ntime.sleep(600)\n"
    )
    daemon = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, start_new_session=True
    )
    assert daemon.stdout is not None
    child = psutil.Process(int(daemon.stdout.readline()))
    family = [child, *child.children(recursive=True)]
    for process in family:
        process.suspend()  # so that nobody reads the pipe
    daemon.kill()
    daemon.communicate()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_a_layer_that_cannot_be_had_ends_the_child_before_it_reads(reach: Reach) -> None:
    blinders = Path(prisoner.__file__).with_name("blinders.py")
    command = choose.linux(("landlock", "seccomp"), reach).command_line(EngineCommand("llm", 1))
    done = subprocess.run(
        [sys.executable, str(blinders), "444", *command],
        stdin=subprocess.DEVNULL,
        env=ENVIRONMENT,
        timeout=60,
        check=False,
    )
    assert done.returncode == enter.EXIT_CODE


# -- what people meet ------------------------------------------------------------------------------------------------

NO_LANDLOCK_NO_NAMESPACES = "444,165,155,272"  # landlock_create_ruleset, mount, pivot_root, unshare


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="numbers of another machine")
def test_run_refuses_where_no_isolation_can_be_had_unless_the_settings_accept_it(home: Home) -> None:
    root = home.config.parent
    blinders = Path(prisoner.__file__).with_name("blinders.py")

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        python = [sys.executable, "-c", program, *arguments]
        command = [sys.executable, str(blinders), NO_LANDLOCK_NO_NAMESPACES, *python]
        return subprocess.run(command, capture_output=True, timeout=120, check=False, stdin=subprocess.DEVNULL)

    (home.inbox / "memo.m4a").unlink()
    settings = home.config.read_text()
    done = run("from daemon.cli.main import main; main()", "--home", str(root), "run", "--once")
    assert done.returncode == 5
    assert b"(isolation-missing)" in done.stderr
    assert (
        b"not shut in (by seccomp): it can reach the keys, the practice's folders and files to write to." in done.stderr
    )
    assert b"mend: on Linux: install bubblewrap" in done.stderr
    assert "not shut in" in (home.outbox / "Status.html").read_text()
    home.config.write_text(settings.replace("accept_no_isolation = false", "accept_no_isolation = true"))
    look = "from daemon.keeping.readiness import *; from daemon.config import *; refuse_to_run(load_home(Path(sys.argv[1]), None))"
    done = run(look, str(root))
    home.config.write_text(settings)
    assert done.returncode == 0, done.stderr
