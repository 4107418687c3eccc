"""What macOS is asked to leave alone, to the letter; nothing is asked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.adapters.inbox.ignore_list import is_ignored
from daemon.adapters.machine.commands import Ran
from daemon.adapters.machine.kept_out import keep_out_of_backups, keep_out_of_index


def test_time_machine_is_asked_to_leave_out_the_keys_wherever_they_are_moved() -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> Ran:
        asked.append(command)
        return Ran(1, "", "no such volume")

    keep_out_of_backups(Path("/home/state/keys"), run, "darwin")
    keep_out_of_backups(Path("/home/state/keys"), run, "linux")
    assert asked == [("/usr/bin/tmutil", "addexclusion", "/home/state/keys")]


@pytest.mark.parametrize(("platform", "left"), [("darwin", [".metadata_never_index"]), ("linux", [])])
def test_a_folder_is_marked_for_spotlight_and_the_mark_is_no_item(
    tmp_path: Path, platform: str, left: list[str]
) -> None:
    for _ in range(2):
        keep_out_of_index(tmp_path, platform)
    assert [path.name for path in tmp_path.iterdir()] == left
    assert all(is_ignored(name) for name in left)


def test_a_share_that_takes_no_mark_is_used_without(tmp_path: Path) -> None:
    keep_out_of_index(tmp_path / "gone", "darwin")
