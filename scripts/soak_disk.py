"""A disk of its own for the soak's home, which can be filled to the last byte: on Linux, for root, a tmpfs."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

MEGABYTES = 700
_BLOCK = bytes(1 << 20)


class Disk:
    """Where the home lies. `can_fill`: whether it is a disk of its own."""

    def __init__(self, folder: Path, *, can_fill: bool) -> None:
        self.folder, self.can_fill = folder, can_fill
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """No byte is left."""
        with self._ballast.open("wb", buffering=0) as file:
            for block in (_BLOCK, _BLOCK[:4096], _BLOCK[:1]):
                with contextlib.suppress(OSError):
                    while file.write(block) == len(block):
                        pass

    def empty(self) -> None:
        """There is room again."""
        self._ballast.unlink(missing_ok=True)


@contextlib.contextmanager
def disk() -> Iterator[Disk]:
    """A disk, gone afterwards with all that lies on it."""
    folder = Path(tempfile.mkdtemp(prefix="chartdraft-soak."))
    mounted = sys.platform == "linux" and os.geteuid() == 0 and _mount(folder)
    try:
        yield Disk(folder, can_fill=mounted)
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def _mount(folder: Path) -> bool:
    size = f"size={MEGABYTES}m,mode=0700"
    return subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=False).returncode == 0
