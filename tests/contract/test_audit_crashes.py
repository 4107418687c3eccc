"""The trail under torn lines, full disks and kills."""

from __future__ import annotations

import errno
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from daemon.adapters.audit.log import REPAIRED, open_unbuffered
from daemon.adapters.audit.reader import read_trail, verify_trail
from daemon.adapters.keys import Keys
from daemon.model.errors import PermanentError, RetryableError
from tests.fakes.streams import failing_after
from tests.fakes.trails import assert_whole, keys_in, make, trail_of


@pytest.mark.parametrize("torn", [b'{"event":"re', b"\0" * 500, b"x"])
def test_a_torn_last_line_is_cut_off_and_told_of(tmp_path: Path, keys: Keys, torn: bytes) -> None:
    make(tmp_path, keys).record("read", key="read:1")
    with trail_of(tmp_path).open("ab") as file:
        file.write(torn)
    assert verify_trail(tmp_path / "audit", keys.verifier).code == "tail-torn"
    make(tmp_path, keys).record("read", key="read:2")
    events = [link.event for link in read_trail(tmp_path / "audit")]
    assert [event.event for event in events] == ["read", REPAIRED, "read"]
    assert events[1].facts == {"removed_bytes": len(torn)}
    assert_whole(tmp_path, keys)


def test_a_last_line_that_lacks_only_its_newline_is_kept(tmp_path: Path, keys: Keys) -> None:
    make(tmp_path, keys).record("read", key="read:1")
    first = trail_of(tmp_path).read_bytes()
    other = make(tmp_path, keys)
    other.record("read", key="read:2")
    whole = trail_of(tmp_path).read_bytes()
    trail_of(tmp_path).write_bytes(whole[:-1])
    (tmp_path / "audit" / "index.db").unlink()
    log = make(tmp_path, keys)
    log.record("read", key="read:2")
    assert trail_of(tmp_path).read_bytes() == whole
    assert whole.startswith(first)


BATCH = 40


