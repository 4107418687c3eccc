"""A home of the version before: taken over with what was under way, at whatever instant the start is killed; a newer one is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daemon import wiring
from daemon.adapters.state import home_schema
from daemon.adapters.state.home_schema import MIGRATIONS, Migration, StateFolder, bring_up_to_date
from daemon.config import load_home
from daemon.keeping import handover, upkeep
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.home_version import SCHEMA, HomeVersion
from daemon.workflow_config import STORE_SCHEMA
from tests.e2e.product import COMMAND
from tests.faults.killable import run_once_or_die

# Made by the program of 2026-11-22 before there were schemas: a text and a memo were delivered, then kill -9 came in the draft step
# of one of three texts, while the others waited.
OLD_HOME = Path(__file__).parent.parent / "assets" / "home-schema-1.tar.gz"
# Where people are told that the home is refused.
TOLD = ("Status.html", "refused.json")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with tarfile.open(OLD_HOME) as archive:
        archive.extractall(tmp_path, filter="data")
    (tmp_path / "outbox").mkdir()
    return tmp_path


def state_of(root: Path) -> StateFolder:
    home = load_home(root, None)
    return StateFolder(home.state, home.job_board, home.workflow_store)


def migrate(root: Path, **changes: Any) -> None:
    bring_up_to_date(state_of(root), NOW, **{"engine_schema": STORE_SCHEMA, **changes})


def asked(database: Path, question: str) -> Any:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(question).fetchall()


def contents(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as db:
        return sorted(db.iterdump())


def digests(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file() and path.name not in TOLD]
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_new_version_finishes_what_the_old_one_had_under_way(root: Path) -> None:
    home = load_home(root, None)
    before = {row.id: row.state for row in wiring.board(home).rows()}
    assert sorted(before.values()) == ["delivered", "delivered", "drafting", "waiting", "waiting"]

    _, status = os.waitpid(run_once_or_die(root, once=True), 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert {row.id: row.state for row in wiring.board(home).rows()} == dict.fromkeys(before, "delivered")
    assert len(list((root / "outbox").glob("visit-*.docx"))) == 3
    assert upkeep.verify_audit(home, None)["ok"]
    for job in before:
        assert handover.open_draft(home, job).job == job
    assert asked(home.workflow_store, "PRAGMA auto_vacuum") == [(2,)]
    assert home_schema._schema_of(home.state) == SCHEMA
    assert [path.name.split("-")[:2] for path in (home.state / "backups").iterdir()] == [["schema", "1"]]


def test_the_service_forgets_old_workflows_when_nothing_is_under_way_and_drafts_nothing_twice(root: Path) -> None:
    home = load_home(root, None)
    os.waitpid(run_once_or_die(root, once=True), 0)
    delivered, rows = sorted((root / "outbox").glob("*.docx")), wiring.board(home).rows()
    with closing(sqlite3.connect(home.workflow_store, isolation_level=None)) as db:
        db.execute("UPDATE workflow_status SET completed_at = 1000 WHERE status = 'SUCCESS'")

    _, status = os.waitpid(run_once_or_die(root, once=True), 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert asked(home.workflow_store, "SELECT count(*) FROM workflow_status") == [(0,)]
    assert wiring.board(home).rows() == rows
    assert sorted((root / "outbox").glob("*.docx")) == delivered


def test_a_second_start_migrates_nothing(root: Path) -> None:
    migrate(root)
    before = digests(root)
    migrate(root, migrations=[Migration(SCHEMA, "never", lambda state: pytest.fail("ran again"))])
    assert digests(root) == before


def test_a_new_home_is_of_this_version_and_has_nothing_to_copy(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    migrate(tmp_path)
    assert home_schema._schema_of(home.state) == SCHEMA
    assert not (home.state / "backups").exists()


def test_reading_an_old_home_needs_no_migration(root: Path) -> None:
    home = load_home(root, None)
    assert len(wiring.board(home).rows()) == 5
    assert upkeep.verify_audit(home, None)["ok"]
    assert not (home.state / "schema.json").exists()


# -- killed, failed, repeated -----------------------------------------------------------------------------------------
def dying(work: Callable[..., Any], left: Iterator[int], *, after: bool) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        last = next(left) == 0
        if last and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = work(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call


def migrate_and_die(root: Path, step: int, *, after: bool) -> bool:
    """Migrate in a fork that dies at this step; whether it died."""
    child = os.fork()
    if not child:
        left = iter(range(step, -1_000_000, -1))
        for name in ("make_folder", "_copy", "sync_folder", "publish_bytes"):
            setattr(home_schema, name, dying(getattr(home_schema, name), left, after=after))
        Path.rename = dying(Path.rename, left, after=after)  # type: ignore[method-assign]
        steps = [Migration(each.to, each.name, dying(each.run, left, after=after)) for each in MIGRATIONS]
        migrate(root, migrations=steps)
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_any_step_is_made_good_by_the_next_start(root: Path, tmp_path: Path, *, after: bool) -> None:
    state = state_of(root)
    whole = contents(state.workflow_store)
    jobs = list(wiring.board(load_home(root, None)).rows())
    step = 0
    while True:
        shutil.rmtree(state.folder / "backups", ignore_errors=True)
        (state.folder / "schema.json").unlink(missing_ok=True)
        died = migrate_and_die(root, step, after=after)
        migrate(root)
        assert home_schema._schema_of(state.folder) == SCHEMA
        assert contents(state.workflow_store) == whole
        assert wiring.board(load_home(root, None)).rows() == jobs
        assert not (state.folder / "backups" / ".coming").exists()
        if not died:
            break
        step += 1
    assert step == 11


def spoil(state: StateFolder) -> None:
    """A migration that gets half way."""
    with closing(sqlite3.connect(state.board)) as db:
        db.execute("ALTER TABLE jobs ADD COLUMN half TEXT")
    with closing(sqlite3.connect(state.workflow_store, isolation_level=None)) as db:
        db.execute("DELETE FROM workflow_status")
    raise sqlite3.OperationalError("not today")


def test_a_migration_that_fails_leaves_the_databases_as_they_were(root: Path) -> None:
    state = state_of(root)
    before = contents(state.board), contents(state.workflow_store)
    with pytest.raises(sqlite3.OperationalError):
        migrate(root, migrations=[*MIGRATIONS, Migration(SCHEMA + 1, "spoils", spoil)])
    assert (contents(state.board), contents(state.workflow_store)) == before
    assert not (state.folder / "schema.json").exists()
    migrate(root)


def test_a_disk_that_fills_up_is_waited_for(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digests(root)
    with monkeypatch.context() as patch:
        full = OSError(28, "No space left on device")
        patch.setattr(home_schema, "_copy", lambda *_: (_ for _ in ()).throw(full))
        with pytest.raises(RetryableError, match="disk-full"):
            migrate(root)
    assert digests(root) == before
    migrate(root)


# -- newer ------------------------------------------------------------------------------------------------------------
COMMANDS = [
    ["run", "--once"],
    ["draft", "{root}/config.toml", "--as", "soap"],
    ["retry", "gucn"],
    ["status"],
    ["open", "gucn"],
    ["audit", "verify"],
    ["init"],
]


def test_a_newer_home_is_refused_by_every_command_and_nothing_is_touched(root: Path) -> None:
    (root / "state" / "schema.json").write_bytes(HomeVersion(SCHEMA + 1, "9.9.9").to_bytes())
    before = digests(root)
    for command in COMMANDS:
        words = [word.format(root=root) for word in command]
        done = subprocess.run(
            [*COMMAND, "--home", str(root), *words], capture_output=True, timeout=60, check=False, text=True
        )
        assert (done.returncode, "state-newer" in done.stderr) == (5, True), (command, done.stderr)
        assert digests(root) == before, command


def test_a_store_that_a_newer_workflow_engine_migrated_is_refused(root: Path) -> None:
    state = state_of(root)
    with closing(sqlite3.connect(state.workflow_store, isolation_level=None)) as db:
        db.execute("UPDATE dbos_migrations SET version = version + 1")
    before = digests(root)
    with pytest.raises(PermanentError, match="state-newer"):
        migrate(root)
    assert digests(root) == before


def test_a_store_that_the_workflow_engine_is_about_to_migrate_is_copied_first(root: Path) -> None:
    migrate(root)
    with closing(sqlite3.connect(state_of(root).workflow_store, isolation_level=None)) as db:
        db.execute("UPDATE dbos_migrations SET version = version - 1")
    migrate(root)
    kept = sorted((root / "state" / "backups").glob(f"schema-{SCHEMA}-*/workflow.sqlite"))
    assert [asked(path, "SELECT version FROM dbos_migrations") for path in kept] == [[(STORE_SCHEMA - 1,)]]
