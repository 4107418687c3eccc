"""PDFs that attack: pages as large as a house, streams that swell, trees without end, programs and locks inside."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache

from asset_files import empty_pages_pdf, pdf, text_pdf

LINES = ["Name: Rosa Delgado", "Allergies: codeine", "Medications: lisinopril 10 mg once a day", "Surgeries: none"]
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << %s >> >>"
TREE = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
# ISO 32000-1, 7.6.3.3, algorithm 2, step (a): what a password is filled up with.
_PAD = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


def bombs() -> dict[str, bytes]:
    """Small files that cost much to show."""
    image = b"/Type /XObject /Subtype /Image /Width 12000 /Height 12000 /ColorSpace /DeviceGray"
    fax = b"/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 30000 /Rows 30000 >>"
    shown = _stream(b"q 612 0 0 792 0 0 cm /I Do Q")
    resources = b"/XObject << /I 5 0 R >>"
    return {
        "page-of-14400-points.pdf": empty_pages_pdf(1, (14_400, 14_400)),
        "ten-thousand-pages.pdf": empty_pages_pdf(10_000, (72, 72)),
        "pages-of-a-hair.pdf": empty_pages_pdf(3, (14_400, 1)),
        "user-unit-of-thousands.pdf": one_page(_stream(b""), extra=b"/UserUnit 75000"),
        "flate-bomb.pdf": one_page(_packed(swollen(144_000_000, b" "), b"[/FlateDecode /FlateDecode]")),
        "image-bomb.pdf": one_page(shown, resources, _packed(swollen(144_000_000), b"[/FlateDecode /FlateDecode]", image + b" /BitsPerComponent 8")),
        "fax-bomb.pdf": one_page(shown, resources, _packed(b"", fax.removeprefix(b"/Filter "), image + b" /BitsPerComponent 1")),
        "forms-that-double.pdf": forms_that_double(40),
        "form-of-itself.pdf": one_page(_stream(b"/F Do"), b"/XObject << /F 5 0 R >>", _form(b"/F Do /F Do", 5)),
        "million-strokes.pdf": one_page(_packed_content(b"0 0 m 612 792 l S\n" * 1_000_000)),
        "million-letters.pdf": one_page(_packed_content(b"BT /F1 1 Tf (" + b"W" * 1_000_000 + b") Tj ET"), HELVETICA),
        "tiles-of-a-point.pdf": one_page(_stream(b"/Pattern cs /P scn 0 0 612 792 re f"), b"/Pattern << /P 5 0 R >>", TILES),
    }  # fmt: skip


HELVETICA = b"/Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def crafted() -> dict[str, bytes]:
    """Structures that lie or loop."""
    whole = text_pdf([LINES])
    loop = b"<< /Type /Pages /Parent 2 0 R /Count 1 /Kids [2 0 R] >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return {
        "arrays-100000-deep.pdf": pdf([catalog, TREE, b"[" * 100_000 + b"]" * 100_000]),
        "dictionaries-50000-deep.pdf": pdf([catalog, TREE, b"<< /A " * 50_000 + b"0" + b" >>" * 50_000]),
        "page-tree-loop.pdf": pdf([catalog, loop]),
        "page-tree-of-billions.pdf": pdf([catalog, b"<< /Type /Pages /Count 2147483647 /Kids [3 0 R] >>", PAGE % b""]),
        "page-tree-of-less-than-none.pdf": pdf([catalog, b"<< /Type /Pages /Count -5 /Kids [3 0 R] >>", PAGE % b""]),
        "xref-of-millions.pdf": whole.replace(b"xref\n0 ", b"xref\n0 99999999", 1),
        "xref-of-many-lines.pdf": _long_xref(whole, 300_000),
        "prev-loop.pdf": whole.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % whole.rindex(b"xref\n0"), 1),
        "length-of-gigabytes.pdf": whole.replace(b"/Length ", b"/Length 4000000000", 1),
        "object-of-itself.pdf": pdf([catalog, b"2 0 R"]),
        "nothing-but-a-header.pdf": b"%PDF-1.7\n" + b"\n" * 4096 + b"%%EOF\n",
    }


def active(canary: str, url: str) -> dict[str, bytes]:
    """Whole forms with programs, files, dialogs and pointers inside: read as the text they show, the rest left alone."""
    script = f"app.launchURL('{url}'); this.submitForm('{url}');".encode()
    actions = {
        "javascript.pdf": b"/OpenAction << /S /JavaScript /JS (%s) >>" % _escaped(script),
        "launch.pdf": b"/OpenAction << /S /Launch /F (%s) >>" % canary.encode(),
        "open-address.pdf": b"/OpenAction << /S /URI /URI (%s) >>" % url.encode(),
        "goto-remote.pdf": b"/AA << /WC << /S /GoToR /F (%s) >> >>" % canary.encode(),
        "attachment.pdf": b"/Names << /EmbeddedFiles << /Names [(x.exe) << /Type /Filespec /F (x.exe) /EF << /F 5 0 R >> >>] >> >>",
        "xfa.pdf": b"/AcroForm << /Fields [] /XFA [(template) 5 0 R] >>",
    }
    return {name: _with_in_catalog(text_pdf([LINES]), added) for name, added in actions.items()}


def locked(user_password: bytes) -> bytes:
    """A form encrypted by ISO 32000-1, 7.6.3 (revision 2, RC4 of 40 bits); the owner's password is not known."""
    identity, rights = b"0123456789abcdef", (-4).to_bytes(4, "little", signed=True)
    owner = _rc4(hashlib.md5(_padded(b"owner-unknown")).digest()[:5], _padded(user_password))
    key = hashlib.md5(_padded(user_password) + owner + rights + identity).digest()[:5]
    user = _rc4(key, _PAD)
    content = zlib.compress(
        b"BT /F1 13 Tf 24 TL 60 700 Td\n" + b"".join(b"(%s) Tj T*\n" % line.encode() for line in LINES) + b"ET"
    )
    sealed = _rc4(hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0").digest()[:10], content)
    page = PAGE % HELVETICA
    body = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(sealed), sealed)
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >>" % (owner.hex().encode(), user.hex().encode())
    made = pdf([b"<< /Type /Catalog /Pages 2 0 R >>", TREE, page, body, lock])
    ids = b"/Root 1 0 R /Encrypt 5 0 R /ID [<%s> <%s>]" % (identity.hex().encode(), identity.hex().encode())
    return made.replace(b"/Root 1 0 R", ids, 1)


