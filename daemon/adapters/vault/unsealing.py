"""An age file as a stream of its plaintext, decrypted in a thread beside its reader."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO

from daemon.adapters import age


@contextmanager
def unsealed(
    source: age.Readable, *identities: age.Identity, unreadable: str
) -> Iterator[tuple[BinaryIO, Callable[[], None]]]:
    """The plaintext through a pipe, so that it is never whole, in memory or on disk; and what to call at its end.

    The pipe also ends if decrypting failed: what was read counts only when the call has returned, which raises what
    `age.decrypt` does. If the reader fails, the stream is closed before the thread is waited for, and the writer fails instead
    of waiting.
    """
    read_end, write_end = os.pipe()

    def decrypt() -> None:
        with os.fdopen(write_end, "wb") as pipe:
            age.decrypt(source, pipe, *identities, unreadable=unreadable)

    with ThreadPoolExecutor(1, "unseal") as pool, os.fdopen(read_end, "rb") as plain:
        yield plain, pool.submit(decrypt).result
