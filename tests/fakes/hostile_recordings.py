"""Recordings that attack: playlists that call themselves memos, movies whose sound lies elsewhere, bombs, lying headers."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

ASSETS = Path(__file__).parents[1] / "assets"
SIX_HOURS = 6 * 3600


def playlists(canary: Path, port: int) -> dict[str, bytes]:
    """Texts that FFmpeg takes for media by their content, each naming another file, or a port of this machine."""
    url, file = f"http://127.0.0.1:{port}/x", canary.as_uri()
    hls = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{file}\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n"
    texts = {
        "ffconcat.m4a": f"ffconcat version 1.0\nfile '{canary}'\n",
        "ffconcat.wav": f"ffconcat version 1.0\nfile '{file}'\n",
        "sdp.m4a": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio {port} RTP/AVP 0\n",
        "hls.m4a": hls,
        "hls.mp3": hls + "#\n",
        "hls-with-key.m4a": hls.replace("#EXTINF", f'#EXT-X-KEY:METHOD=AES-128,URI="{url}"\n#EXTINF', 1),
        "dash.mp4": f'<?xml version="1.0"?><MPD><Period><BaseURL>{url}</BaseURL></Period></MPD>',
        "subtitles-srt.m4a": "1\n00:00:00,000 --> 00:00:05,000\nHello\n\n",
        "subtitles-ass.m4a": "[Script Info]\nScriptType: v4.00+\n\n[Events]\nDialogue: 0,0:00:00.00,0:00:05.00,,,,,,,Hello\n",
        "subtitles-webvtt.m4a": "WEBVTT\n\n00:00.000 --> 00:05.000\nHello\n",
        "page.m4a": f"<!DOCTYPE html><html><script>fetch('{url}')</script><img src='{url}'></html>",
        "after-id3.mp3": f"ID3\x04\0\0\0\0\0\0ffconcat version 1.0\nfile '{canary}'\n",
    }
    return {name: text.encode() for name, text in texts.items()}


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A box of ISO/IEC 14496-12, 4.2."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


FTYP = box(b"ftyp", b"qt  \0\0\0\0qt  ")


def reference_movies(canary: Path) -> dict[str, bytes]:
    """Movies whose sound lies in another file (QuickTime File Format, "Reference Movies" and "Data Reference Atoms")."""
    url, path = canary.as_uri().encode() + b"\0", str(canary).encode()
    pointer = box(b"rmda", box(b"rdrf", bytes(4) + b"url " + struct.pack(">I", len(url)) + url))
    alias = struct.pack(">4sHHH", b"\0\0\0\0", 150, 2, 0) + bytes(140)
    alias += struct.pack(">HH", 2, len(path)) + path + bytes(len(path) % 2) + struct.pack(">HH", 0xFFFF, 0)
    return {
        "reference-rmra.mov": FTYP + box(b"moov", box(b"rmra", pointer)) + box(b"mdat"),
        "reference-dref-url.m4a": with_dref(box(b"url ", bytes(4) + url)),
        "reference-dref-alias.mov": with_dref(box(b"alis", bytes(4) + alias)),
    }


def with_dref(entry: bytes) -> bytes:
    """A whole memo whose samples lie in what `entry` names."""
    data = (ASSETS / "moov-last.m4a").read_bytes()  # its offsets hold: what grows stands behind the samples
    table = bytes(4) + struct.pack(">I", 1) + entry
    return changed(data, (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"), lambda _: table)


def changed(data: bytes, way: tuple[bytes, ...], change: Callable[[bytes], bytes]) -> bytes:
    """The same boxes with the content of those at the end of `way` changed, and all sizes set right."""
    out, offset = b"", 0
    while offset < len(data):
        size, kind = struct.unpack_from(">I4s", data, offset)
        content = data[offset + 8 : offset + size]
        if kind == way[0]:
            content = changed(content, way[1:], change) if len(way) > 1 else change(content)
        out, offset = out + box(kind, content), offset + size
    return out


def crafted_movies() -> dict[str, bytes]:
    """Boxes of absurd size, number and depth; tables that promise more than the file holds."""
    table = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
    whole = (ASSETS / "moov-last.m4a").read_bytes()
    many = struct.pack(">III", 0, 1, 0x7FFFFFFF)
    deep = b""
    for _ in range(5_000):
        deep = box(b"trak", deep)
    samples = changed(whole, (*table, b"stts"), lambda _: struct.pack(">IIII", 0, 1, 0x7FFFFFFF, 1))
    return {
        "moov-of-exabytes.m4a": FTYP + struct.pack(">I4sQ", 1, b"moov", (1 << 63) - 1) + b"x" * 64,
        "moov-of-nothing.m4a": FTYP + box(b"moov") + box(b"mdat", b"x" * 64),
        "moov-to-the-end.m4a": FTYP + box(b"mdat", b"x") + struct.pack(">I4s", 0, b"moov") + b"\0" * 4096,
        "boxes-of-size-zero.m4a": FTYP + bytes(80_000) + box(b"moov"),
        "boxes-of-size-seven.m4a": FTYP + struct.pack(">I4s", 7, b"moov") + bytes(64),
        "hundred-thousand-boxes.m4a": FTYP + box(b"free") * 100_000 + box(b"moov") + box(b"mdat"),
        "nested-5000-deep.m4a": FTYP + box(b"moov", deep) + box(b"mdat", b"x"),
        "ten-thousand-tracks.m4a": FTYP + box(b"moov", box(b"trak", box(b"mdia")) * 10_000) + box(b"mdat", b"x"),
        "two-billion-sizes.m4a": changed(whole, (*table, b"stsz"), lambda _: many),
        "two-billion-samples.m4a": samples,
        "two-billion-chunks.m4a": changed(whole, (*table, b"stco"), lambda _: struct.pack(">II", 0, 0x7FFFFFFF)),
        "movie-of-centuries.m4a": changed(whole, (b"moov", b"mvhd"), _of_centuries),
    }


def _of_centuries(header: bytes) -> bytes:
    return header[:12] + struct.pack(">II", 1, 0xFFFFFFFE) + header[20:]


def flac_of_silence(seconds: int, *, declared: bool) -> bytes:
    """Frames of 65,535 equal samples (RFC 9639, 9: a constant subframe), 16 kHz mono: 4 seconds in some 15 bytes each."""
    count = seconds * 16_000 // 65_535
    total = count * 65_535 if declared else 0
    rate_and_total = 16_000 << 44 | 0 << 41 | 15 << 36 | total
    info = struct.pack(">HH", 65_535, 65_535) + bytes(6) + struct.pack(">Q", rate_and_total) + bytes(16)
    return b"fLaC\x80\0\0\x22" + info + b"".join(_silent_frame(number) for number in range(count))


def _silent_frame(number: int) -> bytes:
    head = b"\xff\xf8\x75\x08" + _long_number(number) + struct.pack(">H", 65_534)
    head += bytes([_crc(head, 8, 0x07)])
    frame = head + b"\0\0\0"
    return frame + struct.pack(">H", _crc(frame, 16, 0x8005))


def _long_number(number: int) -> bytes:
    if number < 0x80:
        return bytes([number])
    if number < 0x800:
        return bytes([0xC0 | number >> 6, 0x80 | number & 0x3F])
    return bytes([0xE0 | number >> 12, 0x80 | number >> 6 & 0x3F, 0x80 | number & 0x3F])


def _crc(data: bytes, bits: int, polynomial: int) -> int:
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = (value << 1 ^ polynomial if value & top else value << 1) & (2 * top - 1)
    return value


def lying_headers() -> dict[str, bytes]:
    """Headers that promise other rates, channels and lengths than a recorder has."""
    return {
        "wav-of-4-gigabytes.wav": wav(data_bytes=0xFFFFFFF0, riff_bytes=0),
        "wav-of-1-hertz.wav": wav(rate=1),
        "wav-of-2-gigahertz.wav": wav(rate=0x7FFFFFFF),
        "wav-of-65535-channels.wav": wav(channels=65_535),
        "wav-of-no-channels.wav": wav(channels=0, align=0),
        "wav-riff-too-long.wav": wav(riff_bytes=0x7FFFFFFF),
        "wav-video-inside.wav": wav(tag=0x4D4A),
        "aiff-of-0-hertz.aiff": aiff(b"\0" * 10),
        "aiff-of-most-hertz.aiff": aiff(b"\x7f\xfe" + b"\xff" * 8),
        "caf-of-negative-length.caf": (ASSETS / "memo.caf").read_bytes()[:4_000].replace(b"data\0", b"data\xff", 1),
        "ogg-of-one-page.ogg": (ASSETS / "memo.ogg").read_bytes()[:58] * 2_000,
        "mp3-of-frames-without-end.mp3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + b"\xff\xfb\x90\0" * 4_000,
        "aac-of-empty-frames.aac": b"\xff\xf1\x50\x80\x00\xff\xfc" * 20_000,
    }


def wav(
    *,
    rate: int = 16_000,
    channels: int = 1,
    align: int = 2,
    tag: int = 1,
    data_bytes: int = 8_000,
    riff_bytes: int = -1,
) -> bytes:
    """RIFF WAVE (Microsoft and IBM, 1991) with 4,000 samples of silence, whatever its header says."""
    form = struct.pack("<HHIIHH", tag, channels, rate, (rate * align) & 0xFFFFFFFF, align, 16)
    size = 36 + 8_000 if riff_bytes < 0 else riff_bytes
    head = b"RIFF" + struct.pack("<I", size) + b"WAVEfmt " + struct.pack("<I", len(form)) + form
    return head + b"data" + struct.pack("<I", data_bytes) + bytes(8_000)


def aiff(rate: bytes) -> bytes:
    """AIFF with a sample rate of ten bytes (Apple, 1989: an 80-bit extended number)."""
    common = struct.pack(">HIH", 1, 4_000, 16) + rate
    chunks = (
        b"COMM" + struct.pack(">I", len(common)) + common + b"SSND" + struct.pack(">III", 8_008, 0, 0) + bytes(8_000)
    )
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + b"AIFF" + chunks
