"""make-encrypted-volume, whole, on a Mac whose hdiutil and security are stood in for. (No Mac was at hand.)"""

from __future__ import annotations

import json
import os
import plistlib
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import make_encrypted_volume
import pytest
from volume_parts import Tools

from tests.e2e.product import Product

ROOT = Path(__file__).resolve().parents[2]

# Stands in for hdiutil and security: notes each call with what it was told, and keeps what they would keep.
STAND_IN = f"""#!{sys.executable}
import json, os, pathlib, plistlib, sys
name, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
told = sys.stdin.read()
folder = pathlib.Path(__file__).parent
with (folder / "calls.jsonl").open("a") as out:
    out.write(json.dumps([name, arguments, told, sorted(os.environ)]) + "\\n")
kept, mounted = folder / "kept", folder / "mounted"
if arguments[0] == "-i":
    kept.write_text(bytes.fromhex(told.split("-X ")[1].strip()).decode())
elif arguments[0] == "find-generic-password":
    if not kept.exists():
        sys.exit(44)
    print(kept.read_text())
elif arguments[0] == "create":
    (folder / "passphrase").write_text(told)
    pathlib.Path(arguments[-1]).mkdir()
elif arguments[0] == "attach":
    if told != (folder / "passphrase").read_text():
        sys.stderr.write("hdiutil: attach failed - Authentication error\\n")
        sys.exit(1)
    mounted.write_text(json.dumps([arguments[3], arguments[-1]]))
elif arguments[:1] == ["info"]:
    entities = json.loads(mounted.read_text()) if mounted.exists() else None
    images = [{{"image-path": entities[1], "system-entities": [{{"dev-entry": "/dev/disk4"}}, {{"dev-entry": "/dev/disk5s1", "mount-point": entities[0]}}]}}] if entities else []
    sys.stdout.buffer.write(plistlib.dumps({{"framework": "628", "images": images}}))
"""


class Mac:
    """A home, and a Mac whose commands are stood in for."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin, self.user = folder / "bin", folder / "user"
        for name in ("hdiutil", "security"):
            self.bin.mkdir(exist_ok=True)
            (self.bin / name).write_text(STAND_IN)
            (self.bin / name).chmod(0o755)
        self.user.mkdir()
        self.product = Product(folder / "home", settings="")
        (folder / "home" / "config.toml").write_text((ROOT / "config.example.toml").read_text())
        monkeypatch.setenv("PATH", f"{self.bin}:{os.environ['PATH']}")
        monkeypatch.setenv("HOME", str(self.user))
        monkeypatch.setattr(os, "geteuid", lambda: 501)
        self.root = folder / "home"
        self.mount, self.image = self.root / "Volume", self.root / "Chartdraft.sparsebundle"

    def make(self, *arguments: str) -> int:
        mounted = self.bin / "mounted"

        class Mounts(Tools):
            def is_mount(self, folder: Path) -> bool:
                return mounted.exists() and json.loads(mounted.read_text())[0] == str(folder)

            def run(self, *command: str, secret: bytes | None = None, account: tuple[int, int] | None = None) -> bytes:
                if command[-1] != "init":
                    return super().run(*command, secret=secret)
                return unmounted(super().run, *command)

        def unmounted(run: Callable[..., bytes], *command: str) -> bytes:
            """`init` looks for a real mount, which there is none of here; so it sees settings that ask for none."""
            settings = self.root / "config.toml"
            kept = settings.read_text()
            settings.write_text(kept.replace("encrypted_volume =", "# encrypted_volume ="))
            try:
                return run(*command)
            finally:
                settings.write_text(kept)

        given = ["--home", str(self.root), "--size", "2g", "--yes", *arguments]
        return make_encrypted_volume.main(given, Mounts(), "darwin")

    def calls(self, name: str, verb: str) -> list[tuple[list[str], str]]:
        lines = (self.bin / "calls.jsonl").read_text().splitlines()
        calls = [json.loads(line) for line in lines]
        return [(arguments, told) for called, arguments, told, _ in calls if (called, arguments[0]) == (name, verb)]

    @property
    def passphrase(self) -> str:
        return (self.bin / "kept").read_text()

    @property
    def settings(self) -> dict[str, Any]:
        return tomllib.loads((self.root / "config.toml").read_text())


@pytest.fixture
def mac(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mac:
    return Mac(tmp_path.resolve(), monkeypatch)


def test_the_commands_on_a_mac(mac: Mac) -> None:
    """To the letter: what was looked up in hdiutil(1) and security(1)."""
    assert mac.make() == 0

    making = str(mac.root / "Chartdraft-making.sparsebundle")
    assert mac.calls("hdiutil", "create") == [
        (
            [
                *shlex.split(
                    "create -type SPARSEBUNDLE -encryption AES-256 -fs APFS -size 2g -volname Chartdraft -stdinpass -quiet"
                ),
                making,
            ],
            mac.passphrase,
        )
    ]
    assert mac.calls("hdiutil", "attach") == [
        (
            [
                "attach",
                "-stdinpass",
                "-mountpoint",
                str(mac.mount),
                *shlex.split("-nobrowse -owners on -quiet"),
                str(mac.image),
            ],
            mac.passphrase,
        )
    ]
    service = "org.chartdraft.volume.chartdraft"
    line = (
        f"add-generic-password -U -a chartdraft -s {service} -T /usr/bin/security -X {mac.passphrase.encode().hex()}\n"
    )
    assert mac.calls("security", "-i") == [(["-i"], line)]
    assert all(
        arguments == ["find-generic-password", "-a", "chartdraft", "-s", service, "-w"]
        for arguments, _ in mac.calls("security", "find-generic-password")
    )


def test_afterwards_inbox_and_outbox_are_on_the_volume(mac: Mac) -> None:
    """The settings say so, the documents' folders are there, and the image has its name."""
    assert mac.make() == 0

    found = mac.settings
    assert found["inbox_dir"] == str(mac.mount / "inbox")
    assert found["outbox_dir"] == str(mac.mount / "outbox")
    assert found["encrypted_volume"] == str(mac.mount)
    assert (mac.mount / "inbox" / "soap").is_dir()
    assert (mac.mount / "inbox" / "RECIPIENT.txt").is_file()
    assert mac.image.is_dir()
    assert mac.mount.stat().st_mode & 0o777 == 0o500


