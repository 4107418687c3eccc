"""How our databases are opened, so that no commit is taken back by a power cut.

A rollback journal that is deleted commits by the deletion; `synchronous = FULL` does not wait until that is on the disk, so that the
journal may come back with the power, and takes the commit back (https://www.sqlite.org/pragma.html#pragma_synchronous, under EXTRA).
EXTRA would wait for the folder, but on macOS only with a plain fsync, which stops at the drive's cache. A journal that is truncated
is waited for like the database itself, with F_FULLFSYNC on macOS (SQLite's pager.c, `pager_end_transaction`).
"""

from __future__ import annotations

import sqlite3

DURABLE = ("journal_mode = TRUNCATE", "synchronous = FULL", "fullfsync = ON")
"""For each connection that writes. `fullfsync` is macOS's, and does nothing elsewhere."""


def make_durable(db: sqlite3.Connection) -> None:
    """Set a connection up so."""
    for pragma in DURABLE:
        db.execute(f"PRAGMA {pragma}")
