"""Whether this home may run: every check of `doctor`, what `run` refuses, and how that is told to people without a terminal."""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from daemon import upkeep, wiring
from daemon.config import Home
from daemon.model.background_service import CRASH_LOG, ServiceState
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.preflight_check import Check
from daemon.model.status_report import Condition, StatusReport

if TYPE_CHECKING:
    from daemon.adapters.model_store import InstalledModel
    from daemon.adapters.preflight import Folders, System

EXIT_CODE = 5
UNSAFE = "home-unsafe"
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
    from daemon.adapters import preflight as check

    looked = _Look(home, system or check.System(), service or _service, thorough=thorough)
    found = {each.code: each for each in looked.checks()}
    return [found[code] for code in check.expected(looked.system.platform, thorough=thorough)]


def refuse_unsafe(home: Home, *, system: System | None = None) -> None:
    """Raise what the quick checks refuse: nothing starts in an unsafe home. `config-missing`."""
    if not home.keys.is_dir():
        raise PermanentError("config-missing")
    refused = [check for check in preflight(home, thorough=False, system=system) if check.level == "refuse"]
    if refused:
        raise UnsafeHomeError(refused)


def refuse_to_run(home: Home, *, system: System | None = None) -> None:
    """The same for the daemon, which nobody may be watching: the status page says why, and a notice does so once.

    A service manager starts it again and again: the page is replaced each time, a small file in the state folder remembers
    what was told, and goes away with the first start that is not refused.
    """
    told = home.state / "refused.json"
    _bound_crash_log(home.logs / CRASH_LOG)
    try:
        refuse_unsafe(home, system=system)
    except UnsafeHomeError as error:
        now = wiring.SystemClock().now()
        since, again = _told_before(told, error.checks, now)
        with suppress(ChartdraftError, OSError):
            _show(home, error, since, now)
        if not again:
            _remember(home, told, error, since)
        raise
    with suppress(OSError):
        told.unlink(missing_ok=True)


def _bound_crash_log(file: Path) -> None:
    """The service manager adds what we say on stderr to a file that nobody rotates: begin it anew before it grows large."""
    with suppress(OSError):
        said = os.fstat(sys.stderr.fileno())
        if os.path.samestat(said, file.stat()) and said.st_size > MAX_CRASH_LOG_BYTES:
            os.ftruncate(sys.stderr.fileno(), 0)


def _told_before(told: Path, checks: Sequence[Check], now: datetime) -> tuple[datetime, bool]:
    """Since when it is refused, and whether it was told for the same reasons."""
    try:
        known = json.loads(told.read_text(encoding="utf-8"))
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


