"""What the status page shows, from the report on the whole and the files that the outbox holds. Rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from urllib.parse import quote

from daemon.adapters.outbox.files import JobFiles
from daemon.adapters.outbox.notes import told, told_of
from daemon.adapters.rendering.draft_words import date_and_time, short_moment
from daemon.model.error_catalog import CATALOG
from daemon.model.job import JobRow, JobState
from daemon.model.job_identity import SHORTEST_ID
from daemon.model.status_report import Condition, StatusReport
from daemon.model.work import WorkNow

# A backlog of thousands is counted, not listed: the page is rewritten with every step of every job.
MAX_ROWS = 200
# Of what was delivered before today: the last ones. The folder itself has them all.
MAX_EARLIER = 30
# The code of a job that failed in such a way that there never was a note to delete: it stays listed until it is tried again.
NO_NOTE = "note-missing"
_WORKING: frozenset[JobState] = frozenset({"reading", "drafting", "checking"})
_NO_FILES = JobFiles()
_AGAIN = "Something went wrong; it is tried again by itself."

_STATES = {
    "running": "Chartdraft is running",
    "waiting": "Chartdraft cannot work at the moment",
    "stopped": "Chartdraft is switched off",
    "refused": "Chartdraft could not start",
}
_KEPT = {
    "waiting": "Nothing is lost. What lies in the inbox stays there, and the work goes on by itself when this is mended.",
    "stopped": "Nothing is lost. What lies in the inbox stays there, and is taken in when Chartdraft is started again.",
    "refused": "Nothing is lost. What lies in the inbox stays there until this is mended and Chartdraft is started again.",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A file of this folder: its name as it is shown, and the address that leads to it from the page."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that keeps Chartdraft from working: what happened, and what to do about it."""

    happened: str
    todo: str


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One item on the page. `name` is empty where it is not known; then `short`, the beginning of its number, stands for it."""

    name: str
    short: str
    document: str = ""
    at: str = ""
    happened: str = ""
    todo: str = ""
    stage: str = ""
    percent: int | None = None
    left: str = ""
    file: Link | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """The lines of one section, and how many there are that are not listed."""

    lines: tuple[StatusLine, ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.lines) + self.more


def status_values(
    report: StatusReport,
    zone: tzinfo | None,
    titles: Mapping[str, str],
    files: Mapping[str, JobFiles],
    notes: Mapping[str, str],
) -> Mapping[str, object]:
    """What the status page's template shows. `files` are the jobs' files that the outbox holds, by job; `notes` those on folders of
    the inbox, by the folder's name."""
    page = _Page(report, zone, titles, files, notes)
    attention, dealt = page.attention()
    left, working, waiting, today = page.left(), page.working(), page.waiting(), page.delivered(today=True)
    coming, troubles = page.coming(), page.troubles()
    need = attention.count + left.count
    return {
        "headline": _headline(report.condition, troubles, need, working.count + waiting.count, coming.count),
        "state": report.condition.state,
        "condition": _STATES[report.condition.state],
        "since": short_moment(report.condition.since, report.at, zone) if report.condition.since else "",
        "kept": _KEPT.get(report.condition.state, _KEPT["waiting"]),
        "troubles": troubles,
        "risks": report.risks,
        "at": date_and_time(report.at, zone),
        "written": int(report.at.timestamp() * 1000),
        "known": bool(report.counts) or report.condition.state != "refused",
        "counts": _tiles(need, working.count, waiting.count, today.count),
        "attention": attention,
        "dealt": dealt,
        "left": left,
        "coming": coming,
        "working": working,
        "waiting": waiting,
        "expected": duration(report.expected_seconds),
        "today": today,
        "earlier": page.delivered(today=False),
    }


