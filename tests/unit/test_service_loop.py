"""The service over hours in which nobody looks after it: folders that go, clocks that jump, files that cannot be taken in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.adapters import folder_sights
from daemon.adapters.inbox import folder as inbox_folder
from daemon.model.errors import RetryableError
from daemon.model.status_report import StatusReport
from daemon.serving.claiming import ONCE_TRIES
from daemon.serving.telling import HEARTBEAT_SECONDS
from tests.fakes.office_hours import SETTINGS, OfficeHours, Telltale

NOTE = "memo - NOT TAKEN IN.txt"


def jobs(office: OfficeHours) -> int:
    assert office.running is not None
    return len(office.running.board.rows())


def test_a_share_that_goes_and_comes_back_is_waited_for_and_told_of_once(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 2700)
    share = office.home.inbox.parent
    office.clock.at(1300, lambda: office.put("before.mp3", b"1"))
    office.clock.at(1900, lambda: share.rename(tmp_path / "away"))
    office.clock.at(2000, lambda: (tmp_path / "away" / "inbox" / "meanwhile.mp3").write_bytes(b"2"))
    office.clock.at(2500, lambda: (tmp_path / "away").rename(share))
    office.live()
    assert (office.events()["inbox-away"], office.events()["inbox-back"]) == (1, 1)
    assert office.conditions() == [("running", ""), ("waiting", "inbox-away"), ("running", "")]
    assert office.notifier.told == [(0, 0, "inbox-away")]
    assert jobs(office) == 2
    assert len(office.watches) == 2
    back = next(report for report in reversed(office.reports) if report.condition.state == "waiting")
    assert back.condition.since is not None
    assert "connect the share" in back.condition.sentences[0]


def test_what_was_seen_before_an_outage_counts_for_nothing_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = OfficeHours(tmp_path, 2000)
    forgotten: list[float] = []
    monkeypatch.setattr(inbox_folder.InboxFolder, "forget", lambda _: forgotten.append(office.clock.monotonic()))
    office.clock.at(1000, lambda: office.home.inbox.parent.rename(tmp_path / "away"))
    office.clock.at(1500, lambda: (tmp_path / "away").rename(office.home.inbox.parent))
    office.live()
    assert [moment // 500 for moment in forgotten] == [0, 3]


def test_an_inbox_that_somebody_deletes_is_made_again_and_goes_on(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3700)
    office.clock.at(1000, lambda: shutil.rmtree(office.home.inbox))
    office.clock.at(3000, lambda: office.put("memo.mp3"))
    office.live()
    assert office.events()["inbox-made-again"] == 1
    assert office.notifier.told == []
    assert jobs(office) == 1
    assert len(office.watches) == 2
    assert (office.home.inbox / "soap").is_dir()


def test_an_outbox_that_is_away_keeps_nothing_from_coming_in(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 4000)
    desk = office.home.outbox.parent
    office.clock.at(1000, lambda: desk.rename(tmp_path / "away"))
    office.clock.at(1100, lambda: office.put("memo.mp3"))
    office.clock.at(3000, lambda: (tmp_path / "away").rename(desk))
    office.live()
    assert jobs(office) == 1
    assert office.notifier.told == [(0, 0, "outbox-unwritable")]
    assert (office.events()["outbox-away"], office.events()["outbox-back"]) == (1, 1)


def test_without_its_volume_nothing_is_taken_from_or_written_to_what_lies_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounted = [True]
    monkeypatch.setattr(folder_sights, "is_mounted", lambda _: mounted[0])
    office = OfficeHours(tmp_path, 4000, 'encrypted_volume = "v"\ninbox_dir = "v/in"\noutbox_dir = "v/out"\n')
    volume, away = tmp_path / "v", tmp_path / "image"
    volume.rename(away)
    (volume / "in").mkdir(parents=True)
    (volume / "out").mkdir()
    (volume / "in" / "under.mp3").write_bytes(b"not ours")
    mounted[0] = False

    def mount() -> None:
        assert sorted(path.name for path in volume.rglob("*")) == ["in", "out", "under.mp3"]
        volume.rename(tmp_path / "under")
        away.rename(volume)
        mounted[0] = True

    office.clock.at(1000, mount)
    office.clock.at(2000, lambda: office.put("memo.mp3"))
    office.live()
    assert jobs(office) == 1
    assert office.notifier.told == [(0, 0, "volume-away")]
    assert office.events()["inbox-back"] == 1
    assert (volume / "out" / "Status.html").is_file()
    assert not any((tmp_path / "under" / "out").iterdir())


@pytest.mark.parametrize("seconds", [8 * 3600.0, -8 * 3600.0])
def test_after_a_jump_of_the_clock_the_inbox_is_looked_at_at_once(tmp_path: Path, seconds: float) -> None:
    office = OfficeHours(tmp_path, 1000 + 60)
    office.clock.at(1000, lambda: (office.put("memo.mp3"), office.clock.jump(seconds)))
    office.live()
    assert jobs(office) == 1, "not at the next rescan only"
    assert office.events()["clock-jumped"] == 1
    assert f'"seconds":{seconds:.0f}' in (office.home.audit / "trail.jsonl").read_text()
    assert len(office.watches) == 2


def test_a_night_of_dozing_is_a_line_an_hour(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 4 * 3600)
    for minute in range(10, 230, 5):
        office.clock.at(minute * 60.0, lambda: office.clock.jump(1200))
    office.live()
    assert office.events()["clock-jumped"] == 4


def test_the_page_lives_while_nothing_happens_and_no_more_than_that(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3600)
    office.live()
    assert len(office.reports) == 3600 / HEARTBEAT_SECONDS
    assert {report.condition.state for report in office.reports} == {"running"}


def test_the_last_word_of_an_orderly_end(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3600)
    assert office.live(once=True) == 0
    assert office.reports[-1].condition.state == "stopped"
    assert office.events()["daemon-stopped"] == 1


def test_a_fault_of_ours_is_told_before_the_service_leaves(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3600)

    def fail() -> None:
        raise ZeroDivisionError

    office.clock.at(1000, fail)
    assert office.live() == 3
    assert (office.reports[-1].condition.state, office.reports[-1].condition.code) == ("stopped", "internal")
    assert office.events()["daemon-stopped"] == 1


def test_a_page_that_cannot_be_drawn_keeps_no_item_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = OfficeHours(tmp_path, 1800)
    broken = [True]
    real = Telltale.publish_status

    def draw(self: Telltale, report: StatusReport) -> None:
        if broken[0]:
            raise ZeroDivisionError
        real(self, report)

    monkeypatch.setattr(Telltale, "publish_status", draw)
    office.put("memo.mp3")
    office.clock.at(1000, lambda: broken.__setitem__(0, False))
    assert office.live() is None
    assert jobs(office) == 1
    assert office.reports[-1].condition.state == "running"


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of files that this account cannot read; the permission bits do not bind every account."""
    names: set[str] = {"memo.mp3"}
    real = inbox_folder.open_seen

    def refuse(part: inbox_folder.InboxPart, *rest: Callable[[], None]) -> object:
        if part.untrusted_name in names:
            raise RetryableError("file-locked")
        return real(part, *rest)

    monkeypatch.setattr(inbox_folder, "open_seen", refuse)
    return names


