"""One file from the Hugging Face Hub, continued where an earlier attempt ended, also one that was killed.

huggingface_hub 2.4 takes up a connection that breaks, but a process that ends throws its partial file away (its
`_download_to_tmp_and_move`), so a model of 5 GB would begin anew; hence this. A partial file is named by what it must
become, and lies in a folder that outlives the process; it is compared with its digest before anybody sees it.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from daemon.model.errors import RetryableError

if TYPE_CHECKING:
    import httpx2

Measure = Callable[[str, int, int], None]
"""Told how far a download is: the file's name, bytes that are here, bytes in all."""
Wait = Callable[[float], None]

_READ_SECONDS = 60.0  # without a byte; the Hub's own client gives up sooner (10 s)
# Before each further attempt, counted anew from every one that brought something.
_PAUSES_SECONDS = (1.0, 2.0, 5.0, 10.0)
_RANGE_REFUSED = 416
_RANGE = re.compile(r"bytes (?P<start>\d+)-\d+/(?P<total>\d+)")


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file of a pinned commit. `size` in bytes; `digest` in hex: SHA-256, or Git's blob id where `is_blob` holds."""

    name: str
    url: str
    size: int
    digest: str
    is_blob: bool = False

    def part_in(self, folder: Path) -> Path:
        """Where its partial file lies: named by its digest, so that the next attempt finds it, and no other does."""
        return folder / f"{self.digest}.part"

    def missing_bytes(self, folder: Path) -> int:
        """How much is not here yet."""
        part = self.part_in(folder)
        return self.size - min(self.size, part.stat().st_size if part.is_file() else 0)


def download(
    file: RemoteFile, folder: Path, headers: dict[str, str], measure: Measure, wait: Wait = time.sleep
) -> Path:
    """Bring the file into `folder`, continuing what is there; its path, the digest compared.

    Raises RetryableError("model-source") if the bytes are not the recorded ones, which are then removed, or if the
    source does not answer after several attempts: what came by then is kept.
    """
    import httpx2

    part = file.part_in(folder)
    if part.is_symlink():  # put there by somebody else: not to be written through, nor to become a model's file
        part.unlink()
    failures = 0
    while file.missing_bytes(folder):
        before = file.missing_bytes(folder)
        try:
            _fetch_rest(file, part, headers, measure)
        except httpx2.TransportError as error:
            failures = failures + 1 if file.missing_bytes(folder) >= before else 0
            if failures > len(_PAUSES_SECONDS):
                raise RetryableError("model-source") from error
            wait(_PAUSES_SECONDS[max(failures, 1) - 1])
    if not _is_recorded(part, file):
        part.unlink(missing_ok=True)
        raise RetryableError("model-source")
    return part


def _fetch_rest(file: RemoteFile, part: Path, headers: dict[str, str], measure: Measure) -> None:
    """One request for what is missing (RFC 9110, 14.2). A server that knows no ranges sends all of it again."""
    import httpx2
    from huggingface_hub import get_session

    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "ab") as out:
        start = out.tell()
        # A compressed answer could not be continued: its ranges count compressed bytes.
        asked = headers | {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        with get_session().stream("GET", file.url, headers=asked, timeout=_READ_SECONDS) as answer:
            if start and answer.status_code == _RANGE_REFUSED:
                out.truncate(0)
                raise httpx2.ReadError("the server does not continue this file")
            answer.raise_for_status()
            if start and not _continues(answer, start, file.size):
                out.truncate(0)
            _write_blocks(answer, out, file, measure)
            if out.tell() < file.size:
                raise httpx2.ReadError("the connection ended early")


def _continues(answer: httpx2.Response, start: int, size: int) -> bool:
    said = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    return answer.status_code == 206 and said is not None and (int(said["start"]), int(said["total"])) == (start, size)


def _write_blocks(answer: httpx2.Response, out: BinaryIO, file: RemoteFile, measure: Measure) -> None:
    for block in answer.iter_bytes():
        out.write(block)
        if out.tell() > file.size:
            out.truncate(0)
            raise RetryableError("model-source")  # more than was recorded: nothing to wait for
        measure(file.name, out.tell(), file.size)


def _is_recorded(path: Path, file: RemoteFile) -> bool:
    if not path.is_file():
        path.touch()  # an empty file needs no request
    if not file.is_blob:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.digest
    content = path.read_bytes()
    # Git's object id: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects. SHA-1 is what the Hub has to offer here.
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() == file.digest
