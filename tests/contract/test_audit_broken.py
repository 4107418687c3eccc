"""A trail whose end is broken, or whose index is lost: what is refused, and what is made anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.adapters.audit.reader import verify_trail
from daemon.adapters.keys import Keys
from daemon.model.errors import PermanentError, RetryableError
from tests.fakes.trails import assert_whole, keys_in, make, trail_of

EDITS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "last line changed": lambda lines: [*lines[:5], lines[5].replace(b'"pages":5', b'"pages":6')],
    "last line gone": lambda lines: lines[:5],
    "last line torn": lambda lines: [*lines[:5], lines[5][:-20]],
    "emptied": lambda lines: [],
    "garbage added": lambda lines: [*lines, b"garbage\n"],
    "own line added again": lambda lines: [*lines, lines[5]],
    "endless line added": lambda lines: [*lines, b"x" * 40_000],
}


@pytest.mark.parametrize("index", ["kept", "removed", "spoiled"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_trail_with_a_broken_end_is_not_appended_to(written: Path, keys: Keys, edit: str, index: str) -> None:
    path, cache = trail_of(written), written / "audit" / "index.db"
    edited = b"".join(EDITS[edit](path.read_bytes().splitlines(keepends=True)))
    path.write_bytes(edited)
    if index == "removed":
        cache.unlink()
    elif index == "spoiled":
        cache.write_bytes(b"not a database" * 1000)
    log = make(written, keys)
    with pytest.raises(PermanentError, match="audit-broken"):
        log.record("read", key="read:new")
    with pytest.raises(PermanentError, match="audit-broken"):
        log.checkpoint()
    log.close()
    if edit != "last line torn" or index == "kept":
        assert path.read_bytes() == edited
    assert b"read:new" not in path.read_bytes()


def test_a_break_while_the_trail_is_open_is_seen_at_the_next_event(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    log.record("read", key="read:1")
    data = trail_of(tmp_path).read_bytes()
    trail_of(tmp_path).write_bytes(data.replace(b'"job":"-"', b'"job":"x"'))
    with pytest.raises(PermanentError, match="audit-broken"):
        log.record("read", key="read:2")


def test_one_changed_byte_names_its_line(written: Path, keys: Keys) -> None:
    data = bytearray(trail_of(written).read_bytes())
    data[data.index(b'"pages":3') + 8] = ord("8")
    trail_of(written).write_bytes(data)
    report = verify_trail(written / "audit", keys.verifier)
    assert (report.code, report.line, report.lines) == ("hash-mismatch", 4, 3)


@pytest.mark.parametrize("index", ["removed", "spoiled"])
def test_a_lost_index_is_made_anew_from_the_trail(written: Path, keys: Keys, index: str) -> None:
    cache = written / "audit" / "index.db"
    cache.unlink() if index == "removed" else cache.write_bytes(b"not a database" * 1000)
    log = make(written, keys)
    log.record("read", key="read:3")
    log.record("read", key="read:6")
    assert keys_in(written) == [f"read:{n}" for n in range(7)]
    log.close()
    assert_whole(written, keys)


def test_an_index_that_rots_while_in_use_is_made_anew(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    with log.batch():
        for n in range(2000):
            log.record("read", key=f"read:{n}")
    log.close()
    cache = tmp_path / "audit" / "index.db"
    data = cache.read_bytes()
    cache.write_bytes(data[:4096] + os.urandom(len(data) - 4096))
    log = make(tmp_path, keys)
    for attempt in range(4):
        try:
            log.record("read", key="read:7")
            log.record("read", key="read:new")
            break
        except RetryableError:
            assert attempt < 3
    assert keys_in(tmp_path) == [*(f"read:{n}" for n in range(2000)), "read:new"]


def test_an_index_of_another_trail_is_not_believed(tmp_path: Path, written: Path, keys: Keys) -> None:
    (tmp_path / "other").mkdir()
    other = make(tmp_path / "other", keys)
    other.record("read", key="other:1")
    other.close()
    (written / "audit" / "index.db").write_bytes((tmp_path / "other" / "audit" / "index.db").read_bytes())
    with pytest.raises(PermanentError, match="audit-broken"):
        make(written, keys).record("read", key="read:new")