def test_a_file_that_cannot_be_taken_in_gets_one_note_and_is_tried_on(tmp_path: Path, locked: set[str]) -> None:
    office = OfficeHours(tmp_path, 1500, SETTINGS.replace("900", "30"))
    office.clock.at(10, lambda: office.put("memo.mp3"))
    note = office.home.outbox / NOTE
    office.clock.at(1200, lambda: office.put("other.mp3", b"other"))
    office.clock.at(1000, lambda: (note.read_text(), note.unlink()))
    office.clock.at(1400, locked.clear)
    office.live()
    assert office.events()["item-left"] == 1
    assert jobs(office) == 2
    assert not note.exists(), "once"
    told = [report.left for report in office.reports]
    assert told[0] == told[-1] == ()
    assert (("memo", "file-locked"),) in told


def test_a_single_run_leaves_a_note_at_once_and_says_so(tmp_path: Path, locked: set[str]) -> None:
    office = OfficeHours(tmp_path, 3600, SETTINGS.replace("900", "30"))
    office.put("memo.mp3")
    assert office.live(once=True) == 3
    assert "permissions" in (office.home.outbox / NOTE).read_text(encoding="utf-8-sig")
    assert office.reports[-1].left == (("memo", "file-locked"),)
    assert ONCE_TRIES < 10


