"""The engine child as seen from the daemon: start it, ask it, watch what it costs, end it.

Media and models are read by a child process that gets bytes through a pipe and gives typed data back, so that hostile
input or a native crash takes the child along and not the daemon (DESIGN 4). This module imports no engine.
"""

from __future__ import annotations

import math
import subprocess
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, Literal, cast

from daemon.adapters.reading.child_watch import WATCH_SECONDS, Watch, kill
from daemon.adapters.reading.freed_memory import OVERWRITE_WHAT_IS_FREED
from daemon.adapters.sandbox.command import EngineCommand, Role
from daemon.model.engine_protocol import ProtocolError, read_frame, write_frame
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.limits import Limits

OnState = Callable[[Literal["started", "ended"]], None]
OnProgress = Callable[[float, float], None]
OnWindow = Callable[[dict[str, Any]], None]
CommandLine = Callable[[EngineCommand], list[str]]

# Linux ends a child with the thread that started it, not with the process: so this one, which lasts, starts them all.
_SPAWNER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine-start")
CLOSE_SECONDS = 1.0
# Replies carry their data in the header; only what a role is known to send back may come as a payload.
MAX_REPLY_PAYLOAD_BYTES = 16_000_000
# A page, a section or a sentence is told of once; two hours of speech are some thousands of sentences.
MAX_MESSAGES = 100_000
# The child can speak of what it read and of itself, of nothing else.
_CHILD_CODES = ("media-", "speech-", "page-", "engine-", "model-missing", "model-altered", "draft-")


