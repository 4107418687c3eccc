"""Power cuts on a disk that forgets what was not synced: nothing is lost, nothing is doubled, the trail stays whole.

Each port by itself at every change of the disk, then a whole home. `scripts/power-cuts` does the last for as many seeds as wanted.
"""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.adapters import atomic_file
from daemon.adapters.audit.log import AuditLog
from daemon.adapters.audit.reader import read_trail, verify_trail
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.state.job_board import SqliteJobBoard
from daemon.adapters.state.workflow_store import workflow_store
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.errors import ChartdraftError, RetryableError
from tests.fakes import drafts
from tests.fakes.clock import FakeClock
from tests.fakes.forgetful_disk.mounted import ForgetfulDisk
from tests.fakes.forgetful_disk.tree import CUTS
from tests.fakes.office import Office
from tests.faults.power import PoweredOffice, assert_whole, in_fork, sync, synced_file

SEEDS = (4, 9)
PACKET = {"memo.mp3": b"voice", "page 2.tif": b"page two", "page 10.tif": b"page ten"}
REFUSED = (ChartdraftError, OSError, sqlite3.Error)


@pytest.fixture(scope="module", autouse=True)
def _quick_collections() -> Iterator[None]:
    """What was there before these tests is not looked through each time."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@dataclass
class Blow:
    """One try at a piece of work that was cut off at some change of the disk, or was not any more."""

    at: int
    how: str
    struck: bool


def blows(
    disk: ForgetfulDisk, work: Callable[[], object], *, step: int = 1, death_only: bool = False
) -> Iterator[Blow]:
    """Do the work again and again from the disk as it is now, cut off at one change after the other, until it is not; each time
    the disk is then what the cut left. `step`: not at each of them. `death_only`: only the process is dead by then; a power cut may follow."""
    disk.remember("before")
    kinds = [*CUTS]
    for number, at in enumerate(range(1, 1000, step)):
        disk.restore("before")
        atomic_file._durable_folders.clear()  # as in a new process
        disk.lose_power_at(at)
        with suppress(*REFUSED):
            work()
        struck, how = disk.has_lost_power(), kinds[number % len(kinds)]
        gc.collect()  # a process that lost power has nothing open; what is kept in cycles here would have
        if death_only:
            disk.revive()
        else:
            disk.power_cut(how, at)
        atomic_file._durable_folders.clear()
        yield Blow(at, how, struck)
        if not struck:
            return
    pytest.fail("it never ends")


# -- each port ---------------------------------------------------------------------------------------------------------
def test_what_a_board_has_said_to_hold_it_holds_after_the_power_is_back(disk: ForgetfulDisk) -> None:
    held: list[str] = []

    def work() -> None:
        held.clear()
        board = SqliteJobBoard(disk.path / "jobs.sqlite", FakeClock())
        for number in range(3):
            job = f"job{number}"
            board.remember_originals(job, [job])
            held.append(job)

    for blow in blows(disk, work):
        board = SqliteJobBoard(disk.path / "jobs.sqlite", FakeClock())
        assert {*held} <= {*board.originals()}, blow


def test_what_was_committed_to_the_workflow_store_is_there(disk: ForgetfulDisk) -> None:
    held: list[int] = []

    def work() -> None:
        held.clear()
        engine = workflow_store(f"sqlite:///{disk.path / 'workflows.sqlite'}")
        assert engine is not None
        try:
            with engine.begin() as db:
                db.exec_driver_sql("CREATE TABLE IF NOT EXISTS jobs (number INTEGER)")
            for number in range(3):
                with engine.begin() as db:
                    db.exec_driver_sql(f"INSERT INTO jobs VALUES ({number})")
                held.append(number)
        except Exception as error:
            raise OSError from error
        finally:
            engine.dispose()

    for blow in blows(disk, work):
        if held:
            db = sqlite3.connect(disk.path / "workflows.sqlite")
            assert {*held} <= {number for (number,) in db.execute("SELECT number FROM jobs")}, blow
            db.close()


@pytest.mark.parametrize("size", [1, 40])
def test_the_trail_keeps_every_event_that_was_recorded_and_goes_on(disk: ForgetfulDisk, keys: Keys, size: int) -> None:
    folder, held = disk.path / "audit", list[str]()

    def log() -> AuditLog:
        return AuditLog(folder, keys, FakeClock(), checkpoint_every=2 * size, archive_bytes=size * 1500)

    def work() -> None:
        held.clear()
        trail = log()
        for number in range(4):
            with trail.batch():
                for part in range(size):
                    trail.record("item-claimed", key=f"{number}:{part}")
            held.append(f"{number}:{size - 1}")
        trail.close()

    for blow in blows(disk, work, step=2):
        trail = log()
        for _ in range(2):  # a damaged index is thrown away, and made anew by the second
            with suppress(RetryableError):
                trail.record("item-claimed", key="later")
        trail.close()
        report = verify_trail(folder, keys.verifier)
        assert report.ok, (blow, report)
        recorded = [link.event.key for link in read_trail(folder)]
        assert {*held, "later"} <= {*recorded}, blow
        assert len(recorded) == len({*recorded})


def test_a_draft_is_published_whole_or_not_yet(disk: ForgetfulDisk) -> None:
    def publish() -> list[str]:
        outbox = OutboxFolder(disk.path)
        return list(outbox.publish_draft(drafts.draft(), stem="memo", short="7f3k", revision=1))

    for _blow in blows(disk, publish, step=2):
        for path in disk.path.iterdir():
            if not path.name.startswith("."):
                assert_whole(path)
        published = publish()
        atomic_file.sweep_parts(disk.path)
        assert sorted(published) == sorted(path.name for path in disk.path.iterdir())
        assert not any("copy" in name for name in published)


def test_a_home_can_be_set_up_again_after_any_power_cut(disk: ForgetfulDisk, tmp_path: Path) -> None:
    def set_up() -> None:
        root = disk.path / "home"
        root.mkdir(exist_ok=True)
        upkeep.set_up(load_home(root, None), root / "recovery.txt")

    for blow in blows(disk, set_up, step=29):
        whole = not blow.struck
        if whole:
            # What was set up is there, with the least that a disk keeps.
            assert load_home(disk.path / "home", None).inbox.is_dir() or not (disk.path / "home").exists()
        set_up()
        sync(disk.path)
        disk.power_cut("nothing")
        home = load_home(disk.path / "home", None)
        assert upkeep.verify_audit(home, None)["ok"], blow
        assert (home.inbox / "RECIPIENT.txt").read_bytes()
        assert all(folder.is_dir() for folder in (home.outbox, home.vault, home.keys))


# -- claiming ----------------------------------------------------------------------------------------------------------
class Desk:
    """An office on the disk; each start of it is a new process, and the queue's own store keeps what it was given."""

    def __init__(self, disk: ForgetfulDisk, keys: Keys, put: Callable[[Office], object]) -> None:
        self._disk, self._keys = disk, keys
        put(Office(disk.path, keys))
        disk.sync()
        self.jobs: dict[tuple[str, int], str] = {}

    def work(self) -> None:
        office = self.office()
        self.jobs = office.queue.jobs = {}
        office.claim_all()

    def office(self) -> Office:
        office = Office(self._disk.path, self._keys)
        office.queue.jobs = self.jobs
        return office

    def finished(self) -> Office:
        """What waits goes on by itself, after a few looks at the most: a damaged index, say, is made anew by the second."""
        office, told = self.office(), list[str]()
        for _ in range(4):
            told += office.claim_all()
            if not office.originals():
                return office
        pytest.fail(f"it is waited for: {told}")


