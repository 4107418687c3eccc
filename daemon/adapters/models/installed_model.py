"""One installed model, and the record that its folder keeps of it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from daemon.adapters.models.catalog import STARTER_MODELS, ModelKind
from daemon.adapters.models.statement_adapter import StatementAdapter, adapter_for
from daemon.model.drafting_fitness import LARGE_BYTES
from daemon.model.errors import RetryableError

RECORD = "model.json"
_SCHEMA, _BY_SIZE_SCHEMA = "chartdraft.model/2", "chartdraft.model/1"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One installed model as its record states it; `files` maps names relative to `directory` to SHA-256 in hex.

    `main` is the file that holds the weights. `fit_for_drafting` is what the person who installed it said of that; None: nothing,
    and it goes by what was measured.
    """

    name: str
    kind: ModelKind
    directory: Path
    files: dict[str, str]
    main: str
    licence: str
    fit_for_drafting: bool | None
    source: str

    @property
    def main_sha256(self) -> str:
        """The SHA-256 of the weights: what a draft names its engine by."""
        return self.files[self.main]

    @property
    def size_bytes(self) -> int:
        """What its files take on the disk; one that is missing counts nothing."""
        paths = (self.directory / name for name in self.files)
        return sum(path.stat().st_size for path in paths if path.is_file())

    @property
    def memory_bytes(self) -> int | None:
        """The memory that the process running it needed; None where nobody measured it."""
        starter = STARTER_MODELS.get(self.name)
        return starter.memory_bytes if starter else None

    @property
    def main_path(self) -> Path:
        """Where the weights lie."""
        return self.directory / self.main

    @property
    def adapter(self) -> StatementAdapter | None:
        """The trained adapter for these weights, if there is one. Raises RetryableError("adapter-altered") for a broken card.

        What reads speech or pages has none, and is not kept from it by a card that is broken.
        """
        return adapter_for(self.main_sha256) if self.kind == "language" else None

    @property
    def adapter_path(self) -> Path | None:
        """Where the adapter lies; `ModelStore.checked_files` has hashed it. Raises as `adapter`."""
        adapter = self.adapter
        return adapter.path if adapter else None

    @property
    def writing_files(self) -> tuple[Path, Path | None]:
        """What is loaded to write statements: the weights, and the adapter beside them, if any; where both were joined when the
        model was installed, that file alone. Raises as `adapter`."""
        starter = STARTER_MODELS.get(self.name)
        if starter and starter.joined and starter.joined.name in self.files and self.adapter:
            return self.directory / starter.joined.name, None
        return self.main_path, self.adapter_path

    @property
    def adapter_sha256(self) -> str:
        """The SHA-256 of the adapter, as its card states it; "" without one. Raises as `adapter`."""
        adapter = self.adapter
        return adapter.sha256 if adapter else ""


def write_record(model: InstalledModel) -> None:
    """Put the record into the model's folder; durable, and readable for every account. The folder's own name is not synced."""
    fields = {key: value for key, value in asdict(model).items() if key != "directory"}
    with (model.directory / RECORD).open("x", encoding="utf-8") as out:
        json.dump({"schema": _SCHEMA, **fields}, out, indent=2)
    for path in model.directory.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fchmod(stream.fileno(), 0o644)
                os.fsync(stream.fileno())
    # Models are no secret: whoever installs them, the service's own account reads them. Nobody else writes them.
    model.directory.chmod(0o755)


def read_record(directory: Path) -> InstalledModel:
    """The model in a folder of the store. Raises RetryableError("model-altered") if its record makes no sense."""
    try:
        untrusted: dict[str, Any] = json.loads((directory / RECORD).read_text(encoding="utf-8"))
        schema = untrusted.pop("schema")
        if schema not in (_SCHEMA, _BY_SIZE_SCHEMA) or untrusted["name"] != directory.name:
            raise RetryableError("model-altered")
        model = InstalledModel(directory=directory, **untrusted)
        whole = model.main in model.files
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RetryableError("model-altered") from error
    if not whole:
        raise RetryableError("model-altered")
    return _what_a_person_said(model) if schema == _BY_SIZE_SCHEMA else model


def _what_a_person_said(model: InstalledModel) -> InstalledModel:
    """Older records hold what size alone said, unless somebody said otherwise: only the latter is kept."""
    by_size = model.kind == "language" and model.size_bytes >= LARGE_BYTES
    return replace(model, fit_for_drafting=None if model.fit_for_drafting == by_size else model.fit_for_drafting)