@pytest.mark.needs("age")
def test_the_recovery_key_opens_the_passphrase(mac: Mac) -> None:
    """With age's own command, from the file in the state folder."""
    assert mac.make() == 0

    command = ["age", "-d", "-i", str(mac.root / "recovery.txt"), str(mac.root / "state" / "volume-passphrase.age")]
    assert subprocess.run(command, capture_output=True, check=True).stdout.decode() == mac.passphrase + "\n"


def test_a_passphrase_is_in_no_argument_no_environment_and_no_word(mac: Mac, capfd: pytest.CaptureFixture[str]) -> None:
    """Nor in any file but the keychain's (here: the stand-ins')."""
    assert mac.make() == 0
    assert mac.make() == 0

    shown = {mac.passphrase, mac.passphrase.encode().hex()}
    calls = [json.loads(line) for line in (mac.bin / "calls.jsonl").read_text().splitlines()]
    said = json.dumps([[arguments, environment] for _, arguments, _, environment in calls]) + "".join(
        capfd.readouterr()
    )
    files = [path.read_bytes() for place in (mac.root, mac.user) for path in place.rglob("*") if path.is_file()]
    assert calls
    assert not [secret for secret in shown if secret in said or any(secret.encode() in data for data in files)]


def test_a_second_time_nothing_is_made_anew(mac: Mac) -> None:
    """Same image, same passphrase, same settings; an image that is away is mounted again."""
    assert mac.make() == 0
    settings, passphrase = (mac.root / "config.toml").read_bytes(), mac.passphrase
    sealed = (mac.root / "state" / "volume-passphrase.age").read_bytes()
    assert mac.make() == 0
    (mac.bin / "mounted").unlink()
    for path in sorted(mac.mount.rglob("*"), reverse=True):  # what the volume held goes away with it
        path.unlink() if path.is_file() else path.rmdir()
    assert mac.make() == 0

    assert len(mac.calls("hdiutil", "create")) == 1
    assert len(mac.calls("hdiutil", "attach")) == 2
    assert mac.passphrase == passphrase
    assert (mac.root / "config.toml").read_bytes() == settings
    assert (mac.root / "state" / "volume-passphrase.age").read_bytes() == sealed


