"""Writes documents byte by byte: PDFs of every temper, and files that lie about what they are."""

from __future__ import annotations

import zlib
from pathlib import Path

from PIL import Image

LETTER_POINTS = (612, 792)


def pdf(objects: list[bytes]) -> bytes:
    """A PDF whose object 1 is the catalog (ISO 32000-1, 7.5: header, body, cross-reference table, trailer)."""
    body = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    body += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(body)


def text_pdf(pages: list[list[str]], size: tuple[int, int] = LETTER_POINTS) -> bytes:
    """A page for each list of lines, set in Helvetica: what a form that was typed and printed to PDF looks like."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(pages), kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, lines in enumerate(pages):
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R" % (*size, 5 + 2 * number)
        objects += [page + b" /Resources << /Font << /F1 3 0 R >> >> >>", _stream(_typeset(lines, size[1]))]
    return pdf(objects)


def _typeset(lines: list[str], height: int) -> bytes:
    shown = b"".join(b"(%s) Tj T*\n" % _escaped(line) for line in lines)
    return b"BT /F1 13 Tf 24 TL 60 %d Td\n%sET" % (height - 72, shown)


def _escaped(line: str) -> bytes:
    return line.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _stream(content: bytes) -> bytes:
    packed = zlib.compress(content, 9)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)


def empty_pages_pdf(count: int, size: tuple[int, int]) -> bytes:
    """`count` blank pages of `size` points, 64 bytes or so each."""
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(count))
    page = b"<< /Type /Page /Parent 2 0 R >>"
    tree = b"<< /Type /Pages /Count %d /MediaBox [0 0 %d %d] /Kids [%s] >>" % (count, *size, kids)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", tree, *[page] * count])


def write_locked(path: Path, plain: bytes, password: str) -> None:
    """Encrypt `plain` (AES-256) so that it opens only with `password`. Needs pikepdf."""
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(plain)) as document:
        document.save(path, encryption=pikepdf.Encryption(user=password, owner=password), deterministic_id=False)


def write_scans(folder: Path, pages: list[Image.Image]) -> None:
    """The same two scanned pages as a PDF of images, a multi-page TIFF, and the first as HEIC and JPEG."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    first, second = pages
    first.save(folder / "image-only.pdf", save_all=True, append_images=[second], resolution=100, quality=60)
    black_white = [page.convert("1") for page in pages]
    black_white[0].save(folder / "multi-page.tiff", save_all=True, append_images=black_white[1:], compression="group4")
    first.convert("RGB").save(folder / "form.heic", quality=50)
    first.save(folder / "form.jpg", quality=60)
    Image.new("1", first.size, 1).save(folder / "blank.png", optimize=True)


def write_hostile(folder: Path, text: bytes) -> None:
    """Files that cost far more to open than they weigh, or are not what their name says."""
    (folder / "ffconcat.m4a").write_text("ffconcat version 1.0\nfile 'b.wav'\n")
    (folder / "sdp.m4a").write_text(
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 45678 RTP/AVP 0\n"
    )
    Image.new("1", (12_000, 12_000), 1).save(folder / "bomb.png", optimize=True)
    (folder / "huge-page.pdf").write_bytes(empty_pages_pdf(1, (14_400, 14_400)))
    (folder / "thousand-pages.pdf").write_bytes(empty_pages_pdf(1_000, (72, 72)))
    (folder / "text-file.pdf").write_text("This is a plain text file that somebody renamed.\n")
    (folder / "png-named.m4a").write_bytes((folder / "blank.png").read_bytes())
    (folder / "truncated.pdf").write_bytes(text[: len(text) * 2 // 3])
