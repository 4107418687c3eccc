"""Claim of several files: which document they become, who asked for it, and which job they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.inbox.files import PickedFiles
from daemon.model.errors import RetryableError
from daemon.model.job import InboxPart
from daemon.steps.claim import Claimed, claim, finish_removals
from tests.fakes.practice import Practice


@pytest.fixture
def office() -> Practice:
    return Practice()


def put(office: Practice, folder: str, *names: str) -> None:
    for name in names:
        office.inbox.put(f"{folder}/{name}", name.encode())


@pytest.mark.parametrize(
    ("names", "document", "kinds"),
    [
        (("form.pdf", "memo.m4a"), "soap", ("scan", "recording")),
        (("form.pdf", "page.jpg"), "intake", ("scan", "scan")),
        (("notes.txt", "page.jpg"), "intake", ("text", "scan")),
        (("letter.docx", "page.jpg"), "intake", ("scan",)),
    ],
)
def test_a_packet_becomes_what_its_memo_would_else_what_its_scans_would(
    office: Practice, names: tuple[str, ...], document: str, kinds: tuple[str, ...]
) -> None:
    put(office, "Jane Doe", *names)
    assert len(office.claim_all()) == 1
    row = office.only()
    manifest = office.manifest(row)
    assert (row.document, row.sources, manifest.code, manifest.stem) == (document, kinds, "", "Jane Doe")
    assert [source.untrusted_name for source in manifest.sources] == list(names)
    assert office.facts("item-claimed")[0]["files"] == len(names)
    assert office.inbox.files == {}
    assert office.board.originals() == {}


def test_a_memo_that_cannot_be_read_does_not_choose_the_document(office: Practice) -> None:
    office.inbox.put("Jane Doe/memo.m4a", b"")
    office.inbox.put("Jane Doe/form.pdf", b"form")
    office.claim_all()
    assert (office.only().document, office.only().sources) == ("intake", ("scan",))


@pytest.mark.parametrize("folder", ["", "Jane Doe", "soap", "soap/Jane Doe"])
def test_texts_become_what_they_are_asked_for_and_nothing_by_themselves(office: Practice, folder: str) -> None:
    for name in ("a.txt", "b.md"):
        office.inbox.put(f"{folder}/{name}".lstrip("/"), name.encode())
    office.claim_all()
    rows = office.board.rows()
    assert len(rows) == (1 if "Jane" in folder else 2)
    asked = folder.startswith("soap")
    assert {office.manifest(row).code for row in rows} == {"" if asked else "media-unsupported"}
    assert {row.document for row in rows} == {"soap" if asked else ""}
    assert {kind for row in rows for kind in row.sources} == {"text"}


@pytest.mark.parametrize(
    ("path", "route"), [("memo.m4a", "kind-default"), ("soap/memo.m4a", "folder"), ("soap/Jane/memo.m4a", "folder")]
)
def test_the_manifest_says_how_the_document_was_chosen(office: Practice, path: str, route: str) -> None:
    office.inbox.put(path, b"voice")
    office.claim_all()
    assert office.manifest(office.only()).route == route


@pytest.mark.parametrize(("document", "route"), [("soap", "command"), ("", "kind-default")])
def test_files_of_the_command_line_stay_and_are_not_remembered(
    office: Practice, tmp_path: Path, document: str, route: str
) -> None:
    paths = [tmp_path / "memo.m4a", tmp_path / "form.pdf"]
    for path in paths:
        path.write_bytes(path.name.encode())
    remembered: list[str] = []
    office.board.remember_originals = lambda job, facts: remembered.extend(facts)  # type: ignore[method-assign]  # to see
    claim(PickedFiles.item(paths, document), PickedFiles(), office.ports)
    assert office.manifest(office.only()).route == route
    assert remembered == []
    assert all(path.exists() for path in paths)


def test_a_file_of_the_command_line_is_drafted_whatever_is_remembered_of_it(office: Practice, tmp_path: Path) -> None:
    """It was in the inbox, and a person moved it out before it could be removed."""
    path = tmp_path / "memo.m4a"
    path.write_bytes(b"voice")
    item = PickedFiles.item([path], "soap")
    office.board.remember_originals("earlier", [item.parts[0].facts])
    assert claim(item, PickedFiles(), office.ports) == Claimed(office.only().id, duplicate=False)


def test_a_packet_is_the_same_job_under_any_name_and_another_in_another_order(office: Practice) -> None:
    for folder, names in {"Jane": ("a.mp3", "b.pdf"), "Doe": ("c.mp3", "d.pdf"), "Else": ("b.pdf", "a.mp3")}.items():
        for name in names:
            office.inbox.put(f"{folder}/{name}", name.rpartition(".")[2].encode())
    first, second, third = office.claim_all()
    assert isinstance(first, Claimed)
    assert isinstance(third, Claimed)
    assert second == Claimed(first.job, duplicate=True)
    assert third.job != first.job


def test_mending_a_files_name_makes_another_job(office: Practice) -> None:
    office.inbox.put("Jane/memo.mp3", b"voice")
    office.inbox.put("Jane/notes.docx", b"words")
    office.claim_all()
    office.inbox.put("Jane/memo.mp3", b"voice")
    office.inbox.put("Jane/notes.md", b"words")
    office.claim_all()
    assert len(office.board.rows()) == 2


def test_what_is_remembered_is_removed_and_no_item(office: Practice) -> None:
    put(office, "Jane", "memo.mp3", "form.pdf")
    office.claim_all()
    again = office.inbox.put("soap/form.pdf", b"form.pdf")
    office.board.remember_originals(office.only().id, [again.facts])
    assert office.claim_all() == ["file-changed"]
    assert office.inbox.files == {}
    assert len(office.board.rows()) == 1
    assert office.board.originals() == {}


def test_what_else_is_remembered_stays_so_until_it_is_seen(office: Practice) -> None:
    put(office, "Jane", "memo.mp3", "form.pdf")
    office.claim_all()
    first, other = office.inbox.put("form.pdf", b"form.pdf"), office.inbox.put("memo.mp3", b"memo.mp3")
    office.board.remember_originals(office.only().id, [first.facts, other.facts])
    with pytest.raises(RetryableError, match="file-changed"):
        claim(next(office.inbox.settled()), office.inbox, office.ports)
    assert set(office.inbox.files) == {"memo.mp3"}
    assert set(office.board.originals()) == {other.facts}
    assert office.claim_all() == ["file-changed"]
    assert office.inbox.files == {}
    assert len(office.board.rows()) == 1


@pytest.mark.parametrize(
    ("twice", "once", "kept"),
    [
        (("form copy.pdf", "form.pdf", "memo.mp3"), ("form.pdf", "memo.mp3"), ["form copy.pdf", "memo.mp3"]),
        (("form.docx", "form.pdf", "memo.mp3"), ("form.pdf", "memo.mp3"), ["form.pdf", "memo.mp3"]),
    ],
)
def test_a_second_copy_in_a_packet_is_not_read_twice(
    office: Practice, twice: tuple[str, ...], once: tuple[str, ...], kept: list[str]
) -> None:
    for folder, names in (("Jane", twice), ("Doe", once)):
        for name in names:
            office.inbox.put(f"{folder}/{name}", name[:4].encode())
    first, second = office.claim_all()
    assert isinstance(first, Claimed)
    assert second == Claimed(first.job, duplicate=True)
    manifest = office.manifest(office.only())
    assert [(source.source.id, source.untrusted_name) for source in manifest.sources] == list(
        zip(["s1", "s2"], kept, strict=True)
    )
    assert manifest.sources[0].code == ""
    assert office.inbox.files == {}


def test_nothing_is_looked_at_where_nothing_is_remembered(office: Practice) -> None:
    office.inbox.put("memo.mp3", b"voice")

    def listing() -> Iterator[InboxPart]:
        pytest.fail("the inbox was listed for nothing")
        yield from office.inbox.all_files()

    assert not finish_removals(listing(), office.inbox, office.ports)
    assert set(office.inbox.files) == {"memo.mp3"}
