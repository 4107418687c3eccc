"""A child that crashes, hangs, grows, babbles or loses its daemon costs one typed error, and the next call works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.adapters.reading import engine_process
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.sandbox.command import EngineCommand, child_command
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.limits import Limits

ROOT = Path(__file__).parents[2]
HOST = "import os, sys, time\nfrom daemon.engines import host\n"
RAW = (
    "import os, signal, sys, time\n"
    "from daemon.model.engine_protocol import read_frame, write_frame\n"
    "requests, replies = sys.stdin.buffer, sys.stdout.buffer\n"
    "write_frame(replies, {'ready': True})\n"
)
Make = Callable[..., EngineProcess]


@pytest.fixture
def make() -> Iterator[Make]:
    """An engine process whose child runs this script in place of the host."""
    made: list[EngineProcess] = []

    def start(script: str | None, **limits: Any) -> EngineProcess:
        def command_line(command: EngineCommand) -> list[str]:
            return child_command(command) if script is None else [sys.executable, "-P", "-c", script]

        made.append(EngineProcess("llm", limits=Limits(**limits), threads=1, command_line=command_line))
        return made[-1]

    yield start
    for engine in made:
        engine.close()


def _host(dispatch: str) -> str:
    """The real host with something else to do: `dispatch` is the body of a function of header and payload."""
    body = textwrap.indent(dispatch, "    ")
    return f"{HOST}def work(header, payload, threads, send):\n{body}\nhost._dispatch = work\nhost.main(['llm', '1'])\n"


def _fail(engine: EngineProcess, seconds: float = 30.0, payload: bytes = b"") -> ChartdraftError:
    with pytest.raises(ChartdraftError) as caught:
        engine.call({"do": "ping"}, payload, timeout_seconds=seconds)
    return caught.value


def _gone(pid: int) -> bool:
    for _ in range(200):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_the_real_child_answers(make: Make) -> None:
    engine = make(None)
    assert engine.call({"do": "ping"}, timeout_seconds=30) == ({}, b"")
    pid = engine.pid
    assert engine.call({"do": "ping"}, timeout_seconds=30) == ({}, b"")
    assert engine.pid == pid
    engine.close()
    assert pid is not None
    assert _gone(pid)


def test_a_request_it_does_not_know_is_refused_and_the_child_lives(make: Make) -> None:
    engine = make(None)
    with pytest.raises(PermanentError, match="engine-protocol"):
        engine.call({"do": "format-disk"}, timeout_seconds=30)
    assert engine.alive


def test_a_segfault_is_a_crash_and_the_next_call_gets_a_fresh_child(make: Make) -> None:
    engine = make(_host("if payload: os.kill(os.getpid(), 11)\nreturn {'pid': os.getpid()}"))
    first, _ = engine.call({}, timeout_seconds=30)
    error = _fail(engine, payload=b"boom")
    assert (error.code, type(error)) == ("engine-crashed", RetryableError)
    second, _ = engine.call({}, timeout_seconds=30)
    assert first["pid"] != second["pid"]


def test_an_exception_is_a_crash_and_its_text_stays_inside(make: Make, capfd: pytest.CaptureFixture[str]) -> None:
    error = _fail(make(_host("raise ValueError('Zebulon Quatermass')")))
    assert error.code == "engine-crashed"
    assert error.__cause__ is None
    assert "Zebulon" not in "".join(capfd.readouterr()) + repr(error)


@pytest.mark.parametrize(
    "said", ["{'done': 10**400, 'total': 1}", "{'done': float('nan'), 'total': 1}", "{'done': 1, 'total': 1e999}", "[]"]
)
def test_progress_that_is_no_number_breaks_the_protocol(make: Make, said: str) -> None:
    script = RAW + f"read_frame(requests, 10)\nwrite_frame(replies, {{'progress': {said}}})\ntime.sleep(600)"
    engine, told = make(script), list[float]()
    with pytest.raises(PermanentError, match="engine-protocol"):
        engine.call({}, timeout_seconds=60, on_progress=lambda *numbers: told.extend(numbers))
    assert told == []
    assert not engine.alive


@pytest.mark.parametrize("message", ["{'ready': True}", "{'progress': {'done': 1, 'total': 2}}"])
def test_a_child_that_talks_without_end_is_ended(make: Make, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_process, "MAX_MESSAGES", 500)
    engine = make(RAW + f"read_frame(requests, 10)\nwhile True: write_frame(replies, {message})")
    assert _fail(engine, seconds=600).code == "engine-protocol"
    assert not engine.alive


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_one(make: Make) -> None:
    engine = make(_host("send({'progress': {'done': 1, 'total': 2}})\nreturn {'asked': header['number']}"))

    def interrupted(_done: float, _total: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.call({"number": 1}, timeout_seconds=60, on_progress=interrupted)
    assert engine.call({"number": 2}, timeout_seconds=60) == ({"asked": 2}, b"")


def test_what_libraries_print_neither_breaks_a_frame_nor_reaches_us(
    make: Make, capfd: pytest.CaptureFixture[str]
) -> None:
    script = _host("print('Zebulon', flush=True)\nos.write(1, b'Zebulon')\nos.write(2, b'Zebulon')\nreturn {}")
    assert make(script).call({}, timeout_seconds=30) == ({}, b"")
    assert "Zebulon" not in "".join(capfd.readouterr())


def test_a_child_that_hangs_is_killed(make: Make) -> None:
    engine = make(RAW + "time.sleep(600)")
    pid = engine.pid
    error = _fail(engine, seconds=0.5)
    assert (error.code, type(error)) == ("engine-timeout", PermanentError)
    assert pid is not None
    assert _gone(pid)


def test_a_child_that_does_not_read_its_request_is_killed(make: Make) -> None:
    assert _fail(make("import time; time.sleep(600)"), seconds=0.5, payload=bytes(5_000_000)).code == "engine-timeout"


def test_a_child_that_eats_memory_is_killed(make: Make) -> None:
    script = _host("kept = [bytes(range(250)) * 40_000 for _ in range(60)]\ntime.sleep(600)")
    error = _fail(make(script, max_resident_bytes=300_000_000), seconds=60)
    assert (error.code, type(error)) == ("engine-memory", PermanentError)


def test_memory_of_the_childs_own_children_counts(make: Make) -> None:
    grandchild = "kept = b'x' * 600_000_000; import time; time.sleep(600)"
    script = _host(f"import subprocess\nsubprocess.run([sys.executable, '-c', {grandchild!r}])")
    assert _fail(make(script, max_resident_bytes=300_000_000), seconds=60).code == "engine-memory"


@pytest.mark.parametrize(
    "garbage",
    [
        "os.write(1, b'hello, this is no frame at all' * 99); time.sleep(600)",
        "os.write(1, b'\\xff\\xff\\xff\\xff'); time.sleep(600)",
        "os.write(1, b'\\0\\0\\0\\x02[]' + bytes(8)); time.sleep(600)",
        "os.write(1, b'\\0\\0\\0\\x02{}' + b'\\xff' * 8); time.sleep(600)",
        "n = 200_000; os.write(1, n.to_bytes(4) + b'[' * n); os.write(1, bytes(8)); time.sleep(600)",
        "write_frame(replies, {'ok': 'text'}); time.sleep(600)",
        "write_frame(replies, {}); time.sleep(600)",
        "write_frame(replies, {'error': 'no-such-code', 'retryable': False}); time.sleep(600)",
        "write_frame(replies, {'error': 'keys-missing', 'retryable': False}); time.sleep(600)",
        "write_frame(replies, {'error': 'media-empty', 'retryable': 'maybe'}); time.sleep(600)",
        "write_frame(replies, {'progress': {'done': 'Zebulon', 'total': 1}}); time.sleep(600)",
        "write_frame(replies, {'ok': {}}, bytes(17_000_000)); time.sleep(600)",
    ],
)
def test_nonsense_ends_the_child_and_is_a_protocol_error(make: Make, garbage: str) -> None:
    engine = make(RAW + "read_frame(requests, 99)\n" + garbage)
    pid = engine.pid
    error = _fail(engine)
    assert (error.code, type(error)) == ("engine-protocol", PermanentError)
    assert pid is not None
    assert _gone(pid)


def test_a_child_that_dies_inside_a_frame_has_crashed(make: Make) -> None:
    script = RAW + "read_frame(requests, 99)\nos.write(1, b'\\0\\0'); os.kill(os.getpid(), signal.SIGKILL)"
    assert _fail(make(script)).code == "engine-crashed"


def test_an_error_code_of_the_child_becomes_that_error(make: Make) -> None:
    script = _host("from daemon.model.errors import PermanentError\nraise PermanentError('media-encrypted')")
    engine = make(script)
    error = _fail(engine)
    assert (error.code, type(error)) == ("media-encrypted", PermanentError)
    assert engine.alive
    retry = _host("from daemon.model.errors import RetryableError\nraise RetryableError('model-missing')")
    assert type(_fail(make(retry))) is RetryableError


@pytest.mark.parametrize("script", ["raise SystemExit(3)", "import no_such_module"])
def test_a_child_that_cannot_start_says_so(make: Make, script: str) -> None:
    assert _fail(make(script)).code == "engine-start"


def test_a_program_that_is_not_there_says_so() -> None:
    with pytest.raises(RetryableError, match="engine-start"):
        EngineProcess("llm", limits=Limits(), threads=1, command_line=lambda _: ["/nonexistent/python"])


def test_progress_is_reported_before_the_reply(make: Make) -> None:
    seen: list[tuple[float, float]] = []
    script = _host(
        "send({'progress': {'done': 1, 'total': 2}})\nsend({'progress': {'done': 2, 'total': 2}})\nreturn {}"
    )
    make(script).call({}, timeout_seconds=30, on_progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


def test_the_child_sees_nothing_of_ours(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("SECRET", "token")
    look = (
        "import resource\nfiles = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') "
        "if os.path.exists(f'/proc/self/fd/{n}')] if os.path.isdir('/proc/self/fd') else []\n"
        "return {'env': dict(os.environ), 'cwd': os.getcwd(), 'core': resource.getrlimit(resource.RLIMIT_CORE)[0], "
        "'size': resource.getrlimit(resource.RLIMIT_FSIZE)[0], 'files': files}"
    )
    with (ROOT / "pyproject.toml").open("rb") as ours:
        os.set_inheritable(ours.fileno(), True)
        seen, _ = make(_host(look)).call({}, timeout_seconds=30)
    assert not {"HOME", "USER", "HTTPS_PROXY", "SECRET", "SSH_AUTH_SOCK"} & set(seen["env"])
    assert seen["env"]["HF_HUB_OFFLINE"] == "1"
    assert (seen["cwd"], seen["core"], seen["size"]) == ("/", 0, 0)
    assert not [name for name in seen["files"] if name.endswith("pyproject.toml")]


_DAEMON = """
import sys, threading, time
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.model.limits import Limits
engine = EngineProcess("llm", limits=Limits(), threads=1, command_line=lambda _: [sys.executable, "-P", "-c", sys.argv[1]])
outcome = []
def call():
    try:
        outcome.append(engine.call({}, timeout_seconds=600))
    except Exception as error:
        outcome.append(error)
