"""scripts/airdrop-to-inbox, with a stand-in for macOS's xattr: the mark lies in a file beside."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

MOVER = Path(__file__).resolve().parents[2] / "scripts" / "airdrop-to-inbox"
AIRDROP, BROWSER = "0083;6740;sharingd;5E1D", "0083;6740;Safari;5E1D"


class Desk:
    """Downloads and an inbox."""

    def __init__(self, folder: Path) -> None:
        self.downloads, self.inbox, tools = folder / "Downloads", folder / "In box", folder / "bin"
        for each in (self.downloads, self.inbox, tools):
            each.mkdir()
        (tools / "xattr").write_text('#!/bin/sh\n[ "$1 $2" = "-p com.apple.quarantine" ] && cat "$3.mark"\n')
        (tools / "xattr").chmod(0o755)
        self._path = f"{tools}:{os.environ['PATH']}"

    def arrives(self, name: str, *, mark: str = AIRDROP) -> Path:
        path = self.downloads / name
        path.write_text(f"content of {name}")
        Path(f"{path}.mark").write_text(mark)
        return path

    def move(self, *files: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [MOVER, self.inbox, *files], env={"PATH": self._path}, capture_output=True, text=True, check=False
        )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.mark.parametrize("name", ["New Recording 12.m4a", "Visit.QTA", 'it\'s; $(touch x) "here".pdf', "-rf.wav"])
def test_what_airdrop_brought_goes_into_the_inbox_whole(desk: Desk, name: str) -> None:
    """Whatever its name; nothing of the way is left behind."""
    file = desk.arrives(name)

    assert desk.move(file).returncode == 0
    assert [(path.name, path.read_text()) for path in desk.inbox.iterdir()] == [(name, f"content of {name}")]
    assert not file.exists()


@pytest.mark.parametrize(("name", "mark"), [("form.pdf", BROWSER), ("setup.dmg", AIRDROP), (".hidden.m4a", AIRDROP)])
def test_everything_else_stays(desk: Desk, name: str, mark: str) -> None:
    """A browser's downloads, other kinds, hidden files."""
    file = desk.arrives(name, mark=mark)

    assert desk.move(file).returncode == 0
    assert file.exists()
    assert not list(desk.inbox.iterdir())


def test_a_file_without_a_mark_and_a_link_stay(desk: Desk) -> None:
    """Nobody knows where they come from."""
    plain, link = desk.downloads / "plain.m4a", desk.downloads / "link.m4a"
    plain.write_text("x")
    link.symlink_to(desk.arrives("memo.m4a"))
    Path(f"{link}.mark").write_text(AIRDROP)

    desk.move(plain, link)
    assert not list(desk.inbox.iterdir())


def test_a_name_that_is_taken_is_not_overwritten(desk: Desk) -> None:
    """Both files are there afterwards, and it is said."""
    (desk.inbox / "memo.m4a").write_text("another")
    file = desk.arrives("memo.m4a")

    done = desk.move(file)
    assert "stays where it is" in done.stderr
    assert (desk.inbox / "memo.m4a").read_text() == "another"
    assert file.read_text() == "content of memo.m4a"
    assert [path.name for path in desk.inbox.iterdir()] == ["memo.m4a"]


def test_an_inbox_that_is_away_takes_nothing(desk: Desk) -> None:
    """As while the encrypted volume is closed."""
    desk.inbox.rmdir()
    file = desk.arrives("memo.m4a")

    assert desk.move(file).returncode == 1
    assert file.exists()
