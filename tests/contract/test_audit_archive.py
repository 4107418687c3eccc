"""A trail of several files is one trail: what is written, read, verified and refused does not depend on where files end."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.audit.reader import export_jsonl, last_lines, verify_trail
from daemon.adapters.keys import Keys
from daemon.model.errors import PermanentError
from tests.fakes.trails import assert_whole, keys_in, make

EVENTS = 43
SMALL = 2_000  # some seven lines


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Path:
    """A trail of some forty events in several archives and the file that is written to."""
    folder = tmp_path_factory.mktemp("archived")
    log = make(folder, keys, archive_bytes=SMALL)
    for n in range(EVENTS):
        log.record("read", key=f"read:{n}", pages=n)
    log.close()
    assert len(archives_of(folder)) >= 4
    return folder


@pytest.fixture
def folder(archived: Path, tmp_path: Path) -> Path:
    shutil.copytree(archived / "audit", tmp_path / "audit")
    return tmp_path


def archives_of(folder: Path) -> list[Path]:
    return sorted((folder / "audit").glob("trail-*.jsonl"))


def report_on(folder: Path, keys: Keys) -> tuple[str | None, str]:
    report = verify_trail(folder / "audit", keys.verifier)
    return report.code, report.file


def test_a_grown_file_is_closed_and_the_chain_goes_on(archived: Path, keys: Keys) -> None:
    assert keys_in(archived) == [f"read:{n}" for n in range(EVENTS)]
    report = verify_trail(archived / "audit", keys.verifier)
    assert (report.code, report.lines, report.checkpoint_lines) == (None, EVENTS, EVENTS)
    assert [path.name for path in archives_of(archived)][:2] == ["trail-000001.jsonl", "trail-000002.jsonl"]
    for path in archives_of(archived):
        assert SMALL <= path.stat().st_size < SMALL + 500
        assert path.stat().st_mode & 0o777 == 0o400


def test_the_same_events_give_the_same_trail_in_one_file_and_in_many(
    archived: Path, tmp_path: Path, keys: Keys
) -> None:
    whole = make(tmp_path, keys)
    for n in range(EVENTS):
        whole.record("read", key=f"read:{n}", pages=n)
    one, many = io.BytesIO(), io.BytesIO()
    assert export_jsonl(tmp_path / "audit", one) == export_jsonl(archived / "audit", many) == EVENTS
    assert one.getvalue() == many.getvalue()
    assert last_lines(archived / "audit", 30) == one.getvalue().splitlines()[-30:]
    assert len({verify_trail(each / "audit", keys.verifier).root for each in (archived, tmp_path)}) == 1


def test_a_key_in_an_archive_is_still_known(folder: Path, keys: Keys) -> None:
    log = make(folder, keys, archive_bytes=SMALL)
    for n in range(EVENTS):
        log.record("read", key=f"read:{n}", pages=99)
    log.record("read", key="read:new")
    assert keys_in(folder) == [*(f"read:{n}" for n in range(EVENTS)), "read:new"]
    assert_whole(folder, keys)


@pytest.mark.parametrize("index", ["removed", "spoiled"])
def test_a_lost_index_is_made_anew_from_all_files(folder: Path, keys: Keys, index: str) -> None:
    cache = folder / "audit" / "index.db"
    cache.unlink() if index == "removed" else cache.write_bytes(b"not a database" * 1000)
    log = make(folder, keys, archive_bytes=SMALL)
    log.record("read", key="read:0")
    log.record("read", key="read:new")
    assert keys_in(folder) == [*(f"read:{n}" for n in range(EVENTS)), "read:new"]


def test_a_trail_that_grew_in_one_file_goes_on_in_others(tmp_path: Path, keys: Keys) -> None:
    """What the version before wrote is such a trail."""
    before = make(tmp_path, keys)
    for n in range(30):
        before.record("read", key=f"read:{n}")
    before.close()
    after = make(tmp_path, keys, archive_bytes=SMALL)
    for n in range(20, 50):
        after.record("read", key=f"read:{n}")
    assert len(archives_of(tmp_path)) >= 2
    assert keys_in(tmp_path) == [f"read:{n}" for n in range(50)]
    assert_whole(tmp_path, keys)


def test_several_writers_go_on_after_each_others_closings(tmp_path: Path, keys: Keys) -> None:
    logs = [make(tmp_path, keys, archive_bytes=SMALL) for _ in range(3)]
    for n in range(60):
        logs[n % 3].record("read", key=f"read:{n}")
        logs[(n + 1) % 3].record("read", key=f"read:{n}")
    assert keys_in(tmp_path) == [f"read:{n}" for n in range(60)]
    assert_whole(tmp_path, keys)


def test_a_trail_right_after_a_closing_reads_and_goes_on(tmp_path: Path, keys: Keys) -> None:
    log = make(tmp_path, keys, archive_bytes=1)
    for n in range(3):
        log.record("read", key=f"read:{n}")
        assert not (tmp_path / "audit" / "trail.jsonl").exists()
        assert keys_in(tmp_path) == [f"read:{each}" for each in range(n + 1)]
        assert_whole(tmp_path, keys)
    assert "3\n" in log.checkpoint()


def test_a_torn_line_behind_archives_is_cut_off(folder: Path, keys: Keys) -> None:
    with (folder / "audit" / "trail.jsonl").open("ab") as file:
        file.write(b'{"event":"re')
    make(folder, keys).record("read", key="read:new")
    assert len(keys_in(folder)) == EVENTS + 2
    assert_whole(folder, keys)


def missing(paths: list[Path]) -> str:
    paths[1].unlink()
    return paths[1].name


def newest_missing(paths: list[Path]) -> str:
    paths[-1].unlink()
    return paths[-1].name


def newest_missing_before_the_next_began(paths: list[Path]) -> str:
    paths[0].with_name("trail.jsonl").unlink()
    paths[0].with_name("checkpoint.txt").unlink()
    return newest_missing(paths)


def changed(paths: list[Path]) -> str:
    rewrite(paths[1], paths[1].read_bytes().replace(b'"job":"-"', b'"job":"x"', 1))
    return paths[1].name


def cut_at_a_line(paths: list[Path]) -> str:
    rewrite(paths[1], b"".join(paths[1].read_bytes().splitlines(keepends=True)[:-2]))
    return paths[1].name


def cut_within_a_line(paths: list[Path]) -> str:
    rewrite(paths[1], paths[1].read_bytes()[:-30])
    return paths[1].name


def swapped(paths: list[Path]) -> str:
    first, second = paths[1].read_bytes(), paths[2].read_bytes()
    rewrite(paths[1], second)
    rewrite(paths[2], first)
    return paths[1].name


def without_checkpoint(paths: list[Path]) -> str:
    paths[1].with_suffix(".checkpoint.txt").unlink()
    return paths[1].name


def with_anothers_checkpoint(paths: list[Path]) -> str:
    closing = [path.with_suffix(".checkpoint.txt") for path in paths]
    shutil.copy(closing[2], closing[1])
    return paths[1].name


def rewrite(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


EDITS = {
    missing: "archive-missing",
    newest_missing: "archive-missing",
    newest_missing_before_the_next_began: "archive-missing",
    changed: "hash-mismatch",
    cut_at_a_line: "archive-changed",
    cut_within_a_line: "tail-torn",
    swapped: "sequence-gap",
    without_checkpoint: "archive-unsigned",
    with_anothers_checkpoint: "archive-changed",
}


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_what_was_done_to_an_archive_is_named(folder: Path, keys: Keys, edit: Callable[[list[Path]], str]) -> None:
    name = edit(archives_of(folder))
    assert report_on(folder, keys) == (EDITS[edit], name)


@pytest.mark.parametrize("index", ["kept", "removed"])
@pytest.mark.parametrize("edit", [missing, newest_missing, cut_at_a_line, cut_within_a_line], ids=lambda e: e.__name__)
def test_a_trail_that_lacks_an_archives_lines_is_not_appended_to(
    folder: Path, keys: Keys, edit: Callable[[list[Path]], str], index: str
) -> None:
    edit(archives_of(folder))
    if index == "removed":
        (folder / "audit" / "index.db").unlink()
    with pytest.raises(PermanentError, match="audit-broken"):
        make(folder, keys).record("read", key="read:new")
    assert b"read:new" not in (folder / "audit" / "trail.jsonl").read_bytes()


def test_the_memory_of_a_verification_does_not_grow_with_the_trail(tmp_path: Path, keys: Keys) -> None:
    import tracemalloc

    log = make(tmp_path, keys, archive_bytes=200_000)
    for start in range(0, 6000, 500):
        with log.batch():
            for n in range(start, start + 500):
                log.record("read", key=f"read:{n}")
    tracemalloc.start()
    try:
        assert verify_trail(tmp_path / "audit", keys.verifier).lines == 6000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400_000  # 6,000 digests of 16 bytes in a set are 550,000


def test_a_whole_trail_needs_no_second_look(archived: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.adapters.audit.reader.verify_files", lambda *_, **__: pytest.fail("it was needed"))
    assert verify_trail(archived / "audit", keys.verifier).checkpoint_lines == EVENTS


@settings(max_examples=25)
@given(
    sizes=st.lists(st.integers(1, 5_000), min_size=1, max_size=6),
    batches=st.lists(st.integers(1, 6), min_size=1, max_size=6),
)
def test_wherever_files_end_and_whoever_writes_the_trail_is_whole(
    tmp_path_factory: pytest.TempPathFactory, keys: Keys, sizes: list[int], batches: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    logs = [make(folder, keys, archive_bytes=size) for size in sizes]
    told = 0
    for turn, count in enumerate(batches * 2):
        log = logs[turn % len(logs)]
        with log.batch():
            for _ in range(count):
                log.record("read", key=f"read:{told}")
                told += 1
    for log in logs:
        log.close()
    assert keys_in(folder) == [f"read:{n}" for n in range(told)]
    assert_whole(folder, keys)


@given(data=st.data())
def test_one_changed_byte_in_any_file_shows(
    archived: Path, tmp_path_factory: pytest.TempPathFactory, keys: Keys, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    shutil.copytree(archived / "audit", folder / "audit")
    path = data.draw(st.sampled_from(sorted((folder / "audit").glob("trail*"))))
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    rewrite(path, bytes(content))
    code, file = report_on(folder, keys)
    assert code is not None
    assert file == path.name.replace(".checkpoint.txt", ".jsonl")
