"""Inbox and outbox while the service runs: whether they are here, and making again what somebody deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from daemon import wiring
from daemon.config import Home
from daemon.event_log import EventLog
from daemon.model.document import Document
from daemon.model.errors import ChartdraftError
from daemon.model.places import Sight, is_another, judge

log = EventLog("service")


class Found(NamedTuple):
    """What a look found. `inbox` and `outbox` are codes of why a folder cannot be used, or empty. `another`: the inbox is
    not the folder that it was at the last look. `made`: what was deleted and is made again."""

    inbox: str = ""
    outbox: str = ""
    another: bool = False
    made: tuple[str, ...] = ()


class Folders:
    """Looks at inbox and outbox. Below a mount point without its volume nothing is made, read or written."""

    def __init__(self, home: Home, documents: Mapping[str, Document]) -> None:
        from daemon.adapters import folder_sights

        self._home, self._eyes = home, folder_sights
        self._documents = documents
        self._recalled = folder_sights.recall(home.seen_folders)
        self._seen: dict[str, Sight] = {}
        self._unmade: set[str] = set()
        self._made: list[str] = []

    def look(self) -> Found:
        """How it is at this moment."""
        volume = self._home.volume
        if volume is not None and not self._eyes.is_mounted(volume):
            return Found("volume-away", "volume-away")
        before, self._made = self._seen.get("inbox"), []
        inbox = self._is_here("inbox", self._home.inbox, self._furnish_inbox)
        outbox = self._is_here("outbox", self._home.outbox, self._furnish_outbox)
        # A new folder may get the inode of the one that was deleted a moment ago.
        another = inbox and ("inbox" in self._made or is_another(self._seen["inbox"], before))
        if inbox and outbox and (another or self._made):
            with suppress(ChartdraftError):  # words for people; the next start tries again
                wiring.keep_readmes(self._home, self._documents)
        return Found("" if inbox else "inbox-away", "" if outbox else "outbox-unwritable", another, tuple(self._made))

    def _is_here(self, name: str, folder: Path, furnish: Callable[[], None]) -> bool:
        now = self._eyes.look_at(folder)
        last = self._seen.get(name) or (None if now.folder else self._recalled.get(name))
        verdict = judge(now, last)
        if verdict == "deleted" and self._home.volume is None and self._make_again(name, furnish):
            now, verdict = self._eyes.look_at(folder), "here"
        if verdict != "here" or now.folder is None:
            return False
        self._unmade.discard(name)
        if now != self._seen.get(name):
            self._seen[name] = now
            if now != self._recalled.get(name):
                self._recalled[name] = now
                self._eyes.remember(self._home.seen_folders, self._recalled)
        return True

    def _make_again(self, name: str, furnish: Callable[[], None]) -> bool:
        try:
            furnish()
        except ChartdraftError as error:
            if name not in self._unmade:
                log.warning("folder-not-made", place=name, code=error.code)
            self._unmade.add(name)
            return False
        log.warning("folder-made-again", place=name)
        self._made.append(name)
        return True

    def _furnish_inbox(self) -> None:
        from daemon.adapters.home_setup import furnish_inbox

        furnish_inbox(self._home.inbox, self._documents, wiring.keys(self._home).recipients_text())

    def _furnish_outbox(self) -> None:
        from daemon.adapters.home_setup import furnish_outbox

        furnish_outbox(self._home.outbox)
