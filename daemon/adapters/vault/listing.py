"""Which blobs lie in the vault's folder: for retention, which must also find what nothing names."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.atomic_file import disk_errors
from daemon.model.blob_reference import BlobReference, VaultDay, parse_day, parse_reference

_BLOB = ".age"


def present_blobs(folder: Path) -> dict[VaultDay | None, list[str]]:
    """The references of all blobs, by day (None: sealed by a version without day keys). Also days whose folder is empty.

    RetryableError if the folder cannot be read.
    """
    found: dict[VaultDay | None, list[str]] = {None: []}
    blobs = folder / "blobs"
    if not blobs.is_dir():
        return found
    with disk_errors():
        for each in sorted(path for path in blobs.iterdir() if path.is_dir()):
            day = parse_day(each.name)
            if day is not None or len(each.name) == 2:
                found.setdefault(day, []).extend(_references(each, day))
    return found


def _references(folder: Path, day: VaultDay | None) -> list[str]:
    names = sorted(path.stem for path in folder.iterdir() if path.suffix == _BLOB)
    return [str(BlobReference(name, day)) for name in names if parse_reference(name) == BlobReference(name, None)]