def test_a_single_run_without_an_inbox_asks_to_try_again_later(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3600)
    shutil.rmtree(office.home.inbox)
    assert office.live(once=True) == 75


def test_a_disk_that_takes_nothing_is_a_reason_to_wait_and_no_note_for_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = OfficeHours(tmp_path, 3000, SETTINGS.replace("900", "30"))
    full = [True]
    real = inbox_folder.InboxFolder.open

    def refuse(self: inbox_folder.InboxFolder, part: inbox_folder.InboxPart) -> object:
        if full[0]:
            raise RetryableError("disk-full")
        return real(self, part)

    monkeypatch.setattr(inbox_folder.InboxFolder, "open", refuse)
    for number in range(3):
        office.put(f"{number}.mp3", b"%d" % number)
    office.clock.at(2000, lambda: full.__setitem__(0, False))
    office.live()
    assert office.conditions() == [("running", ""), ("waiting", "disk-full"), ("running", "")]
    assert office.notifier.told == [(0, 0, "disk-full")]
    assert jobs(office) == 3
    assert not list(office.home.outbox.glob("*NOT TAKEN IN*"))


def test_people_hear_of_what_is_new_and_the_machine_stays_awake_for_work_alone(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 4000)

    def now(state: str, code: str = "") -> None:
        assert office.running is not None
        (row,) = office.running.board.rows()
        office.running.board.set_state(row.id, state, code=code)  # type: ignore[arg-type]

    office.clock.at(10, lambda: office.put("memo.mp3"))
    office.clock.at(1500, lambda: now("drafting"))
    office.clock.at(2000, lambda: now("drafting", "disk-full"))
    office.clock.at(2500, lambda: now("drafting"))
    office.clock.at(2600, lambda: now("checking", "outbox-unwritable"))
    office.clock.at(2630, lambda: now("checking"))
    office.clock.at(2700, lambda: now("checking", "disk-full"))
    office.clock.at(2900, lambda: now("checking"))
    office.clock.at(3000, lambda: now("delivered"))
    office.clock.at(3500, lambda: now("attention", "speech-none"))
    office.live()
    assert office.awake.held == [True, False] * 4
    # Once for as long as it lasts; what is over within a minute is no news.
    assert office.notifier.told == [(0, 0, "disk-full"), (0, 0, "disk-full"), (0, 1, ""), (1, 0, "")]
    last = office.reports[-1]
    assert set(last.names.values()) == {"memo"}
    assert max(report.delivered_today for report in office.reports) == 1
    assert last.delivered_today == 0


def test_a_watch_that_dies_is_begun_anew(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 3000)
    office.clock.at(1200, lambda: setattr(office.watches[0], "living", False))
    office.live()
    assert len(office.watches) == 2
    assert office.watches[1].living


def test_a_quiet_hour_lists_the_inbox_no_more_than_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = OfficeHours(tmp_path, 3600)
    listed = 0
    real = os.scandir

    def count(path: str | int = ".") -> object:
        nonlocal listed
        listed += path == office.home.inbox
        return real(path)

    monkeypatch.setattr(os, "scandir", count)
    office.live()
    assert listed <= 2 * 3600 / HEARTBEAT_SECONDS + 2


def test_what_lies_in_the_inbox_is_on_the_page_before_it_is_taken_in(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 600)
    office.put("half.m4a")
    office.live()
    told = [report.coming for report in office.reports]
    assert (told[0], told[-1]) == (("half",), ())
    assert len(told) < 5  # when it came, when it went, and the heartbeats


def test_nothing_is_about_to_be_taken_in_from_an_inbox_that_is_away(tmp_path: Path) -> None:
    office = OfficeHours(tmp_path, 300)
    office.put("half.m4a")
    office.clock.at(60, lambda: office.home.inbox.parent.rename(tmp_path / "away"))
    office.live()
    assert ("half",) in [report.coming for report in office.reports]
    assert office.reports[-1].coming == ()
    assert office.reports[-1].condition.code == "inbox-away"
