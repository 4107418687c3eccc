"""What the work log is told: by the workflow around its steps, by the reader of sources, by the drafter of sections."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from daemon import workflow
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.engines.pages import page_count
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.source import Source
from tests.fakes.clock import FakeClock
from tests.fakes.work_log import FakeWorkLog
from tests.unit.test_long_visits import NOTE, TALK, drafted, faithful
from tests.unit.test_workflow import FaultyReader, World

ASSETS = Path(__file__).parents[1] / "assets"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    yield World(tmp_path)
    workflow.stop()


def test_each_step_begins_and_ends_and_a_pause_between_two_tries_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, blob = FakeWorkLog(FakeClock()), world.add("jobabc")
    queue = world.start(FaultyReader(RetryableError("engine-crashed")))
    assert workflow._parts is not None
    monkeypatch.setattr(workflow, "_parts", replace(workflow._parts, work=log))
    world.finish(queue, "jobabc", blob)
    deadline = time.monotonic() + 10
    while len(log.told) < 10 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert log.told == [
        *("begin reading", "end reading failed", "begin reading", "end reading done"),
        *("begin drafting", "end drafting done", "begin checking", "end checking done"),
        *("begin checking", "end checking done"),
    ]


def test_a_text_says_how_long_it_is() -> None:
    heard: list[tuple[str, float, float]] = []
    reader = EngineReader(
        Limits(), 1, "en", (), lambda: pytest.fail("speech"), lambda: pytest.fail("ocr"),
        on_progress=lambda source, done, total: heard.append((source.id, done, total)),
    )  # fmt: skip
    reader.read(Source("s1", "text", "0" * 64), "note.txt", b"She feels well.")
    assert heard == [("s1", 0.0, 15)]


def test_the_drafter_says_how_many_sections_of_how_many_are_written() -> None:
    heard: list[tuple[float, float]] = []
    _, drafter, _ = drafted(faithful)
    drafter.on_progress = lambda done, total: heard.append((done, total))
    drafter.draft(NOTE, TALK)
    windows, asked = drafter.last_usage["windows"], 2
    assert windows > 1
    assert {total for _, total in heard} == {asked * (windows + 1)}
    done = [each for each, _ in heard]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, asked * (windows + 1))
    assert set(range(asked * windows)) <= set(done)


def tiff(pages: int) -> bytes:
    image, file = Image.new("1", (8, 8)), io.BytesIO()
    image.save(file, "TIFF", save_all=True, append_images=[image] * (pages - 1))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "form", "count"),
    [(tiff(1), "tiff", 1), (tiff(3), "tiff", 3), (tiff(10), "tiff", 10), (tiff(3)[:90], "tiff", 1), (b"", "tiff", 1),
     (b"", "png", 1), ((ASSETS / "multi-page.tiff").read_bytes(), "tiff", 2)],
    ids=["one", "three", "as many as may be", "damaged", "empty", "picture", "scanned"],
)  # fmt: skip
def test_pages_are_counted_before_one_is_decoded(data: bytes, form: str, count: int) -> None:
    assert page_count(data, form, Limits(max_pages=10)) == count


def test_too_many_pages_are_refused_before_one_is_decoded() -> None:
    with pytest.raises(PermanentError, match="media-too-many-pages"):
        page_count(tiff(11), "tiff", Limits(max_pages=10))
