"""Folders that a service copies away, as their clients lay them out; and folders that only look so."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.preflight.cloud_folders import cloud_provider


def made(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("place", "provider"),
    [
        ("Library/Mobile Documents/com~apple~CloudDocs/Inbox", "iCloud Drive"),
        ("Library/Mobile Documents/iCloud~com~app/Documents", "iCloud Drive"),
        ("iCloudDrive", "iCloud Drive"),
        ("Dropbox/Inbox", "Dropbox"),
        ("Dropbox (Practice)/a/b/c", "Dropbox"),
        ("OneDrive/Inbox", "OneDrive"),
        ("OneDrive - Practice/Inbox", "OneDrive"),
        ("Library/CloudStorage/OneDrive-Practice/Inbox", "OneDrive"),
        ("Library/CloudStorage/GoogleDrive-a@example.org/My Drive", "a cloud service"),
        ("Google Drive/Inbox", "Google Drive"),
        ("Box Sync/Inbox", "Box"),
        ("nextcloud", "Nextcloud"),
    ],
)
def test_a_folder_of_a_service_is_known_by_its_place(tmp_path: Path, place: str, provider: str) -> None:
    assert cloud_provider(made(tmp_path / place), tmp_path) == provider


@pytest.mark.parametrize(
    "place", ["Chartdraft/Inbox", "Dropboxes", "OneDriver", "Inbox - OneDrive", "box.old", "Desktop"]
)
def test_a_folder_that_only_sounds_so_is_none(tmp_path: Path, place: str) -> None:
    assert cloud_provider(made(tmp_path / place), tmp_path) is None


def test_a_link_into_a_service_is_followed(tmp_path: Path) -> None:
    made(tmp_path / "Dropbox" / "Inbox")
    (tmp_path / "Inbox").symlink_to(tmp_path / "Dropbox" / "Inbox")
    assert cloud_provider(tmp_path / "Inbox", tmp_path) == "Dropbox"


def test_a_dropbox_of_another_name_is_known_by_what_its_client_leaves(tmp_path: Path) -> None:
    inner = made(tmp_path / "Practice" / "Inbox")
    (tmp_path / "Practice" / ".dropbox").write_text("{}")
    assert cloud_provider(inner, tmp_path) == "Dropbox"
    made(tmp_path / "Other" / ".dropbox.cache")
    assert cloud_provider(made(tmp_path / "Other" / "Inbox"), tmp_path) == "Dropbox"


def test_the_clients_own_settings_do_not_make_a_home_a_dropbox(tmp_path: Path) -> None:
    made(tmp_path / ".dropbox")
    assert cloud_provider(made(tmp_path / "Chartdraft"), tmp_path) is None


@pytest.mark.parametrize("name", ["Desktop", "Documents"])
def test_desktop_and_documents_that_icloud_mirrors(tmp_path: Path, name: str) -> None:
    inbox = made(tmp_path / name / "Chartdraft")
    mirror = tmp_path / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    assert cloud_provider(inbox, tmp_path) is None
    made(mirror / name)
    assert cloud_provider(inbox, tmp_path) == "iCloud Drive"
    assert cloud_provider(made(tmp_path / "Chartdraft"), tmp_path) is None


def test_a_folder_that_is_not_there_yet_is_judged_by_its_place(tmp_path: Path) -> None:
    assert cloud_provider(tmp_path / "OneDrive" / "to come", tmp_path) == "OneDrive"


def test_a_place_that_may_not_be_looked_into_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, real = made(tmp_path / "closed" / "Inbox"), Path.stat

    def refuse(path: Path, *, follow_symlinks: bool = True) -> object:
        if path.name.startswith(".dropbox"):
            raise PermissionError(13, "denied")
        return real(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse)
    assert cloud_provider(inbox, tmp_path) is None
