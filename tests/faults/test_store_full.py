"""A workflow store that has no room: what DBOS gets to see, so that it waits instead of giving a workflow up."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbos._utils import retriable_sqlite_exception
from sqlalchemy import event

from daemon.adapters.state.workflow_store import workflow_store


def test_a_full_disk_looks_like_a_lock_which_dbos_waits_for(tmp_path: Path) -> None:
    engine = workflow_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert engine is not None
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE filler (bytes)")
    # SQLite itself says SQLITE_FULL beyond this many pages, as it does on a full disk; the least it takes is the present size.
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA max_page_count = 1"))

    with pytest.raises(Exception, match="no room") as refused, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO filler VALUES (randomblob(1000000))")
    assert retriable_sqlite_exception(refused.value)


def test_other_errors_stay_what_they_are(tmp_path: Path) -> None:
    engine = workflow_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert engine is not None
    with pytest.raises(Exception, match="no such table") as refused, engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO absent VALUES (1)")
    assert not retriable_sqlite_exception(refused.value)


def test_the_store_is_opened_durably(tmp_path: Path) -> None:
    engine = workflow_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    assert engine is not None
    with engine.connect() as connection:
        read = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "fullfsync")}
    assert read == {"synchronous": 2, "fullfsync": 1}
    assert workflow_store("postgresql://localhost/chartdraft") is None