thread = threading.Thread(target=call, daemon=True)
"""
_BUSY = _host("sys.stdout = None\ntime.sleep(600)")


def _daemon(then: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", _DAEMON + then, _BUSY]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.parametrize("busy", [False, True])
def test_a_child_ends_when_its_daemon_is_killed(busy: bool) -> None:
    start = "thread.start()\ntime.sleep(1)\n" if busy else ""
    daemon = _daemon(start + "print(engine.pid, flush=True)\ntime.sleep(600)")
    assert daemon.stdout is not None
    child = int(daemon.stdout.readline())
    daemon.send_signal(signal.SIGKILL)
    daemon.wait()
    daemon.stdout.close()
    assert _gone(child)


def test_calls_that_are_abandoned_neither_return_nor_raise() -> None:
    daemon = _daemon(
        "thread.start()\ntime.sleep(1)\npid = engine.pid\nEngineProcess.abandon_all()\nthread.join(1.0)\n"
        "late = threading.Thread(target=lambda: EngineProcess('llm', limits=Limits(), threads=1), daemon=True)\n"
        "late.start()\nlate.join(0.5)\nprint(pid, thread.is_alive(), late.is_alive(), outcome, flush=True)\n"
        "import os\nos._exit(0)"
    )
    output, _ = daemon.communicate(timeout=60)
    pid, *rest = output.decode().split(maxsplit=1)
    assert rest == ["True True []\n"]
    assert _gone(int(pid))