@lru_cache
def swollen(size: int, byte: bytes = b"\0") -> bytes:
    """`size` equal bytes, deflated twice: some hundred bytes for each gigabyte."""
    packer, piece = zlib.compressobj(1), byte * 1_000_000
    once = b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()
    return zlib.compress(once, 9)


def one_page(content: bytes, resources: bytes = b"", *more: bytes, extra: bytes = b"") -> bytes:
    """A letter page; `content` is object 4, `more` are those from 5 on."""
    page = (PAGE % resources).replace(b"/Parent", extra + b" /Parent", 1)
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", TREE, page, content, *more])


def forms_that_double(levels: int) -> bytes:
    """Each form shows the next twice: 2 to the power of `levels` in the end."""
    forms = [_form(b"/F Do /F Do", 6 + level) for level in range(levels)]
    return one_page(_stream(b"/F Do"), b"/XObject << /F 5 0 R >>", *forms, _form(b"0 0 9 9 re f", 5))


TILES = (
    b"<< /Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 0.01 0.01] /XStep 0.01 /YStep 0.01"
    b" /Resources << >> /Length 20 >>\nstream\n0 0 0.005 0.005 re f\nendstream"
)


def _form(content: bytes, following: int) -> bytes:
    resources = b"/Resources << /XObject << /F %d 0 R >> >>" % following
    return b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] %s /Length %d >>\nstream\n%s\nendstream" % (
        resources,
        len(content),
        content,
    )


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _packed(packed: bytes, filters: bytes, more: bytes = b"") -> bytes:
    return b"<< %s /Length %d /Filter %s >>\nstream\n%s\nendstream" % (more, len(packed), filters, packed)


def _packed_content(content: bytes) -> bytes:
    return _packed(zlib.compress(content, 6), b"/FlateDecode")


def _escaped(text: bytes) -> bytes:
    return text.replace(b"(", b"\\(").replace(b")", b"\\)")


def _with_in_catalog(whole: bytes, added: bytes) -> bytes:
    return whole.replace(b"/Type /Catalog", b"/Type /Catalog " + added, 1)  # readers mend the offsets that this moves


def _long_xref(whole: bytes, lines: int) -> bytes:
    at = whole.rindex(b"trailer")
    return whole[:at] + b"9 %d\n" % lines + b"0000000000 00000 n \n" * lines + whole[at:]


def _padded(password: bytes) -> bytes:
    return (password + _PAD)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
