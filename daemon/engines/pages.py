"""From the bytes of a scan to page images, one at a time, with caps that hold before a pixel is decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_PILLOW_FORMAT = {"png": "PNG", "jpeg": "JPEG", "tiff": "TIFF", "heif": "HEIF"}
# What Pillow raises on damaged files, as its plugins' sources show; struct.error and SyntaxError included.
_DAMAGED = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, ArithmeticError)


def image_pages(data: bytes, form: str, limits: Limits) -> Iterator[NDArray[np.uint8]]:
    """The pages of an image file the right way up by its own orientation tag, as height × width × 3, BGR.

    Raises PermanentError: `media-too-many-pixels`, `media-too-many-pages`, `media-truncated`.
    """
    if form == "heif":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = limits.max_pixels
    try:
        with Image.open(io.BytesIO(data), formats=[_PILLOW_FORMAT[form]]) as image:
            yield from _frames(image, limits)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PermanentError("media-too-many-pixels") from None
    except _DAMAGED:
        raise PermanentError("media-truncated") from None


def page_count(data: bytes, form: str, limits: Limits) -> int:
    """How many pages an image file seems to have, without decoding one; 1 where it cannot tell.

    Raises PermanentError("media-too-many-pages"): sixty pages are read for minutes before the next would be seen.
    """
    if form != "tiff":
        return 1
    try:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as image:
            for number in range(1, limits.max_pages + 1):
                image.seek(number)
    except EOFError:
        return number
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, *_DAMAGED):
        return 1
    raise PermanentError("media-too-many-pages")


def _frames(image: Image.Image, limits: Limits) -> Iterator[NDArray[np.uint8]]:
    number = 0
    while True:
        if image.width * image.height > limits.max_pixels:
            raise PermanentError("media-too-many-pixels")
        yield _bgr(ImageOps.exif_transpose(image))
        number += 1
        # Only TIFF has pages; a phone's JPEG or HEIC may carry a depth map or a thumbnail as a second image.
        if image.format != "TIFF":
            return
        try:
            image.seek(number)
        except EOFError:
            return
        if number >= limits.max_pages:
            raise PermanentError("media-too-many-pages")


def _bgr(image: Image.Image) -> NDArray[np.uint8]:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        # Ink on nothing is ink on paper.
        colours = image.convert("RGBA")
        paper = Image.new("RGBA", colours.size, "white")
        image = Image.alpha_composite(paper, colours)
    elif image.mode.startswith(("I", "F")):
        image = ImageOps.autocontrast(_to_eight_bits(image))
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """16-bit and float greys, scaled by what is in them: plain conversion would clip them to white."""
    grey = np.asarray(image, dtype=np.float32)
    low, high = float(np.nanmin(grey)), float(np.nanmax(grey))
    scaled = (np.nan_to_num(grey) - low) * (255.0 / (high - low)) if high > low else np.full(grey.shape, 255.0)
    return Image.fromarray(np.clip(scaled, 0, 255).astype(np.uint8))
