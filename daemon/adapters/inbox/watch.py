"""A hint that the inbox changed, from the system's file events. The rescan does without it (network shares send none)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler
    from watchdog.observers.api import BaseObserver

# Our own reading of files makes these (Linux only). "closed" is another: it comes after writing, and is news.
_GOING = frozenset({"deleted", "moved"})
_NO_NEWS = frozenset({"opened", "closed_no_write"})


class InboxWatch:
    """Calls `on_change` when something below the folder changes, until stopped."""

    def __init__(self, folder: Path, on_change: Callable[[], None]) -> None:
        self._folder, self._on_change = folder, on_change
        self._observer: BaseObserver | None = None
        self._gone = Event()

    def start(self) -> bool:
        """Begin; False where the system gives no events for this folder."""
        from watchdog.observers import Observer

        observer = Observer()
        observer.daemon = True
        try:
            observer.schedule(self.handler(), str(self._folder), recursive=True)
            observer.start()
        except OSError:  # too many watches, or a file system without events
            return False
        self._observer = observer
        return True

    def alive(self) -> bool:
        """Whether events can still come: the folder was not taken away, and the threads that wait for them live."""
        observer = self._observer
        if observer is None or self._gone.is_set():
            return False
        return observer.is_alive() and all(each.is_alive() for each in observer.emitters)

    def handler(self) -> FileSystemEventHandler:
        """What is told of each event."""
        from watchdog.events import FileSystemEventHandler

        on_change, root, gone = self._on_change, str(self._folder), self._gone

        class Handler(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                if event.event_type in _GOING and event.src_path == root:
                    gone.set()  # what lies under its name from now on is another folder, even with the same inode
                if event.event_type not in _NO_NEWS:
                    on_change()

        return Handler()

    def stop(self) -> None:
        """End; harmless when it never began."""
        if self._observer is not None:
            self._observer.stop()
            self._observer = None
