"""Everything hostile that may lie in an inbox, made when it is asked for: nothing of it is kept in the repository.

`""` among the codes of a file means that it may be drafted: what it shows is a form or a memo, whatever else is in it.
"""

from __future__ import annotations

import base64
import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyrage  # type: ignore[import-untyped]  # ships no types

from daemon.model.source import RECORDING_SUFFIXES, SCAN_SUFFIXES, TEXT_SUFFIXES
from tests.fakes import hostile_pdfs, hostile_pictures, hostile_recordings

ASSETS = Path(__file__).parents[1] / "assets"
SAMPLES = Path(__file__).parents[2] / "samples"
REFUSED = frozenset({"media-mismatch"})
DAMAGED = frozenset({"media-truncated", "media-mismatch", "media-unsupported"})
TOO_MUCH = frozenset(
    {"media-too-long", "media-too-many-pixels", "media-too-many-pages", "engine-memory", "engine-timeout"}
)
NOTHING = frozenset({"speech-none", "page-unreadable", "media-empty"})
DRAFTED = frozenset({""})


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: its name in the inbox, a word for its kind, its bytes, and the codes of a note that may come of it."""

    name: str
    kind: str
    data: bytes
    codes: frozenset[str]


def hostile_files(canary: Path, port: int) -> Iterator[Hostile]:
    """All files. Those that point somewhere point at `canary` and at `port` of this machine."""
    url = f"http://127.0.0.1:{port}/x"
    groups: list[tuple[str, dict[str, bytes], frozenset[str]]] = [
        ("playlist", hostile_recordings.playlists(canary, port), REFUSED | {"media-truncated"}),
        ("reference movie", hostile_recordings.reference_movies(canary), DAMAGED | NOTHING | DRAFTED),
        ("crafted movie", hostile_recordings.crafted_movies(), DAMAGED | TOO_MUCH | NOTHING | DRAFTED),
        ("recording bomb", _recording_bombs(), TOO_MUCH),
        ("lying header", hostile_recordings.lying_headers(), DAMAGED | TOO_MUCH | NOTHING),
        ("PDF bomb", hostile_pdfs.bombs(), DAMAGED | TOO_MUCH | NOTHING | DRAFTED),
        ("crafted PDF", hostile_pdfs.crafted(), DAMAGED | TOO_MUCH | NOTHING | DRAFTED),
        ("PDF with a program", hostile_pdfs.active(str(canary), url), DRAFTED),
        ("locked PDF", {"locked.pdf": hostile_pdfs.locked(b"secret")}, frozenset({"media-encrypted"})),
        ("locked PDF", {"locked-without-password.pdf": hostile_pdfs.locked(b"")}, DRAFTED),
        ("picture bomb", hostile_pictures.bombs(), DAMAGED | TOO_MUCH | NOTHING),
        ("disguise", hostile_pictures.disguised(), DAMAGED | NOTHING | DRAFTED),
        ("cut", cut_files(), DAMAGED | NOTHING | DRAFTED),
    ]
    for kind, files, codes in groups:
        yield from (Hostile(name, kind, data, codes) for name, data in files.items())


TIME_BOMBS = frozenset(
    {
        "forms-that-double.pdf",
        "form-of-itself.pdf",
        "million-strokes.pdf",
        "tiles-of-a-point.pdf",
        "jpeg-of-many-scans.jpg",
    }
)
"""Those whose harm is the time that it takes to draw them."""

CHOSEN = frozenset(
    {"ffconcat.m4a", "sdp.m4a", "hls-with-key.m4a", "subtitles-ass.m4a", "page.m4a", "after-id3.mp3"}
    | {"reference-rmra.mov", "reference-dref-alias.mov", "two-billion-samples.m4a", "six-hours.flac"}
    | {"page-of-14400-points.pdf", "ten-thousand-pages.pdf", "form-of-itself.pdf", "launch.pdf", "locked.pdf"}
    | {
        "png-of-144-megapixels.png",
        "tiff-of-9999-pages.tif",
        "heic-of-100-megapixels.heic",
        "zip.heic",
        "pdf-and-zip.pdf",
    }
    | {"zip.txt", "script.txt", "cut.m4a", "cut.caf", "cut.pdf", "cut.txt"}
)
"""One or two of every kind: for what takes seconds for each."""


def _recording_bombs() -> dict[str, bytes]:
    six_hours = hostile_recordings.SIX_HOURS
    return {
        "six-hours.flac": hostile_recordings.flac_of_silence(six_hours, declared=True),
        "six-hours-not-declared.flac": hostile_recordings.flac_of_silence(six_hours, declared=False),
    }


def cut_files() -> dict[str, bytes]:
    """The first part of a file of every accepted kind, as a copy that stopped leaves it."""
    # Each at another place: what has the same content is the same item.
    places = {suffix: len(whole_file(suffix)) // 9 + number for number, suffix in enumerate(sorted(ACCEPTED))}
    return {f"cut{suffix}": whole_file(suffix)[:place] for suffix, place in places.items()}


ACCEPTED = RECORDING_SUFFIXES | SCAN_SUFFIXES | TEXT_SUFFIXES


def whole_file(suffix: str) -> bytes:
    """A harmless file of the kind."""
    names = {
        ".mp4": "memo.m4a",
        ".mov": "memo.qta",
        ".tif": "multi-page.tiff",
        ".tiff": "multi-page.tiff",
        ".png": "canary-form.png",
        ".jpg": "form.jpg",
        ".jpeg": "form.jpg",
        ".heic": "form.heic",
        ".pdf": "two-pages.pdf",
        ".md": "memo.txt",
    }
    makers: dict[str, Callable[[], bytes]] = {".aif": _whole_aiff, ".aiff": _whole_aiff, ".aac": _whole_adts}
    return makers[suffix]() if suffix in makers else (ASSETS / names.get(suffix, "memo" + suffix)).read_bytes()


def _whole_aiff() -> bytes:
    return hostile_recordings.aiff(b"\x40\x0c\xfa" + bytes(7))  # 16,000 as an 80-bit number


def _whole_adts() -> bytes:
    import av

    out = io.BytesIO()
    with av.open(str(ASSETS / "memo.m4a")) as memo, av.open(out, "w", format="adts") as written:
        stream = written.add_stream_from_template(memo.streams.audio[0])
        for packet in memo.demux(memo.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                written.mux(packet)
    return out.getvalue()


def age_files(recipient: str, plain: bytes) -> dict[str, bytes]:
    """Files in age's clothes (C2SP age.md). Those that begin with "good" were sealed to `recipient` as they should be."""
    ours, others = _recipient(recipient), pyrage.x25519.Identity.generate().to_public()
    sealed: bytes = pyrage.encrypt(plain, [ours])
    flipped, mac_flipped = bytearray(sealed), bytearray(sealed)
    flipped[-20] ^= 1
    mac_flipped[sealed.index(b"--- ") + 8] ^= 1
    body = sealed[sealed.index(b"--- ") :]
    return {
        "for-another.txt.age": pyrage.encrypt(plain, [others]),
        "with-a-passphrase.txt.age": with_passphrase(23),
        "passphrase-among-others.txt.age": sealed.replace(b"-> X25519", _scrypt_stanza(23) + b"-> X25519", 1),
        "cut.txt.age": sealed[: len(sealed) // 2],
        "cut-in-header.txt.age": sealed[:60],
        "flipped-bit.txt.age": bytes(flipped),
        "flipped-mac.txt.age": bytes(mac_flipped),
        "ten-thousand-stanzas.txt.age": b"age-encryption.org/v1\n" + STANZA * 10_000 + body,
        "stanza-without-end.txt.age": b"age-encryption.org/v1\n-> X25519 " + b"A" * 300_000,
        "header-without-end.txt.age": b"age-encryption.org/v1\n" + STANZA * 3_000,
        "stanza-of-empty-lines.txt.age": b"age-encryption.org/v1\n" + b"\n" * 200_000,
        "version-2.txt.age": sealed.replace(b"/v1", b"/v2", 1),
        "armor-without-end.txt.age": b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.encodebytes(bytes(300_000)),
        "more-behind-it.txt.age": sealed + b"more",
        "empty.txt.age": b"",
        "nothing-sealed.txt.age": pyrage.encrypt(b"", [ours]),
        "age-in-age.txt.age": pyrage.encrypt(sealed, [ours]),
        "bomb-in-age.txt.age": pyrage.encrypt(bytes(9_000_000), [ours]),
    }


STANZA = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"


def with_passphrase(work_factor: int) -> bytes:
    """A file sealed with a passphrase that asks for 2 to the power of `work_factor` rounds: 8 GiB and minutes at 23."""
    mac = base64.b64encode(bytes(32)).rstrip(b"=")
    return b"age-encryption.org/v1\n" + _scrypt_stanza(work_factor) + b"--- " + mac + b"\n" + bytes(300)


def _scrypt_stanza(work_factor: int) -> bytes:
    salt, body = (base64.b64encode(bytes(size)).rstrip(b"=") for size in (16, 32))
    return b"-> scrypt " + salt + b" %d\n" % work_factor + body + b"\n"


def _recipient(text: str) -> object:
    return pyrage.x25519.Recipient.from_str(text)


NAMES: tuple[bytes, ...] = (
    b"line\nbreak.txt",
    b"return\r\nof carriage.txt",
    "right\u202etxt.gpj.txt".encode(),
    "marks\u200f\u2066\u2069.txt".encode(),
    b"up ..\\..\\up.txt",
    "up ..\u2215..\u2215state\u2215keys.txt".encode(),
    b"%2e%2e%2fup.txt",
    b"a" * 251 + b".txt",
    "\u00e9".encode() * 125 + b".txt",
    b"bell\a and escape\x1b[31m.txt",
    b"all\x01\x02\x7f.txt",
    b"dots....txt",
    b"   spaces   .txt",
    b"-rf --help.txt",
    "Zo\u00eb.txt".encode(),
    "Zoe\u0308.txt".encode(),
    b"Status.html",
    b"Status.html.txt",
    b"memo - UNREVIEWED - 7f3k.txt",
    b"README.txt.txt",
    b"<img src=x onerror=alert(1)>.txt",
    b"$(touch pwned);`touch pwned`&.txt",
    b"{{7*7}}{% raw %}.txt",
    b"\"quoted\" and 'so'.txt",
    b"COM1.txt",
    b"not utf8 \xff\xfe.txt",
    "\U000e0041\u3164\u115f.txt".encode(),
    b"*?[a-z]|:.txt",
)
"""Names of texts: what comes of each is to have a name that shows what it is."""

LEFT_ALONE: tuple[str, ...] = ("memo.txt.part", ".hidden.txt", "Thumbs.db")
"""Names that are no item."""


def lying_frame(header: bytes, payload_bytes: int = 0) -> bytes:
    """A frame of the engine's protocol, whatever it promises."""
    return struct.pack(">I", len(header)) + header + struct.pack(">Q", payload_bytes)