def child_environment(command: EngineCommand) -> dict[str, str]:
    """All that the child sees of the environment: no HOME, no proxy, no token; every switch that keeps libraries offline."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).resolve().parents[3]),
        "PYTHONUTF8": "1",
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HOME": "/nonexistent",
        # ONNX Runtime reports usage to its maker since 1.29 unless told not to: a look-up of a host name was seen.
        "ORT_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "OMP_NUM_THREADS": str(command.threads),
    } | (OVERWRITE_WHAT_IS_FREED if command.role == "llm" else {})


class EngineProcess:
    """One child, shut in. It starts with the object; if it has died, the next call starts it afresh.

    `command_line` is an isolation's (`sandbox.choose`); without one the child is shut in as well as can be done without knowing
    which folders are a home's.

    Not for use by several threads at once. `limits.max_resident_bytes` is watched during calls, the child's own
    children included (`RLIMIT_AS` does not work on macOS). `on_state` hears "started" and "ended".
    """

    _registry: ClassVar[set[EngineProcess]] = set()
    _registry_lock: ClassVar[threading.Lock] = threading.Lock()
    _stopping: ClassVar[threading.Event] = threading.Event()

    def __init__(
        self,
        role: Role,
        *,
        limits: Limits,
        threads: int,
        on_state: OnState | None = None,
        command_line: CommandLine | None = None,
    ) -> None:
        """Raises RetryableError("engine-start")."""
        self._command = EngineCommand(role, threads, limits.max_resident_bytes)
        self._command_line = command_line or _without_a_home
        self._limits, self._on_state = limits, on_state
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._start()

    @property
    def pid(self) -> int | None:
        """The child's process id; None when there is no child."""
        return self._child.pid if self._child else None

    @property
    def alive(self) -> bool:
        """Whether the child runs."""
        return self._child is not None and self._child.poll() is None

    def call(
        self,
        header: dict[str, Any],
        payload: bytes = b"",
        *,
        timeout_seconds: float,
        on_progress: OnProgress | None = None,
        on_window: OnWindow | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        """Ask once; the reply's content, still untrusted, and its payload. `on_window` is given what of a long recording is done,
        still untrusted.

        Raises the error whose code the child replied with; RetryableError("engine-start", "engine-crashed");
        PermanentError("engine-timeout", "engine-memory", "engine-protocol"). After any of these but the first the child
        is gone. Never returns once `abandon_all` was called.
        """
        if not self.alive:
            self._end()
            self._start()
        assert self._child is not None
        asked = header | {"timeout_seconds": timeout_seconds}
        watch = Watch(self._child, timeout_seconds, self._limits.max_resident_bytes)
        try:
            with watch:
                untrusted_reply, untrusted_payload = self._exchange(self._child, asked, payload, on_progress, on_window)
            content = _parsed(untrusted_reply)
        except (ProtocolError, RecursionError, OSError) as error:
            self._park_if_stopping()
            verdict = watch.verdict or self._verdict(error)
            self._end()
            raise verdict from None
        except BaseException:
            self._end()  # its answer is still to come: it must not be taken for the answer to what is asked next
            raise
        if isinstance(content, ChartdraftError):
            raise content
        return content, untrusted_payload

    def close(self) -> None:
        """End the child: at once if it is idle, by force if it is busy."""
        if self._child is not None and self._child.stdin is not None:
            with suppress(OSError):
                self._child.stdin.close()
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(CLOSE_SECONDS)
        self._end()

    @classmethod
    def abandon_all(cls) -> None:
        """End every child because the daemon leaves. Calls under way then neither return nor raise: they wait forever.

        So a step that was interrupted is not failed but left, and the next start goes on with it.
        """
        with cls._registry_lock:
            cls._stopping.set()
            children = [engine._child for engine in cls._registry if engine._child is not None]
        for child in children:
            kill(child)

    def _start(self) -> None:
        with self._registry_lock:
            stopping = self._stopping.is_set()
            if not stopping:
                self._child, self._ready = (
                    _SPAWNER.submit(
                        _spawn, self._command_line(self._command), child_environment(self._command)
                    ).result(),
                    False,
                )
                self._registry.add(self)
        if stopping:
            self._park_if_stopping()
        if self._on_state:
            self._on_state("started")

    def _end(self) -> None:
        child, self._child = self._child, None
        with self._registry_lock:
            self._registry.discard(self)
        if child is None:
            return
        kill(child)
        child.wait()
        for stream in (child.stdin, child.stdout):
            with suppress(OSError):
                cast("BinaryIO", stream).close()
        if self._on_state:
            self._on_state("ended")

    def _exchange(
        self,
        child: subprocess.Popen[bytes],
        header: dict[str, Any],
        payload: bytes,
        on_progress: OnProgress | None,
        on_window: OnWindow | None,
    ) -> tuple[dict[str, Any], bytes]:
        write_frame(cast("BinaryIO", child.stdin), header, payload)
        for _ in range(MAX_MESSAGES):
            frame = read_frame(cast("BinaryIO", child.stdout), MAX_REPLY_PAYLOAD_BYTES)
            if frame is None:
                raise BrokenPipeError
            untrusted, untrusted_payload = frame
            if "ready" in untrusted:
                self._ready = True
            elif "progress" in untrusted:
                _report(untrusted["progress"], on_progress)
            elif on_window and isinstance(untrusted.get("window"), dict):
                on_window(untrusted["window"])
            else:
                return untrusted, untrusted_payload
        raise ProtocolError

    def _verdict(self, error: Exception) -> ChartdraftError:
        """A child that went away has crashed, wherever in a frame that was; other nonsense will not get better."""
        assert self._child is not None
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(WATCH_SECONDS)
        if isinstance(error, OSError) or self._child.returncode:
            return RetryableError("engine-crashed" if self._ready else "engine-start")
        return PermanentError("engine-protocol")

    def _park_if_stopping(self) -> None:
        if self._stopping.is_set():
            threading.Event().wait()


def _without_a_home(command: EngineCommand) -> list[str]:
    from daemon.adapters.models.store import default_models_dir
    from daemon.adapters.sandbox.choose import isolation

    return isolation(None, default_models_dir()).command_line(command)


def _spawn(command_line: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command_line,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Native libraries print pieces of what they parse; that must not reach a log.
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            # Larger buffers would keep the end of what a child was asked and of what it answered, until more comes.
            bufsize=2,
            close_fds=True,
            start_new_session=True,
        )
    except OSError:
        raise RetryableError("engine-start") from None


def _report(untrusted: object, on_progress: OnProgress | None) -> None:
    match untrusted:
        case {"done": int() | float() as done, "total": int() | float() as total}:
            progress = _number(done), _number(total)
            if on_progress:
                on_progress(*progress)
        case _:
            raise ProtocolError


def _number(untrusted: float) -> float:
    """JSON has whole numbers that no float holds, and Python reads NaN in it."""
    try:
        number = float(untrusted)
    except OverflowError:
        raise ProtocolError from None
    if not math.isfinite(number):
        raise ProtocolError
    return number


def _parsed(untrusted: dict[str, Any]) -> dict[str, Any] | ChartdraftError:
    match untrusted:
        case {"ok": dict() as content}:
            return content
        case {"error": str() as code, "retryable": bool() as retryable} if code in CATALOG:
            if code.startswith(_CHILD_CODES):
                return RetryableError(code) if retryable else PermanentError(code)
    raise ProtocolError
