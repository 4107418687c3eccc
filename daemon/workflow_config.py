"""How the workflow engine is run, how it writes values down, and how another process hands it a job."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypedDict

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, _workflow_commands
from dbos._migration import sqlite_migrations
from dbos._serialization import Serializer  # DBOS documents custom serializers, and exports no base class for them

from daemon.model.errors import PermanentError, RetryableError

if TYPE_CHECKING:
    from sqlalchemy import Engine

# Code may change between two starts; jobs under way go on all the same, because steps exchange ids and codes only.
APPLICATION_VERSION = "1"
QUEUE = "items"
STORE_SCHEMA = len(sqlite_migrations)
"""The newest schema of its own store that this release of DBOS knows, on SQLite. It opens newer ones as well, without a word."""
UNUSED_SECONDS = 60.0


class Outcome(TypedDict):
    """What a step leaves in the workflow store: the id of a sealed result, or an error's code; the other is empty."""

    blob: str
    code: str


class JsonSerializer(Serializer):
    """DBOS pickles by default; the workflow store of this project loads no pickle and holds no exception's text."""

    def serialize(self, data: Any) -> str:
        """JSON; of an exception only its class and code."""
        if isinstance(data, BaseException):
            return json.dumps({"error": type(data).__name__, "code": getattr(data, "code", "internal")})
        return json.dumps(data)

    def deserialize(self, serialized_data: str) -> Any:
        """The inverse; an exception comes back as a `PermanentError`."""
        data = json.loads(serialized_data)
        return PermanentError("internal") if isinstance(data, dict) and set(data) == {"error", "code"} else data

    def name(self) -> str:
        """Stored beside each value, so that a reader knows what wrote it."""
        return "chartdraft_json"


def store_config(database_url: str, engine: Engine | None) -> DBOSConfig:
    """How DBOS is run: one store, no telemetry, no remote console, and nothing logged but by us."""
    return DBOSConfig(
        name="chartdraft",
        system_database_url=database_url,
        system_database_engine=engine,
        application_version=APPLICATION_VERSION,
        executor_id="local",
        serializer=JsonSerializer(),
        log_level="CRITICAL",
        enable_otlp=False,
        # No workflow here waits for notifications, so a look costs nothing; but a stop waits for the next one.
        notification_listener_polling_interval_sec=0.25,
        scheduler_polling_interval_sec=3600.0,
    )


def quieten(engine: DBOS) -> None:
    """Slow down two pollers of DBOS, before launch, that look each second for what there is none of here.

    Its internal queue is for forked and resumed workflows, its background jobs for delays and timeouts. Together they were half
    of what an idle daemon costs. There is no public setting for either (dbos 3.4.0).
    """
    engine._registry.get_internal_queue()._polling_interval_sec = UNUSED_SECONDS
    _workflow_commands._BACKGROUND_JOBS_INTERVAL_SEC = UNUSED_SECONDS


def workflow_id(job: str, revision: int) -> str:
    """One workflow for each revision of a job."""
    return f"{job}-{revision}"


def parse_workflow_id(workflow: str) -> tuple[str, int]:
    """The inverse: the job and its revision."""
    job, _, revision = workflow.rpartition("-")
    return job, int(revision)


class DistantQueue:
    """The `JobQueue` port for a process beside the daemon: it writes to the daemon's store, and the daemon does the work."""

    def __init__(self, database_url: str, engine: Engine | None = None) -> None:
        with store_errors():
            self._client = DBOSClient(
                system_database_url=database_url, system_database_engine=engine, serializer=JsonSerializer()
            )

    def enqueue(self, job: str, manifest: str, revision: int) -> None:
        """Durable when it returns."""
        options: EnqueueOptions = {
            "queue_name": QUEUE,
            "workflow_name": "process",
            "workflow_id": workflow_id(job, revision),
            "app_version": APPLICATION_VERSION,
        }
        with store_errors():
            self._client.enqueue(options, job, manifest, revision)


@contextmanager
def store_errors() -> Iterator[None]:
    """What is wrong with the store's file or server is a matter of the state folder."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError:
        raise RetryableError("state-unwritable") from None
