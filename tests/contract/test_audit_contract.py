"""What every audit trail keeps to, the real one and the fake; then what only files and processes can show."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from daemon.adapters.audit_log import REPAIRED, AuditLog, open_unbuffered
from daemon.adapters.audit_reader import export_jsonl, read_trail, verify_trail
from daemon.adapters.keys import Keys, init_keys
from daemon.model.audit_chain import AuditEvent
from daemon.model.errors import PermanentError, RetryableError
from daemon.ports import AuditTrail
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.clock import FakeClock
from tests.fakes.streams import failing_after


@dataclass
class Subject:
    trail: AuditTrail
    events: Callable[[], list[AuditEvent]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def keys(home: Path) -> Keys:
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture(params=["real", "fake"])
def subject(request: pytest.FixtureRequest, tmp_path: Path, keys: Keys) -> Subject:
    if request.param == "fake":
        fake = FakeAuditTrail()
        return Subject(fake, lambda: list(fake.events.values()))
    return Subject(make(tmp_path, keys), lambda: [link.event for link in read_trail(tmp_path / "audit")])


def make(folder: Path, keys: Keys, **options: object) -> AuditLog:
    return AuditLog(folder / "audit", keys, FakeClock(), **options)  # type: ignore[arg-type]  # options by name


def test_events_come_in_order_with_what_was_said(subject: Subject) -> None:
    subject.trail.record("claimed", key="claim:1", job="abc", bytes=7, sha="ff")
    subject.trail.record("started", key="start:1")
    assert [(e.event, e.key, e.job, dict(e.facts)) for e in subject.events()] == [
        ("claimed", "claim:1", "abc", {"bytes": 7, "sha": "ff"}),
        ("started", "start:1", "-", {}),
    ]


def test_a_key_is_recorded_once_and_the_first_stands(subject: Subject) -> None:
    for pages in (1, 2, 3):
        subject.trail.record("read", key="read:1", pages=pages)
    subject.trail.record("read", key="read:2")
    assert [(e.key, dict(e.facts)) for e in subject.events()] == [("read:1", {"pages": 1}), ("read:2", {})]


@pytest.mark.parametrize("facts", [{"name": "Zebulon Quatermass"}, {"text": "é"}, {"long": "x" * 129}])
def test_text_is_refused_and_leaves_nothing(subject: Subject, facts: dict[str, str | int]) -> None:
    subject.trail.record("read", key="read:1")
    with pytest.raises(ValueError, match="facts") as raised:
        subject.trail.record("read", key="read:2", **facts)
    assert "Quatermass" not in str(raised.value)
    assert len(subject.events()) == 1


# -- the real one alone -----------------------------------------------------------------------------------------------
def trail_of(folder: Path) -> Path:
    return folder / "audit" / "trail.jsonl"


def keys_in(folder: Path) -> list[str]:
    return [link.event.key for link in read_trail(folder / "audit")]


def assert_whole(folder: Path, keys: Keys) -> None:
    report = verify_trail(folder / "audit", keys.verifier)
    assert (report.code, report.line) == (None, None)


def test_the_trail_goes_on_after_a_restart_and_remembers_its_keys(tmp_path: Path, keys: Keys) -> None:
    for start in range(3):
        log = make(tmp_path, keys)
        log.record("read", key="read:1")
        log.record("started", key=f"start:{start}")
        log.close()
    assert keys_in(tmp_path) == ["read:1", "start:0", "start:1", "start:2"]
    assert_whole(tmp_path, keys)


def test_two_writers_see_each_others_keys_and_lines(tmp_path: Path, keys: Keys) -> None:
    one, two = make(tmp_path, keys), make(tmp_path, keys)
    for n in range(20):
        (one, two)[n % 2].record("read", key=f"read:{n}")
        (two, one)[n % 2].record("read", key=f"read:{n}")
    assert keys_in(tmp_path) == [f"read:{n}" for n in range(20)]
    assert_whole(tmp_path, keys)


def test_threads_may_share_one(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    threads = [
        threading.Thread(target=lambda t=t: [log.record("read", key=f"read:{t % 2}:{n}") for n in range(25)])
        for t in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys_in(tmp_path)) == len(set(keys_in(tmp_path))) == 50
    assert_whole(tmp_path, keys)


def test_a_batch_is_written_together_once_per_key_and_also_after_an_error(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    log.record("read", key="read:0")

    def fail_after_four() -> None:
        with log.batch():
            for n in (0, 1, 2, 1):
                log.record("read", key=f"read:{n}")
            with log.batch():
                log.record("read", key="read:3")
            assert keys_in(tmp_path) == ["read:0"]
            raise KeyError

    with pytest.raises(KeyError):
        fail_after_four()
    assert keys_in(tmp_path) == ["read:0", "read:1", "read:2", "read:3"]


def test_the_files_are_private(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    log.record("read", key="read:1")
    log.close()
    assert (tmp_path / "audit").stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "audit").iterdir()}
    assert modes == {"trail.jsonl": 0o600, "checkpoint.txt": 0o600, "index.db": 0o600}


# -- checkpoints --------------------------------------------------------------------------------------------------------
def test_a_checkpoint_is_signed_every_so_many_events_and_at_the_end(tmp_path: Path, keys: Keys) -> None:
    log, path = make(tmp_path, keys, checkpoint_every=3), tmp_path / "audit" / "checkpoint.txt"
    sizes = []
    for n in range(7):
        log.record("read", key=f"read:{n}")
        sizes.append(int(path.read_text().split("\n")[1]) if path.exists() else 0)
    log.close()
    assert sizes == [0, 0, 3, 3, 3, 6, 6]
    assert path.read_text().split("\n")[:2] == [keys.verifier.name, "7"]
    assert verify_trail(tmp_path / "audit", keys.verifier).checkpoint_lines == 7


def test_closing_a_trail_that_was_not_used_writes_nothing(tmp_path: Path, keys: Keys) -> None:
    make(tmp_path, keys).close()
    assert not (tmp_path / "audit").exists()


def test_a_cut_off_trail_shows_against_a_copy_of_its_checkpoint(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys)
    for n in range(5):
        log.record("read", key=f"read:{n}")
    elsewhere = log.checkpoint()
    lines = trail_of(tmp_path).read_bytes().splitlines(keepends=True)
    trail_of(tmp_path).write_bytes(b"".join(lines[:3]))
    (tmp_path / "audit" / "checkpoint.txt").unlink()
    (tmp_path / "audit" / "index.db").unlink()
    assert verify_trail(tmp_path / "audit", keys.verifier).ok  # nothing on this machine tells any more
    report = verify_trail(tmp_path / "audit", keys.verifier, elsewhere)
    assert (report.code, report.line) == ("checkpoint-beyond-end", 4)


def test_anothers_checkpoint_does_not_count(tmp_path: Path, keys: Keys) -> None:
    other = init_keys(tmp_path / "keys", tmp_path / "recovery.txt")
    log = make(tmp_path, keys)
    log.record("read", key="read:1")
    log.close()
    assert verify_trail(tmp_path / "audit", other.verifier).code == "checkpoint-signature"
    with pytest.raises(PermanentError, match="audit-checkpoint-invalid"):
        make(tmp_path, other).record("read", key="read:2")
    assert len(keys_in(tmp_path)) == 1


# -- what must not be appended to -----------------------------------------------------------------------------------
@pytest.fixture
def written(tmp_path: Path, keys: Keys) -> Path:
    log = make(tmp_path, keys)
    for n in range(6):
        log.record("read", key=f"read:{n}", pages=n)
    log.close()
    return tmp_path


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


# -- crashes and full disks -------------------------------------------------------------------------------------------
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
from daemon.adapters.audit_log import AuditLog
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


# -- reading ---------------------------------------------------------------------------------------------------------
def test_an_export_is_the_trail_byte_for_byte(written: Path, keys: Keys) -> None:
    out = io.BytesIO()
    assert export_jsonl(written / "audit", out) == 6
    assert out.getvalue() == trail_of(written).read_bytes()
    assert [json.loads(line)["seq"] for line in out.getvalue().splitlines()] == list(range(6))


def test_a_trail_that_is_not_there_reads_as_empty(tmp_path: Path, keys: Keys) -> None:
    assert keys_in(tmp_path) == []
    assert verify_trail(tmp_path / "audit", keys.verifier).lines == 0


def test_showing_a_broken_trail_says_so(written: Path) -> None:
    os.truncate(trail_of(written), 900)
    with pytest.raises(PermanentError, match="audit-broken"):
        keys_in(written)
