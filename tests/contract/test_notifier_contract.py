"""What every notifier promises, of the fake and of the desktop's alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from daemon.adapters.machine.notifier import DesktopNotifier, shower
from daemon.model.error_catalog import CATALOG
from daemon.ports import Notifier
from tests.fakes.clock import FakeClock
from tests.fakes.notifier import FakeNotifier


@dataclass
class Subject:
    """A notifier, and how many notices it gave."""

    notifier: Notifier
    given: Callable[[], int]


@pytest.fixture(params=["fake", "desktop", "failing desktop"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "fake":
        fake = FakeNotifier()
        return Subject(fake, lambda: len(fake.told))
    shown: list[Sequence[str]] = []

    def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
        shown.append(command)
        if request.param == "failing desktop":
            raise OSError("no screen")

    def at_once(seconds: float, work: Callable[[], None]) -> None:
        work()

    mac = shower("darwin", {})
    return Subject(DesktopNotifier("on", mac, FakeClock(), run=run, later=at_once), lambda: len(shown))


def test_nothing_to_tell_is_not_told(subject: Subject) -> None:
    subject.notifier.tell(0, 0)
    subject.notifier.tell(-1, 0, "")
    assert subject.given() == 0


@pytest.mark.parametrize("code", ["", *CATALOG, "not-a-code"])
def test_telling_never_raises(subject: Subject, code: str) -> None:
    subject.notifier.tell(1, 0, code)
    subject.notifier.tell(0, 3, code)
    assert subject.given() == 2
