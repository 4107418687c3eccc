"""An outbox in memory."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.model import outbox_name
from daemon.model.draft import Draft
from daemon.model.errors import ChartdraftError
from daemon.model.status_report import StatusReport


class FakeOutbox:
    """Keeps file name → what was published. `failures` are raised first, one a call."""

    def __init__(self, *failures: ChartdraftError) -> None:
        self.files: dict[tuple[str, str], object] = {}
        self.status: list[StatusReport] = []
        self.failures = list(failures)

    def publish_draft(self, draft: Draft, *, stem: str, short: str, revision: int, folder: str = "") -> Sequence[str]:
        """Two names, the Word file's first."""
        names = [
            outbox_name.draft_name(stem, draft.title, short, suffix=suffix, revision=revision)
            for suffix in (".docx", ".html")
        ]
        return self._keep(folder, names, draft)

    def publish_failure(
        self, code: str, *, job: str, stem: str, short: str, revision: int, folder: str = ""
    ) -> Sequence[str]:
        """One name."""
        return self._keep(folder, [outbox_name.failure_name(stem, short, revision=revision)], code)

    def publish_duplicate(self, *, stem: str, short: str, document: str) -> Sequence[str]:
        """One name."""
        return self._keep("", [outbox_name.duplicate_name(stem, short)], document)

    def publish_left(self, code: str, *, stem: str, near: str = "") -> Sequence[str]:
        """One name."""
        return self._keep("", [outbox_name.left_name(stem)], (code, near))

    def publish_item_left(self, code: str, *, stem: str) -> Sequence[str]:
        """One name."""
        return self._keep("", [outbox_name.left_name(stem)], code)

    def publish_status(self, report: StatusReport) -> None:
        """Kept in `status`, the last one last."""
        self._fail()
        self.status.append(report)

    def names(self, folder: str = "") -> set[str]:
        """What lies in the folder."""
        return {name for where, name in self.files if where == folder}

    def _keep(self, folder: str, names: list[str], content: object) -> list[str]:
        self._fail()
        for name in names:
            self.files.setdefault((folder, name), content)
        return names

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
