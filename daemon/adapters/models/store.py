"""The models that are installed on this machine, each with a record of what its files must hash to.

One folder per model: its files, and `model.json`, the record written when it was installed. A model appears whole or
not at all (it is assembled beside its place and renamed), and is checked against its record before every load.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from daemon.adapters.models.catalog import STARTER_MODELS, ModelKind, StarterModel
from daemon.adapters.models.fetch import (
    Fetching,
    Progress,
    fetch_from_hub,
    fetch_starter,
    parse_hub_source,
    sha256_of,
)
from daemon.adapters.models.hub_download import Measure
from daemon.model.errors import PermanentError, RetryableError

_RECORD = "model.json"
_SCHEMA = "chartdraft.model/1"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
# At 4 to 5 bits a weight, 3 GB is a model of about 5 to 6 billion weights: it keeps the 7B and 8B models, the smallest
# that drafted whole sections usably (DESIGN 4, "Two manners of drafting"), and leaves out the 3B ones (about 2 GB).
FIT_FOR_DRAFTING_BYTES = 3_000_000_000
_KEPT_SECONDS = 30 * 86_400


def _unmeasured(_name: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def default_models_dir() -> Path:
    """Where set-up puts the models and the product looks for them: inside the virtual environment it runs from.

    It depends on neither HOME nor `--home`, so that every home on this machine shares one copy.
    """
    return Path(sys.prefix) / "share" / "chartdraft" / "models"


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """One installed model as its record states it; `files` maps names relative to `directory` to SHA-256 in hex.

    `main` is the file that holds the weights. `fit_for_drafting` says whether it may write whole sections.
    """

    name: str
    kind: ModelKind
    directory: Path
    files: dict[str, str]
    main: str
    licence: str
    fit_for_drafting: bool
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


class ModelStore:
    """The models under `models_dir`, which need not exist yet."""

    def __init__(self, models_dir: Path) -> None:
        self._dir = models_dir

    def installed(self) -> list[InstalledModel]:
        """All installed models, by name; their files are not hashed. Raises RetryableError("model-altered")."""
        records = sorted(self._dir.glob(f"[a-z0-9]*/{_RECORD}"))
        return [_read_record(record.parent) for record in records]

    def get(self, untrusted_name: str) -> InstalledModel:
        """One installed model. Raises PermanentError("model-unknown"), RetryableError("model-missing"|"-altered")."""
        if not _NAME.fullmatch(untrusted_name):
            raise PermanentError("model-unknown")
        if not (self._dir / untrusted_name).is_dir():
            raise RetryableError("model-missing")
        return _read_record(self._dir / untrusted_name)

    def checked_files(self, name: str) -> dict[str, Path]:
        """The model's files by name, each hashed just now: call this before every load, and load these paths.

        Raises what `get` raises, and RetryableError("model-altered") if a file differs, is missing or was added.
        """
        model = self.get(name)
        expected = _expected_files(model)
        if _names_in(model.directory) != {*expected, _RECORD}:
            raise RetryableError("model-altered")
        paths = {relative: model.directory / relative for relative in expected}
        if any(_hash_or_altered(paths[relative]) != sha256 for relative, sha256 in expected.items()):
            raise RetryableError("model-altered")
        return paths

    def verify(self, name: str) -> None:
        """Hash every file of a model against its record. Raises as `checked_files` does."""
        self.checked_files(name)

    def install(
        self,
        untrusted_spec: str,
        progress: Progress,
        *,
        measure: Measure = _unmeasured,
        fit_for_drafting: bool | None = None,
    ) -> InstalledModel:
        """Fetch a model, check it, record it and put it in its place, replacing an earlier one of the same name.

        `untrusted_spec` is a starter model's name, or `OWNER/NAME@COMMIT[:FILE.gguf]` on the Hugging Face Hub.
        `fit_for_drafting` overrides the default, which goes by size (`FIT_FOR_DRAFTING_BYTES`). An install that was
        interrupted or killed is continued by the next: what came of a download by then is kept for 30 days.
        Raises PermanentError("model-unknown"|"model-revision"), RetryableError("model-source"|"model-disk"|"disk-full").
        """
        starter = STARTER_MODELS.get(untrusted_spec)
        if starter is None and "/" not in untrusted_spec:
            raise PermanentError("model-unknown")
        with _disk_full_named(), self._assembly() as folder, self._partial_folder() as partial:
            fetching = Fetching(partial, progress, measure)
            model = (
                _assemble_starter(starter, folder, fetching)
                if starter
                else _assemble_hub(untrusted_spec, folder, fetching)
            )
            if fit_for_drafting is not None:
                model = replace(model, fit_for_drafting=fit_for_drafting)
            _write_record(model)
            return self._publish(model)

    @contextmanager
    def _partial_folder(self) -> Iterator[Path]:
        """Where downloads wait to be continued; those that nobody came back for are removed. Only under the lock."""
        folder = self._dir / ".partial"
        if folder.is_symlink():  # in a folder that others may write, it could lead anywhere
            folder.unlink()
        folder.mkdir(mode=0o700, exist_ok=True)
        for part in folder.iterdir():
            if part.stat().st_mtime < time.time() - _KEPT_SECONDS:
                shutil.rmtree(part) if part.is_dir() else part.unlink()
        try:
            yield folder
        finally:
            with suppress(OSError):
                folder.rmdir()  # unless a download waits there

    @contextmanager
    def _assembly(self) -> Iterator[Path]:
        """An empty folder beside the models, under a lock, so that leftovers of a killed install can be cleared."""
        if not self._dir.is_dir():
            self._dir.mkdir(parents=True)
            self._dir.chmod(0o755)
        with (self._dir / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for leftover in self._dir.glob(".install-*"):
                shutil.rmtree(leftover)
            with tempfile.TemporaryDirectory(prefix=".install-", dir=self._dir) as temporary:
                folder = Path(temporary) / "model"
                folder.mkdir()
                yield folder

    def _publish(self, model: InstalledModel) -> InstalledModel:
        place = self._dir / model.name
        if place.exists():
            place.rename(model.directory.parent / "replaced")
        model.directory.rename(place)
        _sync_folder(self._dir)
        return replace(model, directory=place)


def _assemble_starter(model: StarterModel, folder: Path, fetching: Fetching) -> InstalledModel:
    fetch_starter(model, folder, fetching)
    files = {name: file.sha256 for name, file in model.files.items()}
    return InstalledModel(
        model.name, model.kind, folder, files, model.main, model.licence, model.fit_for_drafting, model.source
    )


def _assemble_hub(untrusted_spec: str, folder: Path, fetching: Fetching) -> InstalledModel:
    source = parse_hub_source(untrusted_spec)
    if source.name in STARTER_MODELS or not _NAME.fullmatch(source.name):
        raise PermanentError("model-unknown")
    licence = fetch_from_hub(source, folder, fetching)
    fetching.progress(f"Recording {source.name} …")
    files = {relative: sha256_of(folder / relative) for relative in sorted(_names_in(folder))}
    main = source.file or "model.bin"
    fit = source.kind == "language" and (folder / main).stat().st_size >= FIT_FOR_DRAFTING_BYTES
    return InstalledModel(source.name, source.kind, folder, files, main, licence, fit, str(source))


def _expected_files(model: InstalledModel) -> dict[str, str]:
    """The record's hashes; for a starter model the catalog's, which no one can change together with the files."""
    starter = STARTER_MODELS.get(model.name)
    return {name: file.sha256 for name, file in starter.files.items()} if starter else model.files


def _names_in(directory: Path) -> set[str]:
    """Files below a folder, relative. Dot-files (a Mac's .DS_Store) are nothing that an engine would load."""
    return {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if not path.is_dir() and not path.name.startswith(".")
    }


def _hash_or_altered(path: Path) -> str:
    try:
        return sha256_of(path)
    except OSError as error:
        raise RetryableError("model-altered") from error


def _write_record(model: InstalledModel) -> None:
    fields = {key: value for key, value in asdict(model).items() if key != "directory"}
    with (model.directory / _RECORD).open("x", encoding="utf-8") as out:
        json.dump({"schema": _SCHEMA, **fields}, out, indent=2)
    for path in model.directory.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                os.fchmod(stream.fileno(), 0o644)
                os.fsync(stream.fileno())
    # Models are no secret: whoever installs them, the service's own account reads them. Nobody else writes them.
    model.directory.chmod(0o755)
    _sync_folder(model.directory)


def _read_record(directory: Path) -> InstalledModel:
    try:
        untrusted = json.loads((directory / _RECORD).read_text(encoding="utf-8"))
        if untrusted.pop("schema") != _SCHEMA or untrusted["name"] != directory.name:
            raise RetryableError("model-altered")
        model = InstalledModel(directory=directory, **untrusted)
        whole = model.main in model.files
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RetryableError("model-altered") from error
    if not whole:
        raise RetryableError("model-altered")
    return model


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_full_named() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RetryableError("disk-full") from error
        raise
