"""Pictures that attack: few bytes that promise many pixels, chains that loop, archives and pages in a picture's clothes."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

from PIL import Image

ASSETS = Path(__file__).parents[1] / "assets"


def bombs() -> dict[str, bytes]:
    """Small files of many pixels, or of few with much beside them."""
    return {
        "png-of-144-megapixels.png": (ASSETS / "bomb.png").read_bytes(),
        "png-of-4-exapixels.png": png((0x7FFFFFFF, 0x7FFFFFFF), b""),
        "png-of-39-megapixels.png": png((6_245, 6_245), _zeros(40)),
        "png-text-bomb.png": png((8, 8), zlib.compress(bytes(72)), (b"zTXt", b"a\0\0" + _zeros(144))),
        "png-profile-bomb.png": png((8, 8), zlib.compress(bytes(72)), (b"iCCP", b"a\0\0" + _zeros(144))),
        "png-data-bomb.png": png((8, 8), _zeros(144)),
        "png-of-many-chunks.png": png((8, 8), zlib.compress(bytes(72)), *[(b"tEXt", b"a\0b")] * 100_000),
        "tiff-of-huge-page.tif": tiff(200_000, 200_000),
        "tiff-of-most-pixels.tif": tiff(0xFFFFFFFF, 0xFFFFFFFF),
        "tiff-of-9999-pages.tif": tiff_chain(9_999, loop=False),
        "tiff-loop.tif": tiff_chain(3, loop=True),
        "tiff-of-itself.tiff": tiff_chain(1, loop=True),
        "tiff-deflate-bomb.tif": tiff(6_000, 6_000, compression=8, strip=_zeros(144)),
        "tiff-of-million-strips.tif": tiff(100, 100, strips=0x10000000),
        "jpeg-of-65500.jpg": jpeg_of(65_500, 65_500),
        "jpeg-of-6300-without-data.jpg": jpeg_of(6_300, 6_300),
        "jpeg-of-many-scans.jpg": jpeg_of_many_scans(2_000),
        "heic-of-65535.heic": heic_of(0xFFFFFFF0, 0xFFFFFFF0),
        "heic-of-100-megapixels.heic": heic_of(10_000, 10_000),
        "heic-grid-of-65536-tiles.heic": heic_grid(),
    }


def disguised() -> dict[str, bytes]:
    """What is not what its name says, or is two things at once."""
    form = (ASSETS / "two-pages.pdf").read_bytes()
    archive = zipped({"word/document.xml": b"<x/>"})
    return {
        "zip.heic": archive,
        "zip-bomb.heic": zipped({f"{n}.txt": bytes(10_000_000) for n in range(3)}),
        "zip-after-ftyp.heic": struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0) + archive,
        "pdf-and-zip.pdf": form + archive,
        "zip-and-pdf.pdf": archive + form,
        "page-and-pdf.pdf": b"<script>alert(1)</script>\n" + form,
        "picture-and-page.png": (ASSETS / "blank.png").read_bytes() + b"<html><script>alert(1)</script>",
        "program.png": b"\x7fELF" + bytes(200),
        "script.txt": b"#!/bin/sh\nrm -rf /\n",
        "svg.png": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "postscript.pdf": b"%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n",
        "zip.txt": archive + b"\0",
        "pdf.md": form,
    }


def saved(image: Image.Image, form: str) -> bytes:
    """The image as a file."""
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def png(size: tuple[int, int], data: bytes, *more: tuple[bytes, bytes]) -> bytes:
    """A grey PNG (ISO/IEC 15948) of any size, with `more` chunks before its data."""
    head = struct.pack(">IIBBBBB", *size, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


@lru_cache
def _zeros(megabytes: int) -> bytes:
    packer, piece = zlib.compressobj(1), bytes(1_000_000)
    return b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()


def tiff(width: int, height: int, *, compression: int = 1, strip: bytes = bytes(64), strips: int = 1) -> bytes:
    """One page of grey (TIFF 6.0, section 8) that promises more than it holds."""
    entries = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, compression), (262, 3, 1)]
    entries += [(277, 3, 1), (278, 4, height)]
    after = 8 + 2 + 12 * (len(entries) + 2) + 4
    directory = [struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries]
    directory.insert(5, struct.pack("<HHII", 273, 4, strips, after))
    directory.append(struct.pack("<HHII", 279, 4, strips, len(strip)))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(directory)) + b"".join(directory) + bytes(4) + strip


def tiff_chain(pages: int, *, loop: bool) -> bytes:
    """Directories of one white pixel, one after the other; the last leads nowhere, or back to the first."""
    out = b"II*\0\x08\0\0\0"
    for number in range(pages):
        at = len(out)
        entries = [
            (256, 4, 1),
            (257, 4, 1),
            (258, 3, 8),
            (259, 3, 1),
            (262, 3, 1),
            (273, 4, 4),
            (278, 4, 1),
            (279, 4, 1),
        ]
        directory = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
        following = at + 2 + len(directory) + 4 if number + 1 < pages else (8 if loop else 0)
        out += struct.pack("<H", len(entries)) + directory + struct.pack("<I", following)
    return out


def jpeg_of(width: int, height: int) -> bytes:
    """A whole JPEG whose frame header (ITU T.81, B.2.2) claims another size."""
    data = bytearray(saved(Image.new("L", (16, 16), 200), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of_many_scans(times: int) -> bytes:
    """A progressive JPEG of 39 megapixels with its last scan over and over: each costs a pass over the picture."""
    out = io.BytesIO()
    Image.new("L", (16, 16), 200).save(out, "JPEG", progressive=True)
    data = bytearray(out.getvalue())
    at = data.index(b"\xff\xc2")
    data[at + 5 : at + 9] = struct.pack(">HH", 6_200, 6_200)
    last = data.rindex(b"\xff\xda")
    return bytes(data[:-2] + data[last:-2] * times + b"\xff\xd9")


def heic_of(width: int, height: int) -> bytes:
    """A whole HEIC whose `ispe` (ISO/IEC 23008-12, 6.5.3) claims another size."""
    data = bytearray((ASSETS / "form.heic").read_bytes())
    at = data.find(b"ispe")
    while at >= 0:
        data[at + 8 : at + 16] = struct.pack(">II", width, height)
        at = data.find(b"ispe", at + 4)
    return bytes(data)


def heic_grid() -> bytes:
    """An item of type `grid` (ISO/IEC 23008-12, 6.6.2.3) of 256 × 256 tiles, each the same picture."""
    return (ASSETS / "form.heic").read_bytes().replace(b"hvc1", b"grid", 1).replace(b"ispe", b"ispe", 1)


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
