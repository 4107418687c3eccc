"""The disk that forgets forgets what it says it forgets, and nothing else."""

from __future__ import annotations

import errno
import fcntl
import mmap
import os
import random
import signal
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.atomic_file import sync_folder
from tests.fakes.forgetful_disk.mounted import ForgetfulDisk
from tests.fakes.forgetful_disk.tree import CUTS, ROOT, SECTOR, Facts, Tree, Write


def names(disk: ForgetfulDisk) -> list[str]:
    return sorted(each.name for each in disk.path.iterdir())


def synced(path: Path, data: bytes = b"words") -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def test_a_file_that_was_not_synced_is_gone(disk: ForgetfulDisk) -> None:
    (disk.path / "memo").write_bytes(b"words")
    assert (disk.path / "memo").read_bytes() == b"words"
    disk.power_cut()
    assert names(disk) == []


def test_a_synced_file_in_a_folder_that_was_not_has_lost_its_name(disk: ForgetfulDisk) -> None:
    synced(disk.path / "memo")
    disk.power_cut()
    assert names(disk) == []


def test_a_name_without_the_content_is_an_empty_file(disk: ForgetfulDisk) -> None:
    (disk.path / "memo").write_bytes(b"words")
    sync_folder(disk.path)
    disk.power_cut()
    assert (disk.path / "memo").read_bytes() == b""


def test_after_both_it_is_there(disk: ForgetfulDisk) -> None:
    synced(disk.path / "memo")
    sync_folder(disk.path)
    (disk.path / "memo").open("ab").close()
    disk.power_cut()
    assert (disk.path / "memo").read_bytes() == b"words"


def test_a_folder_whose_parent_was_not_synced_takes_all_along(disk: ForgetfulDisk) -> None:
    (disk.path / "new").mkdir()
    synced(disk.path / "new" / "memo")
    sync_folder(disk.path / "new")
    disk.power_cut()
    assert names(disk) == []


def test_an_unlink_that_was_not_synced_did_not_happen_and_one_that_was_did(disk: ForgetfulDisk) -> None:
    for name in ("one", "two"):
        synced(disk.path / name)
    sync_folder(disk.path)
    (disk.path / "one").unlink()
    sync_folder(disk.path)
    (disk.path / "two").unlink()
    disk.power_cut()
    assert names(disk) == ["two"]


def test_a_rename_over_a_file_is_the_old_one_or_the_new_one(disk: ForgetfulDisk) -> None:
    synced(disk.path / "page", b"old")
    sync_folder(disk.path)
    disk.remember("old page")
    for seed in range(20):
        disk.restore("old page")
        synced(disk.path / "coming", b"new")
        (disk.path / "coming").rename(disk.path / "page")
        disk.power_cut("any", seed)
        assert (disk.path / "page").read_bytes() in {b"old", b"new"}


def test_what_was_not_synced_may_survive_in_pieces(disk: ForgetfulDisk) -> None:
    synced(disk.path / "memo", b"o" * 8 * SECTOR)
    sync_folder(disk.path)
    disk.remember("old")
    left = set()
    for seed in range(30):
        disk.restore("old")
        with (disk.path / "memo").open("r+b") as file:
            file.write(b"n" * 8 * SECTOR)
        disk.power_cut("any", seed)
        content = (disk.path / "memo").read_bytes()
        sectors = [content[at : at + SECTOR] for at in range(0, len(content), SECTOR)]
        assert set(sectors) <= {b"o" * SECTOR, b"n" * SECTOR}
        left.add("".join(chr(each[0]) for each in sectors))
    assert {"o" in each and "n" in each for each in left} == {True, False}


