"""SHA-256 of a stream that passes, worked out beside the stream's own work."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from types import TracebackType
from typing import BinaryIO, Self

from daemon.adapters.age import Writable
from daemon.model.errors import RetryableError

# age takes 8 kB at a time, and of so little the hand-over costs more than the hash. Some pieces may wait, so that neither side
# stands still whenever the system lets the other one wait for a processor.
_PIECE_BYTES = 512 * 1024
_WAITING_PIECES = 6


class _SideHash:
    """Hashes in a thread of its own once there is a piece of it to hash; what is small, in none."""

    def __init__(self) -> None:
        self._hash = sha256()
        self._pieces: list[bytes] = []
        self._held = 0
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def update(self, data: bytes) -> None:
        """Take note of what passes."""
        self._pieces.append(data)
        self._held += len(data)
        if self._held >= _PIECE_BYTES:
            self._hand_over()

    def digest(self) -> bytes:
        """Of all that passed so far."""
        self._wait(0)
        self._hash.update(b"".join(self._pieces))
        self._pieces, self._held = [], 0
        return self._hash.digest()

    def _hand_over(self) -> None:
        self._wait(_WAITING_PIECES)
        self._pool = self._pool or ThreadPoolExecutor(1, "hash")
        self._under_way.append(self._pool.submit(self._hash.update, b"".join(self._pieces)))
        self._pieces, self._held = [], 0

    def _wait(self, most: int) -> None:
        while len(self._under_way) > most:
            self._under_way.popleft().result()


class HashingSource(_SideHash):
    """Hashes and counts what is read through it. A stream that cannot be read becomes `file-changed`."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        """As the stream reads."""
        try:
            data = self._stream.read(size)
        except OSError:
            raise RetryableError("file-changed") from None
        self.update(data)
        self.size += len(data)
        return data


class HashingSink(_SideHash):
    """Hashes what is written through it."""

    def __init__(self, sink: Writable) -> None:
        super().__init__()
        self._sink = sink

    def write(self, data: bytes) -> int:
        """As the sink writes; what it does not take is offered again, and counted then."""
        taken = self._sink.write(data)
        self.update(data[:taken])
        return taken

    def flush(self) -> None:
        """As the sink does."""
        self._sink.flush()


class Nowhere:
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> int:
        """Takes all."""
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""
