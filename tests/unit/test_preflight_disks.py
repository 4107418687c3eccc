"""Preflight: which disk the folders lie on, what protects it, and whether it may go away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.preflight import Check, Folders, check_encrypted_volume, check_encryption, check_volumes, is_away
from daemon.adapters.preflight.devices import parse_lsblk
from daemon.adapters.preflight.mounts import mount_of, mounts_of, parse_mount, parse_mountinfo
from daemon.adapters.preflight.system import System
from daemon.model.error_catalog import CATALOG
from tests.fakes.system_answers import FDESETUP, HDIUTIL, LSBLK, MAC_MOUNTS, Machine, diskutil, image, plist

HOME = Path("/Users/desk")
ON = {FDESETUP: b"FileVault is On.\n"}
OFF = {FDESETUP: b"FileVault is Off.\n"}


def folders(
    inbox: str = "/Users/desk/in", outbox: str = "/Users/desk/out", state: str = "/Users/desk/state"
) -> Folders:
    return Folders(Path(inbox), Path(outbox), Path(state))


def encryption(machine: System, of: Folders | None = None, *, accepted: bool = False) -> Check:
    return check_encryption(of or folders(), machine, accepted=accepted)


# -- mounts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("folder", "source"),
    [
        ("/Users/desk/in", "/dev/disk3s5"),  # shown below / by a firmlink
        ("/Volumes/Practice (inbox)/in", "/dev/disk5s1"),
        ("/Volumes/scans/soap", "//desk@nas.local/scans"),
        ("/Volumes/scans2", "/dev/disk3s5"),
    ],
)
def test_a_folder_lies_on_the_mount_that_it_is_below(folder: str, source: str) -> None:
    mount = mount_of(Path(folder), parse_mount(MAC_MOUNTS))
    assert mount is not None
    assert mount.source == source


def test_a_mount_over_another_hides_it_and_its_name_may_hold_spaces() -> None:
    mounts = parse_mountinfo(
        b"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
        b"40 27 8:1 / /srv/my\\040files rw - ext4 /dev/sda1 rw\n"
        b"41 27 0:50 / /srv/my\\040files rw master:1 - cifs //nas/share rw\n"
    )
    over = mount_of(Path("/srv/my files/in"), mounts)
    assert over is not None
    assert (over.kind, over.network) == ("cifs", True)
    assert mount_of(Path("/srv/my"), mounts) == mounts[0]


def test_the_mounts_of_this_machine_are_read() -> None:
    here = mount_of(Path("/proc/self"), mounts_of("linux", lambda _: None))
    assert here is not None
    assert here.kind == "proc"


# -- encryption ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (b"FileVault is On.\n", "ok"),
        (b"FileVault is On.\nEncryption in progress: Percent completed = 42\n", "warn"),
        (b"FileVault is Off.\n", "refuse"),
        (b"FileVault is Off.\nDeferred enablement appears to be active for user 'desk'.\n", "refuse"),
        (b"FileVault is On.\nDecryption in progress: Percent completed = 12\n", "refuse"),
        (b"fdesetup: device unavailable\n", "warn"),
        (b"", "warn"),
    ],
)
def test_file_vault(said: bytes, level: str) -> None:
    check = encryption(Machine("darwin", {FDESETUP: said}))
    assert (check.code, check.level) == ("disk-encryption", level)
    assert encryption(Machine("darwin", {FDESETUP: said}), accepted=True).level == ("ok" if level == "ok" else "warn")


def test_a_refused_disk_says_what_mends_it_and_what_accepts_it() -> None:
    check = encryption(Machine("darwin", OFF))
    assert check.error == "disk-unencrypted"
    assert "fdesetup enable" in check.mend
    assert "accept_unencrypted_disk = true" in check.mend
    assert "accept_unencrypted_disk" in encryption(Machine("darwin", OFF), accepted=True).sentence


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({"Internal": False, "FileVault": True, "Encryption": True}, "ok"),
        ({"Internal": False, "Encryption": True}, "ok"),
        ({"Internal": False, "Encryption": False}, "refuse"),
        (
            {"Internal": True, "FileVault": False, "Encryption": True},
            "refuse",
        ),  # a key that anybody gets who switches it on
        ({"Internal": True, "Encryption": True}, "warn"),
        ({}, "warn"),
    ],
)
def test_another_disk_of_a_mac(told: dict[str, Any], level: str) -> None:
    machine = Machine("darwin", {**ON, diskutil("/dev/disk7s2"): plist(**told)})
    check = encryption(machine, folders(inbox="/Volumes/Stick/in"))
    assert check.level == level
    if level != "ok":
        assert "inbox" in check.sentence
        assert "outbox" not in check.sentence


@pytest.mark.parametrize(("encrypted", "level"), [(True, "ok"), (False, "warn")])
def test_a_disk_image_of_a_mac(encrypted: bool, level: str) -> None:
    point = "/Volumes/Practice (inbox)"
    disk = plist(BusProtocol="Disk Image", Internal=False, FileVault=False, RemovableMediaOrExternalDevice=True)
    answers = {**ON, diskutil("/dev/disk5s1"): disk, HDIUTIL: image(point, encrypted=encrypted)}
    held = folders(inbox=f"{point}/in", outbox=f"{point}/out")
    assert encryption(Machine("darwin", answers), held).level == level
    assert check_volumes(held, Machine("darwin", answers), shared_queue=False).level == "ok"


def test_the_worst_of_what_was_found_counts_and_all_of_it_is_said() -> None:
    check = encryption(Machine("darwin", OFF), folders(inbox="/Volumes/scans/in"))
    assert check.level == "refuse"
    assert check.sentence.index("FileVault is off") < check.sentence.index("another machine: inbox.")


def test_each_command_is_run_once() -> None:
    machine = Machine("darwin", {**ON, diskutil("/dev/disk7s2"): plist(Internal=False, FileVault=True)})
    on_stick = folders("/Volumes/Stick/in", "/Volumes/Stick/out")
    encryption(machine, on_stick)
    check_volumes(on_stick, machine, shared_queue=False)
    assert sorted(machine.runner_of_test.asked) == sorted({*machine.runner_of_test.asked})
    assert diskutil("/dev/disk7s2") in machine.runner_of_test.asked


def lsblk(*nodes: dict[str, Any]) -> bytes:
    return json.dumps({"blockdevices": nodes}).encode()


def disk(name: str, *children: dict[str, Any], kind: str = "disk", number: str = "8:0", **more: Any) -> dict[str, Any]:
    return {"name": name, "kname": name, "type": kind, "maj:min": number, "children": list(children), **more}


CRYPT = disk("luks-1", disk("vg-home", kind="lvm", number="253:1"), kind="crypt", number="253:0")
ROOT = b"27 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 27 253:1 / /home rw - ext4 /dev/mapper/vg-home rw\n"


def linux(tree: bytes, more: dict[tuple[str, ...], bytes] | None = None, mounts: bytes = ROOT) -> Machine:
    return Machine("linux", {LSBLK: tree, **(more or {})}, mounts)


def test_a_luks_layer_protects_what_lies_on_it() -> None:
    tree = lsblk(disk("sda", disk("sda1", kind="part", number="8:1"), disk("sda2", CRYPT, kind="part", number="8:2")))
    assert encryption(linux(tree), folders("/home/i", "/home/o", "/home/s")).level == "ok"
    check = encryption(linux(tree), folders("/home/i", "/home/o", "/var/s"))
    assert (check.level, "state" in check.sentence, "inbox" in check.sentence) == ("warn", True, False)


def test_a_volume_group_over_an_open_disk_is_open() -> None:
    over = disk("vg-home", kind="lvm", number="253:1")
    tree = lsblk(disk("sda", disk("luks-1", over, kind="crypt", number="253:0")), disk("sdb", over, number="8:16"))
    found = parse_lsblk(tree, "/dev/dm-1", "253:1")
    assert found is not None
    assert found.encrypted is False


@pytest.mark.parametrize("answer", [b"", b"{}", b"not json", b'{"blockdevices": [1, {"children": 2}]}', b"[" * 100_000])
def test_a_disk_that_cannot_be_told_is_a_warning(answer: bytes) -> None:
    check = encryption(linux(answer), folders("/home/i", "/home/o", "/home/s"))
    assert (check.level, "could not be checked" in check.sentence) == ("warn", True)


@pytest.mark.parametrize(
    ("mounts", "more", "level"),
    [
        (b"1 0 0:9 / / rw - ecryptfs /x rw\n", {}, "ok"),
        (b"1 0 0:9 / / rw - fuse.gocryptfs /x rw\n", {}, "ok"),
        (b"1 0 0:9 / / rw - tmpfs tmpfs rw\n", {}, "ok"),
        (b"1 0 0:9 / / rw - nfs4 nas:/x rw\n", {}, "warn"),
        (b"1 0 0:9 / / rw - zfs tank/home rw\n", {("zfs", "get", "-H", "-o", "value", "encryption", "tank/home"): b"aes-256-gcm\n"}, "ok"),
        (b"1 0 0:9 / / rw - zfs tank/home rw\n", {("zfs", "get", "-H", "-o", "value", "encryption", "tank/home"): b"off\n"}, "warn"),
        (b"1 0 8:0 / / rw - ext4 /dev/sda rw\n", {("lsattr", "-d", "/i"): b"-------------E-e----- /i\n", ("lsattr", "-d", "/o"): b"-------------E-e----- /o\n", ("lsattr", "-d", "/s"): b"-------------E-e----- /s\n"}, "ok"),
        (b"1 0 8:0 / / rw - ext4 /dev/sda rw\n", {("lsattr", "-d", "/i"): b"--------------e------ /i\n"}, "warn"),
        (b"", {}, "warn"),
    ],
)  # fmt: skip
def test_other_ways_of_encrypting_on_linux(mounts: bytes, more: dict[tuple[str, ...], bytes], level: str) -> None:
    assert encryption(linux(lsblk(disk("sda")), more, mounts), folders("/i", "/o", "/s")).level == level


@pytest.mark.needs("lsblk")
def test_this_machines_disks_are_read(tmp_path: Path) -> None:
    machine = System("linux")
    answer = machine.ask("lsblk", "-J", "-o", "NAME,KNAME,TYPE,FSTYPE,PKNAME,MAJ:MIN,RM,HOTPLUG")
    devices = json.loads(answer or b"")["blockdevices"]
    for device in devices:
        found = parse_lsblk(answer or b"", f"/dev/{device['kname']}", "")
        assert found is not None
        assert found.encrypted is False  # a disk itself has no layer above it
    assert check_encryption(Folders(tmp_path, tmp_path, tmp_path), machine, accepted=False).level in ("ok", "warn")


# -- volumes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("where", "level", "error"),
    [
        ({}, "ok", ""),
        ({"state": "/Volumes/scans/state"}, "refuse", "state-on-share"),
        ({"inbox": "/Volumes/scans/in"}, "warn", ""),
        ({"outbox": "/Volumes/Stick/out"}, "warn", ""),
        ({"state": "/Volumes/Stick/state"}, "warn", ""),
    ],
)
def test_on_which_volume_each_folder_lies(where: dict[str, str], level: str, error: str) -> None:
    stick = plist(Internal=False, RemovableMediaOrExternalDevice=True)
    machine = Machine("darwin", {**ON, diskutil("/dev/disk7s2"): stick, diskutil("/dev/disk3s5"): plist(Internal=True)})
    check = check_volumes(folders(**where), machine, shared_queue=False)
    assert (check.code, check.level, check.error) == ("volumes", level, error)
    for name in where:
        assert name in check.sentence.lower()


def test_a_state_folder_on_a_share_is_a_warning_where_the_queue_lies_elsewhere() -> None:
    machine = Machine("darwin", ON)
    assert check_volumes(folders(state="/Volumes/scans/s"), machine, shared_queue=True).level == "warn"


def test_a_state_folder_in_memory_is_warned_of() -> None:
    machine = linux(lsblk(), mounts=b"1 0 0:9 / / rw - tmpfs tmpfs rw\n")
    check = check_volumes(folders("/i", "/o", "/s"), machine, shared_queue=False)
    assert (check.level, "restart" in check.sentence) == ("warn", True)


def test_a_disk_that_may_be_unplugged_on_linux() -> None:
    tree = lsblk(disk("sda", rm=False, hotplug=True))
    machine = linux(tree, mounts=b"1 0 8:0 / / rw - ext4 /dev/sda rw\n")
    assert check_volumes(folders("/i", "/o", "/s"), machine, shared_queue=False).level == "warn"


# -- the encrypted volume --------------------------------------------------------------------------------------------


def held_by(volume: Path) -> Folders:
    return Folders(volume / "in", volume / "out", volume.parent / "state")


def test_the_encrypted_volume_is_open_or_waited_for(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    assert check_encrypted_volume(held_by(volume), volume, lambda _: True).level == "ok"
    away = check_encrypted_volume(held_by(volume), volume, lambda _: False)
    assert (away.code, away.level, away.error) == ("encrypted-volume", "warn", "volume-away")
    assert is_away(held_by(volume), volume)  # nothing is mounted there
    assert not is_away(held_by(volume), None)
    assert check_encrypted_volume(held_by(volume), None).level == "ok"


def test_folders_that_lie_under_a_closed_volume_in_clear_are_told(tmp_path: Path) -> None:
    volume = tmp_path / "volume"
    (volume / "in").mkdir(parents=True)
    assert "unencrypted" in check_encrypted_volume(held_by(volume), volume, lambda _: False).sentence


@pytest.mark.parametrize("name", ["inbox", "outbox"])
def test_folders_beside_the_encrypted_volume_are_refused(tmp_path: Path, name: str) -> None:
    volume = tmp_path / "volume"
    places = {"inbox": volume / "in", "outbox": volume / "out", "state": tmp_path / "state", name: tmp_path / name}
    for mounted in (True, False):
        check = check_encrypted_volume(Folders(**places), volume, lambda _, answer=mounted: answer)
        assert (check.level, check.error) == ("refuse", "volume-beside")
        assert name in check.sentence


def test_each_error_is_in_the_catalog() -> None:
    assert {"disk-unencrypted", "state-on-share", "volume-beside", "volume-away", "clock-wrong"} <= CATALOG.keys()
