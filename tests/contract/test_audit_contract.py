"""What every audit trail keeps to, the real one and the fake; then what only files and processes can show."""

from __future__ import annotations

import io
import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.adapters.audit.reader import export_jsonl, read_trail, verify_trail
from daemon.adapters.keys import Keys, init_keys
from daemon.model.audit_chain import AuditEvent
from daemon.model.errors import PermanentError
from daemon.ports import AuditTrail
from tests.fakes.audit import FakeAuditTrail
from tests.fakes.trails import assert_whole, keys_in, make, trail_of


@dataclass
class Subject:
    trail: AuditTrail
    events: Callable[[], list[AuditEvent]]


@pytest.fixture(params=["real", "fake"])
def subject(request: pytest.FixtureRequest, tmp_path: Path, keys: Keys) -> Subject:
    if request.param == "fake":
        fake = FakeAuditTrail()
        return Subject(fake, lambda: list(fake.events.values()))
    return Subject(make(tmp_path, keys), lambda: [link.event for link in read_trail(tmp_path / "audit")])


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
