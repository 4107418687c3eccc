"""What commands of the system answer may be anything: no parser raises, and none takes garbage for protection."""

from __future__ import annotations

import json
import plistlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.adapters.preflight import devices, machine_answers, mounts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["blockdevices", "children", "type", "name", "kname", "maj:min", "rm"]), inner, max_size=4
        )
    ),
)
PLIST = st.recursive(
    st.booleans() | st.integers(0, 9) | st.sampled_from(["Disk Image", "/Volumes/x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["FileVault", "Internal", "images", "system-entities", "mount-point", "image-encrypted"]),
            inner,
            max_size=4,
        )
    ),
)
PARSERS = [
    devices.parse_fdesetup,
    devices.parse_diskutil,
    lambda data: devices.parse_hdiutil(data, "/Volumes/x"),
    lambda data: devices.parse_lsblk(data, "/dev/sda", "8:0"),
    devices.parse_lsattr,
    devices.parse_zfs,
    machine_answers.parse_pmset,
    machine_answers.parse_mdutil,
    machine_answers.parse_count,
    machine_answers.parse_destinations,
    machine_answers.parse_excluded,
    machine_answers.parse_yes,
    machine_answers.parse_network_time,
    machine_answers.parse_idle_action,
    mounts.parse_mount,
    mounts.parse_mountinfo,
]
HEADS = st.sampled_from(
    [b"", b"bplist00", b'<?xml version="1.0"?>', b"<plist><dict>", b"{", b"AC Power:\n sleep ", b"1 2 "]
)


@pytest.mark.parametrize("parse", PARSERS)
@given(head=HEADS, data=st.binary(max_size=200))
def test_any_bytes_are_read_without_an_error(parse: object, head: bytes, data: bytes) -> None:
    parse(head + data)  # type: ignore[operator]  # each of them takes bytes


@given(JSON)
def test_any_json_is_read_and_only_a_crypt_layer_protects(tree: object) -> None:
    found = devices.parse_lsblk(json.dumps(tree).encode(), "/dev/sda", "8:0")
    if found is not None and found.encrypted:
        assert '"crypt"' in json.dumps(tree)


@given(PLIST)
def test_any_property_list_is_read_and_only_a_plain_true_protects(told: Any) -> None:
    data = plistlib.dumps(told)
    disk = devices.parse_diskutil(data)
    if disk is not None and disk.encrypted:
        assert isinstance(told, dict)
        assert told.get("FileVault") is True
    if devices.parse_hdiutil(data, "/Volumes/x"):
        assert b"image-encrypted" in data


@given(
    st.lists(st.sampled_from(["/", "/a", "/a/b", "/ab", "/a/b/c"]), max_size=5),
    st.sampled_from(["/a/b/x", "/ab", "/z"]),
)
def test_the_mount_of_a_folder_is_above_it_and_none_is_nearer(points: list[str], folder: str) -> None:
    all_of_them = [mounts.Mount(f"/dev/{number}", point, "ext4") for number, point in enumerate(points)]
    found = mounts.mount_of(Path(folder), all_of_them)
    above = [mount for mount in all_of_them if Path(folder).is_relative_to(mount.point)]
    assert (found is None) == (not above)
    if found is not None:
        assert found in above
        assert len(found.point) == max(len(mount.point) for mount in above)
