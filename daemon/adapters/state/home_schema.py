"""The version of a home's state folder, and what brings an older one up to date.

`state/schema.json` holds one number for the whole folder. A home that is older is migrated at the next start of anything that writes,
under the home's lock: its databases are copied to `state/backups/`, each migration is run, and then the number is published. Every
migration may be repeated and killed at any instant; one that fails leaves the databases as they were. A home that is newer is refused,
untouched. An older audit trail simply goes on, and so does an older vault: what was sealed before there were day keys stays as it is.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daemon import __version__
from daemon.adapters.atomic_file import disk_errors, make_folder, publish_bytes, sync_file, sync_folder
from daemon.adapters.small_json import read_small
from daemon.adapters.state.durable_sqlite import make_durable
from daemon.adapters.state.job_board import INDEX
from daemon.adapters.state.sqlite_errors import sqlite_errors
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError
from daemon.model.home_version import SCHEMA, HomeVersion, check_version, read_version, superfluous_backups

FILE, BACKUPS = "schema.json", "backups"
_COMING = ".coming"
_BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class StateFolder:
    """A state folder and the two databases in it. Either may not be there yet; with a server elsewhere one never is."""

    folder: Path
    board: Path
    workflow_store: Path


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from the schema before `to`. It may run again on what it has done already, also half."""

    to: int
    name: str
    run: Callable[[StateFolder], None]


def refuse_newer(folder: Path) -> None:
    """`state-newer` for the state folder of a newer version, `state-damaged` if its number cannot be read. Touches nothing."""
    check_version(_schema_of(folder))


def refuse_newer_store(workflow_store: Path, engine_schema: int) -> None:
    """`state-newer` for a workflow store that a newer release of the workflow engine has migrated. The engine would open it."""
    if (_engine_schema_of(workflow_store) or 0) > engine_schema:
        raise PermanentError("state-newer")


def bring_up_to_date(
    state: StateFolder, now: datetime, *, engine_schema: int, migrations: Sequence[Migration] | None = None
) -> None:
    """Migrate the home, if it is older than this version; under the home's lock.

    `engine_schema` is the newest one that the workflow engine knows: it migrates its own store when it is launched, in one
    transaction, so all there is to do for that is a backup. Raises `state-newer`, `state-damaged`, `disk-full`,
    `state-unwritable`, with the databases as they were.
    """
    schema = _schema_of(state.folder)
    check_version(schema)
    refuse_newer_store(state.workflow_store, engine_schema)
    of_engine = _engine_schema_of(state.workflow_store)
    if schema == SCHEMA and of_engine in {None, engine_schema}:
        return
    with disk_errors(), sqlite_errors():
        if _databases(state):
            backup = _back_up(state, schema, now)
            crash_point("migration-backed-up")
            _migrate(state, backup, schema, MIGRATIONS if migrations is None else migrations)
        publish_bytes(state.folder / FILE, HomeVersion(SCHEMA, __version__).to_bytes(), replace=True)
        crash_point("migration-published")


def _migrate(state: StateFolder, backup: Path, schema: int, migrations: Sequence[Migration]) -> None:
    with ExitStack() as undo:
        undo.callback(_put_back, state, backup)
        for migration in sorted(migrations, key=lambda each: each.to):
            if migration.to > schema:
                migration.run(state)
                crash_point("migration-run")
        undo.pop_all()


def _put_back(state: StateFolder, backup: Path) -> None:
    for database in _databases(state):
        with suppress(sqlite3.Error, OSError):  # then the next start migrates what is there; the backup stays
            _copy(backup / database.name, database)


def _schema_of(folder: Path) -> int:
    with disk_errors():
        try:
            untrusted: bytes | None = read_small(folder / FILE)
        except FileNotFoundError:
            untrusted = None
        except ValueError:
            raise PermanentError("state-damaged") from None
    return read_version(untrusted)


def _engine_schema_of(workflow_store: Path) -> int | None:
    """What the workflow engine wrote down of its own schema; None where there is no store, or none that was ever begun."""
    if not workflow_store.exists():
        return None
    with sqlite_errors(), closing(_open(workflow_store)) as db:
        tables = db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'dbos_migrations'").fetchone()
        row = db.execute("SELECT version FROM dbos_migrations").fetchone() if tables else None
    return int(row[0]) if row else None


def _databases(state: StateFolder) -> list[Path]:
    return [path for path in (state.board, state.workflow_store) if path.exists()]


def _back_up(state: StateFolder, schema: int, now: datetime) -> Path:
    """Copies of the databases in a folder that gets its name when they are all in it; older ones make room."""
    backups = state.folder / BACKUPS
    make_folder(backups)
    coming = backups / _COMING
    shutil.rmtree(coming, ignore_errors=True)  # a death in the middle left it
    make_folder(coming)
    for database in _databases(state):
        _copy(database, coming / database.name)
        crash_point("migration-copied")
    sync_folder(coming)
    stem = f"schema-{schema}-{now:%Y%m%dT%H%M%SZ}"
    name, again = stem, 1
    while (backups / name).exists():
        name, again = f"{stem}-{again}", again + 1
    coming.rename(backups / name)
    sync_folder(backups)
    for old in superfluous_backups(path.name for path in backups.iterdir()):
        shutil.rmtree(backups / old, ignore_errors=True)
    return backups / name


def _copy(source: Path, target: Path) -> None:
    """One consistent copy, also while others write, and over what is there (https://www.sqlite.org/backup.html)."""
    with closing(_open(source)) as db, closing(_open(target)) as copy:
        db.backup(copy)
    target.chmod(0o600)
    with target.open("rb") as file:
        sync_file(file.fileno())


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    make_durable(db)
    return db


def _index_the_board(state: StateFolder) -> None:
    if state.board.exists():
        with closing(_open(state.board)) as db:
            db.execute(INDEX)


def _let_the_store_shrink(state: StateFolder) -> None:
    """What is freed in the workflow store can be given back page by page from now on; to begin with, it is written anew."""
    if not state.workflow_store.exists():
        return
    with closing(_open(state.workflow_store)) as db:
        db.execute("PRAGMA auto_vacuum = INCREMENTAL")
        db.execute("VACUUM")


def _seal_to_days(state: StateFolder) -> None:
    """Nothing is moved. The number keeps a version away that would not know what is sealed from now on by its name."""


MIGRATIONS = (
    Migration(2, "an index on the job board", _index_the_board),
    Migration(3, "a workflow store that can shrink", _let_the_store_shrink),
    Migration(4, "day keys in the vault", _seal_to_days),
)
