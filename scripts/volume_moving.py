"""What lies in the old folders is copied, checked, and only then removed from there."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from volume_parts import VolumeError

_CHUNK = 1 << 20
_OURS = ("status.html",)  # beside what the inbox's list ignores: Chartdraft writes it anew


def people_files(folder: Path) -> list[Path]:
    """The files there that somebody put there, or that were made for somebody."""
    from daemon.adapters.inbox.ignore_list import is_ignored

    return [path for path in files_in(folder) if not is_ignored(path.name) and path.name.lower() not in _OURS]


def files_in(folder: Path) -> list[Path]:
    """All regular files below a folder. Links are not followed, and stay."""
    return sorted(_walk(folder))


def move(old: Path, new: Path) -> int:
    """Copy all files from one folder to another, then remove the originals that are still as they were; how many were copied.

    Interrupted, it can be repeated. Raises `VolumeError` before anything is removed if a copy cannot be made or is not the same.
    """
    copied = {path: _copy(path, new / path.relative_to(old)) for path in files_in(old)}
    for path, seen in copied.items():
        with contextlib.suppress(FileNotFoundError):
            if _facts(path.lstat()) == seen:
                path.unlink()
    for folder in sorted((path for path in old.rglob("*") if path.is_dir() and not path.is_symlink()), reverse=True):
        with contextlib.suppress(OSError):  # something is still in it
            folder.rmdir()
    with contextlib.suppress(OSError):
        old.rmdir()
    return len(copied)


def _walk(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if stat.S_ISREG(path.lstat().st_mode):
                yield path


def _copy(source: Path, target: Path) -> tuple[int, int, int]:
    """The original's facts as they were when its copy was begun."""
    from daemon.adapters.atomic_file import part_in, write_all

    with source.open("rb") as file:
        found = os.fstat(file.fileno())
        _folders(source.parent, target.parent)
        with part_in(target.parent) as part:
            digest = sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                write_all(part.file, chunk)
            part.file.flush()
            _like(part.path, found)
            part.publish(target, replace=False, mode=stat.S_IMODE(found.st_mode))
    if _digest(target) != digest.digest():
        raise VolumeError(f"{target} is there already and differs from {source}; please rename one of them.")
    return _facts(found)


def _folders(old: Path, new: Path) -> None:
    if not new.is_dir():
        _folders(old.parent, new.parent)
        new.mkdir(mode=0o700)
        _like(new, old.stat())


def _like(path: Path, found: os.stat_result) -> None:
    """The owner and the time of another; the order in which things came is kept."""
    if os.geteuid() == 0:
        os.chown(path, found.st_uid, found.st_gid)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def _digest(path: Path) -> bytes:
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.digest()


def _facts(found: os.stat_result) -> tuple[int, int, int]:
    return found.st_ino, found.st_size, found.st_mtime_ns
