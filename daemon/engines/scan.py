"""The request "scan": a PDF or an image to lines with the place where each stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.engines.hand_lines import Pictures
from daemon.engines.layout import in_reading_order, page_box
from daemon.engines.line import Line
from daemon.engines.media_guard import Media, inspect, limits_from
from daemon.engines.time_for_pages import TimeForPages, answer_and_end, drawing_seconds
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.reading_engines import RAPIDOCR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from daemon.engines.ocr import Ocr, PageText

    Page = tuple[list[Line], float] | NDArray[np.uint8]

Send = Callable[[dict[str, Any]], None]


def warm_up() -> None:
    """Import what reading a scan needs."""
    import rapidocr.main  # noqa: F401 - for its side effect of being imported

    from daemon.engines import ocr, pages, pdf  # noqa: F401 - the same


def prepare(directory: Path, threads: int, name: str = RAPIDOCR) -> None:
    """Load the OCR engine before the scan is there, for the one request that follows."""
    engine = _LateOcr(directory, threads, name)
    engine.load()
    _prepared[directory] = engine


def read(header: dict[str, Any], data: bytes, threads: int, send: Send) -> dict[str, Any]:
    """Answer the request. Raises the codes of `media_guard`, `pages`, `pdf` and `ocr`, and `page-unreadable`; where pages take
    too long to be drawn, answers `engine-timeout` and ends the process.

    `header`: suffix, limits, model (folder), engine (its name; RapidOCR where there is none). The reply: pages; ocr (whether it was needed); lines with text, confidence,
    page and box, and what `hand_lines` adds; unreadable places with page and box.
    """
    limits = limits_from(header)
    media = inspect(header["suffix"], data, limits)
    directory = Path(header["model"])
    model = _prepared.pop(directory, None) or _LateOcr(directory, threads, header.get("engine", RAPIDOCR))
    lines: list[dict[str, Any]] = []
    unreadable: list[dict[str, Any]] = []
    time = TimeForPages(drawing_seconds(limits), lambda: answer_and_end(send))
    time.start()
    try:
        total, pages = _pages(data, media, limits)
    finally:
        time.stop()
    send({"progress": {"done": 0, "total": total}})
    number, pictures = 0, Pictures()
    for number, page in enumerate(time.each(pages), 1):
        for text in _texts_of(page, model):
            ordered = in_reading_order([*text.lines, *text.unreadable])
            written = pictures.of(ordered, text.hands)
            lines += [_placed(line, text, number) | more for line, more in zip(ordered, written, strict=True)]
            unreadable += [_placed(line, text, number) for line in text.unreadable]
        send({"progress": {"done": number, "total": max(number, total)}})
    if not lines:
        raise PermanentError("page-unreadable")
    return {"pages": number, "ocr": model.used, "lines": lines, "unreadable": unreadable}


class _LateOcr:
    """The OCR engine, loaded when the first page needs it: a PDF with text in it needs none."""

    def __init__(self, directory: Path, threads: int, engine: str) -> None:
        self._directory, self._threads, self._engine = directory, threads, engine
        self._ocr: Ocr | None = None
        self.used = False
        """Whether any page needed it."""

    def load(self) -> Ocr:
        """The engine, loaded if it was not yet. Raises what loading the models raises."""
        from daemon.engines.ocr import Ocr

        if self._ocr is None:
            self._ocr = Ocr(self._directory, self._threads, self._engine)
        return self._ocr

    def read(self, image: NDArray[np.uint8]) -> list[PageText]:
        """Read one page image, which may show two pages. Raises what loading the models raises."""
        self.used = True
        return self.load().read_scan(image)


_prepared: dict[Path, _LateOcr] = {}


def _pages(data: bytes, media: Media, limits: Limits) -> tuple[int, Iterator[Page]]:
    """How many pages there seem to be, and the pages."""
    if media.format == "pdf":
        from daemon.engines.pdf import Pdf

        pdf = Pdf(data, limits)
        return pdf.page_count, pdf.pages()
    from daemon.engines.pages import image_pages, page_count

    return page_count(data, media.format, limits), image_pages(data, media.format, limits)


def _texts_of(page: Page, model: _LateOcr) -> list[PageText]:
    from daemon.engines.ocr import PageText

    if isinstance(page, tuple):
        lines, width = page
        return [PageText(lines, [], width, 0)]
    return model.read(page)


def _placed(line: Line, page: PageText, number: int) -> dict[str, Any]:
    box = page_box(line, page.width, page.quarter_turns)
    if page.to_scan is not None:
        from daemon.engines.page_geometry import on_scan

        box = on_scan(box, page.to_scan)
    return {
        "text": line.text,
        "confidence": round(line.confidence, 4),
        "page": number,
        "box": [round(edge, 5) for edge in box],
    }
