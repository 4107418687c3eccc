"""The settings: a TOML file, typed, with unknown keys refused, and the folders that they lead to.

Order of precedence: the command line's `--home` and `--config`, then the file, then the defaults here. There are no settings from the
environment: what a daemon does must not depend on who starts it.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from daemon.config_tables import (
    DraftSettings,
    EngineSettings,
    FormsSettings,
    LanguageSettings,
    LimitSettings,
    PracticeSettings,
    RetentionSettings,
    SpeechSettings,
    Table,
    UpkeepSettings,
)
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

Seconds = Annotated[float, Field(gt=0, le=86_400)]  # longer than a day is a typing error


class SettingsError(PermanentError):
    """The settings file is wrong; `details` says where, a line each, for the person at the terminal."""

    def __init__(self, details: tuple[str, ...]) -> None:
        super().__init__("config-invalid")
        self.details = details

    def __str__(self) -> str:
        return "\n  ".join([super().__str__(), *self.details])


class Settings(Table):
    """All settings. Empty folders mean: the usual place (below `--home` where that is given)."""

    inbox_dir: str = ""
    outbox_dir: str = ""
    state_dir: str = ""
    documents_dir: str = ""
    handouts_dir: str = ""
    models_dir: str = ""
    outbox_mode: Literal["0600", "0640", "0660"] = "0600"
    cloud_agreement: bool = False
    accept_unencrypted_disk: bool = False
    accept_no_isolation: bool = False
    keys_in: Literal["file", "keychain"] = "file"
    encrypted_volume: str = ""
    notifications: Literal["off", "failures", "on"] = "failures"
    keep_awake: bool = True
    drafter: Literal["auto", "llm", "quoting"] = "auto"
    settle_seconds: Seconds = 4.0
    rescan_seconds: Seconds = 30.0
    give_up_seconds: Seconds = 120.0
    join_scans_seconds: Annotated[float, Field(ge=0, le=3_600)] = 0.0
    limits: LimitSettings = LimitSettings()
    speech: SpeechSettings = SpeechSettings()
    forms: FormsSettings = FormsSettings()
    language: LanguageSettings = LanguageSettings()
    draft: DraftSettings = DraftSettings()
    engine: EngineSettings = EngineSettings()
    practice: PracticeSettings = PracticeSettings()
    upkeep: UpkeepSettings = UpkeepSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def media_limits(self) -> Limits:
        """The caps in the units that the engines use."""
        return Limits(
            max_bytes=self.limits.max_megabytes * 1_000_000,
            max_seconds=self.limits.max_minutes * 60,
            max_pages=self.limits.max_pages,
            max_pixels=self.limits.max_megapixels * 1_000_000,
            max_wall_seconds=self.limits.max_wall_minutes * 60,
            max_resident_bytes=self.limits.max_memory_megabytes * 1_000_000,
        )

    @property
    def language_limits(self) -> Limits:
        """The same for the language model's child, which holds a larger model."""
        return replace(self.media_limits, max_resident_bytes=self.language.max_memory_megabytes * 1_000_000)

    @property
    def threads(self) -> int:
        """Inference threads: as set, else cores less one for the person at the machine, at least one (DESIGN 5)."""
        return self.engine.threads or max(1, (os.cpu_count() or 2) - 1)