def test_files_can_be_linked_locked_mapped_and_used_without_a_name(disk: ForgetfulDisk) -> None:
    path = disk.path / "memo"
    with path.open("w+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with path.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        file.truncate(4096)
        with mmap.mmap(file.fileno(), 4096) as mapped:
            mapped[:5] = b"words"
        assert file.read(5) == b"words"
        os.link(path, disk.path / "again")
        assert os.fstat(file.fileno()).st_nlink == 2
        (disk.path / "again").unlink()
        path.unlink()
        assert os.fstat(file.fileno()).st_nlink == 0
        file.seek(0)
        assert file.read(5) == b"words"
    with pytest.raises(FileExistsError):
        os.close(os.open(disk.path, os.O_CREAT | os.O_EXCL))
    (disk.path / "sub").mkdir(mode=0o700)
    assert stat.S_IMODE((disk.path / "sub").stat().st_mode) == 0o700
    os.utime(disk.path / "sub", ns=(1, 2))
    assert (disk.path / "sub").stat().st_mtime_ns == 2


def commit_until_killed(path: Path, pragmas: tuple[str, ...], told: int) -> int:
    """A process that counts in a database and says each number once it is committed; its id."""
    if child := os.fork():
        return child
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            for pragma in pragmas:
                db.execute(f"PRAGMA {pragma}")
            db.execute("CREATE TABLE IF NOT EXISTS seen (number INTEGER PRIMARY KEY, filler)")
            (last,) = db.execute("SELECT coalesce(max(number), 0) FROM seen").fetchone()
            while True:
                last += 1
                db.execute("INSERT INTO seen VALUES (?, randomblob(3000))", (last,))
                os.pwrite(told, b"%12d" % last, 0)
    finally:
        os._exit(1)


DURABLE = (("synchronous = EXTRA",), ("journal_mode = WAL", "synchronous = FULL"))


@pytest.mark.parametrize("pragmas", DURABLE, ids=["rollback", "wal"])
def test_sqlite_loses_no_commit_and_stays_whole(disk: ForgetfulDisk, tmp_path: Path, pragmas: tuple[str, ...]) -> None:
    path, told = disk.path / "count.sqlite", os.open(tmp_path / "told", os.O_RDWR | os.O_CREAT)
    os.pwrite(told, b"%12d" % 0, 0)
    for seed in range(12):
        disk.lose_power_at(10 + 7 * seed)
        child = commit_until_killed(path, pragmas, told)
        assert disk.has_lost_power(20)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        disk.power_cut([*CUTS][seed % len(CUTS)], seed)
        committed = int(os.pread(told, 12, 0))
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            found = db.execute("SELECT max(number), count(*) FROM seen").fetchone() if committed else (0, 0)
        assert found[0] == found[1] >= committed
    os.close(told)
    assert committed > 3


def test_a_full_sync_of_a_rollback_journal_is_not_enough(disk: ForgetfulDisk) -> None:
    """Why `EXTRA`: after FULL the journal's name may come back, and takes the commit back (sqlite.org/pragma.html#pragma_synchronous)."""
    path = disk.path / "count.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = FULL")
        db.execute("CREATE TABLE seen (number)")
        disk.sync()
        db.execute("INSERT INTO seen VALUES (1)")
    disk.power_cut()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT number FROM seen").fetchall() == []


def test_operations_fail_where_and_as_often_as_asked(disk: ForgetfulDisk) -> None:
    for folder in ("one", "two"):
        (disk.path / folder).mkdir()
    disk.fail("create", code=errno.ENOSPC, nth=2, times=2, under="two")
    (disk.path / "two" / "a").touch()
    (disk.path / "one" / "a").touch()
    for _ in range(2):
        with pytest.raises(OSError, match="No space"):
            (disk.path / "two" / "b").touch()
    (disk.path / "two" / "b").touch()
    assert disk.mend() == 2
    disk.fail("fsync", code=errno.EIO, times=-1)
    for _ in range(2):
        with pytest.raises(OSError, match="Input/output"):
            synced(disk.path / "one" / "b")
    assert disk.mend() == 2
    synced(disk.path / "one" / "b")


# -- the tree by itself ------------------------------------------------------------------------------------------------
NAMES = st.sampled_from(["a", "b", "c"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), NAMES, NAMES),
        st.tuples(st.just("rename"), NAMES, NAMES),
        st.tuples(st.just("remove"), NAMES, NAMES),
        st.tuples(st.just("link"), NAMES, NAMES),
    ),
    max_size=12,
)


def take(tree: Tree, step: tuple[str, str, str], folder: int) -> None:
    what, name, other = step
    try:
        if what == "make":
            tree.write(tree.make(folder, name, Facts(stat.S_IFREG)), Write(0, name.encode()))
        elif what == "rename":
            tree.rename(folder, name, ROOT, other)
        elif what == "remove":
            tree.remove(folder, name, a_folder=False)
        else:
            tree.link(tree.find(folder, name).number, ROOT, other)
    except OSError:
        pass


def names_of(tree: Tree) -> dict[str, bytes]:
    return {name: bytes(tree.nodes[number].content) for name, number in tree.nodes[ROOT].entries.items()}


@given(STEPS, STEPS, st.sampled_from([*CUTS]), st.integers(0, 99))
def test_what_was_synced_is_there_after_any_cut_unless_it_was_changed_since(
    before: list[tuple[str, str, str]], after: list[tuple[str, str, str]], how: str, seed: int
) -> None:
    tree = Tree()
    sub = tree.make(ROOT, "sub", Facts(stat.S_IFDIR)).number
    for at, step in enumerate(before):
        take(tree, step, ROOT if at % 2 else sub)
    for node in list(tree.nodes.values()):
        (tree.sync_folder if node.is_folder else tree.sync_file)(node)
    synced_names = names_of(tree)
    for step in after:
        take(tree, step, ROOT)
    changed = {name for step in after for name in step[1:]}
    tree.power_cut(how, random.Random(seed))
    left = names_of(tree)
    for name, content in synced_names.items():
        if name not in changed:
            assert left[name] == content
    assert how != "nothing" or left == synced_names
    tree.power_cut("any", random.Random(seed))
    assert names_of(tree) == left


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=3000))
def test_a_writes_sectors_are_the_write(offset: int, data: bytes) -> None:
    whole, pieces = bytearray(), bytearray()
    write = Write(offset, data)
    write.apply(whole)
    for each in write.sectors():
        assert each.offset // SECTOR == (each.offset + len(each.data) - 1) // SECTOR
        each.apply(pieces)
    assert whole == pieces
