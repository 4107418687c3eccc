"""A person asks for a draft of a file, the process dies, and nobody asks again: what was begun ends, and the trail tells who asked."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.audit.reader import read_trail
from daemon.keeping import upkeep
from daemon.model.audit_chain import AuditEvent
from tests.faults.crash_home import Place, copy_home, make_home
from tests.faults.crash_lives import Life, live
from tests.faults.crash_stories import DIED

MEMORY_DISK = Path("/dev/shm")
PLACES = ("claim-on-board", "claim-recorded", "claim-queued", "read-sealed", "audit-written:4")
SAID = "ask-recorded"


@pytest.fixture(scope="module")
def made() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(dir=MEMORY_DISK if MEMORY_DISK.is_dir() else None) as folder:
        root = Path(folder) / "fresh"
        root.mkdir()
        yield make_home(root)


def asked_until(made: Place, tmp_path: Path, point: str) -> tuple[Place, list[AuditEvent]]:
    """A home in which somebody asked and the process died at this place; and the trail when the next start has ended."""
    place = copy_home(made, made.root.with_name(f"{tmp_path.name}-{point}"))
    file = tmp_path / "visit.mp3"
    file.write_bytes(b"He denies fever.")
    assert live(place.root, Life(asks="draft", job=str(file), dies_at=point, light=True)) == DIED
    assert live(place.root, Life(light=True)) == 0
    assert file.read_bytes() == b"He denies fever."
    assert upkeep.verify_audit(place.home, None)["ok"]
    return place, [link.event for link in read_trail(place.home.audit) if link.event.job != "-"]


@pytest.mark.parametrize(
    "point", ["claim-on-board", "claim-recorded", "claim-queued", "read-sealed", "audit-written:4"]
)
def test_what_was_begun_ends_and_who_asked_is_told_first(made: Place, tmp_path: Path, point: str) -> None:
    place, events = asked_until(made, tmp_path, point)

    (row,) = place.rows()
    assert row.state == "delivered"
    names = [event.event for event in events]
    assert names[:3] == ["draft-asked", "item-claimed", "item-read"]
    assert names.count("draft-asked") == names.count("item-claimed") == 1
    assert {event.job for event in events} == {row.id}
    assert events[0].facts["by"]


def test_what_was_only_said_is_not_begun(made: Place, tmp_path: Path) -> None:
    place, events = asked_until(made, tmp_path, SAID)

    assert place.rows() == []
    assert [event.event for event in events] == ["draft-asked"]
