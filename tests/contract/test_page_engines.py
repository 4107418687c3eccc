"""What every engine that finds lines on a page promises: RapidOCR here and now, Apple's Vision on a Mac where it is installed."""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from daemon.adapters.models.store import default_models_dir
from daemon.engines import scan
from daemon.engines.ocr import Ocr
from daemon.engines.page_engines import LANGUAGES, FoundText, PageEngine, page_engine
from daemon.model.errors import RetryableError
from daemon.model.limits import Limits

MODELS = default_models_dir() / "pp-ocrv6-small"
LINES = {"Allergies: penicillin": (80, 80), "Takes lisinopril 20 mg daily": (80, 200), "Phone 555 0142": (500, 320)}
SIZE = (1000, 500)
FORM = Path(__file__).parents[1] / "assets" / "form.jpg"

HAS_VISION = sys.platform == "darwin" and importlib.util.find_spec("ocrmac") is not None
VISION = pytest.param(
    "ocrmac", marks=pytest.mark.skipif(not HAS_VISION, reason="ocrmac: Apple's Vision is on Macs alone, with the extra `apple`")
)  # fmt: skip


@pytest.fixture(scope="module", params=["rapidocr", VISION])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def engine(name: str) -> PageEngine:
    return page_engine(name, MODELS, 1)


@pytest.fixture(scope="module")
def page() -> np.ndarray:
    picture = Image.new("RGB", SIZE, (245, 245, 245))
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(34)
    for text, place in LINES.items():
        draw.text(place, text, fill=(20, 20, 20), font=font)
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1])


@pytest.fixture(scope="module")
def found(engine: PageEngine, page: np.ndarray) -> list[FoundText]:
    before = page.copy()
    found = list(engine(page))
    assert (page == before).all()  # it is looked at, not drawn on
    return found


def plain(text: str) -> str:
    return "".join(text.lower().split())


def test_every_line_is_read(found: list[FoundText]) -> None:
    assert {plain(one.text) for one in found} == {plain(text) for text in LINES}


def test_each_says_how_sure_it_is(found: list[FoundText]) -> None:
    assert all(0.5 <= one.confidence <= 1.0 for one in found)


def test_corners_go_clockwise_from_the_top_left_around_the_words(found: list[FoundText]) -> None:
    for one in found:
        [place] = [place for text, place in LINES.items() if plain(text) == plain(one.text)]
        top_left, top_right, bottom_right, bottom_left = one.corners
        assert top_left == pytest.approx(place, abs=20)
        assert top_right[0] > top_left[0] + 100
        assert bottom_right == pytest.approx((top_right[0], bottom_left[1]), abs=8)
        assert bottom_left[0] == pytest.approx(top_left[0], abs=8)
        assert 15 < bottom_left[1] - top_left[1] < 70
        assert (one.corners >= 0).all()
        assert (one.corners <= SIZE).all()


def test_on_an_empty_page_it_finds_nothing(engine: PageEngine) -> None:
    assert list(engine(np.full((400, 400, 3), 245, np.uint8))) == []


def test_a_page_is_read_with_it(name: str, page: np.ndarray) -> None:
    text = Ocr(MODELS, 1, name).read(page)
    assert {plain(line.text) for line in text.lines} == {plain(each) for each in LINES}
    assert text.quarter_turns == 0


def test_the_request_names_it(name: str) -> None:
    header = {"suffix": ".jpg", "limits": vars_of(Limits()), "model": str(MODELS), "engine": name}
    reply = scan.read(header, FORM.read_bytes(), 1, lambda message: None)
    assert reply["ocr"] is True
    assert len(reply["lines"]) > 3


def vars_of(limits: Limits) -> dict[str, Any]:
    return {field: getattr(limits, field) for field in limits.__dataclass_fields__}


# -- what is asked of Apple's Vision, with a stand-in for the package, since it is on Macs alone --------------------------------------

Answer = Callable[..., list[tuple[str, float, list[float]]]]


def with_vision(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> PageEngine:
    module = types.ModuleType("ocrmac.ocrmac")
    module.text_from_image = answer  # type: ignore[attr-defined]  # a stand-in for the package's own
    monkeypatch.setitem(sys.modules, "ocrmac", types.ModuleType("ocrmac"))
    monkeypatch.setitem(sys.modules, "ocrmac.ocrmac", module)
    return page_engine("ocrmac", Path(), 1)


def test_vision_is_given_the_picture_in_memory_and_asked_for_english_read_accurately(
    monkeypatch: pytest.MonkeyPatch, page: np.ndarray
) -> None:
    asked: list[tuple[Any, dict[str, Any]]] = []

    def answer(image: Any, **more: Any) -> list[tuple[str, float, list[float]]]:
        asked.append((image, more))
        return [("Allergies: penicillin", 0.5, [0.08, 0.75, 0.4, 0.1])]

    (line,) = with_vision(monkeypatch, answer)(page)
    [(image, more)] = asked
    assert isinstance(image, Image.Image)
    assert more == {"recognition_level": "accurate", "language_preference": ["en-US"]}
    assert list(LANGUAGES) == ["en-US"]
    assert (np.asarray(image) == page[:, :, ::-1]).all()  # red and blue in their own places
    assert (line.text, line.confidence) == ("Allergies: penicillin", 0.5)
    assert np.allclose(line.corners, [[80, 75], [480, 75], [480, 125], [80, 125]])


@given(st.lists(st.floats(-0.5, 1.5), min_size=4, max_size=4), st.floats(-1, 2))
def test_whatever_vision_says_corners_lie_on_the_page(box: list[float], sure: float) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        (line,) = with_vision(monkeypatch, lambda image, **more: [("x", sure, box)])(np.zeros((50, 80, 3), np.uint8))
    assert (line.corners >= 0).all()
    assert (line.corners <= (80, 50)).all()
    assert 0 <= line.confidence <= 1


@pytest.mark.skipif(HAS_VISION, reason="Vision is here")
def test_without_the_package_it_says_so() -> None:
    with pytest.raises(RetryableError) as refused:
        page_engine("ocrmac", Path(), 1)
    assert refused.value.code == "engine-not-here"


def test_without_its_models_rapidocr_fetches_none(tmp_path: Path) -> None:
    with pytest.raises(RetryableError) as refused:
        page_engine("rapidocr", tmp_path, 1)
    assert refused.value.code == "model-missing"
