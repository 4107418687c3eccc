"""make-encrypted-volume on Linux: its commands one by one. (docs/encrypted-volume.md: they were also run for real.)"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from volume_linux import LuksVolume, quoted
from volume_parts import Plan, Tools, VolumeError


class Recorder(Tools):
    """Runs nothing; notes commands and secrets."""

    calls: list[tuple[tuple[str, ...], bytes | None]] = []  # noqa: RUF012 - the parent has slots; emptied by the fixture

    def run(self, *command: str, secret: bytes | None = None, account: tuple[int, int] | None = None) -> bytes:
        self.calls.append((command, secret))
        if command[:2] == ("cryptsetup", "status"):
            raise VolumeError("inactive")
        return b"/dev/mapper/clinic\n"


@pytest.fixture
def recorder() -> Recorder:
    Recorder.calls.clear()
    return Recorder()


def _luks(folder: Path, tools: Tools) -> LuksVolume:
    plan = Plan("clinic", folder / "C.luks", folder / "My Volume", "64m", (0, 0), keep=True)
    return LuksVolume(plan, tools, folder / "keys", folder)


def test_the_commands_on_linux(tmp_path: Path, recorder: Recorder) -> None:
    """To the letter, as they were run for real; the secret goes to standard input alone."""
    volume, making = _luks(tmp_path, recorder), str(tmp_path / "C-making.luks")
    volume.create(b"pass")
    volume.mount(b"pass")
    assert volume.is_ours()

    assert [(" ".join(command), secret) for command, secret in recorder.calls] == [
        (f"cryptsetup luksFormat --batch-mode --type luks2 --key-file - {making}", b"pass"),
        (f"cryptsetup open --type luks2 --key-file - {making} clinic", b"pass"),
        ("mkfs.ext4 -q -m 0 -L chartdraft /dev/mapper/clinic", None),
        ("cryptsetup close clinic", None),
        ("cryptsetup status clinic", None),
        (f"cryptsetup open --type luks2 --key-file - {tmp_path}/C.luks clinic", b"pass"),
        (f"mount -o nodev,nosuid,noexec /dev/mapper/clinic {tmp_path}/My Volume", None),
        (f"findmnt --noheadings --output SOURCE --mountpoint {tmp_path}/My Volume", None),
    ]
    image = (tmp_path / "C.luks").stat()
    assert (image.st_size, image.st_mode & 0o777) == (64 << 20, 0o600)
    assert image.st_blocks * 512 >= image.st_size, "all its room is reserved"


def test_the_key_file_is_for_root_alone_and_an_open_one_is_refused(tmp_path: Path, recorder: Recorder) -> None:
    """No line feed in it: cryptsetup takes a key file as it is."""
    volume = _luks(tmp_path, recorder)
    assert volume.kept() is None
    volume.keep(b"pass")
    assert volume.kept() == b"pass"
    assert volume.key.stat().st_mode & 0o777 == 0o600

    volume.key.chmod(0o640)
    with pytest.raises(VolumeError, match="chmod 600"):
        volume.kept()


@pytest.mark.needs("systemd-analyze", "cryptsetup")
def test_systemd_takes_the_unit(tmp_path: Path, recorder: Recorder) -> None:
    """With blanks in its folders."""
    volume = _luks(tmp_path, recorder)
    volume.at_start()

    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(volume.unit)], capture_output=True, check=False)
    about_it = [line for line in done.stderr.decode().splitlines() if volume.unit.name in line]
    assert about_it == []
    assert recorder.calls[-1][0] == ("systemctl", "enable", "clinic-volume.service")


def test_a_word_of_a_unit_file() -> None:
    """systemd replaces % and $ in it unless they are doubled."""
    assert quoted('/a b/50%/$x"') == '"/a b/50%%/$$x\\""'


def test_a_failing_command_says_its_last_line_but_never_the_secret() -> None:
    """Whatever a tool repeats."""
    with pytest.raises(VolumeError, match="No key available"):
        Tools().run("sh", "-c", "cat >/dev/null; echo No key available >&2; exit 2", secret=b"hush-hush")
    with pytest.raises(VolumeError) as told:
        Tools().run("sh", "-c", "cat >&2; exit 2", secret=b"hush-hush")
    assert "hush" not in str(told.value)
    with pytest.raises(VolumeError, match="not on this machine"):
        Tools().run("no-such-program-here")
