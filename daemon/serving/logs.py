"""Where the service's log goes: always into its files, and to the terminal where somebody sits at one."""

from __future__ import annotations

import logging
import sys

from daemon.config import Home

LINE = "%(asctime)s %(levelname)s %(message)s"


def keep_log(home: Home) -> None:
    """Ids and codes into `state/log/daemon.log`. Without a terminal stderr is left to crashes: launchd keeps it without end."""
    from daemon.adapters.machine.log_file import LogFile

    ours = logging.getLogger("chartdraft")
    _add(ours, LogFile(home.logs, most_bytes=home.settings.upkeep.log_megabytes * 1_000_000))
    if sys.stderr.isatty():
        _add(ours, logging.StreamHandler())


def _add(ours: logging.Logger, handler: logging.Handler) -> None:
    handler.setFormatter(logging.Formatter(LINE))
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    ours.propagate = False
