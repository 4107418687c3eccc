"""Children that try to break out, for real: each ingredient alone, together, and with a hole in it. Linux."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.adapters import preflight
from daemon.adapters.models.statement_adapter import ADAPTERS
from daemon.adapters.preflight import isolation
from daemon.adapters.preflight.isolation import _Witness
from daemon.adapters.reading.engine_process import child_environment
from daemon.adapters.sandbox import bubblewrap, choose, places
from daemon.adapters.sandbox.choose import NO_ISOLATION, Isolation
from daemon.adapters.sandbox.command import EngineCommand
from daemon.config import Home, load_home
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


# -- what it needs is in reach ---------------------------------------------------------------------------------------

LOOK = """import sys
with open(sys.argv[1], "rb") as file:
    print(len(file.read()))
try:
    open(sys.argv[1], "ab")
except OSError as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize(
    "inside", [pytest.param(_bubblewrap_alone, marks=NEEDS_BWRAP), _entered("landlock+seccomp"), pytest.param(_whole, marks=NEEDS_BWRAP)]
)  # fmt: skip
def test_a_child_opens_a_shipped_adapter_and_cannot_write_it(inside: Inside, reach: Reach, tmp_path: Path) -> None:
    """Or, where none is shipped, the file beside which it would lie."""
    adapter = next(iter(sorted(ADAPTERS.glob("*.gguf"))), ADAPTERS.with_name("statement_adapter.py"))
    program = tmp_path / "look.py"
    program.write_text(LOOK)
    command = inside([sys.executable, str(program), str(adapter)], Reach((*reach.readable, program), reach.hidden))
    done = subprocess.run(command, capture_output=True, timeout=60, env=ENVIRONMENT, cwd="/", check=False)
    size, refused = done.stdout.decode().split()
    assert int(size) == adapter.stat().st_size
    assert refused in {"PermissionError", "OSError"}, "OSError: a read-only file system"


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


@pytest.mark.parametrize(
    "witness",
    [
        "import time; time.sleep(600)",
        "raise SystemExit(1)",
        "print('[]')",
        "import sys; print('{}', flush=True); sys.stdin.read(); print('{}')",
    ],
)
def test_a_witness_that_hangs_or_ends_proves_nothing(
    witness: str, home: Home, reach: Reach, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolation, "INTERPRETER", (sys.executable, "-c", witness))
    monkeypatch.setattr(isolation, "_WITNESS_SECONDS", 1.0)
    shut_in = choose.linux(("landlock", "seccomp"), reach)
    check = isolation.check_isolation(lambda: preflight.prove(home, shut_in, _models(home), Limits()), accepted=False)
    assert (check.level, check.error) == ("refuse", "engine-start")


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
    done = run("from daemon.cli.main import main; main()", "--home", str(root), "run", "--once")
    home.config.write_text(settings)
    assert done.returncode == 0, done.stderr
    page = (home.outbox / "Status.html").read_text()
    assert "is not shut in" in page
    assert "only files from people you know" in page


def test_somebody_listens_where_the_temporary_folder_has_a_long_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    with _Witness() as witness:
        assert len(str(witness.ways["unix"])) < 104
        assert not any(witness.leave().values())
