"""Uninstallation from the outside: what goes, what stays, and what is asked before anything of patients goes."""

from __future__ import annotations

import json

import pytest

from tests.fakes.office_machine import refusal


def test_uninstalling_keeps_everything_of_patients_and_installing_takes_it_up(installed):
    code, out, _ = installed.run("uninstall")
    assert code == 0
    assert not installed.app.exists()
    assert installed.serving == ""
    for kept in ("inbox", "outbox", "state/keys", "config.toml"):
        assert (installed.chart / kept).exists()
        assert str(installed.chart / kept.split("/")[0]) in out
    (installed.chart / "recovery.txt").rename(installed.home / "stick.txt")
    out = installed.fresh()
    assert not (installed.chart / "recovery.txt").exists()
    assert "WARNING" not in out
    assert refusal(installed.run("uninstall", "--app", str(installed.home))).endswith("--app names another folder.")


def test_deleting_everything_needs_a_word(installed):
    code, out, said = installed.run("uninstall", "--delete-everything")
    assert code == 1
    assert "nothing was deleted" in said
    assert "The recovery key then opens nothing any more" in out
    assert installed.serving == "1.0"
    assert installed.run("uninstall", "--delete-everything", "--confirm", "delete")[0] == 0
    assert sorted(path.name for path in installed.chart.iterdir()) == ["drafted.m4a", "recovery.txt"]
    assert not installed.app.exists()


@pytest.mark.parametrize("what", ["job", "inbox"])
def test_deleting_everything_is_refused_while_something_was_not_drafted(installed, what):
    environment = {}
    if what == "job":
        environment["COUNTS"] = json.dumps({"attention": 1, "delivered": 5})
    else:
        (installed.chart / "inbox" / "soap").mkdir()
        (installed.chart / "inbox" / "README.txt").touch()
        (installed.chart / "inbox" / "soap" / "memo.m4a").touch()
    asked = ["uninstall", "--delete-everything", "--confirm", "delete"]
    assert "--force" in refusal(installed.run(*asked, **environment))
    assert (installed.chart / "state" / "keys").exists()
    assert installed.run(*asked, "--force", **environment)[0] == 0
    assert not (installed.chart / "state").exists()


def test_folders_that_the_settings_chose_are_not_deleted(installed):
    shared = installed.home / "shared"
    shared.mkdir()
    (shared / "other.txt").touch()
    (installed.chart / "config.toml").write_text(f'outbox_dir = "{shared}"\n')
    code, out, _ = installed.run("uninstall", "--delete-everything", "--confirm", "delete")
    assert code == 0
    assert (shared / "other.txt").exists()
    assert f"Left alone, because the settings chose it: {shared}" in out


def test_a_service_of_another_installation_is_left_alone(installed):
    (installed.home / "service").write_text("/elsewhere/bin/chartdraft")
    assert installed.run("uninstall")[0] == 0
    assert (installed.home / "service").exists()