def holds(office: Office, contents: list[bytes], blow: Blow) -> None:
    (row,) = office.ports.board.rows()
    assert office.contents() == sorted(contents), blow
    assert office.queue.jobs == {(row.id, 1): row.manifest}, blow
    assert len(office.events("item-claimed")) == 1, blow
    assert office.events("item-duplicate") == []
    assert office.notes() == []


@pytest.mark.parametrize("packet", [False, True])
def test_an_item_survives_a_power_cut_at_any_change_of_claiming_it(
    disk: ForgetfulDisk, keys: Keys, *, packet: bool
) -> None:
    put = (lambda o: o.put_folder("Jane Doe", PACKET)) if packet else (lambda o: o.put("memo.mp3", b"voice"))
    desk = Desk(disk, keys, put)
    struck = 0
    for blow in blows(disk, desk.work, step=17):
        struck += blow.struck
        holds(desk.finished(), [*PACKET.values()] if packet else [b"voice"], blow)
    assert struck > 5


def test_what_a_dead_process_left_undurable_is_made_so_by_the_next(disk: ForgetfulDisk, keys: Keys) -> None:
    """The process dies, another goes on and finishes, and only then the power fails."""
    desk = Desk(disk, keys, lambda office: office.put_folder("Jane Doe", PACKET))
    for blow in blows(disk, desk.work, step=17, death_only=True):
        desk.finished()
        disk.power_cut(blow.how, blow.at)
        holds(desk.finished(), [*PACKET.values()], blow)


# -- a whole home ------------------------------------------------------------------------------------------------------
@pytest.mark.timeout(300)
def test_a_home_under_load_loses_and_doubles_nothing(disk: ForgetfulDisk, tmp_path: Path) -> None:
    office = PoweredOffice(disk, tmp_path)
    for seed in SEEDS:
        assert office.try_seed(seed) == []


def test_the_check_itself_sees_a_lost_and_a_torn_item(disk: ForgetfulDisk, tmp_path: Path) -> None:
    synced_file(disk.path / "a.html", b"<html>")
    assert in_fork(lambda: assert_whole(disk.path / "a.html"))
