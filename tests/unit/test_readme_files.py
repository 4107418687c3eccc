"""README.txt of inbox and outbox: kept current, never over a person's file, never taken in as an item."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daemon import wiring
from daemon.adapters import readme_files
from daemon.adapters.inbox.ignore_list import is_ignored
from daemon.adapters.outbox.notes import note
from daemon.adapters.readme_files import README_NAME, inbox_readme, is_ours, keep_readme, outbox_readme
from daemon.config import load_home
from daemon.documents.loader import load_documents
from daemon.keeping import upkeep
from daemon.model.document import Document

# What a version before wrote.
OLDER = readme_files._signed(note("An older one", ("Heading", "Other words.")))


@pytest.fixture
def documents() -> dict[str, Document]:
    return load_documents(None)


def text_of(data: bytes) -> str:
    return data.decode("utf-8-sig")


def test_the_inboxs_names_every_folder_by_its_title_the_practices_own_too(documents: dict[str, Document]) -> None:
    own = {**documents, "school-letter": replace(documents["referral"], key="school-letter", title="School letter")}
    lines = text_of(inbox_readme(own)).split("\r\n")
    for key, document in own.items():
        assert any(line.split(maxsplit=1) == [key, document.title] for line in lines), key
    assert "By itself, a memo becomes “SOAP note” and a scan becomes “Intake summary”." in lines


@pytest.mark.parametrize(
    "said", ["UNREVIEWED", "COULD NOT DRAFT", "ALREADY DRAFTED", "NOT TAKEN IN", "STATUS.HTML", "licensed clinician"]
)
def test_the_outboxs_explains_what_lies_there(said: str) -> None:
    assert said in text_of(outbox_readme())


def test_both_open_as_they_were_meant_in_every_editor(documents: dict[str, Document]) -> None:
    for data in (inbox_readme(documents), outbox_readme()):
        assert data.startswith(b"\xef\xbb\xbf")
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert data.endswith(b"\r\n")
        assert is_ours(data)


def test_it_is_written_once_and_an_older_one_of_ours_is_replaced(tmp_path: Path) -> None:
    assert keep_readme(tmp_path, OLDER, mode=0o640)
    assert keep_readme(tmp_path, outbox_readme(), mode=0o640)
    assert (tmp_path / README_NAME).read_bytes() == outbox_readme()
    assert (tmp_path / README_NAME).stat().st_mode & 0o777 == 0o640
    before = (tmp_path / README_NAME).stat()
    assert not keep_readme(tmp_path, outbox_readme(), mode=0o640)
    assert (tmp_path / README_NAME).stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    "theirs",
    [
        b"",
        b"Ours: call Anna at extension 12.",
        b"\xff\xfe\x00",
        OLDER.replace(b"Other words", b"Our own words"),
        OLDER + b"Anna: extension 12\r\n",
        OLDER.replace(b"\r\n", b"\n"),
        b"x" * 200_000,
    ],
)
def test_a_persons_file_of_that_name_stays(tmp_path: Path, theirs: bytes) -> None:
    (tmp_path / README_NAME).write_bytes(theirs)
    assert not keep_readme(tmp_path, outbox_readme(), mode=0o600)
    assert (tmp_path / README_NAME).read_bytes() == theirs


def test_a_link_or_a_folder_of_that_name_stays(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_bytes(OLDER)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / README_NAME).symlink_to(elsewhere)
    (tmp_path / "folder" / README_NAME).mkdir(parents=True)
    for name in ("link", "folder"):
        assert not keep_readme(tmp_path / name, outbox_readme(), mode=0o600)
    assert elsewhere.read_bytes() == OLDER


def test_it_is_never_an_item() -> None:
    assert all(is_ignored(name) for name in (README_NAME, "readme.txt", "ReadMe.TXT"))


def test_set_up_writes_both_and_a_start_brings_them_up_to_date(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    known = wiring.documents(home)
    assert (home.inbox / README_NAME).read_bytes() == inbox_readme(known)
    assert (home.outbox / README_NAME).read_bytes() == outbox_readme()
    own = {**known, "school": replace(known["referral"], key="school", title="School letter")}
    (home.outbox / README_NAME).unlink()
    wiring.keep_readmes(home, own)
    assert "School letter" in text_of((home.inbox / README_NAME).read_bytes())
    assert (home.outbox / README_NAME).exists()
