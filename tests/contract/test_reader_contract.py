"""What every reader promises, of the fake and of the real one; and what the real one does not believe."""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.models.store import default_models_dir
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.adapters.reading.untrusted_reading import clean_text, recording_from, scan_from
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, LineAnchor, PageAnchor, Reading, TimeAnchor
from daemon.model.source import Source, SourceKind
from daemon.ports import Reader
from tests.fakes.cutouts import cutout
from tests.fakes.reader import FakeReader

ASSETS = Path(__file__).parents[1] / "assets"
RECORDING = Source("s1", "recording", "ab" * 32)
SCAN = Source("s2", "scan", "cd" * 32)
TEXT = Source("s3", "text", "ef" * 32)
SOURCES: dict[SourceKind, tuple[Source, str]] = {
    "recording": (RECORDING, "memo.m4a"),
    "scan": (SCAN, "canary-form.png"),
    "text": (TEXT, "memo.txt"),
}


def engine_reader(**limits: Any) -> EngineReader:
    """The real reader with the starter models."""
    return EngineReader(
        limits=Limits(**limits),
        threads=1,
        language="en",
        hotwords=(),
        speech_model=lambda: (default_models_dir() / "whisper-base", EngineInfo("whisper-base", "1" * 64)),
        ocr_model=lambda: (default_models_dir() / "pp-ocrv6-small", EngineInfo("pp-ocrv6-small", "2" * 64)),
    )


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.engines)], scope="module")
def read(request: pytest.FixtureRequest) -> Callable[[SourceKind], Reading]:
    """Reads a source that holds something, once a module: engines are slow."""
    readings: dict[SourceKind, Reading] = {}

    def once(kind: SourceKind) -> Reading:
        if kind not in readings:
            reader: Reader = FakeReader() if request.param == "fake" else engine_reader()
            source, name = SOURCES[kind]
            data = b"One.\nTwo.\n[unreadable]\n" if request.param == "fake" else (ASSETS / name).read_bytes()
            readings[kind] = reader.read(source, name, data)
        return readings[kind]

    return once


def test_passages_are_numbered_and_hold_text(read: Callable[[SourceKind], Reading]) -> None:
    for kind in SOURCES:
        reading = read(kind)
        assert [p.id for p in reading.passages] == [f"p{n}" for n in range(1, len(reading.passages) + 1)]
        assert all(p.text.strip() == p.text != "" and 0 <= p.confidence <= 1 for p in reading.passages)


def test_a_recording_has_times_in_order_and_its_length(read: Callable[[SourceKind], Reading]) -> None:
    reading = read("recording")
    (source,) = reading.sources
    anchors = [p.anchor for p in reading.passages if isinstance(p.anchor, TimeAnchor)]
    assert len(anchors) == len(reading.passages)
    assert source.seconds is not None
    assert (source.id, source.sha256, source.pages) == (RECORDING.id, RECORDING.sha256, None)
    assert all(a.source == "s1" and 0 <= a.start <= a.end <= source.seconds + 1 for a in anchors)
    assert [a.start for a in anchors] == sorted(a.start for a in anchors)
    assert [role for role, _ in reading.engines] == ["speech"]


def test_a_scan_has_boxes_on_its_pages(read: Callable[[SourceKind], Reading]) -> None:
    reading = read("scan")
    (source,) = reading.sources
    anchors = [p.anchor for p in reading.passages if isinstance(p.anchor, PageAnchor)]
    assert len(anchors) == len(reading.passages)
    assert (source.pages, source.seconds) == (1, None)
    for anchor in anchors:
        left, top, right, bottom = anchor.box
        assert (anchor.source, anchor.page) == ("s2", 1)
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
    assert [role for role, _ in reading.engines] == ["ocr"]


def test_a_text_has_lines_and_needs_no_engine(read: Callable[[SourceKind], Reading]) -> None:
    reading = read("text")
    anchors = [p.anchor for p in reading.passages if isinstance(p.anchor, LineAnchor)]
    assert len(anchors) == len(reading.passages)
    assert reading.sources == (TEXT,)
    assert all(a.source == "s3" and 1 <= a.line <= a.last_line for a in anchors)
    assert [a.line for a in anchors] == sorted(a.line for a in anchors)
    assert reading.engines == ()