class _Look:
    """One look at a home: the checks of each group. What is only asked for by `doctor` comes last in each."""

    def __init__(
        self, home: Home, system: System, service: Callable[[], ServiceState | None], *, thorough: bool
    ) -> None:
        from daemon.adapters import preflight

        self._check = preflight
        self._home, self.system, self._service, self._thorough = home, system, service, thorough
        self._folders: Folders = preflight.Folders(home.inbox, home.outbox, home.state)

    def checks(self) -> Iterator[Check]:
        """All of them, in no order."""
        for group in (self._of_folders, self._of_disks, self._of_models, self._of_records, self._of_machine):
            yield from group()

    def _of_folders(self) -> Iterator[Check]:
        check, home, folders = self._check, self._home, self._folders
        away = check.is_away(folders, home.volume)
        yield from check.check_folders(
            folders, cloud_agreement=home.settings.cloud_agreement, away=away, seen=home.seen_folders.exists()
        )
        yield check.check_access(folders, home.settings.outbox_mode)
        yield check.check_encrypted_volume(folders, home.volume)
        yield check.check_keys(lambda: wiring.keys(home), home.keys)
        if self._thorough:
            yield check.check_recovery((home.inbox.parent / "recovery.txt", home.state.parent / "recovery.txt"))

    def _of_disks(self) -> Iterator[Check]:
        check, home, folders = self._check, self._home, self._folders
        accepted, shared = home.settings.accept_unencrypted_disk, bool(home.settings.engine.database_url)
        yield check.check_encryption(folders, self.system, accepted=accepted)
        yield check.check_volumes(folders, self.system, shared_queue=shared)
        yield check.check_space([folder for _, folder in folders.named()])
        if self._thorough and self.system.mac:
            yield check.check_search(folders, self.system)
            yield check.check_backups(folders, home.keys, self.system)

    def _of_models(self) -> Iterator[Check]:
        check, home, store = self._check, self._home, wiring.models(self._home)
        look: Callable[[str], object] = store.verify if self._thorough else store.get
        writes = home.settings.drafter != "quoting"
        roles = self._models()
        for code, name in roles.items():
            yield check.check_model(code, name, partial(look, name), needed=writes or code != "model-language")
        weights = {
            name: _bytes_of(store.get, name) for code, name in roles.items() if writes or code != "model-language"
        }
        yield check.check_memory(weights, _memory_bytes())
        if self._thorough:
            yield check.check_decoding(lambda: _decode_one(home), needed=writes)
            yield check.check_isolation(partial(check.ask_child, home.keys, home.settings.media_limits))

    def _models(self) -> dict[str, str]:
        settings = self._home.settings
        return {
            "model-speech": settings.speech.model,
            "model-ocr": wiring.OCR_MODEL,
            "model-language": settings.language.model,
        }

    def _of_records(self) -> Iterator[Check]:
        check, home = self._check, self._home
        yield check.check_schema(lambda: wiring.refuse_newer(home))
        if not self._thorough:
            return
        documents = check.check_documents(lambda: wiring.handouts(home, wiring.documents(home)))
        yield documents
        yield check.check_unknown_folders(_unknown_folders(home) if documents.level == "ok" else None)
        yield check.check_audit(lambda: bool(upkeep.verify_audit(home, None)["ok"]))
        yield check.check_checkpoints(home.checkpoints, home.state, wiring.SystemClock().now())

    def _of_machine(self) -> Iterator[Check]:
        check, system = self._check, self.system
        yield check.check_clock(wiring.SystemClock().now(), check.last_event_time(self._home.audit))
        yield check.check_package_clash()
        if not self._thorough:
            return
        yield check.check_network_time(system)
        yield check.check_sleep(system)
        if system.mac:
            yield check.check_power_restart(system)
        service = self._service()
        yield check.check_service(service)
        yield check.check_start(system, for_machine=service is not None and service.system)
        yield check.check_core_dumps(_core_pattern(), resource.getrlimit(resource.RLIMIT_CORE)[0])


def _decode_one(home: Home) -> None:
    from daemon.adapters.llm_drafter import decode_one_token

    store, name = wiring.models(home), home.settings.language.model
    store.checked_files(name)
    settings = home.settings
    decode_one_token(store.get(name).main_path, limits=settings.language_limits, threads=settings.threads)


def _bytes_of(get: Callable[[str], InstalledModel], name: str) -> int:
    """The size of a model's files; 0 where it is not installed, which is told elsewhere."""
    with suppress(ChartdraftError, OSError):
        model = get(name)
        return sum((model.directory / file).stat().st_size for file in model.files)
    return 0


def _service() -> ServiceState | None:
    from daemon import background

    try:
        return background.state(background.this_machine(), system=None)
    except (ChartdraftError, OSError):
        return None


def _memory_bytes() -> int:
    import psutil  # type: ignore[import-untyped]  # it ships no types

    return int(psutil.virtual_memory().total)


def _unknown_folders(home: Home) -> int | None:
    try:
        return wiring.inbox(home, wiring.documents(home)).unknown_folders()
    except (ChartdraftError, OSError):
        return None


def _core_pattern() -> str:
    try:
        return Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
