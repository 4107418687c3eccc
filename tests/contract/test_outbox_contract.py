"""What every outbox promises, of the fake and of the folder alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import pytest

from daemon.adapters.outbox.folder import OutboxFolder
from daemon.model.job import JobRow, Manifest
from daemon.ports import Outbox
from daemon.steps.deliver import deliver, deliver_failure
from tests.fakes import drafts
from tests.fakes.outbox import FakeOutbox

MARK = "UNREVIEWED - 7f3k"


@dataclass
class Subject:
    """An outbox and a way to look into a folder of it ("" its own)."""

    outbox: Outbox
    names: Callable[[str], set[str]]
    elsewhere: str


@pytest.fixture(params=["fake", "folder"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    own, elsewhere = tmp_path / "outbox", tmp_path / "elsewhere"
    own.mkdir()
    elsewhere.mkdir()
    if request.param == "fake":
        fake = FakeOutbox()
        return Subject(fake, fake.names, str(elsewhere))

    def names(folder: str) -> set[str]:
        return {each.name for each in (Path(folder) if folder else own).iterdir()}

    return Subject(OutboxFolder(own, zone=UTC), names, str(elsewhere))


def publish(subject: Subject, revision: int = 1, folder: str = "") -> Sequence[str]:
    return subject.outbox.publish_draft(drafts.draft(), stem="memo", short="7f3k", revision=revision, folder=folder)


def test_a_draft_is_a_word_file_and_a_page(subject: Subject) -> None:
    names = publish(subject)
    assert list(names) == [f"memo - SOAP note - {MARK}.docx", f"memo - SOAP note - {MARK}.html"]
    assert subject.names("") == set(names)


def test_publishing_twice_is_harmless(subject: Subject) -> None:
    assert publish(subject) == publish(subject)
    assert len(subject.names("")) == 2


def test_another_revision_stands_beside_the_first(subject: Subject) -> None:
    publish(subject)
    assert set(publish(subject, revision=2)) == {f"memo - SOAP note - {MARK} (2){end}" for end in (".docx", ".html")}
    assert len(subject.names("")) == 4


def test_a_folder_asked_for_gets_the_draft_and_the_outbox_does_not(subject: Subject) -> None:
    names = publish(subject, folder=subject.elsewhere)
    assert subject.names(subject.elsewhere) == set(names)
    assert subject.names("") == set()


def test_a_failure_and_a_duplicate_are_notes_without_the_mark(subject: Subject) -> None:
    for _ in range(2):
        failed = subject.outbox.publish_failure("speech-none", job="j", stem="memo", short="7f3k", revision=1)
        again = subject.outbox.publish_duplicate(stem="memo", short="7f3k", document="soap")
    assert list(failed) == ["memo - COULD NOT DRAFT - 7f3k.txt"]
    assert list(again) == ["memo - ALREADY DRAFTED - 7f3k.txt"]
    assert subject.names("") == {*failed, *again}


def test_a_folder_that_is_left_is_one_note_without_the_mark(subject: Subject) -> None:
    for _ in range(2):
        (name,) = subject.outbox.publish_left("inbox-folder-unknown", stem="Referrals", near="referral")
    assert subject.names("") == {name} == {"Referrals - NOT TAKEN IN.txt"}


def test_the_status_page_is_replaced(subject: Subject) -> None:
    row = JobRow("7f3k", "delivered", "soap", ("recording",), "m", drafts.DRAFTED)
    subject.outbox.publish_status(drafts.report())
    subject.outbox.publish_status(drafts.report([row]))
    assert len(subject.names("")) <= 1


def test_the_step_delivers_under_the_manifests_names(subject: Subject) -> None:
    manifest = Manifest(drafts.JOB, "memo", "7f3k", (), deliver_to=subject.elsewhere)
    assert deliver(drafts.draft(), manifest, 1, subject.outbox) == (
        f"memo - SOAP note - {MARK}.docx",
        f"memo - SOAP note - {MARK}.html",
    )
    assert deliver_failure("internal", manifest, 2, subject.outbox) == ("memo - COULD NOT DRAFT - 7f3k (2).txt",)
    assert len(subject.names(subject.elsewhere)) == 3
