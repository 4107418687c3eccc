"""The files that `eval drafts` writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.evaluation.draft_measure import Entrant
    from daemon.evaluation.draft_rows import GoldRow
    from daemon.model.draft import Draft

EXAMPLES = "examples.md"


def prepared(out: Path | None, *, examples: bool) -> None:
    """Make the folder, if one is meant; what cannot be is told before the hours that it takes. `target-unwritable`."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        if examples and not (out / EXAMPLES).is_file():  # a run that goes on adds what was not drafted before
            (out / EXAMPLES).write_text("# Drafts beside what people wrote\n\n", encoding="utf-8")
    except OSError:
        raise PermanentError("target-unwritable") from None


def written(out: Path, report: dict[str, Any]) -> list[str]:
    """Write tables, JSON and plots; the files' names. `target-unwritable`."""
    from daemon.evaluation.draft_plot import as_svg
    from daemon.evaluation.draft_report import as_markdown

    files = {
        "drafts.md": as_markdown(report),
        "drafts.json": json.dumps(report, ensure_ascii=False, indent=2) + "\n",
        "drafts-seconds.svg": as_svg(report, "seconds"),
        "drafts-memory.svg": as_svg(report, "memory"),
    }
    try:
        for name, text in files.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError:
        raise PermanentError("target-unwritable") from None
    return list(files)


def example_writer(out: Path | None) -> Callable[[Entrant, GoldRow, Draft], None]:
    """What adds each draft to the examples in `out`; nothing without a folder."""

    def add(entrant: Entrant, row: GoldRow, draft: Draft) -> None:
        if out is None:
            return
        from daemon.evaluation.draft_examples import as_example

        try:
            with (out / EXAMPLES).open("a", encoding="utf-8") as file:
                file.write(as_example(entrant, row, draft))
        except OSError:
            raise PermanentError("target-unwritable") from None

    return add
