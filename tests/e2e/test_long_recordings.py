"""A long recording whose reading dies goes on at the last window that was done; what was kept of it is sealed, and then gone."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.keys import init_keys, load_keys
from daemon.adapters.models.store import default_models_dir
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.adapters.reading.partial_transcripts import PartialTranscripts
from daemon.adapters.vault.age_vault import AgeVault
from daemon.model.errors import RetryableError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Reading
from daemon.model.source import Source
from tests.fakes.clock import FakeClock
from tests.fakes.vault import FakeVault

pytestmark = pytest.mark.engines

DATA = (Path(__file__).parents[1] / "assets" / "memo.m4a").read_bytes()
SOURCE = Source("s1", "recording", hashlib.sha256(DATA).hexdigest())
WINDOW_SECONDS = 7.0


def make_reader(
    partials: PartialTranscripts,
    on_progress: Callable[[Source, float, float], None] | None = None,
    language: str = "en",
) -> EngineReader:
    """The real reader, with windows so short that a short memo has several."""
    model = (default_models_dir() / "whisper-base", EngineInfo("whisper-base", "1" * 64))
    return EngineReader(
        Limits(), 1, language, (), lambda: model, lambda: model, on_progress, partials=partials, window_seconds=WINDOW_SECONDS
    )  # fmt: skip


def sealed_partials(home: Path) -> PartialTranscripts:
    """Partial transcripts in a real vault."""
    vault = AgeVault(home / "vault", load_keys(home / "keys"), FakeClock())
    return PartialTranscripts(vault, home / "partial_transcripts.json")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """The memo, heard without a death."""
    partials = PartialTranscripts(FakeVault(), tmp_path_factory.mktemp("whole") / "partial_transcripts.json")
    return make_reader(partials).read(SOURCE, "memo.m4a", DATA)


def words_in(reading: Reading) -> set[bytes]:
    return {word.text.encode() for passage in reading.passages for word in passage.words if len(word.text) > 6}


def test_a_second_try_goes_on_where_a_killed_child_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Reading
) -> None:
    vault, index = FakeVault(), tmp_path / "partial_transcripts.json"
    partials, children = PartialTranscripts(vault, index), list[EngineProcess]()
    start, keep = EngineProcess._start, PartialTranscripts.keep

    def start_and_tell(self: EngineProcess) -> None:
        start(self)
        children.append(self)

    def keep_and_kill(self: PartialTranscripts, *arguments: Any) -> None:
        keep(self, *arguments)
        os.kill(children[-1].pid or 0, signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(EngineProcess, "_start", start_and_tell)
        patch.setattr(PartialTranscripts, "keep", keep_and_kill)
        with pytest.raises(RetryableError, match="engine-crashed"):
            make_reader(partials).read(SOURCE, "memo.m4a", DATA)

    heard: list[float] = []
    again = make_reader(partials, lambda source, done, total: heard.append(done)).read(SOURCE, "memo.m4a", DATA)
    assert heard[0] > 0.7 * WINDOW_SECONDS, "the first window was not heard again"
    assert dataclasses.asdict(again) == dataclasses.asdict(whole)

    make_reader(partials).forget([SOURCE])
    assert not vault.blobs.keys() - vault.removed
    assert json.loads(index.read_bytes()) == {}


def test_a_killed_daemon_leaves_only_ciphertext_and_its_next_start_goes_on(tmp_path: Path, whole: Reading) -> None:
    init_keys(tmp_path / "keys", tmp_path / "recovery.txt")
    (tmp_path / "vault").mkdir()
    index = tmp_path / "partial_transcripts.json"
    daemon = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.test_long_recordings", str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
    )
    assert daemon.stdout is not None
    assert daemon.stdout.readline() == b"kept\n"
    daemon.kill()
    daemon.wait()
    daemon.stdout.close()

    left = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    said = words_in(whole)
    assert said
    assert not [path for path, data in left.items() if any(word in data for word in said)]
    assert SOURCE.sha256.encode() not in index.read_bytes()

    heard: list[float] = []
    partials = sealed_partials(tmp_path)
    again = make_reader(partials, lambda source, done, total: heard.append(done)).read(SOURCE, "memo.m4a", DATA)
    assert heard[0] > 0.7 * WINDOW_SECONDS
    assert again.passages == whole.passages

    make_reader(partials).forget([SOURCE])
    assert not list((tmp_path / "vault" / "blobs").rglob("*.age"))


def _read_and_tell(home: Path) -> None:
    keep = PartialTranscripts.keep

    def keep_and_tell(self: PartialTranscripts, *arguments: Any) -> None:
        keep(self, *arguments)
        sys.stdout.write("kept\n")
        sys.stdout.flush()
        signal.pause()  # until it is killed

    PartialTranscripts.keep = keep_and_tell  # type: ignore[method-assign]  # this process is the one to be killed
    make_reader(sealed_partials(home)).read(SOURCE, "memo.m4a", DATA)


if __name__ == "__main__":
    _read_and_tell(Path(sys.argv[1]))
