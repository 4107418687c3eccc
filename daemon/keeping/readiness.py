"""Whether this home may run: every check of `doctor`, what `run` refuses, and how that is told to people without a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.config import Home
from daemon.model.background_service import CRASH_LOG, ServiceState
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.preflight_check import Check
from daemon.model.status_report import Condition, StatusReport
from daemon.serving.beginning import tell_refusal

if TYPE_CHECKING:
    from daemon.adapters.preflight import System

EXIT_CODE = 5
UNSAFE = "home-unsafe"
RISKS = frozenset({"isolation"})
MAX_CRASH_LOG_BYTES = 1_000_000


class UnsafeHomeError(PermanentError):
    """The home is refused; `checks` say why, each with how to mend it."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__(checks[0].error if checks[0].error in CATALOG else UNSAFE)
        self.text = replace(self.text, exit_code=EXIT_CODE)
        self.checks = checks

    def __str__(self) -> str:
        return "\n".join(_in_words(check) for check in self.checks)


def _in_words(check: Check) -> str:
    mend = f"\n  mend: {check.mend}" if check.mend else ""
    return f"{check.sentence} ({check.error or check.code}){mend}"


def preflight(
    home: Home,
    *,
    thorough: bool,
    system: System | None = None,
    service: Callable[[], ServiceState | None] | None = None,
) -> list[Check]:
    """Every check, in the order of `preflight.CHECKS`; without `thorough` the quick ones alone, which `run` asks each time.

    `system` is the machine, `service` how the background service is; tests hand in others.
    """
    from daemon.adapters.preflight import System
    from daemon.keeping import checkup

    return checkup.look(home, system or System(), service or checkup.background_service, thorough=thorough)


def refuse_unsafe(home: Home, *, system: System | None = None) -> tuple[str, ...]:
    """Raise what the quick checks refuse: nothing starts in an unsafe home. `config-missing`.

    Sentences on what the settings accept although the whole practice should know of it: a child that is not shut in.
    """
    if not home.keys.is_dir():
        raise PermanentError("config-missing")
    checks = preflight(home, thorough=False, system=system)
    refused = [check for check in checks if check.level == "refuse"]
    if refused:
        raise UnsafeHomeError(refused)
    return tuple(check.sentence for check in checks if check.code in RISKS and check.level == "warn")


def refuse_to_run(home: Home, *, system: System | None = None) -> tuple[str, ...]:
    """The same for the daemon, which nobody may be watching: the status page says why, and a notice does so once.

    A service manager starts it again and again: the page is replaced each time, a small file in the state folder remembers
    what was told, and goes away with the first start that is not refused.
    """
    told = home.state / "refused.json"
    _bound_crash_log(home.logs / CRASH_LOG)
    try:
        risks = refuse_unsafe(home, system=system)
    except UnsafeHomeError as error:
        now = wiring.SystemClock().now()
        since, again = _told_before(told, error.checks, now)
        with suppress(ChartdraftError, OSError):
            _show(home, error, since, now)
        if not again:
            _remember(home, told, error, since)
        tell_refusal(home, [check.code for check in error.checks])
        raise
    with suppress(OSError):
        told.unlink(missing_ok=True)
    return risks


def _bound_crash_log(file: Path) -> None:
    """The service manager adds what we say on stderr to a file that nobody rotates: begin it anew before it grows large."""
    with suppress(OSError):
        said = os.fstat(sys.stderr.fileno())
        if os.path.samestat(said, file.stat()) and said.st_size > MAX_CRASH_LOG_BYTES:
            os.ftruncate(sys.stderr.fileno(), 0)


def _told_before(told: Path, checks: Sequence[Check], now: datetime) -> tuple[datetime, bool]:
    """Since when it is refused, and whether it was told for the same reasons."""
    from daemon.adapters.small_json import parse_small, read_small

    try:
        known = parse_small(read_small(told))
        return datetime.fromisoformat(known["since"]), known["codes"] == [check.code for check in checks]
    except (OSError, ValueError, KeyError, TypeError):
        return now, False


def _show(home: Home, error: UnsafeHomeError, since: datetime, now: datetime) -> None:
    """The page says what to do and names no patient, since the outbox itself may be what is unsafe. Never into an inbox."""
    if any(check.code == "folders-apart" for check in error.checks) or not home.outbox.is_dir():
        return
    sentences = tuple(check.sentence for check in error.checks)
    condition = Condition("refused", error.code, since, sentences)
    wiring.outbox(home).publish_status(StatusReport(rows=(), at=now, counts={}, condition=condition))


def _remember(home: Home, told: Path, error: UnsafeHomeError, since: datetime) -> None:
    """First remember, then tell: where it cannot be remembered, it would be told every thirty seconds."""
    from daemon.adapters.atomic_file import publish_bytes

    known = {"since": since.isoformat(), "codes": [check.code for check in error.checks]}
    with suppress(ChartdraftError, OSError):
        publish_bytes(told, json.dumps(known).encode(), replace=True)
        wiring.notifier(home).tell(0, 0, error.code)
