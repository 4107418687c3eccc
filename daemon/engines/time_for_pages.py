"""The time that opening and drawing a scan's pages may take: seconds for any form, and hours for a picture that was made for it.

Native code can't be interrupted, and holds nothing that would have to be put right: the process answers and is gone.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from daemon.model.errors import PermanentError
from daemon.model.limits import Limits

# 60 pages of 40 megapixels take some 40 s on the box of DESIGN 5. A file of 22 kB (a JPEG that says the same thing in
# thousands of scans) or of 7 kB (forms in a PDF that each show the next one twice) would take the whole hour of the limit.
DRAWING_SECONDS = 120.0
LONGEST_SHARE = 0.25
"""Of the time that the settings give to reading one file."""

T = TypeVar("T")


def drawing_seconds(limits: Limits) -> float:
    """How long all pages of one file may take to be drawn, in seconds."""
    return min(DRAWING_SECONDS, LONGEST_SHARE * limits.max_wall_seconds)


class TimeForPages:
    """Seconds that are spent only between `start` and `stop`; when they are used up, `give_up` is called in another thread."""

    def __init__(self, seconds: float, give_up: Callable[[], None]) -> None:
        self._left, self._give_up = seconds, give_up
        self._timer: threading.Timer | None = None
        self._since = 0.0

    def start(self) -> None:
        """Time runs from here. Raises PermanentError("engine-timeout") if none is left."""
        if self._left <= 0:
            raise PermanentError("engine-timeout")
        self._since = time.monotonic()
        self._timer = threading.Timer(self._left, self._give_up)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        """Time stands still."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
            self._left -= time.monotonic() - self._since

    def each(self, pages: Iterator[T]) -> Iterator[T]:
        """The same pages; time runs only while one is made."""
        while True:
            self.start()
            try:
                page = next(pages)
            except StopIteration:
                return
            finally:
                self.stop()
            yield page


def answer_and_end(send: Callable[[dict[str, Any]], None]) -> None:
    """What a child does whose time is up: the main thread is inside native code that nobody can stop."""
    send({"error": "engine-timeout", "retryable": False})
    os._exit(0)
