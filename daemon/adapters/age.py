"""The age file format (C2SP age.md), typed, through pyrage's streaming calls alone.

pyrage hides an error of our own streams inside its own (a full disk becomes an EncryptError with text), or, for what it
still held back at the end, swallows it (measured with 1.4.0: a short plaintext to a full disk "succeeds"). So both
sides are watched: what a stream raised comes out as it was, what age found wrong as the code that the caller gives.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pyrage  # type: ignore[import-untyped]  # ships no types

from daemon.adapters.atomic_file import write_all
from daemon.model.errors import ChartdraftError, PermanentError

# A header holds a stanza for each recipient, of some 100 bytes. age's parser starts over with every byte that it lacks
# (age 0.12.1, format.rs, Header::read), so that a header without end costs the square of its length: 80 kB took 0.8 s.
MAX_HEADER_BYTES = 16_384
_ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"


class Readable(Protocol):
    """What age reads from."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Writable(Protocol):
    """What age writes to."""

    def write(self, data: bytes, /) -> int:
        """How many bytes were taken."""

    def flush(self) -> None:
        """Pass on what is held back."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An X25519 key pair: the secret as `AGE-SECRET-KEY-1…`, the public recipient as `age1…`."""

    recipient: str
    secret: str = field(repr=False)


def generate_identity() -> Identity:
    """A new key pair."""
    key = pyrage.x25519.Identity.generate()
    return Identity(str(key.to_public()), str(key))


def parse_identity(untrusted_text: str) -> Identity | None:
    """The identity in a file as `age-keygen` writes it (comments, then one secret); None if there is not just one."""
    lines = [line.strip() for line in untrusted_text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        (secret,) = lines
        key = pyrage.x25519.Identity.from_str(secret)
    except (ValueError, pyrage.IdentityError):
        return None
    return Identity(str(key.to_public()), secret)


def identity_text(identity: Identity, created: datetime, *notes: str) -> bytes:
    """A file as `age-keygen` writes it, with lines of comment; `age -i` takes it."""
    lines = [f"# created: {created:%Y-%m-%dT%H:%M:%SZ}", f"# public key: {identity.recipient}", *notes, identity.secret]
    return "".join(f"{line}\n" for line in lines).encode()


def is_recipient(untrusted_text: str) -> bool:
    """Whether it is one X25519 recipient."""
    try:
        pyrage.x25519.Recipient.from_str(untrusted_text)
    except pyrage.RecipientError:
        return False
    return True


def encrypt(source: Readable, sink: Writable, recipients: Sequence[str]) -> None:
    """Encrypt a stream to all the recipients. OSError and ChartdraftError are the streams' own."""
    reader, writer = _Reader(source), _Writer(sink)
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    try:
        pyrage.encrypt_io(reader, writer, keys)
    except (pyrage.EncryptError, OSError):
        _reraise(reader, writer)
        raise
    _reraise(reader, writer)


def decrypt(source: Readable, sink: Writable, *identities: Identity, unreadable: str) -> None:
    """Decrypt a stream with whichever identity it is for; what came out counts only after this has returned, since age finds a cut at the end.

    PermanentError(`unreadable`) if it is not age, for none of them, damaged or cut, or has a header longer than
    MAX_HEADER_BYTES. OSError and ChartdraftError are the streams' own.
    """
    reader, writer = _Reader(source), _Writer(sink)
    if not reader.has_header():
        raise PermanentError(unreadable)
    keys = [pyrage.x25519.Identity.from_str(identity.secret) for identity in identities]
    try:
        pyrage.decrypt_io(reader, writer, keys)
    except (pyrage.DecryptError, OSError):
        _reraise(reader, writer)
        raise PermanentError(unreadable) from None
    _reraise(reader, writer)


def is_for(source: Readable, identity: Identity) -> bool:
    """Whether a stream is an age file for this identity, as far as its beginning tells. OSError is the stream's own."""
    enough = _Enough()
    try:
        decrypt(source, enough, identity, unreadable="vault-unreadable")
    except PermanentError:
        return enough.reached
    return True


class _Enough:
    """A sink that has seen enough with the first bytes."""

    reached = False

    def write(self, data: bytes) -> int:
        self.reached = True
        raise PermanentError("vault-unreadable")

    def flush(self) -> None:
        """Nothing is held back."""


class _Reader:
    """Reads from a stream and remembers its failure."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._start = b""
        self.error: OSError | ChartdraftError | None = None

    def read(self, size: int = -1) -> bytes:
        if self._start:
            start, self._start = (self._start, b"") if size < 0 else (self._start[:size], self._start[size:])
            return start
        try:
            return self._stream.read(size)
        except (OSError, ChartdraftError) as error:
            self.error = error
            raise

    def has_header(self) -> bool:
        """Whether a header ends within what it may take: C2SP age.md, the line `---`. Nothing is lost by looking."""
        while len(self._start) < MAX_HEADER_BYTES and (more := self._stream.read(MAX_HEADER_BYTES - len(self._start))):
            self._start += more
        return b"\n---" in (_unarmored(self._start) if self._start.lstrip().startswith(_ARMOR) else self._start)


class _Writer:
    """Writes to a stream, also one that takes less than it is given, and remembers its failure."""

    def __init__(self, stream: Writable) -> None:
        self._stream = stream
        self.error: OSError | ChartdraftError | None = None

    def write(self, data: bytes) -> int:
        try:
            write_all(self._stream, data)
        except (OSError, ChartdraftError) as error:
            self.error = error
            raise
        return len(data)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ChartdraftError) as error:
            self.error = error
            raise


def _unarmored(start: bytes) -> bytes:
    """The beginning of what is inside a PEM-like armor (C2SP age.md); as far as it is base64."""
    text = b"".join(line for line in start.lstrip().splitlines() if not line.startswith(b"-----"))
    try:
        return b64decode(text[: len(text) // 4 * 4])
    except ValueError:
        return b""


def _reraise(reader: _Reader, writer: _Writer) -> None:
    for error in (reader.error, writer.error):
        if error is not None:
            raise error from None
