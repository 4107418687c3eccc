"""Folders that go away: what is made again, what is waited for, what is another folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon import wiring
from daemon.adapters.folder_sights import look_at, recall, remember
from daemon.config import Home, load_home
from daemon.keeping import upkeep
from daemon.model.errors import RetryableError
from daemon.model.places import Sight, Spot, Verdict, is_another, judge
from daemon.serving.folders import Folders

OFFICE, SHARE = Spot(1, 10, "/"), Spot(2, 20, "/mnt/share")
ON_DISK = Sight(Spot(1, 11, "/"), OFFICE)
ON_SHARE = Sight(Spot(2, 21, "/mnt/share"), SHARE)
MOUNTED_ITSELF = Sight(Spot(3, 2, "/mnt/in"), Spot(1, 12, "/"))


@pytest.mark.parametrize(
    ("now", "last", "verdict"),
    [
        (ON_DISK, None, "here"),
        (ON_DISK, ON_DISK, "here"),
        (Sight(None, OFFICE), ON_DISK, "deleted"),
        (Sight(None, OFFICE), None, "away"),  # never seen: nobody knows what lies there
        (Sight(None, None), ON_DISK, "away"),
        (Sight(None, Spot(1, 99, "/")), ON_DISK, "away"),  # another folder bears the name of the one around it
        (Sight(None, Spot(1, 30, "/")), ON_SHARE, "away"),  # the mount point without its share
        (Sight(Spot(1, 31, "/"), Spot(1, 30, "/")), ON_SHARE, "away"),  # and a folder of the same name in it
        (Sight(Spot(7, 21, "/mnt/share"), Spot(7, 20, "/mnt/share")), ON_SHARE, "here"),  # mounted again
        (Sight(None, SHARE), ON_SHARE, "deleted"),  # somebody deleted it on the share
        (Sight(None, MOUNTED_ITSELF.around), MOUNTED_ITSELF, "away"),  # macOS removes the mount point
        (Sight(Spot(1, 13, "/"), MOUNTED_ITSELF.around), MOUNTED_ITSELF, "away"),  # Linux keeps it
        (ON_SHARE, Sight(Spot(1, 31, "/"), Spot(1, 30, "/")), "here"),  # the share came over the folder
    ],
)
def test_each_way_of_being_gone(now: Sight, last: Sight | None, verdict: Verdict) -> None:
    assert judge(now, last) == verdict


spots = st.builds(Spot, st.integers(1, 3), st.integers(1, 4), st.sampled_from(["/", "/mnt", "/mnt/share"]))
sights = st.builds(Sight, st.none() | spots, st.none() | spots)


@given(sights, st.none() | sights)
def test_nothing_is_made_but_in_the_very_same_folder(now: Sight, last: Sight | None) -> None:
    if judge(now, last) == "deleted":
        assert last is not None
        assert now.folder is None
        assert now.around == last.around is not None
    if now.folder is None:
        assert judge(now, last) != "here"


def test_a_folder_with_another_inode_or_device_is_another() -> None:
    assert is_another(ON_DISK, None)
    assert not is_another(ON_DISK, ON_DISK)
    assert is_another(Sight(Spot(1, 12, "/"), OFFICE), ON_DISK)
    assert is_another(Sight(Spot(9, 11, "/"), OFFICE), ON_DISK)


def test_a_link_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert look_at(tmp_path / "link").folder is None
    assert look_at(tmp_path / "real").folder is not None
    assert look_at(tmp_path / "none" / "none") == Sight(None, None)


def test_what_was_seen_is_known_at_the_next_start(tmp_path: Path) -> None:
    seen = {"inbox": look_at(tmp_path), "outbox": Sight(None, None)}
    remember(tmp_path / "folders.json", seen)
    assert recall(tmp_path / "folders.json") == seen


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"inbox": 3}', '{"inbox": {"folder": [1], "around": null}}'])
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "folders.json").write_text(text)
    assert recall(tmp_path / "folders.json") == {}
    assert recall(tmp_path / "none.json") == {}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "config.toml").write_text('inbox_dir = "share/inbox"\n')
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    return home


def test_a_deleted_inbox_is_made_again_with_all_that_belongs_into_it(home: Home) -> None:
    before = {path.name for path in home.inbox.iterdir()}
    folders = Folders(home, wiring.documents(home))
    assert folders.look()[:2] == ("", "")
    shutil.rmtree(home.inbox)
    shutil.rmtree(home.outbox)
    found = folders.look()
    assert (found.inbox, found.outbox, found.another, found.made) == ("", "", True, ("inbox", "outbox"))
    assert {path.name for path in home.inbox.iterdir()} == before
    assert (home.outbox / "README.txt").is_file()
    again = folders.look()
    assert (again.another, again.made) == (False, ())


def test_the_next_start_makes_it_again_too_and_one_that_never_saw_it_does_not(home: Home) -> None:
    Folders(home, wiring.documents(home)).look()
    shutil.rmtree(home.inbox)
    known = home.seen_folders.read_bytes()
    home.seen_folders.unlink()
    assert Folders(home, wiring.documents(home)).look().inbox == "inbox-away"
    assert not home.inbox.exists()
    home.seen_folders.write_bytes(known)
    assert Folders(home, wiring.documents(home)).look().made == ("inbox",)


def test_a_share_that_goes_is_waited_for_and_nothing_is_made_where_it_was(home: Home) -> None:
    folders, share = Folders(home, wiring.documents(home)), home.inbox.parent
    folders.look()
    share.rename(share.with_name("away"))
    assert folders.look().inbox == "inbox-away"
    share.mkdir()  # the mount point
    assert folders.look().inbox == "inbox-away"
    assert list(share.iterdir()) == []
    share.rmdir()
    share.with_name("away").rename(share)
    assert folders.look()[:3] == ("", "", False)


def test_what_cannot_be_made_again_is_waited_for(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = Folders(home, wiring.documents(home))
    folders.look()
    shutil.rmtree(home.outbox)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", full)
        assert folders.look().outbox == "outbox-unwritable"
    assert folders.look().outbox == ""


def test_nothing_is_set_up_below_a_volume_that_is_away(tmp_path: Path) -> None:
    """It would be out of sight once the volume is back; and for root no mode of the mount point keeps it out."""
    (tmp_path / "config.toml").write_text('encrypted_volume = "vol"\ninbox_dir = "vol/in"\noutbox_dir = "vol/out"\n')
    with pytest.raises(RetryableError) as refused:
        upkeep.set_up(load_home(tmp_path, None), tmp_path / "recovery.txt")
    assert refused.value.code == "volume-away"
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]


def test_without_its_volume_nothing_is_looked_at_or_made(tmp_path: Path) -> None:
    upkeep.set_up(load_home(tmp_path, None), tmp_path / "recovery.txt")
    (tmp_path / "config.toml").write_text('encrypted_volume = "vol"\ninbox_dir = "vol/in"\noutbox_dir = "vol/out"\n')
    home = load_home(tmp_path, None)
    for folder in (home.inbox, home.outbox):
        folder.mkdir(parents=True)
    folders = Folders(home, wiring.documents(home))
    assert folders.look()[:2] == ("volume-away", "volume-away"), "a folder at the mount point is not the volume"
    assert not home.seen_folders.exists()
