"""Notifications on this machine's screen: counts and the catalog's general sentences, never a name, a file or a document's words.

macOS: `osascript`, whose script is fixed; the words are handed to it as arguments. Linux: `notify-send`, where somebody is logged in to
a desktop. Where there is neither, or nobody is logged in, nothing is shown, and nothing fails: the status page says the same.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.event_log import EventLog
from daemon.model.error_catalog import CATALOG
from daemon.ports import Clock

Level = Literal["off", "failures", "on"]

TITLE = "Chartdraft"
# At most one in a minute: a batch of forty drafts is one notice, not forty.
MERGE_SECONDS = 60.0
# osascript takes some 0.2 s. What takes longer than this hangs (a desktop that does not answer), and is ended.
TIMEOUT_SECONDS = 5.0
_DESKTOP = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")

# Desktop Notifications Specification, "Markup": a body may be read as markup. (And a command's back-quotes say nothing here.)
_NO_MARKUP = str.maketrans({"`": "", "<": "‹", ">": "›", "&": "and"})

log = EventLog("notifier")

Runner = Callable[[Sequence[str], Mapping[str, str]], None]
"""Runs a command line with exactly this environment; raises OSError or subprocess.SubprocessError."""
Later = Callable[[float, Callable[[], None]], None]
"""Does something after so many seconds, beside whatever else goes on."""


@dataclass(frozen=True, slots=True)
class Shower:
    """What shows a notice on this machine: the command line up to the two texts, and all of its environment."""

    before: tuple[str, ...]
    environment: Mapping[str, str]
    text_first: bool = False

    def command(self, text: str) -> list[str]:
        """The whole command line."""
        return [*self.before, text, TITLE] if self.text_first else [*self.before, TITLE, text]


def shower(platform: str, environment: Mapping[str, str]) -> Shower | None:
    """What shows notices on this platform, or None where nothing can. `environment` is this process's."""
    if platform == "darwin":
        return _osascript(environment)
    found = shutil.which("notify-send", path="/usr/local/bin:/usr/bin:/bin")
    return _notify_send(found, environment) if found else None


def _osascript(environment: Mapping[str, str]) -> Shower:
    """man osascript: what follows the statements is the list that `on run` is given."""
    script = ("on run argv", "display notification (item 1 of argv) with title (item 2 of argv)", "end run")
    statements = [word for line in script for word in ("-e", line)]
    kept = {"PATH": "/usr/bin:/bin", "LC_CTYPE": "UTF-8"}
    kept |= {name: environment[name] for name in ("HOME", "USER") if name in environment}
    return Shower(("/usr/bin/osascript", *statements), kept, text_first=True)


def _notify_send(path: str, environment: Mapping[str, str]) -> Shower | None:
    """Only with a session bus: without one, notify-send would start a bus of its own, or wait for nothing.

    systemd, "user bus": where the address is not set, the bus is `bus` in XDG_RUNTIME_DIR.
    """
    kept = {name: environment[name] for name in _DESKTOP if environment.get(name)}
    if "DBUS_SESSION_BUS_ADDRESS" not in kept:
        folder = kept.get("XDG_RUNTIME_DIR", "")
        if not folder or not Path(folder, "bus").exists():
            return None
        kept["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={folder}/bus"
    # No --app-name: libnotify before 0.8 (Ubuntu 20.04) refuses it.
    return Shower((path, "--urgency=normal", "--"), {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **kept})


def words(attention: int, delivered: int, code: str) -> str:
    """What a notice says; empty where there is nothing to say."""
    said = []
    if code:
        said.append("Work cannot go on. " + CATALOG.get(code, CATALOG["internal"]).sentence.translate(_NO_MARKUP))
    if attention:
        said.append("1 item needs attention." if attention == 1 else f"{attention} items need attention.")
    if delivered:
        said.append("1 draft is ready." if delivered == 1 else f"{delivered} drafts are ready.")
    if said:
        said.append("Status.html in the outbox says more.")
    return " ".join(said)


class DesktopNotifier:
    """The `Notifier` port. `tell` returns at once; the notice is shown from another thread, and none fails aloud.

    What is told within a minute of the last notice is put together into the next one. `show` None: there is nothing to show it with.
    """

    def __init__(
        self,
        level: Level,
        show: Shower | None,
        clock: Clock,
        *,
        run: Runner | None = None,
        later: Later | None = None,
    ) -> None:
        """`run` and `later` are the real ones unless others are given."""
        self._level, self._show, self._clock = level, show, clock
        self._run, self._later = run or run_command, later or _on_a_thread
        self._lock = threading.Lock()
        self._attention, self._delivered, self._code = 0, 0, ""
        self._shown_at: float | None = None
        self._due = False

    def tell(self, attention: int, delivered: int, code: str = "") -> None:
        """So many newly need attention, so many drafts were newly delivered; `code`: why the daemon itself waits."""
        delivered = delivered if self._level == "on" else 0
        if self._show is None or self._level == "off" or not (attention > 0 or delivered > 0 or code):
            return
        with self._lock:
            self._attention += max(attention, 0)
            self._delivered += max(delivered, 0)
            self._code = code or self._code
            if self._due:
                return
            self._due = True
            since = MERGE_SECONDS if self._shown_at is None else self._clock.monotonic() - self._shown_at
        try:
            self._later(max(0.0, MERGE_SECONDS - since), self._show_now)
        except RuntimeError:  # no thread to be had: the next call tries again, with what was told now
            self._due = False

    def _show_now(self) -> None:
        with self._lock:
            text = words(self._attention, self._delivered, self._code)
            self._attention, self._delivered, self._code = 0, 0, ""
            self._shown_at, self._due = self._clock.monotonic(), False
        if self._show is None:
            return
        try:
            self._run(self._show.command(text), self._show.environment)
        except (OSError, subprocess.SubprocessError) as error:
            log.info("notice-not-shown", error=error)


def run_command(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run it without a shell, unheard, with this environment alone, for a few seconds at most."""
    subprocess.run(
        command, env=dict(environment), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=TIMEOUT_SECONDS, check=True, cwd="/",
    )  # fmt: skip


def this_machines(level: Level, clock: Clock) -> DesktopNotifier:
    """The notifier of this machine."""
    return DesktopNotifier(level, shower(sys.platform, os.environ), clock)


def _on_a_thread(seconds: float, work: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, work)
    timer.daemon = True  # the daemon ends without waiting for a notice
    timer.start()