def torn_batch(tmp_path: Path, keys: Keys, holes: list[int], *, lost: int = 0) -> tuple[bytes, bytes]:
    """A trail whose last write, of many lines, reached the disk but for these sectors of it: the trail before, and what there is of it."""
    log = make(tmp_path, keys)
    log.record("read", key="read:1")
    before = trail_of(tmp_path).read_bytes()
    index = (tmp_path / "audit" / "index.db").read_bytes()
    log.close()
    (tmp_path / "audit" / "checkpoint.txt").unlink()
    other = make(tmp_path, keys)
    with other.batch():
        for n in range(BATCH):
            other.record("read", key=f"batch:{n}")
    other._forget()
    data = bytearray(trail_of(tmp_path).read_bytes())
    for hole in holes:
        start = (len(before) // 512 + hole) * 512
        data[max(start, len(before)) : start + 512] = bytes(start + 512 - max(start, len(before)))
    trail_of(tmp_path).write_bytes(data[: len(data) - lost])
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        (tmp_path / "audit" / name).unlink(missing_ok=True)
    (tmp_path / "audit" / "index.db").write_bytes(index)
    return before, bytes(data[len(before) : len(data) - lost])


@pytest.mark.parametrize("holes", [[0], [1], [3, 4, 9], [*range(10)], [12]])
@pytest.mark.parametrize("lost", [0, 1, 700])
def test_a_write_that_the_disk_kept_in_parts_is_dropped_from_its_first_hole_on_and_told_of(
    tmp_path: Path, keys: Keys, holes: list[int], lost: int
) -> None:
    before, torn = torn_batch(tmp_path, keys, holes, lost=lost)
    log = make(tmp_path, keys)
    log.record("read", key="read:last")
    log.close()
    recorded = keys_in(tmp_path)
    whole = sum(key.startswith("batch:") for key in recorded)
    assert recorded == ["read:1", *(f"batch:{n}" for n in range(whole)), f"{REPAIRED}:{whole + 1}", "read:last"]
    assert whole < BATCH
    assert trail_of(tmp_path).read_bytes().startswith(before)
    (aside,) = (tmp_path / "audit").glob("cut-off-*.txt")
    assert torn.endswith(aside.read_bytes())
    assert (b"\0" in aside.read_bytes(), aside.name) == (True, f"cut-off-{whole + 1:09}.txt")
    assert_whole(tmp_path, keys)


@pytest.mark.parametrize("damage", [b"\0" * 80, b"x" * 30])
def test_what_was_signed_is_not_dropped_whatever_a_disk_made_of_it(tmp_path: Path, keys: Keys, damage: bytes) -> None:
    log = make(tmp_path, keys)
    for n in range(5):
        log.record("read", key=f"read:{n}")
    log.close()
    data = trail_of(tmp_path).read_bytes()
    data = data[: -len(damage)] + (damage if b"\0" in damage else b"")
    trail_of(tmp_path).write_bytes(data)
    for name in ("index.db", "index.db-wal", "index.db-shm"):
        (tmp_path / "audit" / name).unlink(missing_ok=True)
    with pytest.raises(PermanentError, match="audit-broken"):
        make(tmp_path, keys).record("read", key="read:new")
    assert trail_of(tmp_path).read_bytes() == data


@pytest.mark.parametrize(("code", "error"), [(errno.ENOSPC, "disk-full"), (errno.EIO, "state-unwritable")])
@pytest.mark.parametrize("room", [0, 1, 100, 300])
def test_a_failed_write_leaves_the_trail_as_it_was(
    tmp_path: Path, keys: Keys, room: int, code: int, error: str
) -> None:
    good = make(tmp_path, keys)
    good.record("read", key="read:1")
    before = trail_of(tmp_path).read_bytes()
    bad = make(tmp_path, keys, opened=failing_after(room, code, chunk=64))

    def record_two() -> None:
        with bad.batch():
            bad.record("read", key="read:2")
            bad.record("read", key="read:3")

    with pytest.raises(RetryableError, match=error):
        record_two()
    assert trail_of(tmp_path).read_bytes() == before
    good.record("read", key="read:2")
    assert keys_in(tmp_path) == ["read:1", "read:2"]
    assert_whole(tmp_path, keys)


def test_the_same_trail_goes_on_once_there_is_room(tmp_path: Path, keys: Keys) -> None:
    full = [True]

    def opened(descriptor: int) -> BinaryIO:
        return failing_after(10)(descriptor) if full[0] else open_unbuffered(descriptor)

    log = make(tmp_path, keys, opened=opened)
    with pytest.raises(RetryableError, match="disk-full"):
        log.record("read", key="read:1")
    full[0] = False
    log.record("read", key="read:1")
    assert keys_in(tmp_path) == ["read:1"]


def test_short_writes_are_continued(tmp_path: Path, keys: Keys) -> None:
    make(tmp_path, keys, opened=failing_after(10**9, chunk=7)).record("read", key="read:1")
    assert keys_in(tmp_path) == ["read:1"]


def test_an_index_that_cannot_be_written_loses_no_key(
    tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line is durable before the index knows: the caller hears of a failure, tries again, and there is one line."""
    log = make(tmp_path, keys)
    log.record("read", key="read:0")
    index = log._index
    assert index is not None
    with monkeypatch.context() as patch:
        patch.setattr(index, "advance", lambda *_: (_ for _ in ()).throw(RetryableError("disk-full")))
        with pytest.raises(RetryableError, match="disk-full"):
            log.record("read", key="read:1")
    log.record("read", key="read:1")
    log.record("read", key="read:2")
    assert keys_in(tmp_path) == ["read:0", "read:1", "read:2"]


WRITER = """
import sys
from pathlib import Path
from daemon.adapters.audit.log import AuditLog
from daemon.adapters.keys import load_keys
from tests.fakes.clock import FakeClock
home, name = Path(sys.argv[1]), sys.argv[2]
log = AuditLog(Path(sys.argv[3]), load_keys(home / "keys"), FakeClock(), checkpoint_every=7)
print("ready", flush=True)
for n in range(100_000):
    log.record("read", key=f"read:{name}:{n}", pages=n)
    print(n, flush=True)
"""


def test_writers_killed_at_any_moment_leave_a_whole_trail(tmp_path: Path, home: Path, keys: Keys) -> None:
    """Two processes write at once and are killed, again and again: what they were told is durable is there, once."""
    told: list[str] = []
    moments = random.Random(20261121)
    for round_ in range(4):
        writers = {name: start_writer(home, f"{name}{round_}", tmp_path / "audit") for name in "ab"}
        time.sleep(moments.uniform(0.1, 0.4))
        for name, writer in writers.items():
            writer.send_signal(signal.SIGKILL)
            out = writer.communicate()[0].decode().split("\n")
            told += [f"read:{name}{round_}:{n}" for n in out[:-1]]
    make(tmp_path, keys).record("read", key="read:last")
    recorded = keys_in(tmp_path)
    assert len(told) > 8
    assert set(told) <= set(recorded)
    assert len(recorded) == len(set(recorded))
    assert_whole(tmp_path, keys)


def start_writer(home: Path, name: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(home), name, str(folder)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    return writer


def test_memory_does_not_grow_with_the_trail(tmp_path: Path, keys: Keys) -> None:
    """What the process keeps is the end of the trail, not its keys."""
    import tracemalloc

    log = make(tmp_path, keys)

    def record(first: int, last: int) -> None:
        with log.batch():
            for n in range(first, last):
                log.record("read", key=f"read:{n}")

    record(0, 100)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for start in range(100, 5100, 500):
            record(start, start + 500)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 100_000  # 5,000 keys of 16 bytes in a set would be 600,000
