"""A thread beside the service's loop, for the moments in which the loop itself is stuck in a call that the system does not answer.

A share whose server is gone, or a disk that dies, may keep whoever looks at it waiting without end. Python runs signal handlers on
the main thread alone, so a stop that is asked for would not be heard there either: the number of each signal is also written into a
pipe (https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd), at which this thread listens. Where the main thread is inside
such a call, Linux gives it the signal all the same, which then only pends: this thread holds those signals back for itself, so that it
may ask for what pends (man 2 sigpending).
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

LOOK_SECONDS = 2.0
HANG_LOOKS = 90
"""So many looks without a sign of life say that the loop hangs: three minutes. Looks are counted, not seconds, since a process that
was halted, or a machine that slept, has not hung."""
WISH_SECONDS = 0.5
_ENDING = frozenset({signal.SIGTERM, signal.SIGINT})


class Guard:
    """Ends the process when it does not leave in time, and says when nothing moves any more.

    `on_hang` is called once for each hang, on a thread of its own, since telling of it may hang as well.
    """

    def __init__(
        self,
        stop_seconds: float,
        on_hang: Callable[[], None],
        *,
        leave: Callable[[], None] = lambda: os._exit(0),
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        """`leave` ends the process `stop_seconds` after a signal asked for it."""
        self._stop_seconds, self._on_hang, self._leave, self._look_seconds = stop_seconds, on_hang, leave, look_seconds
        self._last_wish: Callable[[], None] = lambda: None
        self._signs = 0
        self._ear, self._mouth = -1, -1
        self._thread: threading.Thread | None = None

    def __enter__(self) -> None:
        """Listen; on the main thread."""
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._mouth, False)  # as `set_wakeup_fd` demands
        signal.set_wakeup_fd(self._mouth, warn_on_full_buffer=False)
        self._thread = threading.Thread(target=self._watch, name="guard", daemon=True)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        """Listen no more; on the main thread."""
        if self._thread is None:
            return
        signal.set_wakeup_fd(-1)
        os.close(self._mouth)
        self._thread.join()
        os.close(self._ear)
        self._thread = None

    def before_leaving(self, last_wish: Callable[[], None]) -> None:
        """What to do before a process that did not leave by itself is ended. It is not waited for long."""
        self._last_wish = last_wish

    def sign(self) -> None:
        """The loop lives."""
        self._signs += 1

    def _watch(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # of this thread alone
        seen, still = self._signs, 0
        while True:
            if select.select([self._ear], [], [], self._look_seconds)[0]:
                heard = os.read(self._ear, 64)
                if not heard:
                    return
                if _ENDING.intersection(heard):
                    self._end()
                continue
            if _ENDING & signal.sigpending():
                self._end()
            still = still + 1 if seen == self._signs else 0
            seen = self._signs
            if still == HANG_LOOKS:
                _beside(self._on_hang)

    def _end(self) -> None:
        """Whatever the main thread is in the middle of, the process is gone in time: durability does not depend on it."""
        time.sleep(self._stop_seconds)
        wish = _beside(self._last_wish)
        if wish is not None:
            wish.join(WISH_SECONDS)
        self._leave()


def _beside(work: Callable[[], None]) -> threading.Thread | None:
    thread = threading.Thread(target=work, daemon=True)
    with suppress(RuntimeError):  # no thread to be had
        thread.start()
        return thread
    return None
