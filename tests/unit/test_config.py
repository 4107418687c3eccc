"""The settings: what is written is what holds, anything else is refused, and nothing depends on who starts it."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from daemon.config import Settings, SettingsError, load_home

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def keys(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, f"{above}{name}.")
        else:
            yield f"{above}{name}", field.default


def leaves(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", tuple(value) if isinstance(value, list) else value


def test_the_example_shows_every_key_with_its_default() -> None:
    shown = dict(leaves(tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))))
    assert shown == dict(keys(Settings))
    assert {name: type(value) for name, value in shown.items()} == {n: type(v) for n, v in keys(Settings)}


def test_the_example_loads_as_the_defaults() -> None:
    assert load_home(Path("/home-of-its-own"), EXAMPLE).settings == Settings()


def test_every_key_of_the_example_is_explained() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    assert all(
        "#" in line for line in lines if line.startswith(("inbox", "outbox", "state", "settle", "rescan", "give"))
    )


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("settle_secnds = 4.0", "settle_secnds"),
        ("[limits]\nmax_hours = 1", "limits.max_hours"),
        ("[engines]\nthreads = 1", "engines"),
        ('settle_seconds = "4"', "settle_seconds"),
        ('cloud_agreement = "no"', "cloud_agreement"),
        ("cloud_agreement = 1", "cloud_agreement"),
        ("inbox_dir = 4", "inbox_dir"),
        ("inbox_dir = []", "inbox_dir"),
        ("[limits]\nmax_pages = 1.5", "limits.max_pages"),
        ("[limits]\nmax_pages = true", "limits.max_pages"),
        ("[limits]\nmax_pages = 0", "limits.max_pages"),
        ("limits = 3", "limits"),
        ('[speech]\nhotwords = "one"', "speech.hotwords"),
        ("[speech]\nhotwords = [1]", "speech.hotwords.0"),
        ('drafter = "best"', "drafter"),
        ("settle_seconds = 0", "settle_seconds"),
        ("settle_seconds = -1.0", "settle_seconds"),
        ("settle_seconds = nan", "settle_seconds"),
        ("rescan_seconds = inf", "rescan_seconds"),
        ("give_up_seconds = 1e300", "give_up_seconds"),
        ("[limits]\nmax_minutes = inf", "limits.max_minutes"),
        ("[engine]\nthreads = -1", "engine.threads"),
        ("[language]\ncontext_tokens = 10", "language.context_tokens"),
    ],
)
def test_what_is_not_a_setting_is_refused_with_its_place(tmp_path: Path, text: str, where: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_home(tmp_path, None)
    assert caught.value.code == "config-invalid"
    assert caught.value.details[0].startswith(f"{path}: {where}: ")


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    written(tmp_path, 'settle_seconds = "4"\nunknown = 1\n')
    with pytest.raises(SettingsError) as caught:
        load_home(tmp_path, None)
    assert len(caught.value.details) == 2
    assert all(detail in str(caught.value) for detail in caught.value.details)


@pytest.mark.parametrize("content", [b"settle_seconds = ", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_what_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "config.toml").write_bytes(content)
    with pytest.raises(SettingsError, match="config-invalid"):
        load_home(tmp_path, None)


def test_a_byte_order_mark_is_none_of_our_business(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbfsettle_seconds = 9\n")
    assert load_home(tmp_path, None).settings.settle_seconds == 9.0


def test_a_home_without_a_file_has_the_defaults(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    assert home.settings == Settings()
    assert (home.inbox, home.outbox, home.state) == (tmp_path / "inbox", tmp_path / "outbox", tmp_path / "state")
    assert home.documents is None


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.toml", tmp_path):
        with pytest.raises(SettingsError, match="config-invalid"):
            load_home(tmp_path, path)


def test_settings_that_lead_nowhere_are_not_taken_for_none(tmp_path: Path) -> None:
    (tmp_path / "config.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(SettingsError, match="config-invalid"):
        load_home(tmp_path, None)


def test_folders_are_relative_to_the_file_absolute_or_in_the_persons_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    monkeypatch.chdir("/")
    settings = tmp_path / "settings"
    settings.mkdir()
    config = written(
        settings, 'inbox_dir = "in"\noutbox_dir = "~/Drafts"\nstate_dir = "/srv/state"\ndocuments_dir = "../mine"'
    )
    home = load_home(tmp_path / "home", config)
    assert home.inbox == settings / "in"
    assert home.outbox == tmp_path / "person" / "Drafts"
    assert (home.state, home.keys) == (Path("/srv/state"), Path("/srv/state/keys"))
    assert home.documents == settings / "../mine"
    assert home.config == config


def test_the_home_of_nobody_is_refused(tmp_path: Path) -> None:
    written(tmp_path, 'inbox_dir = "~no-such-account-here/in"')
    with pytest.raises(SettingsError, match="no such account"):
        load_home(tmp_path, None)


def test_relative_homes_and_files_become_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text('inbox_dir = "in"', encoding="utf-8")
    home = load_home(Path("home"), Path("mine.toml"))
    assert (home.inbox, home.outbox) == (tmp_path / "in", tmp_path / "home" / "outbox")


def test_nothing_from_the_environment_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "settle_seconds = 9.0")
    before = load_home(tmp_path, None)
    for name, _ in keys(Settings):
        for prefix in ("", "CHARTDRAFT_", "DAEMON_"):
            for variable in (f"{prefix}{name.replace('.', '_')}", f"{prefix}{name.replace('.', '__')}"):
                monkeypatch.setenv(variable.upper(), "7")
                monkeypatch.setenv(variable, "7")
    for name in ("CHARTDRAFT_HOME", "CHARTDRAFT_CONFIG", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    assert load_home(tmp_path, None) == before


def test_without_a_home_the_folders_shown_are_in_the_persons_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    home = load_home(None, None)
    assert (home.inbox, home.outbox) == (tmp_path / "Chartdraft" / "Inbox", tmp_path / "Chartdraft" / "Outbox")
    assert home.state.is_relative_to(tmp_path)
    assert not home.state.is_relative_to(tmp_path / "Chartdraft")


def test_limits_are_in_the_engines_units(tmp_path: Path) -> None:
    written(tmp_path, "[limits]\nmax_minutes = 2\nmax_megabytes = 3\nmax_megapixels = 4\n[engine]\nthreads = 5")
    settings = load_home(tmp_path, None).settings
    limits = settings.media_limits
    assert (limits.max_seconds, limits.max_bytes, limits.max_pixels) == (120.0, 3_000_000, 4_000_000)
    assert settings.language_limits.max_resident_bytes == 12_000_000_000
    assert settings.threads == 5
    assert Settings().threads >= 1
