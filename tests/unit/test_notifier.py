"""Notifications: the exact command lines, which of them the settings want, one a minute, and nothing in them that names anybody."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from daemon.adapters.machine import notifier
from daemon.adapters.machine.notifier import DesktopNotifier, Level, Shower, shower, words
from daemon.model.error_catalog import CATALOG
from tests.fakes.clock import FakeClock

SHOW = Shower(("show",), {"PATH": "/bin"})


class Desk:
    """A notifier whose notices are kept, and whose "later" is done when asked for."""

    def __init__(self, level: Level = "on") -> None:
        self.clock = FakeClock()
        self.texts: list[str] = []
        self.waiting: list[tuple[float, Callable[[], None]]] = []
        self.notifier = DesktopNotifier(level, SHOW, self.clock, run=self._run, later=self._later)

    def pass_time(self) -> None:
        """Until what is due is done."""
        seconds, work = self.waiting.pop(0)
        self.clock.advance(seconds)
        work()

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        assert environment == SHOW.environment
        assert list(command[:-1]) == ["show", "Chartdraft"]
        self.texts.append(command[-1])

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        self.waiting.append((seconds, work))


def test_on_a_mac_the_words_are_arguments_of_a_fixed_script() -> None:
    show = shower("darwin", {"HOME": "/Users/a", "USER": "a", "PATH": "/evil", "SECRET": "x"})
    assert show is not None
    assert show.command('x" & do shell script "id') == [
        "/usr/bin/osascript",
        "-e",
        "on run argv",
        "-e",
        "display notification (item 1 of argv) with title (item 2 of argv)",
        "-e",
        "end run",
        'x" & do shell script "id',
        "Chartdraft",
    ]
    assert show.environment == {"PATH": "/usr/bin:/bin", "LC_CTYPE": "UTF-8", "HOME": "/Users/a", "USER": "a"}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.adapters.machine.notifier.shutil.which", lambda name, path: f"/usr/bin/{name}")


@pytest.mark.usefixtures("installed")
def test_on_linux_the_desktops_bus_is_all_that_is_handed_on() -> None:
    show = shower("linux", {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus", "PATH": "/evil", "SECRET": "x"})
    assert show is not None
    assert show.command("--help") == ["/usr/bin/notify-send", "--urgency=normal", "--", "Chartdraft", "--help"]
    assert show.environment == {
        "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1/bus",
    }  # fmt: skip


@pytest.mark.usefixtures("installed")
def test_on_linux_without_a_desktop_nothing_is_started(tmp_path: Path) -> None:
    assert shower("linux", {}) is None
    assert shower("linux", {"XDG_RUNTIME_DIR": str(tmp_path)}) is None
    (tmp_path / "bus").touch()
    show = shower("linux", {"XDG_RUNTIME_DIR": str(tmp_path)})
    assert show is not None
    assert show.environment["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/bus"


def test_where_nothing_can_show_it_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daemon.adapters.machine.notifier.shutil.which", lambda name, path: None)
    assert shower("linux", {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}) is None
    DesktopNotifier("on", None, FakeClock(), run=_not_to_be_run).tell(1, 1, "disk-full")


def _not_to_be_run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    raise AssertionError(command)


@pytest.mark.parametrize(
    ("level", "said"),
    [
        ("on", ["2 items need attention. 3 drafts are ready. Status.html in the outbox says more."]),
        ("failures", ["2 items need attention. Status.html in the outbox says more."]),
        ("off", []),
    ],
)
def test_the_settings_say_what_is_told(level: Level, said: list[str]) -> None:
    desk = Desk(level)
    desk.notifier.tell(2, 3)
    while desk.waiting:
        desk.pass_time()
    assert desk.texts == said


def test_a_delivery_alone_is_no_failure() -> None:
    desk = Desk("failures")
    desk.notifier.tell(0, 3)
    assert desk.waiting == []


def test_the_first_is_shown_at_once_and_the_next_ones_of_a_minute_together() -> None:
    desk = Desk()
    desk.notifier.tell(1, 0)
    assert desk.waiting[0][0] == 0
    desk.pass_time()
    desk.clock.advance(20)
    for _ in range(3):
        desk.notifier.tell(0, 1)
    desk.notifier.tell(1, 0, "disk-full")
    assert [seconds for seconds, _ in desk.waiting] == [40]
    desk.pass_time()
    assert desk.texts == [
        "1 item needs attention. Status.html in the outbox says more.",
        "Work cannot go on. The disk is full; please free some space, and the work goes on by itself. 1 item needs attention. "
        "3 drafts are ready. Status.html in the outbox says more.",
    ]
    desk.clock.advance(61)
    desk.notifier.tell(0, 1)
    assert desk.waiting[0][0] == 0
    desk.pass_time()
    assert desk.texts[-1] == "1 draft is ready. Status.html in the outbox says more."


@pytest.mark.parametrize("error", [OSError(2, "no such program"), subprocess.TimeoutExpired(["x"], 5)])
def test_a_notice_that_cannot_be_shown_does_not_keep_the_next_one(error: Exception) -> None:
    shown: list[Sequence[str]] = []

    def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
        shown.append(command)
        raise error

    clock = FakeClock()
    told = DesktopNotifier("on", SHOW, clock, run=run, later=lambda seconds, work: work())
    told.tell(1, 0)
    told.tell(1, 0)
    assert len(shown) == 2


def test_a_thread_that_cannot_be_had_does_not_silence_it() -> None:
    tries: list[float] = []

    def later(seconds: float, work: Callable[[], None]) -> None:
        tries.append(seconds)
        if len(tries) == 1:
            raise RuntimeError("can't start new thread")
        work()

    shown: list[str] = []
    told = DesktopNotifier("on", SHOW, FakeClock(), run=lambda command, _: shown.append(command[-1]), later=later)
    told.tell(1, 0)
    told.tell(1, 0)
    assert shown == ["2 items need attention. Status.html in the outbox says more."]


@pytest.mark.parametrize("code", CATALOG)
def test_no_words_of_a_code_are_markup(code: str) -> None:
    """Desktop Notifications Specification, "Markup": a body may be read as markup, so nothing in it may look like some."""
    assert not set("<>&`") & set(words(1, 1, code))


def test_a_program_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifier, "TIMEOUT_SECONDS", 0.05)
    with pytest.raises(subprocess.TimeoutExpired):
        notifier.run_command(["/bin/sleep", "60"], {})


# A desktop for Debian's own Python: answers as the Desktop Notifications Specification 1.2 says, and prints the first notice.
DESKTOP = """
import subprocess, sys
import dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib

class Desktop(dbus.service.Object):
    @dbus.service.method("org.freedesktop.Notifications", in_signature="", out_signature="ssss")
    def GetServerInformation(self):
        return ("test", "test", "1", "1.2")

    @dbus.service.method("org.freedesktop.Notifications", in_signature="", out_signature="as")
    def GetCapabilities(self):
        return ["body"]

    @dbus.service.method("org.freedesktop.Notifications", in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, summary, body, actions, hints, expires):
        print(summary, body, sep="\\n", flush=True)
        GLib.timeout_add(100, loop.quit)
        return 1

bus = dbus.SessionBus(mainloop=DBusGMainLoop())
name = dbus.service.BusName("org.freedesktop.Notifications", bus)
desktop = Desktop(bus, "/org/freedesktop/Notifications")
loop = GLib.MainLoop()
GLib.timeout_add_seconds(20, loop.quit)
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
loop.run()
child.wait(20)
"""
TELLER = """
import os, subprocess
from daemon.adapters.machine import notifier
from tests.fakes.clock import FakeClock

def at_once(seconds, work):
    work()

show = notifier.shower("linux", os.environ)
notifier.DesktopNotifier("on", show, FakeClock(), later=at_once).tell(2, 0)
"""


@pytest.mark.needs("dbus-run-session", "notify-send")
def test_a_desktop_is_told() -> None:
    """A real notify-send on a real bus, with nothing of this process's environment but the bus's address."""
    found = subprocess.run(["/usr/bin/python3", "-c", "import dbus, gi"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("needs python3-dbus, python3-gi")
    desktop = ["dbus-run-session", "--", "/usr/bin/python3", "-c", DESKTOP, sys.executable, "-c", TELLER]
    done = subprocess.run(desktop, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["Chartdraft", "2 items need attention. Status.html in the outbox says more."]


def test_a_program_is_given_no_more_environment_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY", "a secret of the daemon's")
    notifier.run_command(["/bin/sh", "-c", 'test -z "$CANARY" && test "$MINE" = given'], {"MINE": "given"})
