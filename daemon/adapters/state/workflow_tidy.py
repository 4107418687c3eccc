"""The workflow store kept small: workflows that ended long ago are forgotten, and the room they took is given back.

What must be known of a job for ever is on the job board; of its workflow nothing, once the board has it as ended.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from dbos import DBOS

from daemon.adapters.state.durable_sqlite import make_durable
from daemon.adapters.state.sqlite_errors import sqlite_errors
from daemon.model.crash_point import crash_point
from daemon.model.job import is_past
from daemon.ports import JobBoard
from daemon.workflow_config import parse_workflow_id, store_errors

_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_SPARE_PAGES = 64  # the next jobs take them; giving them back would only make the file grow again
_PAGES_AT_ONCE = 512  # 2 MB: some milliseconds in which no step can be noted


def forget_ended(before: datetime, may_forget: Callable[[str], bool], most: int) -> int:
    """Forget at most so many workflows that ended before then, of those that may be forgotten; how many it were.

    Only while the workflow engine runs in this process. `state-unwritable` if its store cannot be written.
    """
    offset = 0
    with store_errors():
        while True:
            page = DBOS.list_workflows(
                status=_ENDED,
                name="process",
                completed_before=before.isoformat(),
                limit=most,
                offset=offset,
                load_input=False,
                load_output=False,
            )
            ended = [each.workflow_id for each in page if may_forget(each.workflow_id)]
            if ended:
                DBOS.delete_workflows(ended)
                crash_point("tidy-forgotten")
            if ended or len(page) < most:
                return len(ended)
            offset += most


def is_settled(board: JobBoard, workflow: str) -> bool:
    """Whether a workflow's job has ended for good as far as this workflow goes: it is final, or a later revision is under way.

    Nobody hands such a workflow to the engine again: claims do so with what waits on the board, a retry with a new revision.
    """
    job, revision = parse_workflow_id(workflow)
    row = board.get(job)
    return row is not None and is_past(row, revision)


def give_back(store: Path) -> int:
    """Give some of the free pages of the store's file back to the file system; how many. A busy store is left alone."""
    if not store.exists():  # a server elsewhere
        return 0
    with sqlite_errors(), closing(sqlite3.connect(store, timeout=0.1, isolation_level=None)) as db:
        make_durable(db)
        free = int(db.execute("PRAGMA freelist_count").fetchone()[0])
        pages = min(free - _SPARE_PAGES, _PAGES_AT_ONCE)
        if pages <= 0:
            return 0
        # One page is given back with each step of this statement, which has no columns: `execute` would make one step alone.
        db.executescript(f"PRAGMA incremental_vacuum({pages});")
        crash_point("tidy-given-back")
        return free - int(db.execute("PRAGMA freelist_count").fetchone()[0])