@pytest.mark.parametrize("reader", [FakeReader(), engine_reader()], ids=["fake", "real"])
def test_nothing_is_an_error_and_not_an_empty_reading(reader: Reader) -> None:
    with pytest.raises(PermanentError, match="media-empty"):
        reader.read(RECORDING, "memo.m4a", b"")
    with pytest.raises(PermanentError, match="media-empty"):
        reader.read(TEXT, "note.txt", b" \n")


def test_no_child_is_made_ready_for_a_text() -> None:
    reader = engine_reader()
    reader.expect("text")
    assert reader.spares.take("recording") is None


SAID: dict[str, Any] = {
    "seconds": 9.0,
    "passages": [
        {"text": "Hello.", "start": 0.5, "end": 1.5, "confidence": 0.9, "words": [["Hello.", 0.9, 0.5, 1.5]]},
    ],
    "unreadable": [[2.0, 3.0]],
}
SEEN: dict[str, Any] = {
    "pages": 2,
    "ocr": True,
    "lines": [
        {"text": "Name:", "confidence": 1.0, "page": 2, "box": [0.1, 0.1, 0.2, 0.2]},
        {
            "text": "Dose: 5 mg", "confidence": 0.9, "page": 2, "box": [0.1, 0.3, 0.2, 0.4],
            "hand": "handwritten", "cutout": cutout(), "words": [["Dose:", 0.9], ["5", 0.3]],
        },
    ],
    "unreadable": [{"text": "", "confidence": 0.0, "page": 1, "box": [0.1, 0.1, 0.2, 0.2]}],
}  # fmt: skip
NONSENSE: list[Any] = [
    None, True, -1, 1e400, float("nan"), 10**400, "text", "", "x" * 5_001, "\x00\x07", [], [1], [[]], [None], {}, [{}],
    [[3.0, 2.0]], [[0.0, 1e9]], [0.9, 0.1, 0.1, 0.2], [0.1, 0.1, 0.2, 1.5], [{"text": "no anchor"}],
    [["word", 2.0, 0.0, 1.0]], [["word", 0.5, 2.0, 1.0]], [{}] * 20_001,
]  # fmt: skip


def _paths(reply: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = reply.keys() if isinstance(reply, dict) else range(len(reply)) if isinstance(reply, list) else ()
    return [each for key in keys for each in [(*path, key), *_paths(reply[key], (*path, key))]]


def _with(reply: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(reply)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


def _is_sane(reading: tuple[Any, ...]) -> bool:
    *_, passages, unreadable = reading
    anchors = [p.anchor for p in passages] + list(unreadable)
    return all(
        0 <= a.start <= a.end <= 7_232 if isinstance(a, TimeAnchor) else 0 <= min(a.box) <= max(a.box) <= 1
        for a in anchors
    ) and all(0 <= p.confidence <= 1 and 0 < len(p.text) <= 5_000 for p in passages)


@pytest.mark.parametrize(("reply", "check"), [(SAID, recording_from), (SEEN, scan_from)], ids=["said", "seen"])
def test_each_part_of_a_reply_is_checked(reply: dict[str, Any], check: Callable[..., tuple[Any, ...]]) -> None:
    assert _is_sane(check(reply, "s1", Limits()))
    refused = 0
    for path in _paths(reply):
        for value in NONSENSE:
            try:
                assert _is_sane(check(_with(reply, path, value), "s1", Limits())), (path, value)
            except PermanentError as error:
                refused += 1
                assert error.code in {"engine-protocol", "speech-none", "page-unreadable"}  # noqa: PT017 - one of many
    assert refused > 5 * len(_paths(reply))


@given(st.text(max_size=200))
def test_text_has_one_form_and_no_control_characters(untrusted: str) -> None:
    text = clean_text(untrusted)
    assert text == unicodedata.normalize("NFC", text)
    assert clean_text(text) == text
    assert not [c for c in text if c != "\n" and unicodedata.category(c).startswith("C")]


def test_direction_marks_cannot_hide_in_text() -> None:
    assert clean_text("dose \u202e0001\u202c mg\x1b[31m\u200b") == "dose 0001 mg [31m"
