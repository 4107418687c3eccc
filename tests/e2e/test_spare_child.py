"""A child that is ready before its source is: used once, done without when it dies, let go when nothing comes."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from daemon.adapters.reading import engine_reader
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.source import Source
from daemon.wiring import reader

pytestmark = pytest.mark.engines
ASSETS = Path(__file__).parent.parent / "assets"


@pytest.fixture
def made(tmp_path: Path) -> EngineReader:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    return reader(home)


def read(made: EngineReader) -> str:
    data = (ASSETS / "memo.wav").read_bytes()
    return " ".join(p.text for p in made.read(Source("s1", "recording", "0" * 64), "memo.wav", data).passages)


def spare_pid(made: EngineReader) -> int | None:
    """Wait for the spare child, and leave it where it is."""
    thread = made.spares._thread
    assert thread is not None
    thread.join()
    ready = made.spares._ready
    return None if ready is None else ready[0].pid


def test_the_spare_child_reads_one_source_and_ends(made: EngineReader) -> None:
    made.expect("recording")
    pid = spare_pid(made)
    assert pid is not None
    assert "sore throat" in read(made)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert made.spares.take("recording") is None


def test_a_spare_child_that_died_is_done_without(made: EngineReader) -> None:
    made.expect("recording")
    pid = spare_pid(made)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.2)
    assert "sore throat" in read(made)


def test_a_spare_child_for_another_kind_is_left_until_nobody_wants_it(
    made: EngineReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.expect("scan")
    assert spare_pid(made) is not None
    assert made.spares.take("recording") is None
    made.rest()
    assert spare_pid(made) is not None
    monkeypatch.setattr(engine_reader, "UNWANTED_SECONDS", 0.0)
    made.rest()
    assert made.spares.take("scan") is None
