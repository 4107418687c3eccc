"""The small files of the state folder when they are damaged: a start must never fail for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daemon.adapters.folder_sights import recall
from daemon.adapters.small_json import MOST_BYTES, read_small
from daemon.adapters.state.home_schema import FILE, refuse_newer
from daemon.adapters.state.stored_tries import StoredTries
from daemon.model.errors import PermanentError
from daemon.model.step_tries import MAX_DEATHS
from tests.fakes.clock import FakeClock

DAMAGED = {
    "endless": b'{"a": [Infinity, 1], "inbox": {"folder": [Infinity, 1, "x"], "around": null}}',
    "too-large-a-number": b'{"a": [1, %s]}' % (b"9" * 400),
    "deep": b"[" * 100_000,
    "a-list": b"[]",
    "no-json": b"\xff\x00",
    "large": b" " * (MOST_BYTES + 1),
    "empty": b"",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=list(DAMAGED))
def test_what_is_damaged_was_never_written(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "tries.json"
    file.write_bytes(content)
    assert StoredTries(file, FakeClock()).deaths("a") == 0
    assert recall(file) == {}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=list(DAMAGED))
def test_a_version_that_cannot_be_read_is_said_to_be_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(PermanentError, match="state-damaged"):
        refuse_newer(tmp_path)


@pytest.mark.parametrize("since", ["NaN", "Infinity"])
def test_deaths_at_no_time_at_all_blame_nobody(tmp_path: Path, since: str) -> None:
    file = tmp_path / "tries.json"
    file.write_text(f'{{"a": [{MAX_DEATHS + 1}, {since}]}}')
    tries = StoredTries(file, FakeClock())
    with tries.counted("a"):
        assert tries.deaths("a") == 0


def test_links_and_pipes_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"{}")
    (tmp_path / "link").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    assert read_small(tmp_path / "file") == b"{}"
    with pytest.raises(OSError, match="link"):
        read_small(tmp_path / "link")
    with pytest.raises(ValueError, match=r"^$"):
        read_small(tmp_path / "pipe")
