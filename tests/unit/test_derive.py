"""Another document of what a job has read: the same job as if the files had been dropped for it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from daemon.model.errors import PermanentError
from daemon.model.job import JobRow
from daemon.steps.claim import Claimed
from daemon.steps.derive import Derived, DerivePorts, derive
from tests.fakes.crashing import Died, Fuse
from tests.fakes.practice import Practice


def read_one(practice: Practice, *names: str, document: str = "") -> JobRow:
    """A delivered job of these files, with a reading."""
    for name in names or ("memo.m4a",):
        practice.inbox.put(f"{document}/{name}".lstrip("/"), name.encode())
    (claimed,) = practice.claim_all()
    assert isinstance(claimed, Claimed)
    practice.board.set_blobs(claimed.job, reading="sealed-reading", draft="sealed-draft")
    practice.board.set_state(claimed.job, "delivered")
    row = practice.board.get(claimed.job)
    assert row is not None
    return row


def ports(practice: Practice) -> DerivePorts:
    return DerivePorts(practice.vault, practice.board, practice.queue, practice.audit, practice.clock)


def test_it_is_a_job_of_its_own_that_has_been_read_already() -> None:
    practice = Practice()
    origin = read_one(practice)
    derived = derive(origin, "intake", ports(practice), deliver_to="/folder")
    row = practice.board.get(derived.job)
    assert row is not None
    assert (row.document, row.state, row.sources) == ("intake", "waiting", origin.sources)
    assert (row.reading, row.draft, row.revision) == ("sealed-reading", "", 1)
    assert practice.board.get(origin.id) == origin
    assert practice.queue.jobs[derived.job, 1] == row.manifest
    made, came = practice.manifest(row), practice.manifest(origin)
    assert made.sources == came.sources
    assert (made.job, made.stem, made.route, made.deliver_to) == (row.id, came.stem, "derived", "/folder")
    assert row.id.startswith(made.short)
    assert practice.facts("item-derived") == [{"origin": origin.id, "document": "intake"}]


def test_asked_for_twice_it_is_one_job() -> None:
    practice = Practice()
    origin = read_one(practice)
    first = derive(origin, "intake", ports(practice))
    assert derive(origin, "intake", ports(practice)) == Derived(first.job, duplicate=True)
    assert len(practice.board.rows()) == 2
    assert len(practice.facts("item-derived")) == 1


def test_the_files_dropped_for_that_document_are_the_same_job() -> None:
    practice = Practice()
    origin = read_one(practice)
    derived = derive(origin, "intake", ports(practice))
    practice.inbox.put("intake/memo.m4a", b"memo.m4a")
    assert practice.claim_all() == [Claimed(derived.job, duplicate=True)]


def test_so_is_a_packet() -> None:
    practice = Practice()
    names = ("visit/memo.m4a", "visit/form.jpg", "visit/odd.xyz")
    origin = read_one(practice, *names)
    derived = derive(origin, "intake", ports(practice))
    for name in names:
        practice.inbox.put(f"intake/{name}", name.encode())
    assert practice.claim_all() == [Claimed(derived.job, duplicate=True)]


def test_and_the_other_way_round() -> None:
    practice = Practice()
    dropped = read_one(practice, document="intake")
    origin = read_one(practice)
    assert derive(origin, "intake", ports(practice)) == Derived(dropped.id, duplicate=True)


def test_a_job_that_is_that_document_is_its_own_answer() -> None:
    practice = Practice()
    origin = read_one(practice)
    practice.board.set_document(origin.id, "intake")
    routed = replace(origin, document="intake")
    assert derive(routed, "intake", ports(practice)) == Derived(origin.id, duplicate=True)


def test_where_nothing_was_read_there_is_nothing_to_derive() -> None:
    practice = Practice()
    origin = replace(read_one(practice), reading="")
    with pytest.raises(PermanentError, match="job-not-ready"):
        derive(origin, "intake", ports(practice))
    assert len(practice.board.rows()) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("calls", range(1, 9))
def test_cut_off_anywhere_it_is_the_same_when_asked_for_again(calls: int, after: bool) -> None:
    practice = Practice()
    origin = read_one(practice)
    fuse, whole = Fuse(calls, after=after), ports(practice)
    names = ("vault", "board", "queue", "audit")
    burning = replace(whole, **{name: fuse.wrap(getattr(whole, name)) for name in names})
    with suppress(Died):
        derive(origin, "intake", burning)
    derived = derive(origin, "intake", whole)
    row = practice.board.get(derived.job)
    assert row is not None
    assert practice.queue.jobs[derived.job, 1] == row.manifest
    assert len(practice.board.rows()) == 2
    assert len(practice.facts("item-derived")) == 1
