"""Purging: what is removed, said and kept, and what a job can still do afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from daemon.adapters.audit.log import AuditLog
from daemon.config import load_home
from daemon.model.blob_reference import VaultDay, parse_reference
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import JobRow
from daemon.model.retention import Policy, Present, look
from daemon.serving.tidying import HOUR_SECONDS, LOOKED, Tidying
from daemon.steps.claim import Claimed
from daemon.steps.purge import Purge, Purged, PurgePorts
from tests.fakes.practice import Practice
from tests.fakes.vault import FakeVault

DAY = 86_400.0


@pytest.fixture
def office() -> Practice:
    """Its vault has the same clock as the rest."""
    office = Practice()
    office.vault.clock = office.clock
    return office


def take_in(office: Practice, name: str, data: bytes) -> JobRow:
    before = set(office.board.jobs)
    office.inbox.put(name, data)
    office.claim_all()
    (job,) = set(office.board.jobs) - before
    return office.board.jobs[job]


def deliver(office: Practice, row: JobRow) -> JobRow:
    """As the steps leave it: read, drafted (with a draft before the rules, that no job names), delivered."""
    office.vault.seal_bytes(b"unchecked " + row.id.encode())
    reading = office.vault.seal_bytes(b"reading " + row.id.encode()).blob
    draft = office.vault.seal_bytes(b"draft " + row.id.encode() + bytes([row.revision])).blob
    office.board.set_blobs(row.id, reading=reading, draft=draft)
    office.board.set_state(row.id, "delivered")
    return office.board.jobs[row.id]


def present(office: Practice) -> Present:
    found: dict[VaultDay | None, list[str]] = {day: [] for day in office.vault.days()} | {None: []}
    for blob in office.vault.blobs:
        reference = parse_reference(blob)
        assert reference is not None
        found.setdefault(reference.day, []).append(blob)
    return found


def purge(
    office: Practice, originals: int, drafts: int, *, dry: bool = False, most: int = 50, shared: bool = False
) -> Purged:
    ports = PurgePorts(
        office.vault, office.board, office.audit, office.clock, lambda: present(office), {"by": "x"}, shared
    )
    run = Purge(ports, Policy(originals, drafts), dry=dry)
    while run.some(most):
        pass
    return run.purged


def state_of(vault: FakeVault, *blobs: str) -> list[str]:
    def look(blob: str) -> str:
        try:
            vault.open(blob)
        except PermanentError as error:
            return error.code
        return "there"

    return [look(blob) for blob in blobs]


def test_originals_go_first_and_the_manifest_with_the_last(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    (source,) = office.manifest(row).sources
    held = (source.blob, row.reading, row.draft, row.manifest)
    assert purge(office, 1, 2) == Purged()
    office.clock.advance(DAY)
    assert purge(office, 1, 2) == Purged(jobs=1, originals=1)
    assert state_of(office.vault, *held) == ["vault-purged", "there", "there", "there"]
    office.clock.advance(DAY)
    assert purge(office, 1, 2) == Purged(jobs=1, made=3)
    assert state_of(office.vault, *held) == ["vault-purged"] * 4
    assert office.facts("vault-purged") == [
        {"originals": 1, "made": 0, "by": "x"},
        {"originals": 0, "made": 3, "by": "x"},
    ]


def test_with_the_last_of_a_day_its_key_goes_and_what_nothing_named(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    (source,) = office.manifest(row).sources
    office.clock.advance(5 * DAY)
    assert purge(office, 1, 1) == Purged(jobs=1, originals=1, made=3, day_keys=2)
    assert office.vault.blobs == {}
    assert len(office.vault.ended) == 2
    assert state_of(office.vault, row.manifest, source.blob) == ["vault-purged"] * 2
    assert sorted(str(facts["day"]).partition(".")[2] for facts in office.facts("day-key-destroyed")) == [
        "made",
        "original",
    ]
    assert purge(office, 1, 1) == Purged()
    assert len(office.facts("vault-purged")) == 1


@pytest.mark.parametrize("state", ["attention", "waiting", "reading"])
def test_what_was_never_drafted_stays(office: Practice, state: str) -> None:
    row = take_in(office, "memo.m4a", b"voice")
    office.board.jobs[row.id] = replace(row, state=state)  # type: ignore[arg-type]
    office.clock.advance(400 * DAY)
    before = dict(office.vault.blobs)
    assert purge(office, 1, 1) == Purged(undrafted=1)
    assert office.vault.blobs == before
    assert not office.vault.ended


def test_leftovers_go_after_days_and_not_while_work_is_under_way(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    waiting = take_in(office, "other.m4a", b"more")
    office.clock.advance(5 * DAY)
    assert purge(office, 0, 0) == Purged(undrafted=1)
    office.board.set_state(waiting.id, "attention", code="speech-none")
    assert purge(office, 0, 0) == Purged(leftovers=1, undrafted=1)
    assert office.facts("leftovers-purged") == [{"blobs": 1, "by": "x"}]
    assert state_of(office.vault, row.manifest, row.reading, row.draft, waiting.manifest) == ["there"] * 4


def test_a_manifest_that_cannot_be_read_keeps_all_that_nobody_names(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.clock.advance(5 * DAY)
    office.vault.blobs[row.manifest] = b"rotten"
    before = set(office.vault.blobs)
    assert purge(office, 0, 0) == Purged(unclear=True)
    assert set(office.vault.blobs) == before


def test_two_jobs_of_one_recording_keep_it_for_the_later(office: Practice) -> None:
    first = deliver(office, take_in(office, "memo.m4a", b"voice"))
    second = take_in(office, "intake/memo.m4a", b"voice")
    (source,) = office.manifest(first).sources
    assert office.manifest(second).sources[0].blob == source.blob
    office.clock.advance(2 * DAY)
    assert purge(office, 1, 0) == Purged(undrafted=1)
    deliver(office, second)
    office.clock.advance(DAY)
    assert purge(office, 1, 0) == Purged(jobs=1, originals=1)
    assert state_of(office.vault, source.blob) == ["vault-purged"]


def test_a_dry_run_says_the_same_and_does_nothing(office: Practice) -> None:
    for number in range(5):
        deliver(office, take_in(office, f"{number}.m4a", bytes([number])))
    office.clock.advance(9 * DAY)
    before, said = dict(office.vault.blobs), len(office.audit.events)
    would = purge(office, 1, 1, dry=True)
    assert (office.vault.blobs, len(office.audit.events)) == (before, said)
    assert purge(office, 1, 1, most=2) == would == Purged(jobs=5, originals=5, made=15, day_keys=2)


def test_old_references_are_removed_one_by_one(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    old = {blob: blob.rpartition("-")[2] for blob in office.vault.blobs}
    office.vault.blobs = {old[blob]: data for blob, data in office.vault.blobs.items()}
    office.board.jobs[row.id] = replace(row, manifest=old[row.manifest], reading=old[row.reading], draft=old[row.draft])
    office.clock.advance(2 * DAY)
    assert purge(office, 0, 1) == Purged(jobs=1, made=2)
    assert state_of(office.vault, old[row.reading], old[row.draft], old[row.manifest]) == ["vault-purged"] * 2 + [
        "there"
    ]


# -- a board that is not the vault's, a clock that is wrong, a job that is asked for --------------------------------
@pytest.mark.parametrize("lost", ["all", "one"])
def test_a_board_that_was_lost_or_is_older_than_the_vault_costs_nothing(office: Practice, lost: str) -> None:
    deliver(office, take_in(office, "memo.m4a", b"voice"))
    other = deliver(office, take_in(office, "other.m4a", b"more"))
    office.clock.advance(9 * DAY)
    if lost == "all":
        office.board.jobs.clear()
    else:
        del office.board.jobs[other.id]
    before = dict(office.vault.blobs)
    assert purge(office, 0, 0) == Purged(unclear=True)
    assert (office.vault.blobs, office.vault.ended) == (before, set())


def test_where_machines_share_a_queue_nothing_is_left_over(office: Practice) -> None:
    deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.clock.advance(9 * DAY)
    before = dict(office.vault.blobs)
    assert purge(office, 0, 0, shared=True) == Purged(unclear=True)
    assert office.vault.blobs == before
    assert purge(office, 0, 0) == Purged(leftovers=1)


def test_what_was_delivered_by_a_clock_that_had_lost_its_time_stays(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.board.jobs[row.id] = replace(row, updated_at=datetime(1970, 1, 1, tzinfo=UTC))
    assert purge(office, 1, 1) == Purged()


def test_a_job_that_is_asked_for_while_others_are_purged_keeps_what_it_has(
    office: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [deliver(office, take_in(office, f"{number}.m4a", bytes([number]))) for number in range(3)]
    office.clock.advance(2 * DAY)
    remove, asked = office.vault.remove, list[str]()

    def ask_for_another(blob: str) -> None:
        remove(blob)
        if not asked:
            there = [row for row in rows if state_of(office.vault, row.manifest) == ["there"]]
            asked.extend(
                row.id
                for row in there
                if state_of(office.vault, office.manifest(row).sources[0].blob, row.reading, row.draft) == ["there"] * 3
            )
            asked[1:] = []
            row = office.board.jobs[asked[0]]
            office.board.revise(row.id, row.document, reading=row.reading)

    monkeypatch.setattr(office.vault, "remove", ask_for_another)
    purge(office, 1, 1)
    kept = next(row for row in rows if row.id == asked[0])
    assert state_of(office.vault, kept.manifest, kept.reading) == ["there"] * 2
    assert sum(state_of(office.vault, row.manifest) == ["vault-purged"] for row in rows) == 2


@pytest.mark.parametrize(
    ("hours", "what"),
    [(0, "soon"), (19, "soon"), (20, "acts"), (96, "acts"), (97, "jumped"), (-1, "jumped"), (24 * 5000, "jumped")],
)
def test_the_daily_run_acts_on_the_second_day_of_a_clock(hours: int, what: str) -> None:
    last = datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert look(last, last + timedelta(hours=hours)) == what
    assert look(None, last) == "jumped"


# -- the same content again -------------------------------------------------------------------------------------------
def test_content_that_was_purged_is_drafted_anew_and_no_second_copy(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.clock.advance(2 * DAY)
    purge(office, 1, 1)
    office.inbox.put("again.m4a", b"voice")
    assert office.claim_all() == [Claimed(row.id, duplicate=False)]
    anew = office.only()
    assert (anew.state, anew.revision, anew.reading, anew.draft) == ("waiting", 2, "", "")
    assert office.manifest(anew).stem == "again"
    assert office.vault.open(office.manifest(anew).sources[0].blob) == b"voice"
    assert office.queue.jobs[(row.id, 2)] == anew.manifest
    assert office.outbox.files == {}
    assert len(office.facts("item-claimed")) == 2


def test_content_whose_draft_alone_was_purged_is_drafted_anew(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.clock.advance(2 * DAY)
    purge(office, 0, 1)
    office.inbox.put("again.m4a", b"voice")
    assert office.claim_all() == [Claimed(row.id, duplicate=False)]
    assert office.only().revision == 2


def test_content_of_which_the_original_alone_was_purged_is_still_a_second_copy(office: Practice) -> None:
    row = deliver(office, take_in(office, "memo.m4a", b"voice"))
    office.clock.advance(2 * DAY)
    purge(office, 1, 0)
    office.inbox.put("again.m4a", b"voice")
    assert office.claim_all() == [Claimed(row.id, duplicate=True)]
    assert office.only().revision == 1


# -- the daily run ----------------------------------------------------------------------------------------------------
class Portions:
    """Stands for `Purge`: so many portions, and an error once where that is asked for."""

    def __init__(self, portions: int) -> None:
        self.left, self.purged, self.asked = portions, Purged(), 0
        self.fails = False

    def some(self, most: int) -> bool:
        self.asked += 1
        if self.fails:
            self.fails = False
            raise RetryableError("disk-full")
        self.left -= 1
        return self.left > 0


def test_the_daemon_purges_an_hour_after_its_start_in_portions_and_then_daily(office: Practice, tmp_path: Path) -> None:
    runs: list[Portions] = []

    def begin() -> Purge:
        runs.append(Portions(3))
        return cast("Purge", runs[-1])

    class Trail:
        def checkpoint(self) -> None:
            pass

    tidying = Tidying(load_home(tmp_path, None), office.board, cast("AuditLog", Trail()), office.clock, purge=begin)
    tidying._due = float("inf")  # the workflow engine does not run here
    tidying.home.state.mkdir(parents=True)
    (tidying.home.state / LOOKED).write_text((office.clock.now() - timedelta(days=1)).isoformat())
    tidying.tidy(idle=True)
    office.clock.advance(HOUR_SECONDS - 1)
    tidying.tidy(idle=True)
    assert runs == []
    office.clock.advance(1)
    tidying.tidy(idle=False)
    assert runs == []
    for _ in range(6):
        tidying.tidy(idle=True)
    assert [each.asked for each in runs] == [3]
    office.clock.advance(DAY)
    tidying.tidy(idle=True)
    runs[-1].fails = True
    tidying.tidy(idle=True)
    tidying.tidy(idle=True)
    assert [each.asked for each in runs] == [3, 2]
    office.clock.advance(HOUR_SECONDS)
    tidying.tidy(idle=True)
    assert [each.asked for each in runs] == [3, 2, 1]


def test_a_clock_that_is_years_ahead_for_hours_deletes_nothing(office: Practice, tmp_path: Path) -> None:
    begun: list[float] = []

    def begin() -> Purge:
        begun.append(office.clock.monotonic())
        return cast("Purge", Portions(1))

    class Trail:
        def checkpoint(self) -> None:
            pass

    def started() -> Tidying:
        fresh = Tidying(load_home(tmp_path, None), office.board, cast("AuditLog", Trail()), office.clock, purge=begin)
        fresh._due = float("inf")
        fresh.tidy(idle=True)
        return fresh

    started().home.state.mkdir(parents=True)
    for jump in (0.0, 14 * 365 * DAY, 0.0, -14 * 365 * DAY):  # the last corrects it
        office.clock.advance(jump)
        tidying = started()
        office.clock.advance(HOUR_SECONDS)
        tidying.tidy(idle=True)
    assert begun == []
    office.clock.advance(DAY)
    tidying.tidy(idle=True)
    assert len(begun) == 1
