"""The characters of a text file that anybody may have written, on any system."""

from __future__ import annotations

import codecs
import re

from daemon.model.errors import PermanentError

MAX_CHARACTERS = 2_000_000
"""Thirty hours of talk."""

_MOST_CONTROLS = 0.01
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_FORMATS = (
    b"%PDF-",
    b"{\\rtf",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"age-encryption.org/",
    b"-----BEGIN AGE ",
)
_CONTROLS = re.compile(r"[\x01-\x08\x0e-\x1f\x7f]")


def decode_text(untrusted_bytes: bytes, most: int = MAX_CHARACTERS) -> str:
    """The characters of a text file, lines ended by a line feed: UTF-8, UTF-16 with its mark, or Windows-1252.

    A UTF-8 text with a few damaged bytes stays one: read as anything else, its every "µg" and "≥" would be other characters.

    `media-mismatch` where NUL, many control characters or another format's first bytes say that it is no text;
    `media-too-large` beyond `most` characters.
    """
    if untrusted_bytes.startswith(_FORMATS):
        raise PermanentError("media-mismatch")
    if len(untrusted_bytes) > 4 * most:
        raise PermanentError("media-too-large")
    text = _decoded(untrusted_bytes)
    if len(text) > most:
        raise PermanentError("media-too-large")
    if "\0" in text or len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise PermanentError("media-mismatch")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(untrusted_bytes: bytes) -> str:
    try:
        if untrusted_bytes.startswith(_UTF16):
            return untrusted_bytes.decode("utf-16")
        return untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise PermanentError("media-mismatch") from None
    mended = untrusted_bytes.decode("utf-8-sig", errors="replace")
    damaged = mended.count("\N{REPLACEMENT CHARACTER}")
    if sum(not character.isascii() for character in mended) >= 2 * damaged:
        return mended
    return untrusted_bytes.decode("cp1252", errors="replace")
