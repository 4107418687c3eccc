"""How the code writes to the log: an event's code, and ids, codes and numbers by key. `log.warning("job-waits", job=job, code=code)`.

structlog takes some 0.2 s to import, so it is imported with the first line that is written: commands that only read write none.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from daemon.model.log_line import SET_BY_LOG, clean

if TYPE_CHECKING:
    from structlog.stdlib import BoundLogger


class EventLog:
    """One logger below `chartdraft`. What a line may hold says `daemon.model.log_line`; everything else is left out of it."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(f"chartdraft.{name}")
        self._bound: BoundLogger | None = None

    def info(self, event: str, /, **fields: object) -> None:
        """Something that a person who looks for a cause wants to know."""
        self._write(logging.INFO, event, fields)

    def warning(self, event: str, /, **fields: object) -> None:
        """Something that keeps work waiting."""
        self._write(logging.WARNING, event, fields)

    def failure(self, event: str, /, **fields: object) -> None:
        """Something that failed. `error=` takes the exception: its class is written, and where it came from."""
        self._write(logging.ERROR, event, fields)

    def _write(self, level: int, event: str, fields: Mapping[str, object]) -> None:
        if not self._logger.isEnabledFor(level):
            return
        # Here, and not only where the file is written: whatever handler gets the record, it never has more than this.
        line = clean({key: value for key, value in fields.items() if key not in SET_BY_LOG} | {"event": event})
        self._bound = self._bound or _bind(self._logger)
        said: dict[str, Any] = {key: value for key, value in line.items() if key != "event"}
        self._bound.log(level, str(line["event"]), **said)


def _bind(logger: logging.Logger) -> BoundLogger:
    """Without structlog's global configuration, so that no other code's loggers come this way."""
    import structlog

    bound: BoundLogger = structlog.wrap_logger(
        logger,
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    return bound
