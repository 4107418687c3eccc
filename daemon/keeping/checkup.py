"""A look at a home and its machine: each check of `preflight.CHECKS` with what it needs of this home."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from daemon import wiring
from daemon.adapters import preflight as check
from daemon.config import Home
from daemon.keeping import upkeep
from daemon.model.background_service import ServiceState
from daemon.model.checkpoint_copy import CheckpointCopy
from daemon.model.errors import ChartdraftError
from daemon.model.isolation_proof import Proof
from daemon.model.preflight_check import Check

if TYPE_CHECKING:
    from daemon.adapters.models.store import InstalledModel
    from daemon.wiring.reading import Chosen

Asked = Callable[[], Check]
AskService = Callable[[], ServiceState | None]
_INSTALL_ENGINE = 'pip install --no-deps --require-hashes -r requirements/apple.txt; or engine = "auto"'
_ASK_SECONDS = 5.0
"""What asking for the service may take: whoever looks at a machine that hangs shall get an answer."""


def look(home: Home, system: check.System, service: AskService, *, thorough: bool) -> list[Check]:
    """Every check, in the order of `preflight.CHECKS`; without `thorough` the quick ones alone."""
    matters = _Matters(home, system, service, thorough=thorough).all()
    return [_guarded(code, matters[code]) for code in check.expected(system.platform, thorough=thorough)]


def background_service() -> ServiceState | None:
    """How the background service is; None if it cannot be asked."""
    from daemon.keeping import background

    try:
        return background.state(background.this_machine(_ASK_SECONDS), system=None)
    except (ChartdraftError, OSError):
        return None


def _guarded(code: str, ask: Asked) -> Check:
    """What a disk answers with an error is told as such. Of the folders nothing is taken for safe that could not be seen."""
    try:
        return ask()
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links (pathlib)
        group = next(info.group for info in check.CHECKS if info.code == code)
        why = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
        found = check.unknown(code, f"({why})", "chartdraft init")
        return replace(found, level="refuse") if group == "folders" else found


class _Matters:
    """What is asked of one home, by code."""

    def __init__(self, home: Home, system: check.System, service: AskService, *, thorough: bool) -> None:
        self._home, self._system, self._ask_service, self._thorough = home, system, service, thorough
        self._folders = check.Folders(home.inbox, home.outbox, home.state)

    def all(self) -> Mapping[str, Asked]:
        """Each check, not made yet."""
        return self._of_folders() | self._of_disks() | self._of_models() | self._of_machine() | self._of_records()

    def _of_folders(self) -> dict[str, Asked]:
        home, folders = self._home, self._folders
        codes = ("folders-apart", "folder-inbox", "folder-outbox", "folder-state", "state-private", "cloud-folders")
        beside = (home.inbox.parent / "recovery.txt", home.state.parent / "recovery.txt")
        return {code: partial(self._folder_check, code) for code in codes} | {
            "folder-access": lambda: check.check_access(folders, home.settings.outbox_mode),
            "inbox-folders": lambda: check.check_unknown_folders(self._unknown_folders()),
            "keys": lambda: check.check_keys(lambda: wiring.keys(home), home.keys, home.settings.keys_in),
            "recovery-here": lambda: check.check_recovery(beside),
        }

    def _of_disks(self) -> dict[str, Asked]:
        home, folders, system = self._home, self._folders, self._system
        accepted, shared = home.settings.accept_unencrypted_disk, bool(home.settings.engine.database_url)
        return {
            "disk-encryption": lambda: check.check_encryption(folders, system, accepted=accepted),
            "volumes": lambda: check.check_volumes(folders, system, shared_queue=shared),
            "encrypted-volume": lambda: check.check_encrypted_volume(folders, home.volume),
            "disk-space": lambda: check.check_space([folder for _, folder in folders.named()], self._models_to_come()),
            "search-index": lambda: check.check_search(folders, system),
            "backups": lambda: check.check_backups(folders, home.keys, system),
        }

    def _of_models(self) -> dict[str, Asked]:
        home, writes = self._home, self._home.settings.drafter != "quoting"
        settings = home.settings
        speech, language = settings.speech.model, settings.language.model
        return {
            "model-speech": lambda: self._engine("model-speech", speech, wiring.hears),
            "model-ocr": lambda: self._engine("model-ocr", wiring.OCR_MODEL, wiring.reads_forms),
            "model-language": lambda: self._model("model-language", language, needed=writes),
            "memory": lambda: check.check_memory(
                {name: self._bytes_of(name) for name in (speech, wiring.OCR_MODEL, *([language] if writes else []))},
                _memory_bytes(),
            ),
            "decode-one-token": lambda: check.check_decoding(self._decode_one, needed=writes),
            "drafter": self._drafter,
            "isolation": lambda: check.check_isolation(self._prove, accepted=settings.accept_no_isolation),
        }

    def _of_machine(self) -> dict[str, Asked]:
        home, system = self._home, self._system
        return {
            "clock": lambda: check.check_clock(wiring.SystemClock().now(), check.last_event_time(home.audit)),
            "network-time": lambda: check.check_network_time(system),
            "sleep": lambda: check.check_sleep(system),
            "power-restart": lambda: check.check_power_restart(system),
            "start-after-power": lambda: check.check_start(
                system, for_machine=self._service is not None and self._service.system
            ),
            "service": lambda: check.check_service(self._service),
            "core-dumps": lambda: check.check_core_dumps(_core_pattern(), resource.getrlimit(resource.RLIMIT_CORE)[0]),
            "package-clash": check.check_package_clash,
        }

    def _of_records(self) -> dict[str, Asked]:
        home = self._home
        return {
            "schema": lambda: check.check_schema(lambda: wiring.refuse_newer(home)),
            "documents": lambda: check.check_documents(lambda: wiring.handouts(home, wiring.documents(home))),
            "audit": lambda: check.check_audit(lambda: bool(upkeep.verify_audit(home, None)["ok"])),
            "checkpoint-outside": lambda: check.check_checkpoints(
                home.checkpoints, home.state, self._copies, wiring.SystemClock().now().date()
            ),
        }

    @cached_property
    def _service(self) -> ServiceState | None:
        return self._ask_service()

    def _copies(self, folder: Path) -> Sequence[CheckpointCopy]:
        from daemon.adapters.audit.checkpoint_copies import list_copies

        return list_copies(folder, wiring.keys(self._home).verifier)

    @cached_property
    def _folder_checks(self) -> dict[str, Check]:
        home = self._home
        found = check.check_folders(
            self._folders,
            cloud_agreement=home.settings.cloud_agreement,
            away=check.is_away(self._folders, home.volume),
            seen=home.seen_folders.exists(),
        )
        return {each.code: each for each in found}

    def _folder_check(self, code: str) -> Check:
        return self._folder_checks[code]

    def _model(self, code: str, name: str, *, needed: bool = True) -> Check:
        store = wiring.models(self._home)
        verify: Callable[[str], object] = store.verify if self._thorough else store.get
        return check.check_model(code, name, partial(verify, name), needed=needed)

    def _engine(self, code: str, named: str, choose: Callable[[Home], Chosen]) -> Check:
        """The engine that the settings choose can be had, and its model is as it was installed."""
        try:
            chosen = choose(self._home)
        except ChartdraftError as error:
            if error.code not in {"engine-not-here", "speech-engine-model"}:
                return self._model(code, named)
            return Check(code, "refuse", error.text.sentence, _INSTALL_ENGINE, error.code)
        return self._model(code, chosen.model) if chosen.model else Check(code, "ok", f"Forms are read by {chosen}.")

    def _bytes_of(self, name: str) -> int:
        """The size of a model's files; 0 where it is not installed, which is told elsewhere."""
        with suppress(ChartdraftError, OSError):
            model: InstalledModel = wiring.models(self._home).get(name)
            return sum((model.directory / file).stat().st_size for file in model.files)
        return 0

    def _models_to_come(self) -> tuple[Path, int]:
        """Where models lie, and what the chosen ones that are missing take: the download, and its files beside it."""
        from daemon.adapters.models.catalog import STARTER_MODELS
        from daemon.adapters.models.store import default_models_dir

        place, settings = self._home.models or default_models_dir(), self._home.settings
        chosen = {settings.speech.model, wiring.OCR_MODEL, settings.language.model} & STARTER_MODELS.keys()
        return place, sum(2 * STARTER_MODELS[name].download_bytes for name in chosen if not (place / name).is_dir())

    def _prove(self) -> Proof:
        from daemon.adapters.models.store import default_models_dir

        home = self._home
        models = home.models or default_models_dir()
        return check.prove(home, wiring.isolation(home), models, home.settings.media_limits)

    def _decode_one(self) -> None:
        from daemon.adapters.drafting.llm_drafter import decode_one_token

        store, settings = wiring.models(self._home), self._home.settings
        name = settings.language.model
        store.checked_files(name)
        path, adapter = store.get(name).writing_files
        decode_one_token(
            path,
            adapter=adapter,
            limits=settings.language_limits,
            threads=settings.threads,
            command_line=wiring.isolation(self._home).command_line,
        )

    def _drafter(self) -> Check:
        home = self._home
        broken = wiring.measurements(home).known().broken
        return check.check_drafter(home.settings.language.model, lambda: wiring.drafting_choice(home), broken)

    def _unknown_folders(self) -> int | None:
        try:
            return wiring.inbox(self._home, wiring.documents(self._home)).unknown_folders()
        except (ChartdraftError, OSError):
            return None


def _memory_bytes() -> int:
    import psutil  # type: ignore[import-untyped]  # it ships no types

    return int(psutil.virtual_memory().total)


def _core_pattern() -> str:
    try:
        return Path("/proc/sys/kernel/core_pattern").read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
