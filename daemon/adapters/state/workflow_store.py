"""The database below the workflow engine: as DBOS opens SQLite, and durable on macOS and on a full disk as well.

DBOS would open it with its own defaults. Two things are ours: commits that a power cut cannot take back (`durable_sqlite`), and that a full disk is waited for. DBOS waits, for as long as it takes, for a database that is locked, but gives a workflow up
when its result cannot be written; a workflow given up that way would be neither running nor failed until the next start.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from daemon.adapters.state.durable_sqlite import DURABLE

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

# What DBOS's `retriable_sqlite_exception` looks for in an error's text (dbos 3.4.0, _utils.py).
_WAITED_FOR = "database is locked"
_NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
# A new file is made so that what is freed in it can be given back (`workflow_tidy`); on others this does nothing.
_PRAGMAS = (
    "auto_vacuum = INCREMENTAL",
    "busy_timeout = 30000",
    "foreign_keys = ON",
    *DURABLE,
)


def workflow_store(database_url: str) -> Engine | None:
    """The engine for a SQLite address; None for any other database, which DBOS opens itself."""
    if not database_url.startswith("sqlite:"):
        return None
    from sqlalchemy import create_engine, event

    engine = create_engine(database_url)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, record: object) -> None:
        # Writers queue up instead of failing half way: as DBOS sets it on the engines that it makes.
        connection.isolation_level = "IMMEDIATE"
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "handle_error")
    def wait_for_room(context: ExceptionContext) -> None:
        error = context.original_exception
        # The low byte is the primary code: https://www.sqlite.org/rescode.html
        if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _NO_ROOM:
            raise sqlite3.OperationalError(f"{_WAITED_FOR} (no room)")

    return engine
