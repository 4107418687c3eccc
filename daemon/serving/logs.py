"""Where the service's log goes: always into its files, as JSON lines, and to the terminal where somebody sits at one.

The file gets what `daemon.model.log_line` allows, and nothing else: records that other libraries make, and any that one of our
modules would make past `EventLog`, are written without their text.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, MutableMapping, Sequence
from datetime import UTC, datetime
from typing import Any

from daemon.config import Home
from daemon.model.log_line import clean_foreign

Fields = MutableMapping[str, Any]


def keep_log(home: Home) -> None:
    """Ids and codes into `state/log/daemon.log`. Without a terminal stderr is left to crashes: launchd keeps it without end."""
    from daemon.adapters.machine.log_file import LogFile

    handler = LogFile(home.logs, most_bytes=home.settings.upkeep.log_megabytes * 1_000_000)
    handler.setFormatter(json_lines())
    ours = logging.getLogger("chartdraft")
    ours.addHandler(handler)
    logging.getLogger().addHandler(handler)
    if sys.stderr.isatty():
        terminal = logging.StreamHandler()
        terminal.setFormatter(readable_lines())
        ours.addHandler(terminal)
    ours.setLevel(logging.INFO)
    ours.propagate = False


def json_lines() -> logging.Formatter:
    """One JSON object a line, keys in one order, in ASCII: a line break in a value cannot begin another line."""
    from structlog.processors import JSONRenderer

    return _formatter([_in_order, JSONRenderer()])


def readable_lines() -> logging.Formatter:
    """`2026-11-22T09:15:00.000Z [warning] job-waits code=disk-full job=…`"""
    from structlog.dev import ConsoleRenderer

    return _formatter([ConsoleRenderer(colors=False, timestamp_key="time", pad_event_to=0)])


def _formatter(last: Sequence[Callable[..., Any]]) -> logging.Formatter:
    from structlog.stdlib import ProcessorFormatter

    return ProcessorFormatter(
        foreign_pre_chain=[_foreign],
        processors=[_stamp, ProcessorFormatter.remove_processors_meta, *last],
        use_get_message=False,  # a foreign record's text is never put together
    )


def _foreign(logger: object, method: str, fields: Fields) -> Fields:
    record: logging.LogRecord = fields["_record"]
    error = record.exc_info[1] if record.exc_info else None
    said = clean_foreign(record.levelname, record.name, error)
    return {**said, "_record": record, "_from_structlog": False}


def _stamp(logger: object, method: str, fields: Fields) -> Fields:
    record: logging.LogRecord = fields["_record"]
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**fields, "time": at, "level": record.levelname.lower()}


def _in_order(logger: object, method: str, fields: Fields) -> Fields:
    first = ("time", "level", "event")
    return {key: fields[key] for key in (*first, *sorted(fields.keys() - set(first))) if key in fields}
