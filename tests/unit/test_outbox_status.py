"""The status page: from it alone, somebody who has never seen a terminal can tell what happened to each item, and what to do."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.adapters.outbox.folder import OutboxFolder
from daemon.adapters.outbox.status import MAX_EARLIER, MAX_ROWS, NO_NOTE, duration, percent, stage
from daemon.model.error_catalog import CATALOG
from daemon.model.job import STATES, JobRow, JobState
from daemon.model.outbox_name import clean_stem
from daemon.model.status_report import Condition, StatusReport
from daemon.model.work import WorkNow
from tests.fakes import drafts

ROW = JobRow("7f3kq2v9m4", "delivered", "soap", ("recording",), "m", drafts.DRAFTED)
FAILED = replace(ROW, id="ab3dq2v9m4", state="attention", code="media-truncated")
TITLES = {"soap": "SOAP note"}


def outbox(folder: Path) -> OutboxFolder:
    return OutboxFolder(folder, zone=UTC, titles=TITLES)


def page_of(folder: Path, report: StatusReport) -> str:
    outbox(folder).publish_status(report)
    return (folder / "Status.html").read_text("utf-8")


def status_page(folder: Path, *rows: JobRow, **more: object) -> str:
    return page_of(folder, replace(drafts.report(rows), **more))  # type: ignore[arg-type] # of the fields


def fail(folder: Path, row: JobRow, stem: str = "memo") -> str:
    (name,) = outbox(folder).publish_failure(row.code, job=row.id, stem=stem, short=row.id[:4], revision=row.revision)
    return name


def deliver(folder: Path, row: JobRow, stem: str = "memo") -> None:
    draft = replace(drafts.draft(), job=row.id)
    outbox(folder).publish_draft(draft, stem=stem, short=row.id[:4], revision=row.revision)


def test_what_failed_comes_first_with_what_to_do_and_its_note(tmp_path: Path) -> None:
    fail(tmp_path, FAILED, "Park visit")
    page = status_page(tmp_path, ROW, replace(ROW, id="c8d2q2v9m4", state="drafting"), FAILED)
    assert "<h1>1 item needs your attention</h1>" in page
    assert "The file is incomplete or damaged." in page
    assert "Please copy, record or scan it again." in page
    assert 'href="./Park%20visit%20-%20COULD%20NOT%20DRAFT%20-%20ab3d.txt"' in page
    assert "delete its note from this folder: then it leaves this list" in page
    assert page.index("ab3dq2") < page.index("c8d2q2") < page.index("7f3kq2")
    assert "Nov 21, 2026, 2:15 PM UTC" in page
    assert '<meta http-equiv="refresh" content="30">' in page


def test_what_a_person_has_dealt_with_leaves_the_list_with_its_note(tmp_path: Path) -> None:
    name = fail(tmp_path, FAILED)
    other = replace(FAILED, id="zz3dq2v9m4")
    fail(tmp_path, other)
    assert "2 items need your attention" in status_page(tmp_path, FAILED, other)
    (tmp_path / name).unlink()
    page = status_page(tmp_path, FAILED, other)
    assert "1 item needs your attention" in page
    assert "ab3dq2" not in page
    assert "1 more could not be drafted; its note was deleted from this folder." in page


def test_what_never_had_a_note_stays_listed_until_it_is_tried_again(tmp_path: Path) -> None:
    page = status_page(tmp_path, replace(FAILED, code=NO_NOTE))
    assert "1 item needs your attention" in page
    assert "ab3dq2" in page
    assert "no note could be written of it" in page


def test_a_refusal_that_knows_no_jobs_counts_none(tmp_path: Path) -> None:
    page = status_page(tmp_path, condition=Condition("refused", "home-unsafe", None, ("A is so.",)))
    assert "A is so." in page
    assert "Delivered today" not in page
    assert "Need your attention" not in page


def test_what_was_delivered_before_today_is_counted_where_it_is_not_listed(tmp_path: Path) -> None:
    page = page_of(tmp_path, drafts.report([], {"delivered": 55}))
    assert page.index("Delivered before today") < page.index("55 that are not listed here.")


def test_a_note_of_an_earlier_try_does_not_stand_for_a_later_one(tmp_path: Path) -> None:
    fail(tmp_path, FAILED)
    again = replace(FAILED, revision=2)
    assert "All done" in status_page(tmp_path, again)
    fail(tmp_path, again)
    assert "1 item needs your attention" in status_page(tmp_path, again)


def test_the_same_content_under_two_names_is_two_lines_until_both_notes_are_gone(tmp_path: Path) -> None:
    empty = replace(FAILED, code="media-empty")
    first, second = fail(tmp_path, empty, "Ruiz"), fail(tmp_path, empty, "Kim")
    page = status_page(tmp_path, empty, names={empty.id: "Ruiz"})
    assert "2 items need your attention" in page
    assert page.count(">Ruiz</bdi>") == page.count(">Kim</bdi>") == 1
    assert page.index(">Kim</bdi>") < page.index(second) < page.index(">Ruiz</bdi>") < page.index(first)
    (tmp_path / first).unlink()
    page = status_page(tmp_path, empty, names={empty.id: "Ruiz"})
    assert "1 item needs your attention" in page
    assert "Ruiz" not in page
    (tmp_path / second).unlink()
    assert "All done" in status_page(tmp_path, empty, names={empty.id: "Ruiz"})


def test_a_note_whose_name_was_shortened_stands_under_the_whole_name(tmp_path: Path) -> None:
    name = "x" * 60
    short = f"{name[:40]} - COULD NOT DRAFT - ab3d.txt"
    (tmp_path / fail(tmp_path, FAILED, name)).rename(tmp_path / short)
    assert f">{name}</bdi>" in status_page(tmp_path, FAILED, names={FAILED.id: name})


def test_a_note_that_was_renamed_before_its_number_is_still_found(tmp_path: Path) -> None:
    name = fail(tmp_path, FAILED, "memo")
    (tmp_path / name).rename(tmp_path / f"Anna looks after it - {name}")
    assert "Anna%20looks%20after%20it" in status_page(tmp_path, FAILED)


def test_the_files_of_another_job_whose_number_begins_alike_are_not_shown(tmp_path: Path) -> None:
    older = replace(ROW, id="7f3kzzzzzz")
    deliver(tmp_path, older, "Another patient")
    page = status_page(tmp_path, ROW)
    assert "Another patient" not in page
    assert "Taken out of this folder, or renamed" in page
    outbox(tmp_path).publish_draft(replace(drafts.draft(), job=ROW.id), stem="Mine", short="7f3kq", revision=1)
    page = status_page(tmp_path, ROW, older)
    assert page.index("Mine - SOAP note - UNREVIEWED - 7f3kq.docx") < page.index("7f3kzz")
    assert page.count("Another patient - SOAP note - UNREVIEWED - 7f3k.docx") == 1


def test_a_files_content_is_searched_once_for_as_long_as_it_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(tmp_path, ROW)
    folder = outbox(tmp_path)
    folder.publish_status(drafts.report([ROW]))
    with monkeypatch.context() as patch:
        patch.setattr("daemon.adapters.outbox.files.bears", lambda path, identity: pytest.fail("searched again"))
        folder.publish_status(drafts.report([ROW]))
    page = tmp_path / "memo - SOAP note - UNREVIEWED - 7f3k.html"
    page.write_text("somebody saved another page here")
    folder.publish_status(drafts.report([ROW]))
    status = (tmp_path / "Status.html").read_text()
    assert "7f3k.docx" in status
    assert "7f3k.html" not in status


def test_only_what_a_browser_shows_in_place_is_linked(tmp_path: Path) -> None:
    """A link to a Word file would make browsers put a copy into Downloads: a second place with a patient in it."""
    deliver(tmp_path, ROW)
    fail(tmp_path, FAILED)
    page = status_page(tmp_path, ROW, FAILED)
    links = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert {link.rpartition(".")[2] for link in links if not link.startswith("#")} == {"html", "txt"}
    assert "memo - SOAP note - UNREVIEWED - 7f3k.docx" in page


def test_what_is_worked_on_has_its_stage_share_and_time(tmp_path: Path) -> None:
    working = replace(ROW, state="reading")
    now = WorkNow(ROW.id, "reading", drafts.DRAFTED, 0.437, 140.0)
    page = status_page(tmp_path, working, work=[now], names={ROW.id: "Park visit"})
    assert "<h1>1 item is under way</h1>" in page
    assert "Listening to the memo, 43 % done" in page
    assert '<progress max="100" value="43"' in page
    assert "about 2 minutes" in page
    assert "Park visit" in page


def test_what_waits_is_counted_and_named_the_first_first(tmp_path: Path) -> None:
    first, second = (replace(ROW, id=f"{n}{n}{n}{n}q2", state="waiting", updated_at=drafts.DRAFTED + timedelta(minutes=n))
                     for n in (1, 2))  # fmt: skip
    page = status_page(tmp_path, second, first, names={first.id: "First", second.id: "Second"}, expected_seconds=1500.0)
    assert "Waiting: 2" in page
    assert page.index("First") < page.index("Second")
    assert "All of it may be ready in about 25 minutes." in page


def test_what_was_delivered_today_is_told_from_what_was_before_in_local_time(tmp_path: Path) -> None:
    # 21:10 UTC on the 21st is the same day in New York; 3:00 UTC on the 21st is the day before there.
    at = datetime(2026, 11, 21, 21, 10, tzinfo=UTC)
    early = replace(ROW, id="earlyq2v", updated_at=datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    late = replace(ROW, id="lateq2v9", updated_at=datetime(2026, 11, 21, 20, 0, tzinfo=UTC))
    folder = OutboxFolder(tmp_path, zone=ZoneInfo("America/New_York"), titles=TITLES)
    folder.publish_status(replace(drafts.report([early, late]), at=at, delivered_today=1))
    page = (tmp_path / "Status.html").read_text("utf-8")
    assert "Delivered today: 1" in page
    assert page.index("Delivered today: 1") < page.index("lateq2") < page.index("before today") < page.index("earlyq")
    assert "3:00 PM" in page
    assert "Nov 20, 10:00 PM" in page


def test_a_job_without_a_name_shows_its_number(tmp_path: Path) -> None:
    assert "Number 7f3kq2" in status_page(tmp_path, replace(ROW, state="waiting"))


def test_a_name_that_is_not_known_is_taken_from_the_file(tmp_path: Path) -> None:
    deliver(tmp_path, ROW, "Smith - second visit")
    assert '<bdi dir="auto">Smith - second visit</bdi>' in status_page(tmp_path, ROW)


def test_a_job_that_waits_for_the_disk_says_so_above_all_else(tmp_path: Path) -> None:
    held = replace(ROW, state="checking", code="disk-full")
    page = status_page(tmp_path, held, replace(held, id="c8d2q2v9m4"))
    assert "Chartdraft cannot go on with its work" in page
    assert page.count("The disk is full.") == 1
    assert "Please free some space" in page
    assert "Cannot go on (see above)" in page
    assert "✓ Chartdraft is running" not in page


def test_a_step_that_is_tried_again_needs_nobody(tmp_path: Path) -> None:
    page = status_page(tmp_path, replace(ROW, state="reading", code="engine-crashed"))
    assert "it is tried again by itself" in page
    assert "chartdraft retry" not in page


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Condition("waiting", "volume-away", drafts.DRAFTED), ["cannot work at the moment", "Since 2:15 PM", "mount"]),
        (Condition("stopped", "", drafts.DRAFTED), ["Chartdraft is switched off", "is taken in when Chartdraft is started"]),
        (
            Condition("refused", "home-unsafe", None, ("A is so; please do B.", "C is so; please run `d`.")),
            ["could not start", "A is so.", "Please do B.", "C is so.", "For them: run <code>d</code>."],
        ),
    ],
)  # fmt: skip
def test_what_ails_the_daemon_comes_before_everything(tmp_path: Path, condition: Condition, said: list[str]) -> None:
    fail(tmp_path, FAILED)
    page = status_page(tmp_path, FAILED, replace(ROW, state="reading"), condition=condition)
    top = page[page.index("<h1>") : page.index('<dl class="counts">')]
    assert all(each in top for each in said), top
    assert "Nothing is lost" in top
    assert "Goes on when Chartdraft works again" in page
    assert "Listening" not in page
    assert "Please copy, record or scan it again." in page


def test_while_it_runs_the_page_says_how_to_tell_that_it_is_old(tmp_path: Path) -> None:
    said = "If this time is more than ten minutes old, Chartdraft is not running"
    assert said in status_page(tmp_path)
    assert said not in status_page(tmp_path, condition=Condition("stopped"))


def test_what_is_not_taken_in_is_listed_with_its_note(tmp_path: Path) -> None:
    outbox(tmp_path).publish_left("inbox-folder-several", stem="Monday")
    page = status_page(tmp_path, left=[("Monday", "inbox-folder-several"), ("Ann", "inbox-folder-nested")])
    assert "2 items need your attention" in page
    assert 'href="./Monday%20-%20NOT%20TAKEN%20IN.txt"' in page
    assert "The folder holds several memos" in page
    assert "Ann%20" not in page


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("code", ["", *CATALOG, "not-a-code"])
def test_every_state_and_code_has_words(tmp_path: Path, state: JobState, code: str) -> None:
    row = replace(ROW, state=state, code=code)
    if state == "attention":
        fail(tmp_path, row)
    assert "7f3kq2" in status_page(tmp_path, row)


def test_nothing_to_do_says_so(tmp_path: Path) -> None:
    page = status_page(tmp_path)
    assert "<h1>All done: nothing is waiting</h1>" in page
    assert "✓ Chartdraft is running" in page
    assert "Put a voice memo or a scan into the inbox" in page


@pytest.mark.parametrize("state", STATES)
def test_a_backlog_is_counted_not_listed(tmp_path: Path, state: JobState) -> None:
    rows = [
        replace(ROW, id=f"{n:010}", state=state, code="speech-none" if state == "attention" else "") for n in range(220)
    ]
    if state == "attention":
        for row in rows:
            outbox(tmp_path).publish_failure(row.code, job=row.id, stem="m", short=row.id, revision=1)
    page = status_page(tmp_path, *rows)
    assert page.count('<th scope="row">') == MAX_ROWS
    assert f"and {220 - MAX_ROWS} more" in page


def test_the_page_counts_all_jobs_where_it_is_given_some(tmp_path: Path) -> None:
    counts = {"waiting": 40, "attention": 2, "reading": 3, "delivered": 100}
    rows = [replace(ROW, id=f"{n:010}", updated_at=drafts.DRAFTED - timedelta(days=n + 1)) for n in range(50)]
    report = drafts.report([replace(ROW, state="waiting"), *rows], counts)
    page = page_of(tmp_path, replace(report, delivered_today=7))
    assert "2 items need your attention" in page
    assert "and 39 more" in page
    assert "Waiting: 40" in page
    assert "Delivered today: 7" in page
    assert page.count('<th scope="row">') == MAX_EARLIER + 1
    assert f"and {100 - 7 - MAX_EARLIER} more" in page


def test_no_name_can_become_markup_or_hide_another(tmp_path: Path) -> None:
    rows = [replace(ROW, id=f"{n:04}q2v9m4", state=state) for n, state in enumerate(STATES * 9)]
    rows = [replace(row, code="speech-none") if row.state == "attention" else row for row in rows]
    names: Mapping[str, str] = {row.id: drafts.HOSTILE[n % len(drafts.HOSTILE)] for n, row in enumerate(rows)}
    for row in rows:
        if row.state == "attention":
            fail(tmp_path, row, clean_stem(names[row.id]))
    (tmp_path / "javascript:alert(1)<b> - COULD NOT DRAFT - 0005.txt").write_text(f"chartdraft:{rows[5].id}:1")
    page = status_page(tmp_path, *rows, names=names, left=[(each, "inbox-folder-nested") for each in drafts.HOSTILE])
    assert page.count("<img") == page.count("<b>") == page.count('="javascript:') == 0
    assert page.count("<style>") == page.count("<script") == 1
    assert not set("\u202e\u2066\u200b\x00\x1b") & set(page)
    assert "{{ 7*7 }}" in page


def test_the_policy_allows_the_pages_one_style_sheet_and_one_script_alone(tmp_path: Path) -> None:
    page = status_page(tmp_path, ROW)
    assert "style=" not in page
    for tag in ("style", "script"):
        inside = page.split(f"<{tag}>")[1].split(f"</{tag}>")[0]
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}';" in page
    assert page.count("sha256-") == 2
    assert "default-src 'none';" in page


@pytest.mark.parametrize("state", ["stopped", "refused"])
def test_what_says_itself_that_nothing_runs_needs_no_script(tmp_path: Path, state: str) -> None:
    page = status_page(tmp_path, ROW, condition=Condition(state))  # type: ignore[arg-type] # one of them
    assert "<script>" not in page
    assert 'id="old"' not in page


def test_what_is_not_taken_in_yet_is_on_the_page(tmp_path: Path) -> None:
    page = status_page(tmp_path, coming=["Ruiz", "Kim"], coming_count=5)
    assert "<h1>5 items in the inbox are not taken in yet</h1>" in page
    assert page.index("not taken in yet: 5") < page.index("Ruiz") < page.index("Kim") < page.index("and 3 more")
    assert "mostly within a minute" in page
    page = status_page(tmp_path, coming=["Ruiz"], coming_count=1, condition=Condition("stopped"))
    assert "taken in when Chartdraft works again" in page
    assert "not taken in yet" not in status_page(tmp_path)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (0.0, "less than a minute"),
        (29.0, "less than a minute"),
        (45.0, "about 1 minute"),
        (1500.0, "about 25 minutes"),
        (5399.0, "about 2 hours"),
        (40000.0, "about 11 hours"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_a_share_is_never_all_while_work_is_left() -> None:
    assert [percent(done) for done in (None, -1.0, 0.0, 0.5, 1.0, 7.0)] == [None, 0, 0, 50, 99, 99]


def test_each_stage_has_its_words() -> None:
    reading = replace(ROW, state="reading")
    assert stage(reading) == "Listening to the memo"
    assert stage(replace(reading, sources=("scan", "scan"))) == "Reading the scan"
    assert stage(replace(reading, sources=("recording", "scan"))) == "Reading what came in"
    assert stage(replace(ROW, state="drafting")) == "Writing the draft"
    assert stage(replace(ROW, state="checking")) == "Checking the draft"
