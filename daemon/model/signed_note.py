"""Signed notes and log checkpoints (C2SP signed-note v1.0.0 and tlog-checkpoint), with Ed25519 signatures.

The format is text, so a checkpoint can be printed, mailed or pasted, and checked by any tool of that family. The
signature scheme itself is given by the caller, since this package computes nothing that needs a library.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from daemon.model.merkle import HASH_BYTES

_ED25519 = b"\x01"  # signature type identifier byte of C2SP signed-note
_KEY_ID_BYTES = 4
_PUBLIC_KEY_BYTES = 32  # RFC 8032 5.1.5
_MAX_NOTE_CHARS = 64 * 1024  # a note of 16 signatures (the least that must be accepted) is far shorter

Sign = Callable[[bytes], bytes]
"""Message to Ed25519 signature (64 bytes)."""
CheckSignature = Callable[[bytes, bytes, bytes], bool]
"""Public key (32 bytes), signature, message: whether they belong together."""


@dataclass(frozen=True, slots=True)
class NoteKey:
    """Who signs: a name without spaces or plus signs, and an Ed25519 public key of 32 bytes; ValueError otherwise."""

    name: str
    public_key: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or self.name.split() != [self.name]:
            raise ValueError("not a note key's name")
        if len(self.public_key) != _PUBLIC_KEY_BYTES:
            raise ValueError("not an Ed25519 public key")

    @property
    def key_id(self) -> bytes:
        """SHA-256(name || 0x0A || 0x01 || public key), its first four bytes."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public_key).digest()[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        """The verifier key as text, as Go's sumdb/note writes it: name, key id in hex, base64 of type and key."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public_key).decode()}"

    @classmethod
    def parse(cls, text: str) -> NoteKey:
        """The inverse of `str`; ValueError if it is none, or its key id is not the key's."""
        name, _, rest = text.strip().partition("+")
        raw = b64decode(rest.partition("+")[2], validate=True)
        key = cls(name, raw[1:])
        if str(key) != text.strip():
            raise ValueError("not a verifier key")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's tree head: its origin, how many leaves, and the RFC 6962 root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note text that is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, key: NoteKey, sign: Sign) -> str:
    """The checkpoint as a signed note."""
    text = checkpoint.text()
    blob = key.key_id + sign(text.encode())
    return f"{text}\n— {key.name} {b64encode(blob).decode()}\n"


def open_checkpoint(untrusted_note: str, key: NoteKey, check: CheckSignature) -> Checkpoint | None:
    """The checkpoint that `key` signed under the origin of its own name; None for anything else.

    As signed-note asks: signatures of unknown keys are ignored, one of the known key that fails rejects the note.
    """
    text, gap, signatures = untrusted_note.rpartition("\n\n")
    if not gap or len(untrusted_note) > _MAX_NOTE_CHARS or not signatures.endswith("\n"):
        return None
    text += "\n"
    if not _is_signed(text.encode(errors="surrogatepass"), signatures, key, check):
        return None
    checkpoint = _parse_checkpoint(text)
    return checkpoint if checkpoint is not None and checkpoint.origin == key.name else None


def _is_signed(text: bytes, untrusted_signatures: str, key: NoteKey, check: CheckSignature) -> bool:
    verified = False
    for line in untrusted_signatures[:-1].split("\n"):
        parts = line.split(" ")
        blob = decode_base64(parts[2]) if len(parts) == 3 else None  # dash, name, signature
        if blob is None or parts[0] != "—" or len(blob) <= _KEY_ID_BYTES:
            return False
        if parts[1] != key.name or blob[:_KEY_ID_BYTES] != key.key_id:
            continue
        if not check(key.public_key, blob[_KEY_ID_BYTES:], text):
            return False
        verified = True
    return verified


def _parse_checkpoint(signed_text: str) -> Checkpoint | None:
    lines = signed_text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        return None
    origin, size, root = lines[:3]
    raw = decode_base64(root)
    if raw is None or len(raw) != HASH_BYTES or not (size.isascii() and size.isdigit()) or str(int(size)) != size:
        return None
    return Checkpoint(origin, int(size), raw)


def decode_base64(untrusted_text: str) -> bytes | None:
    """What standard base64 (RFC 4648 4) says; None for anything but the one spelling of a value."""
    try:
        raw = b64decode(untrusted_text, validate=True)
    except (Base64Error, ValueError):
        return None
    # One spelling per value: b64decode forgives stray bits in the last character.
    return raw if b64encode(raw).decode() == untrusted_text else None