def test_what_lies_in_the_inbox_stays_unless_moving_is_asked_for(mac: Mac, capsys: pytest.CaptureFixture[str]) -> None:
    """Then it is moved, with its time and the outbox's files; a link stays."""
    memo = mac.product.inbox / "soap" / "visit.txt"
    memo.write_text("The patient feels well.")
    os.utime(memo, (1_700_000_000, 1_700_000_000))
    (mac.product.outbox / "draft.docx").write_text("edited")
    (mac.product.inbox / "link.txt").symlink_to(mac.root / "config.toml")

    assert mac.make() == 1
    assert "2 files" in capsys.readouterr().err
    assert not mac.image.exists()
    assert mac.settings["inbox_dir"] == ""

    assert mac.make("--move") == 0
    moved = mac.mount / "inbox" / "soap" / "visit.txt"
    assert moved.read_text() == "The patient feels well."
    assert moved.stat().st_mtime == 1_700_000_000
    assert (mac.mount / "outbox" / "draft.docx").read_text() == "edited"
    assert [path.name for path in mac.product.inbox.rglob("*")] == ["link.txt"]
    assert not mac.product.outbox.exists()


def test_a_moved_file_whose_name_is_taken_stays_where_it_was(mac: Mac, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is overwritten, and nothing is removed before all are there."""
    assert mac.make() == 0
    new, old = mac.mount / "inbox" / "soap" / "visit.txt", mac.product.inbox / "soap" / "visit.txt"
    (mac.root / "config.toml").write_text((ROOT / "config.example.toml").read_text())  # as if interrupted
    other = mac.product.inbox / "a.txt"
    for path, text in ((new, "one"), (old, "another"), (other, "a third")):
        path.write_text(text)

    assert mac.make("--move") == 1
    assert "differs" in capsys.readouterr().err
    assert (new.read_text(), old.read_text(), other.read_text()) == ("one", "another", "a third")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--mount", "HOME/state/v"], "inside"),
        (["--mount", "HOME", "--image", "HOME/../i.sparsebundle"], "outside"),
        (["--image", "HOME/Volume/i.sparsebundle"], "inside"),
        (["--image", "HOME/image.dmg"], "ends in"),
        (["--mount", "HOME/Dropbox/v"], "Dropbox"),
        (["--mount", "HOME/inbox"], "inside"),
        (["--name", "../x"], "letters"),
        (["--size", "lots"], "20g"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_made(
    mac: Mac, arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, and no command was run that makes anything."""
    assert mac.make(*(each.replace("HOME", str(mac.root)) for each in arguments)) == 1

    assert word in capsys.readouterr().err
    assert not (mac.bin / "calls.jsonl").exists() or not mac.calls("hdiutil", "create")
    assert "encrypted_volume" not in {key for key, value in mac.settings.items() if value}


def test_files_that_came_while_the_volume_was_away_are_not_hidden(mac: Mac, capsys: pytest.CaptureFixture[str]) -> None:
    """What lies in the mount point itself would be out of sight once it is mounted."""
    assert mac.make() == 0
    (mac.bin / "mounted").unlink()

    assert mac.make() == 1
    assert "would hide it" in capsys.readouterr().err


def test_the_login_agent_holds_no_secret_and_strips_the_line_feed(mac: Mac) -> None:
    """Its shell line, run here with the stand-ins in the place of the system's commands, mounts with the very passphrase."""
    assert mac.make() == 0
    agent = plistlib.loads(next((mac.user / "Library" / "LaunchAgents").iterdir()).read_bytes())
    assert agent["RunAtLoad"] is True
    assert mac.passphrase not in str(agent)

    shell, option, script, *rest = agent["ProgramArguments"]
    assert (shell, option) == ("/bin/sh", "-c")
    for place in ("/usr/bin/security", "/usr/bin/hdiutil"):
        script = script.replace(place, str(mac.bin / Path(place).name))
    script = script.replace("/sbin/mount", "true").replace("/usr/bin/", "")
    (mac.bin / "mounted").unlink()

    assert subprocess.run([shell, option, script, *rest], check=False).returncode == 0
    assert mac.calls("hdiutil", "attach")[-1] == mac.calls("hdiutil", "attach")[0]
    assert (mac.bin / "mounted").exists()
