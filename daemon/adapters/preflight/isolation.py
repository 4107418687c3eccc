"""Whether the child that reads hostile files is shut in: proven, by asking one to break out while somebody really listens."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.sandbox.command import INTERPRETER
from daemon.adapters.sandbox.places import PACKAGE
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.isolation_proof import FILES, FOLDERS, WRITING, Proof, reached
from daemon.model.limits import Limits
from daemon.model.preflight_check import Check

if TYPE_CHECKING:
    from daemon.adapters.sandbox.choose import Isolation
    from daemon.config import Home

CODE, ERROR = "isolation", "isolation-missing"
_SECONDS = 20.0
_WITNESS_SECONDS = 20.0
_MOST_PATH_BYTES = 70
"""A socket's path has at most 103 bytes on macOS (`sun_path` of unix(4)); its folder's and its own name take 29."""
_MEND = "on Linux: install bubblewrap (`apt install bubblewrap`), or start a kernel that has Landlock; see the README, Isolation"
_ACCEPTED = "take in files of known senders alone while `accept_no_isolation` is set"


def check_isolation(prove: Callable[[], Proof], *, accepted: bool) -> Check:
    """`prove` has a child try. What it gets at is refused, and what could not be proven too, unless the settings accept it."""
    try:
        proof = prove()
    except (ChartdraftError, OSError) as error:
        code = error.code if isinstance(error, ChartdraftError) else ERROR
        return _not_shut_in(f"It could not be proven that the reading process is shut in: {error}", code, accepted)
    if proof.reached:
        what = " and ".join(filter(None, (", ".join(proof.reached[:-1]), proof.reached[-1])))
        sentence = f"The process that reads patients' files is not shut in (by {proof.name}): it can reach {what}."
        return _not_shut_in(sentence, ERROR, accepted)
    sentence = f"The process that reads patients' files is shut in by {proof.name}: neither the network nor the keys were in its reach."
    return Check(CODE, "ok", sentence)


def _not_shut_in(sentence: str, error: str, accepted: bool) -> Check:
    return Check(CODE, "warn" if accepted else "refuse", sentence, _ACCEPTED if accepted else _MEND, error)


def prove(home: Home, isolation: Isolation, models: Path, limits: Limits) -> Proof:
    """Start a child as reading does, and have it try: the network, other programs, keys, folders, writing.

    Each is first shown to be there to be reached: by the witness, who comes in itself, and by us, who read the same files.
    Raises what `EngineProcess.call` raises, `keys-missing`, OSError.
    """
    child = EngineProcess("llm", limits=limits, threads=1, command_line=isolation.command_line)
    try:
        with _Witness() as witness:
            told, arrived, written = _try(child, witness, home, models)
    finally:
        child.close()
    return Proof(isolation.name, reached(told, arrived, (*arrived, FILES, FOLDERS, WRITING), written=written))


def _try(
    child: EngineProcess, witness: _Witness, home: Home, models: Path
) -> tuple[dict[str, object], dict[str, bool], bool]:
    folders = [path for path in (home.keys, home.state, home.inbox, home.outbox) if path.is_dir()]
    asked = {
        "do": "self-test",
        "ways": witness.ways,
        FILES: [str(path) for path in _readable_files(home)],
        FOLDERS: _listable(folders),
    }
    with _names((*folders, models, Path(tempfile.gettempdir()))) as names:
        told, _ = child.call(asked | {WRITING: [str(name) for name in names]}, timeout_seconds=_SECONDS)
        written = any(name.exists() for name in names)
    return told, witness.leave(), written


def _readable_files(home: Home) -> list[Path]:
    """Files of ours that we can read, and a child must not: those of the keys above all."""
    keys = [path for path in sorted(home.keys.iterdir()) if path.is_file()] if home.keys.is_dir() else []
    if not keys:
        raise PermanentError("keys-missing")
    found = [*keys, *(path for path in (home.config, home.job_board) if path.is_file())]
    for path in found:
        with path.open("rb") as file:
            file.read(1)
    return found


def _listable(folders: Sequence[Path]) -> list[str]:
    for folder in folders:
        next(folder.iterdir(), None)
    return [str(folder) for folder in folders]


@contextmanager
def _names(folders: Sequence[Path]) -> Iterator[list[Path]]:
    """A name in each folder for a file that must not come to be; nothing is left of one that did."""
    names = [folder / f".chartdraft-trial-{secrets.token_hex(8)}" for folder in folders]
    try:
        yield names
    finally:
        for name in names:
            with suppress(OSError):
                name.unlink(missing_ok=True)


def _folder_for_a_socket() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder of ours alone, in /tmp where the usual place has too long a path for a socket in it."""
    usual = os.fsencode(tempfile.gettempdir())
    short = len(usual) <= _MOST_PATH_BYTES
    return tempfile.TemporaryDirectory(prefix="chartdraft-", dir=None if short else "/tmp")  # noqa: S108 - mode 0700


class _Witness:
    """A process that listens. `ways` is where; `leave` ends it and says which ways somebody came."""

    def __enter__(self) -> Self:
        self._folder = _folder_for_a_socket()
        self._process = subprocess.Popen(
            [*INTERPRETER, "daemon.adapters.sandbox.witness", self._folder.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(PACKAGE.parent)},
        )
        try:
            self.ways: dict[str, int | str] = self._line()
            if not self.ways:
                raise RetryableError("engine-start")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def leave(self) -> dict[str, bool]:
        """Which ways somebody came since it began to listen."""
        cast("IO[bytes]", self._process.stdin).close()
        self._process.stdin = None
        return self._line()

    def _line(self) -> dict:  # type: ignore[type-arg]  # two kinds of line
        # A witness that hangs must not keep a start waiting for ever: it is ended, and has then said nothing.
        ending = threading.Timer(_WITNESS_SECONDS, self._process.kill)
        ending.start()
        try:
            return dict(json.loads(cast("IO[bytes]", self._process.stdout).readline()))
        except (ValueError, TypeError):
            # It could not even reach itself: nothing was proven.
            raise RetryableError("engine-start") from None
        finally:
            ending.cancel()
