"""What tests of disks that fail and forget begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.forgetful_disk.mounted import ForgetfulDisk


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForgetfulDisk]:
    """One mounted disk for a file's tests."""
    with ForgetfulDisk(tmp_path_factory.mktemp("forgetful") / "disk") as disk:
        disk.remember("empty")
        yield disk


@pytest.fixture
def disk(mounted: ForgetfulDisk) -> ForgetfulDisk:
    """The disk, empty as at first."""
    mounted.power_cut()
    mounted.restore("empty")
    return mounted