def _tiles(need: int, working: int, waiting: int, today: int) -> tuple[tuple[str, int, str], ...]:
    """What is counted at the top of the page: its words, how many, and the part of the page that lists them."""
    return (
        ("Need your attention", need, "attention"),
        ("Being worked on", working, "working"),
        ("Waiting", waiting, "waiting"),
        ("Delivered today", today, "today"),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    report: StatusReport
    zone: tzinfo | None
    titles: Mapping[str, str]
    files: Mapping[str, JobFiles]
    notes: Mapping[str, str]

    def troubles(self) -> tuple[Trouble, ...]:
        """What keeps the daemon, or a job under way, waiting for a person; each once."""
        condition = self.report.condition
        told_so = [Trouble(*told_of(sentence)) for sentence in condition.sentences]
        if not told_so and condition.code:
            told_so = [Trouble(*told(condition.code))]
        held = [Trouble(*told(row.code)) for row in self.report.rows if row.state in _WORKING and _is_held(row)]
        return tuple(dict.fromkeys((*told_so, *held)))

    def attention(self) -> tuple[Listed, int]:
        """The failed items whose notes are still in the folder, and how many jobs a person has dealt with by deleting them."""
        rows = [row for row in self.report.rows if row.state == "attention"]
        open_ones = [row for row in rows if self._files(row).notes or row.code == NO_NOTE]
        lines = tuple(line for row in open_ones for line in self._failed(row))
        unseen = max(0, self.report.counts.get("attention", 0) - len(rows))
        return Listed(lines[:MAX_ROWS], unseen + len(lines[MAX_ROWS:])), len(rows) - len(open_ones)

    def left(self) -> Listed:
        """What lies in the inbox and is not taken in."""
        lines = []
        for name, code in self.report.left:
            happened, todo = told(code)
            lines.append(StatusLine(name, "", happened=happened, todo=todo, file=_link(self.notes.get(name, ""))))
        return Listed(tuple(lines[:MAX_ROWS]), max(0, len(lines) - MAX_ROWS))

    def coming(self) -> Listed:
        """What lies in the inbox and is not quiet or not complete yet."""
        lines = tuple(StatusLine(name, "") for name in self.report.coming[:MAX_ROWS])
        return Listed(lines, max(0, self.report.coming_count - len(lines)))

    def working(self) -> Listed:
        """What is worked on, with the measures that there are."""
        measures = {each.job: each for each in self.report.work}
        rows = [row for row in self.report.rows if row.state in _WORKING][:MAX_ROWS]
        total = sum(self.report.counts.get(state, 0) for state in _WORKING)
        return Listed(tuple(self._worked_on(row, measures.get(row.id)) for row in rows), max(0, total - len(rows)))

    def waiting(self) -> Listed:
        """What waits its turn, the first first."""
        rows = sorted((row for row in self.report.rows if row.state == "waiting"), key=lambda row: row.updated_at)
        total = self.report.counts.get("waiting", 0)
        return Listed(tuple(self._line(row) for row in rows[:MAX_ROWS]), max(0, total - min(len(rows), MAX_ROWS)))

    def delivered(self, *, today: bool) -> Listed:
        """The drafts of today, or the last ones of the days before; the last first."""
        rows = sorted(
            (row for row in self.report.rows if row.state == "delivered"), key=lambda row: row.updated_at, reverse=True
        )
        of_today = [row for row in rows if self._is_of_today(row)]
        count_today = max(self.report.delivered_today, len(of_today))
        if today:
            shown, count = of_today[:MAX_ROWS], count_today
        else:
            shown = [row for row in rows if not self._is_of_today(row)][:MAX_EARLIER]
            count = self.report.counts.get("delivered", 0) - count_today
        return Listed(tuple(self._delivered(row) for row in shown), max(0, count - len(shown)))

    def _is_of_today(self, row: JobRow) -> bool:
        return row.updated_at.astimezone(self.zone).date() == self.report.at.astimezone(self.zone).date()

    def _files(self, row: JobRow) -> JobFiles:
        return self.files.get(row.id, _NO_FILES)

    def _line(self, row: JobRow, **more: object) -> StatusLine:
        return StatusLine(
            name=self.report.names.get(row.id, "") or self._files(row).stem,
            short=row.id[: SHORTEST_ID + 2],
            document=self.titles.get(row.document, row.document),
            at=short_moment(row.updated_at, self.report.at, self.zone),
            **more,  # type: ignore[arg-type] # of the fields
        )

    def _failed(self, row: JobRow) -> Iterator[StatusLine]:
        """One for each of its notes: empty files, and copies under other names, are one job."""
        happened, todo = told(row.code)
        line = self._line(row, happened=happened, todo=todo)
        if not self._files(row).notes:
            yield line
        for note in self._files(row).notes:
            yield replace(line, name=_said(note.stem, line.name), file=_link(note.name))

    def _worked_on(self, row: JobRow, now: WorkNow | None) -> StatusLine:
        if self.report.condition.state != "running":
            return self._line(row, stage="Goes on when Chartdraft works again")
        return self._line(
            row,
            stage="Cannot go on (see above)" if _is_held(row) else stage(row),
            happened=_AGAIN if row.code and not _is_held(row) else "",
            percent=percent(now.done) if now else None,
            left=duration(now.seconds_left) if now else "",
        )

    def _delivered(self, row: JobRow) -> StatusLine:
        files = self._files(row)
        return self._line(row, file=_link(files.page), word=files.word)


def stage(row: JobRow) -> str:
    """What is done with a job, in plain words."""
    if row.state == "drafting":
        return "Writing the draft"
    if row.state == "checking":
        return "Checking the draft"
    kinds = set(row.sources)
    if kinds == {"recording"}:
        return "Listening to the memo"
    return "Reading the scan" if kinds == {"scan"} else "Reading what came in"


def percent(done: float | None) -> int | None:
    """A share as whole percents; never 100 while there is work left."""
    return None if done is None else min(99, max(0, int(done * 100)))


def duration(seconds: float | None) -> str:
    """About how long, as people say it: "less than a minute", "about 25 minutes", "about 2 hours"; empty where unknown."""
    if seconds is None:
        return ""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes < 90:
        return f"about {minutes} minute" + ("s" if minutes != 1 else "")
    return f"about {round(minutes / 60)} hours"


def _is_held(row: JobRow) -> bool:
    """Whether a job waits for something that only a person can change."""
    return bool(row.code) and CATALOG.get(row.code, CATALOG["internal"]).attempts is None


def _said(stem: str, name: str) -> str:
    """What an item is called whose note has this stem: the whole of its name, where the stem is that name shortened or added to."""
    return name if name and (name.startswith(stem) or stem.endswith(name)) else stem


def _link(name: str) -> Link | None:
    """A relative address: whatever is in the name, `./` and the encoding keep it a file of this folder (RFC 3986, 4.2)."""
    return Link(name, "./" + quote(name.encode("utf-8", "surrogateescape"), safe="")) if name else None


def _headline(condition: Condition, troubles: Sequence[Trouble], need: int, under_way: int, coming: int) -> str:
    if condition.state != "running":
        return _STATES[condition.state]
    if troubles:
        return "Chartdraft cannot go on with its work"
    if need:
        return "1 item needs your attention" if need == 1 else f"{need} items need your attention"
    if under_way:
        return "1 item is under way" if under_way == 1 else f"{under_way} items are under way"
    if coming:
        return (
            "1 item in the inbox is not taken in yet"
            if coming == 1
            else f"{coming} items in the inbox are not taken in yet"
        )
    return "All done: nothing is waiting"
