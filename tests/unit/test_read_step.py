"""Read: what of several sources can be read is read, and what cannot is named."""

from __future__ import annotations

import pytest

from daemon.model.errors import PermanentError, RetryableError
from daemon.model.job import Manifest, ManifestSource
from daemon.model.passage import Reading, Unread
from daemon.model.source import Source, SourceKind
from daemon.steps.read import read
from tests.fakes.crashing import Refusing
from tests.fakes.reader import FakeReader
from tests.fakes.vault import FakeVault

KINDS: dict[str, SourceKind] = {"mp3": "recording", "pdf": "scan"}


class Packet:
    """A sealed packet: contents by name; a code in place of a content says what was plain at claim."""

    def __init__(self, **files: bytes | str) -> None:
        self.vault, self.reader = FakeVault(), FakeReader()
        self.sources = tuple(self._sealed(number, *each) for number, each in enumerate(files.items(), 1))

    def _sealed(self, number: int, name: str, content: bytes | str) -> ManifestSource:
        data = content if isinstance(content, bytes) else b""
        source = Source(f"s{number}", KINDS[name.rpartition("_")[2]], "0" * 64)
        code = "" if isinstance(content, bytes) else content
        return ManifestSource(source, self.vault.seal_bytes(data).blob, name.replace("_", "."), code)

    def read(self, code: str = "") -> Reading:
        return read(Manifest("job", "stem", "7f3k", self.sources, code=code), vault=self.vault, reader=self.reader)


def test_passages_are_numbered_through_and_anchored_in_their_own_source() -> None:
    reading = Packet(memo_mp3=b"One.\nTwo.", form_pdf=b"Three.\n[unreadable]", page_pdf=b"Four.").read()
    assert [(passage.id, passage.text, passage.anchor.source) for passage in reading.passages] == [
        ("p1", "One.", "s1"), ("p2", "Two.", "s1"), ("p3", "Three.", "s2"), ("p4", "Four.", "s3"),
    ]  # fmt: skip
    assert [source.id for source in reading.sources] == ["s1", "s2", "s3"]
    assert [anchor.source for anchor in reading.unreadable] == ["s2"]
    assert [role for role, _ in reading.engines] == ["speech", "ocr"]
    assert reading.unread == ()


@pytest.mark.parametrize(
    "bad", [b"error:media-encrypted", b"error:page-unreadable", b"error:engine-timeout", "media-too-large"]
)
def test_what_cannot_be_read_sinks_no_other(bad: bytes | str) -> None:
    packet = Packet(memo_mp3=b"One.", bad_pdf=bad, page_pdf=b"Two.")
    reading = packet.read()
    code = bad if isinstance(bad, str) else bad.decode().removeprefix("error:")
    assert reading.unread == (Unread("s2", code),)
    assert [(passage.id, passage.anchor.source) for passage in reading.passages] == [("p1", "s1"), ("p2", "s3")]
    assert [source.id for source in reading.sources] == ["s1", "s2", "s3"]
    assert packet.reader.calls == (2 if isinstance(bad, str) else 3)


def test_where_nothing_can_be_read_the_first_reason_is_the_items() -> None:
    with pytest.raises(PermanentError, match="media-unsupported"):
        Packet(letter_mp3="media-unsupported", memo_mp3=b"error:speech-none").read()
    with pytest.raises(PermanentError, match="speech-none"):
        Packet(memo_mp3=b"error:speech-none", form_pdf=b"error:page-unreadable").read()


def test_one_file_alone_fails_as_it_is() -> None:
    with pytest.raises(PermanentError, match="speech-none"):
        Packet(memo_mp3=b"error:speech-none").read()
    packet = Packet(memo_mp3=b"One.")
    with pytest.raises(PermanentError, match="media-unsupported"):
        packet.read(code="media-unsupported")
    assert packet.reader.calls == 0


@pytest.mark.parametrize("code", ["model-altered", "engine-protocol"])
def test_what_is_wrong_with_all_of_them_is_no_matter_of_one(code: str) -> None:
    with pytest.raises(PermanentError, match=code):
        Packet(memo_mp3=b"One.", form_pdf=f"error:{code}".encode()).read()


def test_what_may_work_later_and_what_the_vault_lost_are_not_passed_over() -> None:
    packet = Packet(memo_mp3=b"One.", form_pdf=b"Two.")
    packet.reader = Refusing(packet.reader, "read", RetryableError("engine-crashed"))  # type: ignore[assignment]  # as it
    with pytest.raises(RetryableError, match="engine-crashed"):
        packet.read()
    lost = Packet(memo_mp3=b"One.", form_pdf=b"Two.")
    del lost.vault.blobs[lost.sources[1].blob]
    with pytest.raises(PermanentError, match="vault-missing"):
        lost.read()
