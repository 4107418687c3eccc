"""Claim in a process that dies at any call of any port: the next one makes of it exactly one job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.keys import Keys, init_keys
from daemon.steps.claim import ClaimPorts
from tests.fakes.crashing import Died, Fuse
from tests.fakes.office import Calls, Office

PORTS = ("vault", "board", "queue", "audit", "outbox")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def office(tmp_path: Path, keys: Keys) -> Office:
    return Office(tmp_path, keys)


def wrapped(ports: ClaimPorts, fuse: Fuse) -> ClaimPorts:
    return replace(ports, **{name: fuse.wrap(getattr(ports, name)) for name in PORTS})


def dies_everywhere(office: Office, *, after: bool) -> Iterator[int]:
    """Claim, dying at the first call of any port; give way to look; the same at the second; until all of it is done."""
    for calls in range(1, 100):
        office.start()
        fuse = Fuse(calls, after=after)
        try:
            office.claim_all(fuse.wrap(Calls(office.inbox)), wrapped(office.ports, fuse))
        except Died:
            office.start()
            yield calls
        else:
            return
    pytest.fail("it never ends")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("finished", [False, True])
def test_a_death_at_any_call_leads_to_one_job(tmp_path: Path, keys: Keys, *, after: bool, finished: bool) -> None:
    """`finished`: the workflow was quicker than the next start, and the draft is there when the item is claimed again."""
    deaths = 0
    for calls in range(1, 100):
        home = tmp_path / str(calls)
        home.mkdir()
        office = Office(home, keys)
        office.put("memo.mp3", b"voice")
        fuse = Fuse(calls, after=after)
        try:
            office.claim_all(fuse.wrap(Calls(office.inbox)), wrapped(office.ports, fuse))
        except Died:
            deaths += 1
            office.start()
            if office.originals() == {}:
                office.holds_one(b"voice")
            if finished and office.queue.jobs:
                office.finish()
            assert office.claim_all() == []
        office.holds_one(b"voice")
        assert office.originals() == {}
        assert office.notes() == []
        assert office.events("item-duplicate") == []
        if fuse.left > 0:
            break
    assert deaths >= 10  # open, seal, unchanged, id, get, find, seal manifest, add, enqueue, open, record, remove


@pytest.mark.parametrize("after", [False, True])
def test_deaths_one_after_the_other_lead_to_one_job(office: Office, *, after: bool) -> None:
    office.put("memo.mp3", b"voice")
    for _ in dies_everywhere(office, after=after):
        if office.originals() == {}:
            office.holds_one(b"voice")
    office.holds_one(b"voice")
    assert office.originals() == {}
    assert office.notes() == []


def test_a_death_at_any_call_keeps_the_word_about_a_second_copy(tmp_path: Path, keys: Keys) -> None:
    for calls in range(1, 100):
        home = tmp_path / str(calls)
        home.mkdir()
        office = Office(home, keys)
        office.put("memo.mp3", b"voice")
        assert office.claim_all() == []
        office.finish()
        office.put("other name.mp3", b"voice")
        fuse = Fuse(calls, after=True)
        try:
            office.claim_all(fuse.wrap(Calls(office.inbox)), wrapped(office.ports, fuse))
        except Died:
            office.start()
            assert office.claim_all() == []
        office.holds_one(b"voice")
        assert office.originals() == {}
        assert len(office.notes()) == len(office.events("item-duplicate")) == 1
        assert "other name - ALREADY DRAFTED" in office.notes()[0]
        if fuse.left > 0:
            return
    pytest.fail("it never ends")
