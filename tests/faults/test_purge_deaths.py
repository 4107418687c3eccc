"""A purge that dies at each of its places: the next one ends it, and nothing that is needed is gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from daemon import wiring
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model import crash_point
from daemon.model.codec import manifest_from_bytes, manifest_to_bytes
from daemon.model.errors import PermanentError
from daemon.model.job import JobRow, Manifest, ManifestSource
from daemon.model.source import Source
from daemon.steps.claim import claim
from tests.fakes.clock import FakeClock
from tests.fakes.queue import FakeQueue

PLACES = (
    *("purge-recorded", "purge-removed", "purge-leftover-removed", "purge-day-recorded", "purge-day-ended"),
    *("vault-blob-removing", "vault-day-ending", "vault-day-ended"),
)
CLAIMED_ANEW = ("claim-manifest-sealed", "claim-anew", "claim-queued")
DAY = 86_400.0


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "config.toml").write_text("[retention]\noriginals_days = 6\ndrafts_days = 2\n")
    made = load_home(tmp_path, None)
    upkeep.set_up(made, tmp_path / "recovery.txt")
    return made


def store(home: Home, clock: FakeClock, name: str) -> JobRow:
    """A job as it is when it was delivered."""
    vault, board = wiring.vault(home, clock), wiring.board(home, clock)
    original = vault.seal(BytesIO(name.encode()))
    job = vault.content_id("", [original.sha256])
    source = ManifestSource(Source("s1", "recording", original.sha256), original.blob, f"{name}.m4a")
    row = JobRow(
        id=job,
        state="delivered",
        document="soap",
        sources=("recording",),
        manifest=vault.seal_bytes(manifest_to_bytes(Manifest(job, name, job[:4], (source,)))).blob,
        updated_at=clock.now(),
        reading=vault.seal_bytes(b"reading " + name.encode()).blob,
        draft=vault.seal_bytes(b"draft " + name.encode()).blob,
    )
    assert board.add(row)
    vault.seal_bytes(b"draft before the rules " + name.encode())
    return row


def purge(home: Home, clock: FakeClock) -> None:
    run = wiring.purge(home, clock)
    while run.some(2):
        pass


def dies(home: Home, clock: FakeClock, place: str, work: Callable[[Home, FakeClock], object] = purge) -> bool:
    """Do it in a fork that dies at this place; whether it came there."""
    child = os.fork()
    if not child:
        code = 70
        try:
            crash_point.die_at(place)
            work(home, clock)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, -signal.SIGKILL}
    return code != 0


def opens(home: Home, clock: FakeClock, *blobs: str) -> list[str]:
    def look(blob: str) -> str:
        try:
            wiring.vault(home, clock).open(blob)
        except PermanentError as error:
            return error.code
        return "there"

    return [look(blob) for blob in blobs]


def told(home: Home, event: str) -> int:
    return (home.audit / "trail.jsonl").read_text().count(f'"event":"{event}"')


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("place", PLACES)
def test_a_purge_that_dies_is_ended_by_the_next(home: Home, place: str, times: int) -> None:
    clock = FakeClock()
    old = [store(home, clock, name) for name in ("one", "two", "three")]
    clock.advance(5 * DAY)
    late = store(home, clock, "four")
    clock.advance(1 * DAY)
    died = dies(home, clock, f"{place}:{times}")
    assert died or times > 1 or place == "purge-leftover-removed"
    purge(home, clock)
    for row in old:
        assert opens(home, clock, row.reading, row.draft, row.manifest) == ["vault-purged"] * 3
    assert opens(home, clock, late.manifest, late.reading, late.draft) == ["there"] * 3
    assert sorted(day.kind for day in wiring.vault(home, clock).days()) == ["made", "original"]
    assert told(home, "vault-purged") == 3
    assert told(home, "day-key-destroyed") == 2
    assert not any((home.vault / "blobs").glob(f"{FakeClock().now():%Y-%m-%d}*"))
    before = (home.audit / "trail.jsonl").read_bytes()
    purge(home, clock)
    assert (home.audit / "trail.jsonl").read_bytes() == before


def test_leftovers_of_a_day_that_is_still_needed_go_however_often_it_dies(home: Home) -> None:
    clock = FakeClock()
    rows = [store(home, clock, name) for name in ("one", "two", "three")]
    board = wiring.board(home, clock)
    clock.advance(6 * DAY)
    for row in rows:
        board.set_state(row.id, "delivered")  # delivered again a moment ago
    deaths = 0
    while dies(home, clock, "purge-leftover-removed"):
        deaths += 1
    assert deaths == 3
    assert (
        opens(home, clock, *(blob for row in rows for blob in (row.manifest, row.reading, row.draft))) == ["there"] * 9
    )
    assert len(list((home.vault / "blobs").glob("*.made/*.age"))) == 9


def claim_again(home: Home, clock: FakeClock) -> FakeQueue:
    """The first job's content comes once more."""
    queue, path = FakeQueue(), home.config.parent / "again.m4a"
    path.write_bytes(b"one")
    item, originals = wiring.picked_item([path], "")
    claim(item, originals, wiring.claim_ports(wiring.stores(home, clock), queue, wiring.documents(home), 10**6, clock))
    return queue


@pytest.mark.parametrize("place", CLAIMED_ANEW)
def test_purged_content_that_comes_again_is_one_job_of_one_more_revision(home: Home, place: str) -> None:
    clock = FakeClock()
    row = store(home, clock, "one")
    clock.advance(7 * DAY)
    purge(home, clock)
    assert dies(home, clock, place, claim_again)
    queue = claim_again(home, clock)
    (anew,) = wiring.board(home, clock).rows()
    assert (anew.id, anew.state, anew.revision, anew.reading, anew.draft) == (row.id, "waiting", 2, "", "")
    assert queue.jobs == {(row.id, 2): anew.manifest}
    manifest = manifest_from_bytes(wiring.vault(home, clock).open(anew.manifest))
    assert wiring.vault(home, clock).open(manifest.sources[0].blob) == b"one"


@pytest.fixture(autouse=True)
def _no_place() -> Iterator[None]:
    yield
    crash_point.die_at("")
