"""The outbox as a folder: drafts, notes and the status page, each published whole, once, over nobody's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path

from daemon.adapters.atomic_file import Opener, disk_errors, open_stream, publish_bytes
from daemon.adapters.outbox.files import OutboxFiles, bears
from daemon.adapters.outbox.notes import duplicate_note, failure_note, item_left_note, left_note
from daemon.adapters.rendering.draft_view import Label, draft_identity
from daemon.model import outbox_name
from daemon.model.crash_point import crash_point
from daemon.model.draft import Draft
from daemon.model.errors import RetryableError
from daemon.model.letterhead import Letterhead
from daemon.model.status_report import StatusReport

UNWRITABLE = "outbox-unwritable"
# Names tried before giving up: the first, "copy 2", … A tenth stranger under our name is a broken folder, not a coincidence.
MAX_COPIES = 9


class OutboxFolder:
    """The `Outbox` port on a folder that is there.

    `mode` is that of the files. 0600 by default: only the account that Chartdraft runs under opens them. Where staff work
    in another account of the same group, give 0660: they edit the Word file in place. `zone` None: this machine's. `titles`
    are the documents' titles by key, for the status page; `letterhead` is what stands on letters. `opened` lets tests break
    the disk. `away` says, as a code, why nothing may be written there just now; empty if it may.

    A draft or failure note bears the job and revision inside. So publishing again finds it, also after a person has
    edited and saved it; and a file that a person put under our name is left alone, and the next name taken.
    """

    def __init__(
        self,
        folder: Path,
        *,
        mode: int = 0o600,
        zone: tzinfo | None = None,
        titles: Mapping[str, str] | None = None,
        letterhead: Letterhead | None = None,
        opened: Opener = open_stream,
        away: Callable[[], str] = str,
    ) -> None:
        self.folder = folder
        self.mode = mode
        self.zone = zone
        self.titles = titles or {}
        self._letterhead = letterhead
        self._opened = opened
        self._away = away
        self._files = OutboxFiles(folder)

    def publish_draft(self, draft: Draft, *, stem: str, short: str, revision: int, folder: str = "") -> Sequence[str]:
        """Publish the page, then the Word file: who sees the latter finds the former. `disk-full`, `outbox-unwritable`."""
        from daemon.adapters.rendering.draft_docx import draft_docx
        from daemon.adapters.rendering.draft_html import draft_html

        label = Label(stem, short, revision, self.zone)
        identity = draft_identity(draft.job, revision)
        made = []
        for suffix, render in ((".html", draft_html), (".docx", draft_docx)):
            names = [
                outbox_name.draft_name(stem, draft.title, short, suffix=suffix, revision=revision, copy=copy)
                for copy in range(1, MAX_COPIES + 1)
            ]
            made.append(self._publish_once(folder, names, identity, partial(render, draft, label, self._letterhead)))
        return made[::-1]

    def publish_failure(
        self, code: str, *, job: str, stem: str, short: str, revision: int, folder: str = ""
    ) -> Sequence[str]:
        """Publish the note why there is no draft."""
        names = [
            outbox_name.failure_name(stem, short, revision=revision, copy=copy) for copy in range(1, MAX_COPIES + 1)
        ]
        identity = draft_identity(job, revision)
        note = failure_note(code, job=job, stem=stem, short=short, revision=revision)
        return [self._publish_once(folder, names, identity, lambda: note)]

    def publish_duplicate(self, *, stem: str, short: str, document: str) -> Sequence[str]:
        """Publish the note that the same content came in before."""
        names = [outbox_name.duplicate_name(stem, short, copy=copy) for copy in range(1, MAX_COPIES + 1)]
        note = duplicate_note(stem=stem, short=short, document=self.titles.get(document, document))
        return [self._publish_once("", names, note.decode("utf-8-sig"), lambda: note)]

    def publish_left(self, code: str, *, stem: str, near: str = "") -> Sequence[str]:
        """Publish the note that nothing was taken from a folder of the inbox."""
        names = [outbox_name.left_name(stem, copy=copy) for copy in range(1, MAX_COPIES + 1)]
        note = left_note(code, stem=stem, near=near, titles=self.titles)
        return [self._publish_once("", names, note.decode("utf-8-sig"), lambda: note)]

    def publish_item_left(self, code: str, *, stem: str) -> Sequence[str]:
        """Publish the note that a file of the inbox cannot be taken in."""
        names = [outbox_name.left_name(stem, copy=copy) for copy in range(1, MAX_COPIES + 1)]
        note = item_left_note(code, stem=stem)
        return [self._publish_once("", names, note.decode("utf-8-sig"), lambda: note)]

    def publish_status(self, report: StatusReport) -> None:
        """Replace Status.html. No PHI beyond the items' names, which the outbox has already."""
        from daemon.adapters.outbox.status import status_values
        from daemon.adapters.rendering.draft_html import page_script, render_page

        self._insist_on_volume(self.folder)
        with disk_errors(UNWRITABLE):
            files = self._files.of(report.rows)
            notes = self._files.notes_of_folders(name for name, _ in report.left)
        values = status_values(report, self.zone, self.titles, files, notes)
        page = render_page("status.html.j2", "status.css", **page_script("status.js"), **values)
        self._publish(self.folder / outbox_name.STATUS_PAGE, page, replace=True)

    def _publish_once(self, folder: str, names: Sequence[str], identity: str, render: Callable[[], bytes]) -> str:
        """Publish under the first free of `names`, unless a file under one of them already bears `identity`.

        All names are searched first: a stranger's file that was in the way last time may be gone by now.
        """
        into = Path(folder) if folder else self.folder
        self._insist_on_volume(into)
        with disk_errors(UNWRITABLE):
            for name in names:
                if bears(into / name, identity):
                    return name
        data = render()
        for name in names:
            if self._publish(into / name, data, replace=False):
                crash_point("outbox-published")
                return name
        raise RetryableError(UNWRITABLE)

    def _insist_on_volume(self, into: Path) -> None:
        """While the volume is away, what lies at the outbox's path is the folder under the mount point."""
        if into == self.folder and (code := self._away()):
            raise RetryableError(code)

    def _publish(self, path: Path, data: bytes, *, replace: bool) -> bool:
        self._insist_on_volume(path.parent)
        return publish_bytes(path, data, replace=replace, mode=self.mode, unwritable=UNWRITABLE, opened=self._opened)
