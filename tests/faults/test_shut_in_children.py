"""Children that are shut in, as the daemon starts, watches and ends them. Linux."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.adapters.models.store import default_models_dir
from daemon.adapters.reading.engine_process import EngineProcess, child_environment
from daemon.adapters.sandbox import bubblewrap, choose, enter, places
from daemon.adapters.sandbox.command import EngineCommand
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.reach import Reach
from tests.fakes import prisoner

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how Linux shuts a child in")
BWRAP = Path("/usr/bin/bwrap")
NEEDS_BWRAP = pytest.mark.needs("bwrap")
ENVIRONMENT = child_environment(EngineCommand("llm", 1))


@pytest.fixture(scope="module")
def reach() -> Reach:
    return places.reach(None, default_models_dir())


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
            return (
                bubblewrap.command_line(BWRAP, reach, places.links(reach), command)
                if "bubblewrap" in layers
                else command
            )

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


@BOTH
def test_no_file_that_the_daemon_has_open_is_open_in_a_child(
    layers: str, start: Callable[..., EngineProcess], tmp_path: Path
) -> None:
    with (tmp_path / "of the daemon").open("wb") as file:
        os.set_inheritable(file.fileno(), True)
        engine = start(
            layers,
            _host("return {'open': [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd')[:-1]]}"),
        )
        answer, _ = engine.call({}, timeout_seconds=60)
    assert {kind.partition(":")[0] for kind in answer["open"]} == {"pipe", "/dev/null"}
    assert len(answer["open"]) == 5


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
