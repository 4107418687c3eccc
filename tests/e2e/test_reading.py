"""Real memos and forms through the real child and the starter models; hostile ones through the real decoders."""

from __future__ import annotations

import io
import re
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageDraw, ImageFont

from daemon.engines.audio import SAMPLE_RATE, decode
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.limits import Limits
from daemon.model.passage import PageAnchor, Reading
from daemon.model.source import Source, source_kind
from tests.contract.test_reader_contract import engine_reader

pytestmark = pytest.mark.engines
ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "tests" / "assets"


def _read(name: str, data: bytes | None = None, folder: Path = ASSETS, **limits: float) -> Reading:
    kind = source_kind(name)
    assert kind is not None
    return engine_reader(**limits).read(
        Source("s1", kind, ""), name, (folder / name).read_bytes() if data is None else data
    )


def _texts(reading: Reading) -> list[str]:
    return [passage.text for passage in reading.passages]


def _code(name: str, data: bytes | None = None, **limits: float) -> str:
    with pytest.raises(ChartdraftError) as caught:
        _read(name, data, **limits)
    return caught.value.code


def _is_the_memo(texts: list[str]) -> bool:
    said = " ".join(texts).lower()
    return all(word in said for word in ("sore throat", "101.2", "strep throat", "amoxicillin", "500"))


def test_a_memo_becomes_its_four_sentences_with_word_times() -> None:
    reading = _read("memo.m4a")
    texts = _texts(reading)
    assert _is_the_memo(texts)
    assert len(texts) == 4
    assert re.search("sore throat for three days", texts[0])
    for passage in reading.passages:
        assert [word.text for word in passage.words] == passage.text.split()
        assert all(0 <= word.confidence <= 1 for word in passage.words)
    assert reading.sources[0].seconds == pytest.approx(12.8, abs=0.2)


def test_an_iphone_memo_is_read_from_the_stream_that_can_be_decoded() -> None:
    assert _is_the_memo(_texts(_read("memo.qta")))


def test_a_form_keeps_its_rows_ticks_and_what_is_unreadable() -> None:
    reading = _read("intake-form.png", folder=ROOT / "samples")
    texts = _texts(reading)
    for line in (
        "Name: Eleanor Whitcombe",
        "Metformin | 500 mg | twice a day",
        "[X] Diabetes",
        "[ ] Stroke",
        "Penicillin | hives",
    ):
        assert line in texts
    assert "Atorvastatin | [unreadable] | at bedtime" in texts
    (smudge,) = [anchor for anchor in reading.unreadable if isinstance(anchor, PageAnchor)]
    left, top, right, bottom = smudge.box
    assert 0.4 < left < right < 0.65
    assert 0.35 < top < bottom < 0.41


def test_pages_with_a_text_layer_need_no_ocr() -> None:
    reading = _read("two-pages.pdf")
    assert reading.engines == ()
    assert reading.sources[0].pages == 2
    texts = _texts(reading)
    assert {"Name: Rosa Delgado", "[X] Asthma", "[ ] Diabetes", "Surgeries: appendix removed 1999"} <= set(texts)
    assert [p.anchor.page for p in reading.passages if isinstance(p.anchor, PageAnchor)] == sorted([1] * 9 + [2] * 5)


@pytest.mark.parametrize("name", ["image-only.pdf", "form.heic"])
def test_pages_without_one_are_recognised(name: str) -> None:
    reading = _read(name)
    assert [role for role, _ in reading.engines] == ["ocr"]
    assert {"Name: Rosa Delgado", "[X] Asthma", "[ ] Diabetes"} <= set(_texts(reading))


def _form_image() -> Image.Image:
    page = Image.new("RGB", (1000, 700), (250, 250, 250))
    pen = ImageDraw.Draw(page)
    for row, line in enumerate(("Name: Rosa Delgado", "Allergies: codeine", "Surgeries: appendix 1999")):
        pen.text((60, 80 + 120 * row), line, fill="black", font=ImageFont.load_default(44))
    return page


@pytest.mark.parametrize("turn", [Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180])
def test_a_page_scanned_the_wrong_way_up_is_read_in_order(turn: Image.Transpose) -> None:
    stream = io.BytesIO()
    _form_image().transpose(turn).save(stream, "PNG")
    reading = _read("form.png", stream.getvalue())
    assert _texts(reading) == ["Name: Rosa Delgado", "Allergies: codeine", "Surgeries: appendix 1999"]
    first = reading.passages[0].anchor
    assert isinstance(first, PageAnchor)
    # Boxes are places on the page as it was scanned: the heading lies left, or at the bottom.
    assert first.box[2] < 0.4 if turn == Image.Transpose.ROTATE_90 else first.box[1] > 0.6


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ffconcat.m4a", "media-mismatch"),
        ("sdp.m4a", "media-mismatch"),
        ("long-silence.flac", "media-too-long"),
        ("bomb.png", "media-too-many-pixels"),
        ("huge-page.pdf", "media-too-many-pixels"),
        ("thousand-pages.pdf", "media-too-many-pages"),
        ("locked.pdf", "media-encrypted"),
        ("truncated.pdf", "media-truncated"),
        ("silence.m4a", "speech-none"),
        ("noise.wav", "speech-none"),
        ("blank.png", "page-unreadable"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_code(name: str, code: str) -> None:
    assert _code(name, max_resident_bytes=900_000_000) == code


def test_length_is_capped_while_decoding_where_the_header_does_not_tell() -> None:
    data = bytearray((ASSETS / "memo.flac").read_bytes())
    # STREAMINFO's 36 bits of "total samples", 0 for unknown (RFC 9639, section 8.2).
    data[21] &= 0xF0
    data[22:26] = bytes(4)
    assert len(decode(bytes(data), "flac", Limits())) > 12 * SAMPLE_RATE
    with pytest.raises(PermanentError, match="media-too-long"):
        decode(bytes(data), "flac", Limits(max_seconds=5.0))


@pytest.mark.parametrize("name", ["ffconcat.m4a", "sdp.m4a"])
@pytest.mark.parametrize("form", ["mov", "mp3", "wav"])
def test_even_a_decoder_that_is_handed_a_playlist_opens_nothing_else(name: str, form: str) -> None:
    with pytest.raises(PermanentError, match=r"media-(truncated|unsupported)"):
        decode((ASSETS / name).read_bytes(), form, Limits())


def test_the_time_limit_holds_for_real_work() -> None:
    assert _code("memo.m4a", max_wall_seconds=0.2) == "engine-timeout"


def test_no_child_is_left_after_a_reading() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    _read("two-pages.pdf")
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
