"""Uninstallation from the outside: what goes, what stays, and what is asked before anything of patients goes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys

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


def test_what_the_installation_did_not_make_stays_in_the_application_folder(installed):
    """Also if that is somebody's home folder, with patients' files in it."""
    (installed.app / "Chartdraft").mkdir()
    (installed.app / "Chartdraft" / "memo.m4a").touch()
    code, out, _ = installed.run("uninstall")
    assert code == 0
    assert "did not make it: Chartdraft" in out
    assert [path.name for path in installed.app.rglob("*")] == ["Chartdraft", "memo.m4a"]


@pytest.mark.parametrize("name", ["versions", "models"])
def test_links_in_the_application_folder_are_removed_and_what_they_lead_to_stays(installed, name):
    elsewhere = installed.home / "elsewhere"
    shutil.move(installed.app / name, elsewhere)
    (installed.app / name).symlink_to(elsewhere)
    (elsewhere / "own.txt").touch()
    assert installed.run("uninstall")[0] == 0
    assert not installed.app.exists()
    assert (elsewhere / "own.txt").exists()


@pytest.mark.parametrize("name", ["inbox", "state"])
def test_a_home_inside_what_is_removed_is_refused(installed, name):
    inside = installed.app / "models" / name
    shutil.move(installed.chart / name, inside)
    (installed.chart / "config.toml").write_text(f'{name}_dir = "{inside}"\n')
    assert "lies in the application folder" in refusal(installed.run("uninstall"))
    assert inside.is_dir()
    assert installed.serving == "1.0"


def test_deleting_everything_of_what_is_no_home_is_refused(installed):
    other = installed.home / "other"
    (other / "inbox").mkdir(parents=True)
    record = installed.app / "install.json"
    record.write_text(record.read_text().replace(str(installed.chart), str(other)))
    asked = ["uninstall", "--delete-everything", "--force", "--confirm", "delete"]
    assert "not the home that was installed" in refusal(installed.run(*asked))
    assert (other / "inbox").is_dir()


@pytest.mark.skipif(shutil.which("unshare") is None, reason="a mount needs a name space of its own")
def test_a_share_that_is_mounted_in_the_inbox_is_left_alone(installed):
    share = installed.chart / "inbox" / "soap"
    share.mkdir()
    script = 'mount -t tmpfs none "$1" && touch "$1/memo.m4a" && shift && "$@"; code=$?; ls "$SHARE" >"$SHARE.seen"; exit $code'
    uninstall = [str(installed.clone / "scripts" / "uninstall"), "--app", str(installed.app), "--delete-everything"]
    done = subprocess.run(
        [
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            script,
            "sh",
            str(share),
            *uninstall,
            "--force",
            "--confirm",
            "delete",
        ],
        env=installed.environment | {"SHARE": str(share)},
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this system gives no name space with mounts")
    assert done.returncode == 0, done.stderr
    assert f"a share is mounted there: {share}" in done.stdout
    assert (share.parent / "soap.seen").read_text() == "memo.m4a\n"


def test_an_uninstallation_that_died_is_completed(installed):
    shutil.rmtree(installed.app / "versions")
    asked = ["uninstall", "--delete-everything", "--confirm", "delete"]
    assert "cannot be asked" in refusal(installed.run(*asked))
    assert installed.run("uninstall")[0] == 0
    assert not installed.app.exists()


def test_an_application_folder_that_was_reached_through_a_link_has_its_service_stopped(installed):
    """The service's command line has no link in it, as where /tmp or a home folder is one."""
    link = installed.home / "link"
    link.symlink_to(installed.app.parent)
    assert installed.run("uninstall", "--app", str(link / "app"))[0] == 0
    assert installed.serving == ""


def test_a_service_that_cannot_be_stopped_keeps_everything(installed):
    assert "busy" in refusal(installed.run("uninstall", KEEPS_SERVICE="1"))
    assert installed.version == "1.0"


def test_two_at_a_time_are_refused(installed):
    process = installed.hang("home_paths.py")
    assert "another" in refusal(installed.run("uninstall"))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_the_whole_machines_installation_is_for_its_administrator(installed):
    record = installed.app / "install.json"
    record.write_text(record.read_text().replace('"system": false', '"system": true'))
    script = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); import uninstall;"
        "os.geteuid = lambda: 1000; sys.exit(uninstall.main(sys.argv[2:]))"
    )
    command = [sys.executable, "-c", script, str(installed.clone / "scripts"), "--app", str(installed.app)]
    done = subprocess.run(command, env=installed.environment, capture_output=True, text=True, check=False)
    assert "with sudo" in refusal((done.returncode, done.stdout, done.stderr))
    assert installed.serving == "1.0"
