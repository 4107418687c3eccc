"""No child that reads ever sees two sources, however the spare one is expected, taken, let go, or dies."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.reading import engine_reader
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.model.errors import ChartdraftError, RetryableError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo
from daemon.model.source import Source

MODEL = (Path("/nowhere"), EngineInfo("fake", "0" * 64))
SCAN = {"pages": 1, "used_ocr": True, "passages": [], "unreadable": []}
RECORDING = {"seconds": 1.0, "passages": [], "unreadable": []}
READS = ("recording", "scan")


@dataclass(eq=False)
class FakeChild:
    """In the place of `EngineProcess`: notes what it was given to read."""

    role: str
    dies: bool
    seen: list[bytes] = field(default_factory=list)
    alive: bool = True
    closed: bool = False

    def call(self, header: dict[str, Any], payload: bytes = b"", **_: object) -> tuple[dict[str, Any], bytes]:
        assert self.alive
        assert not self.closed
        if header["do"] in READS:
            self.seen.append(payload)
            if self.dies:
                self.alive = False
                raise RetryableError("engine-crashed")
        return (RECORDING if header["do"] == "recording" else SCAN), b""

    def close(self) -> None:
        self.alive, self.closed = False, True


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["expect", "read", "rest", "spare dies"]), st.sampled_from(READS), st.booleans()),
    max_size=12,
)


@settings(max_examples=200)
@given(ACTIONS)
def test_a_child_reads_at_most_one_source_and_is_ended(actions: list[tuple[str, str, bool]]) -> None:
    children: list[FakeChild] = []
    dies = False

    def start(role: str, **_: object) -> FakeChild:
        children.append(FakeChild(role, dies))
        return children[-1]

    with (
        mock.patch.object(engine_reader, "EngineProcess", start),
        mock.patch.object(engine_reader, "UNWANTED_SECONDS", 0.0),
    ):
        reader = EngineReader(
            limits=Limits(),
            threads=1,
            language="en",
            hotwords=(),
            speech_model=lambda: MODEL,
            ocr_model=lambda: MODEL,
        )
        sources = 0
        for action, kind, dies in actions:  # noqa: B007 - `start` looks at it
            if action == "expect":
                reader.expect(kind)  # type: ignore[arg-type]
                settle(reader)
            elif action == "rest":
                reader.rest()
            elif action == "spare dies" and reader.spares._ready is not None:
                reader.spares._ready[0].alive = False  # type: ignore[misc]
            elif action == "read":
                sources += 1
                read(reader, kind, json.dumps(sources).encode())
    assert sorted(len(child.seen) for child in children if child.seen) == [1] * sources
    assert all(child.closed for child in children if child.seen)
    left = [child for child in children if not child.closed]
    assert len(left) <= 1
    assert all(not child.seen for child in left)


def settle(reader: EngineReader) -> None:
    """Wait until the spare child is there."""
    if reader.spares._thread is not None:
        reader.spares._thread.join()


def read(reader: EngineReader, kind: str, data: bytes) -> None:
    with suppress(ChartdraftError):
        reader.read(Source("s1", kind, "0" * 64), f"x.{'wav' if kind == 'recording' else 'pdf'}", data)  # type: ignore[arg-type]
