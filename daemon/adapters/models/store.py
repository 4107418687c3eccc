"""The models that are installed on this machine, each with a record of what its files must hash to.

One folder per model: its files, and `model.json`, the record written when it was installed. A model appears whole or
not at all (it is assembled beside its place and renamed), and is checked against its record before every load, the trained
adapter that belongs to its weights too.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from daemon.adapters.models.catalog import STARTER_MODELS, StarterModel
from daemon.adapters.models.fetch import (
    Fetching,
    Progress,
    fetch_from_hub,
    fetch_starter,
    parse_hub_source,
    sha256_of,
)
from daemon.adapters.models.hub_download import Measure
from daemon.adapters.models.installed_model import RECORD, InstalledModel, read_record, write_record
from daemon.adapters.models.local_model import copy_local, is_local, is_made_here, local_name, make_for_mlx
from daemon.adapters.models.statement_adapter import adapter_for
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.reading_engines import MLX_MODEL

__all__ = ["InstalledModel", "ModelStore", "default_models_dir"]

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")
_KEPT_SECONDS = 30 * 86_400


def _unmeasured(_name: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def default_models_dir() -> Path:
    """Where set-up puts the models and the product looks for them: inside the virtual environment it runs from.

    It depends on neither HOME nor `--home`, so that every home on this machine shares one copy.
    """
    return Path(sys.prefix) / "share" / "chartdraft" / "models"


class ModelStore:
    """The models under `models_dir`, which need not exist yet."""

    def __init__(self, models_dir: Path) -> None:
        self._dir = models_dir

    def installed(self) -> list[InstalledModel]:
        """All installed models, by name; their files are not hashed. Raises RetryableError("model-altered")."""
        records = sorted(self._dir.glob(f"[a-z0-9]*/{RECORD}"))
        return [read_record(record.parent) for record in records]

    def get(self, untrusted_name: str) -> InstalledModel:
        """One installed model. Raises PermanentError("model-unknown"), RetryableError("model-missing"|"-altered")."""
        if not _NAME.fullmatch(untrusted_name):
            raise PermanentError("model-unknown")
        if not (self._dir / untrusted_name).is_dir():
            raise RetryableError("model-missing")
        return read_record(self._dir / untrusted_name)

    def checked_files(self, name: str) -> dict[str, Path]:
        """The model's files by name, each hashed just now, as its adapter is: call this before every load, and load these paths.

        Raises what `get` raises, RetryableError("model-altered") if a file differs, is missing or was added, and
        RetryableError("adapter-altered").
        """
        model = self.get(name)
        expected = _expected_files(model)
        if _names_in(model.directory) != {*expected, RECORD}:
            raise RetryableError("model-altered")
        paths = {relative: model.directory / relative for relative in expected}
        if any(_hash_or_altered(paths[relative]) != sha256 for relative, sha256 in expected.items()):
            raise RetryableError("model-altered")
        if adapter := model.adapter:
            adapter.check()
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

        `untrusted_spec` is a starter model's name; `OWNER/NAME@COMMIT[:FILE.gguf]` on the Hugging Face Hub; a folder on this machine;
        or `NAME-mlx`, an installed speech model in the format of Apple's MLX.
        `fit_for_drafting` overrules what was measured (`daemon.model.drafting_fitness`). An install that was
        interrupted or killed is continued by the next: what came of a download by then is kept for 30 days.
        Raises PermanentError("model-unknown"|"model-revision"), RetryableError("model-source"|"model-disk"|"disk-full").
        """
        starter = STARTER_MODELS.get(untrusted_spec)
        if starter is None and "/" not in untrusted_spec and not is_made_here(untrusted_spec):
            raise PermanentError("model-unknown")
        with _disk_full_named(), self._assembly() as folder, self._partial_folder() as partial:
            fetching = Fetching(partial, progress, measure)
            if starter:
                model = _assemble_starter(starter, folder, fetching)
            elif is_made_here(untrusted_spec) or is_local(untrusted_spec):
                model = self._assemble_here(untrusted_spec, folder, fetching)
            else:
                model = _assemble_hub(untrusted_spec, folder, fetching)
            model = replace(model, fit_for_drafting=fit_for_drafting)
            write_record(model)
            _sync_folder(model.directory)
            return self._publish(model)

    def _assemble_here(self, untrusted_spec: str, folder: Path, fetching: Fetching) -> InstalledModel:
        if is_made_here(untrusted_spec):
            name = untrusted_spec.removesuffix(MLX_MODEL)
            self.checked_files(name)
            return make_for_mlx(self.get(name), folder, fetching)
        if local_name(untrusted_spec) in STARTER_MODELS or not _NAME.fullmatch(local_name(untrusted_spec)):
            raise PermanentError("model-unknown")
        return copy_local(untrusted_spec, folder, fetching)

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
    _join_adapter(model, folder, fetching)
    return InstalledModel(model.name, model.kind, folder, model.hashes, model.main, model.licence, None, model.source)


def _join_adapter(model: StarterModel, folder: Path, fetching: Fetching) -> None:
    """Make the file that has the adapter in it, if this model has one. Raises RetryableError("adapter-altered"|"model-source")."""
    adapter = adapter_for(model.files[model.main].sha256)
    if model.joined is None or adapter is None:
        return
    from daemon.adapters.models.joined_weights import join_adapter

    adapter.check()
    fetching.progress(f"Joining {model.name} and its adapter …")
    join_adapter(folder / model.main, adapter.path, folder / model.joined.name)
    if sha256_of(folder / model.joined.name) != model.joined.sha256:
        raise RetryableError("model-source")


def _assemble_hub(untrusted_spec: str, folder: Path, fetching: Fetching) -> InstalledModel:
    source = parse_hub_source(untrusted_spec)
    if source.name in STARTER_MODELS or not _NAME.fullmatch(source.name):
        raise PermanentError("model-unknown")
    licence = fetch_from_hub(source, folder, fetching)
    fetching.progress(f"Recording {source.name} …")
    files = {relative: sha256_of(folder / relative) for relative in sorted(_names_in(folder))}
    main = source.file or "model.bin"
    return InstalledModel(source.name, source.kind, folder, files, main, licence, None, str(source))


def _expected_files(model: InstalledModel) -> dict[str, str]:
    """The record's hashes; for a starter model the catalog's, which no one can change together with the files."""
    starter = STARTER_MODELS.get(model.name)
    return starter.hashes if starter else model.files


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
