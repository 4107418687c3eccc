"""Taking in what lies in the inbox, again and again, with a pause that grows, and a word to people where it does not work out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from threading import Event

from daemon.config import Home
from daemon.event_log import EventLog
from daemon.model.claim_tries import Failing, failed_again
from daemon.model.errors import ChartdraftError
from daemon.model.job import InboxItem
from daemon.model.log_line import why_fields
from daemon.ports import Clock
from daemon.running import Running

ONCE_TRIES = 5
_CHANGING = "file-changed"
_STILL_THERE = "inbox-unwritable"  # it was taken in, and only lies there still

log = EventLog("service")


class Claiming:
    """Claims what is settled. What fails is tried again after a longer pause each time, at last at the pace of the rescan.

    A file that fails for ten minutes for a reason of its own gets a note in the outbox, once; it is tried on. The note is not
    taken back when the file is taken in at last: it says itself what it is worth beside the draft.
    """

    def __init__(self, home: Home, clock: Clock, stopping: Event) -> None:
        self._longest_pause, self._clock, self._stopping = home.settings.rescan_seconds, clock, stopping
        self.failing: dict[str, Failing] = {}

    def work(self, running: Running, after_each: Callable[[], None]) -> None:
        """One round: what is still to be removed, what is settled, what nothing is taken from."""
        before, self.failing = self.failing, {}
        refused = []
        self._attempt("removals", before, running.finish_removals)
        for item in running.inbox.settled():
            if self._stopping.is_set():
                return
            path = item.parts[0].path
            self._attempt(path, before, partial(running.claim, item))
            self._tell_if_left(running, path, item)
            if path in self.failing and self.failing[path].why != _STILL_THERE and path not in running.left_items:
                refused.append(item.untrusted_name)
            after_each()
        self._attempt("folders", before, running.tell_of_folders)
        running.forget_items(self.failing.keys())
        running.refused = tuple(refused)

    def pauses(self) -> Iterator[float]:
        """Seconds until each of those that failed is tried again."""
        now = self._clock.monotonic()
        return (failing.again_at - now for failing in self.failing.values())

    def has_given_up(self) -> bool:
        """Whether everything that fails has failed so often that a run that ends need not wait for it."""
        return all(failing.times >= ONCE_TRIES for failing in self.failing.values())

    def give_up(self, running: Running) -> None:
        """At the end of a run that nothing follows: tell of each file that was not taken in."""
        for item in running.inbox.settled():
            path = item.parts[0].path
            failing = self.failing.get(path)
            if failing is not None and failing.is_its_own and failing.why != _CHANGING:
                self._tell(running, path, item, failing)

    def all_told(self, running: Running) -> bool:
        """Whether of everything that fails a person finds a note."""
        return all(path in running.left_items for path in self.failing)

    def trouble(self) -> str:
        """Why nothing can be taken in just now, if it is nobody's file that is to blame and has lasted a minute: a code; or empty."""
        now = self._clock.monotonic()
        lasting = [failing for failing in self.failing.values() if failing.is_everybodys(now)]
        return min(lasting, key=lambda failing: failing.since).code if lasting else ""

    def _tell_if_left(self, running: Running, path: str, item: InboxItem) -> None:
        failing = self.failing.get(path)
        if failing is not None and failing.is_left(self._clock.monotonic()):
            self._tell(running, path, item, failing)

    def _tell(self, running: Running, path: str, item: InboxItem, failing: Failing) -> None:
        try:
            running.tell_of_item(path, item, failing.code)
        except ChartdraftError as error:
            log.warning("note-waits", code=error.code)

    def _attempt(self, what: str, before: Mapping[str, Failing], work: Callable[[], object]) -> None:
        """Do it, unless it failed a moment ago."""
        failing = before.get(what)
        if failing is not None and failing.again_at > self._clock.monotonic():
            self.failing[what] = failing
        elif why := _why_it_fails(work):
            self.failing[what] = failed_again(failing, why, self._clock.monotonic(), self._longest_pause)
            if failing is None or why != failing.why:
                log.warning("claim-waits", **why_fields(why))


def _why_it_fails(work: Callable[[], object]) -> str:
    """An error's code, an exception's class, or nothing."""
    try:
        work()
    except ChartdraftError as error:
        # The original stays where it is, and is tried again. What vanished or changed is news to the next listing.
        return error.code
    except Exception as error:  # noqa: BLE001 - one file must not keep all the others waiting; it stays, and is tried again
        return type(error).__name__
    return ""