class Home(BaseModel):
    """Where everything of one installation lies."""

    model_config = ConfigDict(frozen=True)

    config: Path
    inbox: Path
    outbox: Path
    state: Path
    documents: Path | None
    handouts: Path | None
    models: Path | None
    volume: Path | None = None
    """Where the encrypted volume is mounted that inbox and outbox lie on, if the settings name one."""
    checkpoints: Path | None = None
    """The second folder for signed checkpoints, if the settings name one."""
    vocabulary: Path | None = None
    """The practice's own names, one a line; the file need not be there."""
    settings: Settings

    @property
    def drug_counts(self) -> Path:
        """How often the practice's own drafts named which drug."""
        return self.state / "drug_counts.json"

    @property
    def keys(self) -> Path:
        """This machine's keys."""
        return self.state / "keys"

    @property
    def vault(self) -> Path:
        """Ciphertext."""
        return self.state / "vault"

    @property
    def audit(self) -> Path:
        """The audit trail and its checkpoint."""
        return self.state / "audit"

    @property
    def workflow_store(self) -> Path:
        """The workflow engine's database."""
        return self.state / "workflow.sqlite"

    @property
    def job_board(self) -> Path:
        """The projection that `status` reads."""
        return self.state / "jobs.sqlite"

    @property
    def logs(self) -> Path:
        """The log files: ids and codes."""
        return self.state / "log"

    @property
    def work_log(self) -> Path:
        """What is worked on at the moment, and how fast work went so far."""
        return self.state / "work.sqlite"

    @property
    def step_tries(self) -> Path:
        """Which steps were begun and never ended."""
        return self.state / "tries.json"

    @property
    def measured(self) -> Path:
        """What was measured here of models' drafts."""
        return self.state / "measured.json"

    @property
    def seen_folders(self) -> Path:
        """Where inbox and outbox were seen last."""
        return self.state / "folders.json"

    @property
    def lock(self) -> Path:
        """Held while a daemon runs for this home."""
        return self.state / "daemon.lock"


def load_home(home: Path | None, config: Path | None) -> Home:
    """Read the settings and resolve the folders. Raises `SettingsError`; a missing file means the defaults."""
    base = _places(home)
    path = (config or base["config"]).absolute()
    settings = _read(path, required=config is not None)
    return Home(
        config=path,
        inbox=_folder(settings.inbox_dir, base["inbox"], path),
        outbox=_folder(settings.outbox_dir, base["outbox"], path),
        state=_folder(settings.state_dir, base["state"], path),
        documents=_folder(settings.documents_dir, path, path) if settings.documents_dir else None,
        handouts=_folder(settings.handouts_dir, path, path) if settings.handouts_dir else None,
        models=_folder(settings.models_dir, path, path) if settings.models_dir else None,
        volume=_folder(settings.encrypted_volume, path, path) if settings.encrypted_volume else None,
        checkpoints=_folder(settings.upkeep.checkpoint_dir, path, path) if settings.upkeep.checkpoint_dir else None,
        vocabulary=_folder(settings.speech.vocabulary, path.parent / "vocabulary.txt", path),
        settings=settings,
    )


def _read(path: Path, *, required: bool) -> Settings:
    try:
        # Some editors begin a file with a byte order mark.
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Settings(**values)
    except FileNotFoundError:
        if not required and not path.is_symlink():
            return Settings()
        raise SettingsError((f"{path}: there is no such file",)) from None
    except PermissionError:
        raise SettingsError(
            (f"{path}: this account may not read it; where it is the whole machine's, use sudo",)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError((f"{path}: {error}",)) from None
    except ValidationError as error:
        lines = tuple(f"{path}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(lines) from None


def _folder(setting: str, default: Path, config: Path) -> Path:
    """A folder as set ("~" allowed; relative to the settings file), else its default. Links are kept: doctor refuses them."""
    if not setting:
        return default
    try:
        chosen = Path(setting).expanduser()
    except RuntimeError:
        raise SettingsError((f"{config}: {setting}: there is no such account",)) from None
    return chosen if chosen.is_absolute() else config.parent / chosen


def _places(home: Path | None) -> dict[str, Path]:
    if home is not None:
        root = home.absolute()
        return {name: root / name for name in ("inbox", "outbox", "state")} | {"config": root / "config.toml"}
    import platformdirs

    # In the home folder itself: Documents and Desktop are what iCloud Drive likes to sync.
    shown = Path.home() / "Chartdraft"
    return {
        "inbox": shown / "Inbox",
        "outbox": shown / "Outbox",
        "state": Path(platformdirs.user_data_dir("Chartdraft", appauthor=False)),
        "config": Path(platformdirs.user_config_dir("Chartdraft", appauthor=False)) / "config.toml",
    }
