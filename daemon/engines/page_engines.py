"""What finds lines of text in a page image: RapidOCR's models, or Apple's Vision where the settings ask for it.

Both answer in one form, so that the way of a page (which way up it is, its geometry, marks and fields) is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.model.errors import RetryableError
from daemon.model.reading_engines import APPLE_VISION

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]

MODEL_FILES: Final = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
}
LANGUAGES: Final = ("en-US",)
"""What Vision is asked to read. Without it, it would go by the account's own languages."""


@dataclass(frozen=True, slots=True)
class FoundText:
    """A line of text: its corners in pixels, clockwise from the top left, and how sure the engine is of it (0 to 1)."""

    text: str
    confidence: float
    corners: NDArray[np.float64]


PageEngine = Callable[["Image"], Sequence[FoundText]]
"""Lines in a page image (height × width × 3, BGR), in any order."""


def page_engine(name: str, directory: Path, threads: int) -> PageEngine:
    """The engine of this name, with models from a local folder; nothing is ever fetched. Raises RetryableError:
    `model-missing`, `model-altered`, `engine-not-here`."""
    return _vision() if name == APPLE_VISION else _rapidocr(directory, threads)


def _rapidocr(directory: Path, threads: int) -> PageEngine:
    from rapidocr import RapidOCR

    paths = {key: directory / name for key, name in MODEL_FILES.items()}
    if not all(path.is_file() for path in paths.values()):
        raise RetryableError("model-missing")
    engine: Any = RapidOCR(
        params={
            **{key: str(path) for key, path in paths.items()},
            "Global.log_level": "critical",
            "Global.text_score": 0.0,
            # Turned pages are recognised as a whole by whoever asks, who also puts their lines in order.
            "Global.use_cls": False,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def read(image: Image) -> list[FoundText]:
        result = engine(image)
        if result.boxes is None or result.txts is None:
            return []
        return [
            FoundText(text, float(score), np.asarray(box, dtype=np.float64))
            for text, score, box in zip(result.txts, result.scores, result.boxes, strict=True)
        ]

    return read


def _vision() -> PageEngine:
    """Apple's Vision through `ocrmac` (https://github.com/straussmaximilian/ocrmac): the picture goes to it in memory, as PNG.

    Its confidence has three steps, 0.3, 0.5 and 1; they are passed on as they are.
    """
    try:
        from ocrmac.ocrmac import text_from_image
        from PIL import Image as Pictures
    except ImportError:
        raise RetryableError("engine-not-here") from None

    def read(image: Image) -> list[FoundText]:
        height, width = image.shape[:2]
        picture = Pictures.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
        lines = text_from_image(picture, recognition_level="accurate", language_preference=list(LANGUAGES))
        return [
            FoundText(str(text), min(max(float(sure), 0.0), 1.0), _corners(box, width, height))
            for text, sure, box in lines
        ]

    return read


def _corners(box: Sequence[float], width: int, height: int) -> NDArray[np.float64]:
    """Vision counts from the lower left, in fractions of the picture: x, y, width, height (VNDetectedObjectObservation)."""
    x, y, wide, high = (float(each) for each in box)
    left, right = (min(max(edge, 0.0), 1.0) * width for edge in (x, x + wide))
    top, bottom = (min(max(1 - edge, 0.0), 1.0) * height for edge in (y + high, y))
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
