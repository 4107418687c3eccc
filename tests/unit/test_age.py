"""What age cannot be trusted to bound by itself."""

from __future__ import annotations

import base64
import io

import pyrage  # type: ignore[import-untyped]  # ships no types
import pytest

from daemon.adapters import age
from daemon.model.errors import PermanentError
from tests.fakes.streams import BrokenSource

MACHINE = age.generate_identity()
STANZA = b"-> X25519 " + b"A" * 43 + b"\n" + b"A" * 43 + b"\n"


def sealed(data: bytes, *, others: int = 0, armored: bool = False) -> bytes:
    recipients = [MACHINE.recipient, *(age.generate_identity().recipient for _ in range(others))]
    keys = [pyrage.x25519.Recipient.from_str(each) for each in recipients]
    result: bytes = pyrage.encrypt(data, keys, armored=armored)
    return result


def unsealed(data: bytes) -> bytes:
    out = io.BytesIO()
    age.decrypt(io.BytesIO(data), out, MACHINE, unreadable="seal-unreadable")
    return out.getvalue()


class Dripping(io.BytesIO):
    """Gives one byte at a time, as a pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1 if size else 0)


@pytest.mark.parametrize("armored", [False, True])
@pytest.mark.parametrize("data", [b"", b"x", b"memo" * 50_000])
@pytest.mark.parametrize("others", [0, 50])
def test_what_was_sealed_opens(data: bytes, others: int, armored: bool) -> None:
    assert unsealed(sealed(data, others=others, armored=armored)) == data


def test_it_does_not_matter_in_what_pieces_it_comes() -> None:
    out = io.BytesIO()
    age.decrypt(Dripping(sealed(b"memo")), out, MACHINE, unreadable="seal-unreadable")
    assert out.getvalue() == b"memo"


@pytest.mark.parametrize("armored", [False, True])
def test_a_header_without_end_is_refused_before_it_is_parsed(armored: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    header = b"age-encryption.org/v1\n" + STANZA * (age.MAX_HEADER_BYTES // len(STANZA) + 1)
    data = header + b"--- " + b"A" * 43 + b"\n"
    if armored:
        data = (
            b"-----BEGIN AGE ENCRYPTED FILE-----\n" + base64.encodebytes(data) + b"-----END AGE ENCRYPTED FILE-----\n"
        )
    monkeypatch.setattr(pyrage, "decrypt_io", lambda *_: pytest.fail("parsed"))
    with pytest.raises(PermanentError, match="seal-unreadable"):
        unsealed(data)


@pytest.mark.parametrize("data", [b"", b"\n---", b"-----BEGIN AGE ENCRYPTED FILE-----", b"x" * 100_000])
def test_what_is_not_age_is_refused(data: bytes) -> None:
    with pytest.raises(PermanentError, match="seal-unreadable"):
        unsealed(data)


def test_a_source_that_fails_at_once_says_so_itself() -> None:
    with pytest.raises(OSError, match="input/output"):
        age.decrypt(BrokenSource(b""), io.BytesIO(), MACHINE, unreadable="seal-unreadable")
