"""PDF pages: the text layer where it is what one sees on the page, else an image of the page."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from daemon.engines.line import Line
from daemon.engines.ocr import normal_text
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

POINTS_PER_INCH = 72.0
RENDER_DPI = 200.0
# Below this 10-point print is 8 pixels high and nothing is recognised any more.
MIN_DPI = 60.0
# A page with fewer letters than a heading and a line is a scan with a stamp on it.
MIN_TEXT_LETTERS = 24
MAX_OBJECTS = 20_000
# A drawn square of 5 to 25 points is a box to tick, and its tick is not in the text.
TICK_BOX_POINTS = (5.0, 25.0)
MIN_PICTURE_SHARE = 0.4
_INVISIBLE = 3  # PDF 32000-1:2008, table 106: text rendering mode 3, as OCR layers behind a scan have


class Pdf:
    """An open PDF. Raises PermanentError: `media-encrypted`, `media-truncated`, `media-too-many-pages`."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            self._document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            locked = error.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
            raise PermanentError("media-encrypted" if locked else "media-truncated") from None
        if len(self._document) > limits.max_pages:
            raise PermanentError("media-too-many-pages")
        if len(self._document) == 0:
            raise PermanentError("media-truncated")
        self._has_form = self._document.get_formtype() != pdfium.FORMTYPE_NONE
        if self._has_form:
            self._document.init_forms()

    @property
    def page_count(self) -> int:
        """How many pages it has."""
        return len(self._document)

    def pages(self) -> Iterator[tuple[list[Line], float] | NDArray[np.uint8]]:
        """For each page its lines of text and its width over its height, or else its image (BGR)."""
        for number in range(len(self._document)):
            try:
                page = self._document[number]
                text = self._text(page)
                yield text if text is not None else self._image(page)
                page.close()
            except pypdfium2.PdfiumError:
                raise PermanentError("media-truncated") from None

    def _text(self, page: Any) -> tuple[list[Line], float] | None:
        """The lines of the text layer; None if the page shows anything that is not in it."""
        if self._has_form or page.get_rotation() or _has_marks(page) or not _is_all_text(page):
            return None
        left, bottom, right, top = page.get_bbox()
        width, height = page.get_size()
        if min(width, height) <= 0 or abs(right - left - width) > 1 or abs(top - bottom - height) > 1:
            return None
        text_page = page.get_textpage()
        lines = []
        for index in range(text_page.count_rects()):
            box = text_page.get_rect(index)
            text = normal_text(text_page.get_text_bounded(*box)).strip()
            if text:
                x0, y0, x1, y1 = box
                lines.append(
                    Line(
                        text, 1.0, (x0 - left) / height, (top - y1) / height, (x1 - left) / height, (top - y0) / height
                    )
                )
        text_page.close()
        return (lines, width / height) if is_real_text("".join(line.text for line in lines)) else None

    def _image(self, page: Any) -> NDArray[np.uint8]:
        width, height = page.get_size()
        scale = render_scale(width, height, self._limits.max_pixels)
        bitmap = page.render(scale=scale, may_draw_forms=self._has_form, rev_byteorder=False, prefer_bgrx=False)
        image = np.array(bitmap.to_numpy())
        bitmap.close()
        return np.repeat(image[:, :, :1], 3, axis=2) if image.shape[2] == 1 else np.ascontiguousarray(image[:, :, :3])


def render_scale(width: float, height: float, max_pixels: int) -> float:
    """Pixels per point so that a page of so many points fits the cap. Raises PermanentError("media-too-many-pixels")."""
    if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) < 1:
        raise PermanentError("media-truncated")
    scale = min(RENDER_DPI / POINTS_PER_INCH, math.sqrt(max_pixels / (width * height)) * 0.999)
    if scale * POINTS_PER_INCH < MIN_DPI:
        raise PermanentError("media-too-many-pixels")
    return scale


def is_real_text(text: str) -> bool:
    """Whether a text layer is text, and not the noise that fonts without a character map leave behind."""
    letters = sum(character.isalnum() for character in text)
    visible = sum(not character.isspace() for character in text)
    broken = sum(
        not character.isprintable() or character == "\ufffd" or 0xE000 <= ord(character) <= 0xF8FF for character in text
    )
    return letters >= MIN_TEXT_LETTERS and letters >= 0.6 * visible and broken <= 0.02 * visible


def _has_marks(page: Any) -> bool:
    """Whether anything but links was put on the page: stamps, notes, ink, form fields."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
        pdfium.FPDFPage_CloseAnnot(annotation)
        if subtype != pdfium.FPDF_ANNOT_LINK:
            return True
    return False


def _is_all_text(page: Any) -> bool:
    """Whether nothing on the page speaks but its text: no scan behind it, no invisible words, no boxes to tick."""
    width, height = page.get_size()
    for count, item in enumerate(page.get_objects(max_depth=4)):
        if count >= MAX_OBJECTS:
            return False
        left, bottom, right, top = _bounds(item)
        across, up = right - left, top - bottom
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE and across * up >= MIN_PICTURE_SHARE * width * height:
            return False
        if item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_tick_box(across, up):
            return False
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and pdfium.FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE:
            return False
    return True


def _is_tick_box(across: float, up: float) -> bool:
    low, high = TICK_BOX_POINTS
    return low <= across <= high and low <= up <= high and abs(across - up) <= 0.2 * across


def _bounds(item: Any) -> tuple[float, float, float, float]:
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return 0.0, 0.0, 0.0, 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top
