"""A small launchd, and a small systemd: they read what would be installed, and run exactly what it says.

Each reads its file by itself, from the manual, so that a mistake in writing one shows. What launchd.plist(5) and systemd.exec(5) do
before a program starts is done: nothing but the environment that is given (the real ones add HOME and USER; a job must do without), the working directory, the umask, the limits, a session of
its own without a terminal, both outputs appended to a file. What ends is started again, at the earliest a throttle after the last
start (launchd) or a pause after the end (systemd); a stop is SIGTERM, then SIGKILL after the time allowed.
"""

from __future__ import annotations

import os
import plistlib
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# launchd.plist(5), macOS 15: the keys that are relied on, with the type each must have.
LAUNCHD_KEYS: dict[str, type | dict[str, type]] = {
    "Label": str,
    "UserName": str,
    "GroupName": str,
    "ProgramArguments": list,
    "RunAtLoad": bool,
    "KeepAlive": bool,
    "ThrottleInterval": int,
    "ExitTimeOut": int,
    "ProcessType": str,
    "MaterializeDatalessFiles": bool,
    "Umask": int,
    "SoftResourceLimits": {"Core": int},
    "HardResourceLimits": {"Core": int},
    "WorkingDirectory": str,
    "EnvironmentVariables": {"PATH": str, "LC_CTYPE": str},
    "StandardOutPath": str,
    "StandardErrorPath": str,
}


@dataclass(frozen=True)
class JobSpec:
    """What is to be run, and how."""

    argv: list[str]
    environment: dict[str, str]
    folder: str
    umask: int
    core: int
    output: str
    restart_seconds: float
    from_start: bool
    stop_seconds: float
    account: str = ""


def from_plist(plist: bytes) -> JobSpec:
    """What launchd would do. What has the wrong type, or is not known, is refused."""
    job = plistlib.loads(plist)
    _check(job, LAUNCHD_KEYS)
    assert job["RunAtLoad"] is True
    assert job["KeepAlive"] is True
    assert job["StandardOutPath"] == job["StandardErrorPath"]
    return JobSpec(
        argv=job["ProgramArguments"],
        environment=job["EnvironmentVariables"],
        folder=job["WorkingDirectory"],
        umask=job["Umask"],
        core=job["SoftResourceLimits"]["Core"],
        output=job["StandardErrorPath"],
        restart_seconds=job["ThrottleInterval"],
        from_start=True,
        stop_seconds=job["ExitTimeOut"],
        account=job.get("UserName", ""),
    )


def _check(values: dict[str, Any], allowed: dict[str, Any]) -> None:
    for key, value in values.items():
        kind = allowed[key]
        if isinstance(kind, dict):
            _check(value, kind)
        else:
            assert type(value) is kind, key


def from_unit(unit: bytes) -> JobSpec:
    """What systemd would do."""
    said: dict[str, str] = {}
    for line in unit.decode().splitlines():
        if line and not line.startswith(("#", "[")):
            name, value = line.split("=", 1)
            assert name not in said
            said[name] = value
    assert said["Restart"] == "always"
    assert said["StartLimitIntervalSec"] == "0"
    assert said["KillSignal"] == "SIGTERM"
    assert said["StandardOutput"] == said["StandardError"]
    return JobSpec(
        argv=[word.replace("$$", "$") for word in unit_words(said["ExecStart"])],
        environment=dict(word.split("=", 1) for word in unit_words(said["Environment"])),
        folder=said["WorkingDirectory"],
        umask=int(said["UMask"], 8),
        core=int(said["LimitCORE"]),
        output=said["StandardError"].removeprefix("append:").replace("%%", "%"),
        restart_seconds=float(said["RestartSec"]),
        from_start=False,
        stop_seconds=float(said["TimeoutStopSec"]),
        account=said.get("User", ""),
    )


def unit_words(line: str) -> list[str]:
    """The words of a line as systemd.syntax(7) has them, all in double quotes, with the specifier %% resolved."""
    words: list[str] = []
    letters = iter(line)
    for opening in letters:
        assert opening == '"'
        word = ""
        for letter in letters:
            if letter == '"':
                break
            word += next(letters) if letter == "\\" else letter
        words.append(word.replace("%%", "%"))
        assert next(letters, " ") == " "
    return words


@dataclass
class SmallManager:
    """Runs one job until it is told to stop. `quicken` divides its waits."""

    spec: JobSpec
    quicken: float = 100.0
    pids: list[int] = field(default_factory=list)
    codes: list[int] = field(default_factory=list)
    killed: bool = False

    def __post_init__(self) -> None:
        self._stopping, self._changed = threading.Event(), threading.Condition()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep_alive)

    def start(self) -> None:
        """RunAtLoad."""
        self._thread.start()
        self.wait_for_start(1)

    def wait_for_start(self, count: int) -> int:
        """The process id of the n-th start, once there is one."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.pids) >= count, timeout=20)
            return self.pids[count - 1]

    def wait_for_end(self, count: int) -> int:
        """How the n-th run ended, once it did."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.codes) >= count, timeout=20)
            return self.codes[count - 1]

    def stop(self) -> None:
        """SIGTERM; SIGKILL when the time is up; then the job is forgotten."""
        self._stopping.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(self.spec.stop_seconds)
            except subprocess.TimeoutExpired:
                self.killed = True
                os.killpg(process.pid, signal.SIGKILL)
        self._thread.join()

    def _keep_alive(self) -> None:
        while not self._stopping.is_set():
            began = time.monotonic()
            with self._changed:
                self._process = self._spawn()
                self.pids.append(self._process.pid)
                self._changed.notify_all()
            code = self._process.wait()
            with self._changed:
                self.codes.append(code)
                self._changed.notify_all()
            since = time.monotonic() - began if self.spec.from_start else 0.0
            self._stopping.wait(max(0.0, self.spec.restart_seconds / self.quicken - since))

    def _spawn(self) -> subprocess.Popen[bytes]:
        spec = self.spec
        assert not spec.account

        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_CORE, (spec.core, spec.core))

        output = os.open(spec.output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666 & ~spec.umask)
        try:
            return subprocess.Popen(
                spec.argv,
                env=spec.environment,
                cwd=spec.folder,
                umask=spec.umask,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=limit,  # noqa: PLW1509 - one system call, which takes no lock
            )
        finally:
            os.close(output)


@contextmanager
def managed(spec: JobSpec) -> Iterator[SmallManager]:
    """A job that runs inside the block."""
    manager = SmallManager(spec)
    manager.start()
    try:
        yield manager
    finally:
        manager.stop()
