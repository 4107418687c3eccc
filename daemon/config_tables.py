"""The tables of the settings file, each with its keys and their defaults."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from daemon.model.reading_engines import FormsChoice, SpeechChoice

Positive = Annotated[float, Field(gt=0)]
PositiveInt = Annotated[int, Field(gt=0)]


class Table(BaseModel):
    """One table; an unknown key is refused."""

    # Strict: `cloud_agreement = "no"` must not be guessed at.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class LimitSettings(Table):
    """`[limits]`: what one file may cost, applied before anything is decoded."""

    max_megabytes: PositiveInt = 1_000
    max_minutes: Positive = 190.0
    max_pages: PositiveInt = 60
    max_megapixels: PositiveInt = 40
    max_wall_minutes: Positive = 60.0
    max_memory_megabytes: PositiveInt = 4_000


class SpeechSettings(Table):
    """`[speech]`: from voice memos to words."""

    model: str = "whisper-base"
    engine: SpeechChoice = "auto"
    language: str = "en"
    hotwords: Annotated[tuple[str, ...], Field(strict=False)] = ()  # TOML has lists; each must still be a text
    vocabulary: str = ""


class FormsSettings(Table):
    """`[forms]`: from scans to lines of text."""

    engine: FormsChoice = "auto"


class LanguageSettings(Table):
    """`[language]`: the model that writes drafts."""

    model: str = "smollm2-135m"
    context_tokens: Annotated[int, Field(ge=1024)] = 16_384
    idle_minutes: Positive = 10.0
    max_memory_megabytes: PositiveInt = 12_000


class DraftSettings(Table):
    """`[draft]`: how a language model writes: one statement at a time, or whole sections; "auto" goes by what it is fit for."""

    manner: Literal["auto", "statement", "section"] = "auto"


class EngineSettings(Table):
    """`[engine]`: how work is run."""

    threads: Annotated[int, Field(ge=0)] = 0
    database_url: str = ""
    poll_seconds: Positive = 1.0


class PracticeSettings(Table):
    """`[practice]`: what stands at the head and the foot of letters. Empty: nothing is printed there."""

    name: str = ""
    address: Annotated[tuple[str, ...], Field(strict=False)] = ()
    phone: str = ""
    fax: str = ""
    clinician: str = ""
    credentials: str = ""


class UpkeepSettings(Table):
    """`[upkeep]`: what keeps a year of running small, and visible."""

    log_megabytes: PositiveInt = 5
    workflow_days: PositiveInt = 30
    audit_megabytes: PositiveInt = 16
    checkpoint_dir: str = ""


class RetentionSettings(Table):
    """`[retention]`: after how many days what was delivered is deleted from the vault; 0: never."""

    originals_days: Annotated[int, Field(ge=0)] = 0
    drafts_days: Annotated[int, Field(ge=0)] = 0
