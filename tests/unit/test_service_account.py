"""The account of a machine's service, and what it is given."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.adapters.machine.commands import NOT_FOUND
from daemon.adapters.machine.service_account import creation_commands, hand_over, make_account, run_as
from daemon.adapters.machine.service_errors import ServiceError
from daemon.model.errors import ChartdraftError
from tests.fakes.recorded import Recorded


def test_the_account_is_made_without_a_password_a_shell_or_a_home() -> None:
    assert [" ".join(command) for command in creation_commands("linux", set())] == [
        "useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "
        "--comment Chartdraft _chartdraft"
    ]
    assert [" ".join(command) for command in creation_commands("darwin", {399, 398, 501})] == [
        "dseditgroup -o create -i 397 -r Chartdraft _chartdraft",
        "sysadminctl -addUser _chartdraft -fullName Chartdraft -UID 397 -GID 397 -shell /usr/bin/false "
        "-home /var/empty -roleAccount",
    ]


def test_an_account_that_is_there_is_used_and_one_that_cannot_be_made_is_said() -> None:
    run = Recorded()
    assert make_account("linux", run, set(), look=lambda: (397, 397)) == (397, 397)
    assert run.ran == []
    found = iter([None, (397, 396)])
    assert make_account("linux", run, set(), look=lambda: next(found)) == (397, 396)
    with pytest.raises(ServiceError, match="service-account") as refused:
        make_account("darwin", run, set(), look=lambda: None)
    assert [line.split()[:2] for line in refused.value.details] == [["sudo", "dseditgroup"], ["sudo", "sysadminctl"]]


def test_the_account_gets_the_state_and_shares_the_two_folders(tmp_path: Path) -> None:
    ids = (65534, 65533) if os.geteuid() == 0 else (os.getuid(), os.getgid())
    root, outside = tmp_path / "home", tmp_path / "outside"
    for folder in ("state/keys", "inbox/soap", "outbox"):
        (root / folder).mkdir(parents=True)
    outside.write_text("the system's")
    (root / "state" / "keys" / "identity").write_text("x")
    (root / "state" / "linked").hardlink_to(outside)
    (root / "inbox" / "away").symlink_to(tmp_path)
    (root / "config.toml").write_text("")
    (root / "inbox" / "README.txt").touch()
    (root / "inbox" / "linked").hardlink_to(outside)
    (root / "models" / "small").mkdir(mode=0o700, parents=True)
    (root / "models" / "small" / "weights").touch(0o600)
    (root / "models" / "linked").hardlink_to(outside)
    outside.chmod(0o600)
    root.chmod(0o700)
    before = (tmp_path.stat().st_uid, tmp_path.stat().st_mode)
    hand_over(
        state=root / "state",
        shared=(root / "inbox", root / "outbox"),
        models=root / "models",
        config=root / "config.toml",
        root=root,
        ids=ids,
    )

    def seen(name: str) -> tuple[int, int, int]:
        told = (root / name).stat()
        return told.st_uid, told.st_gid, told.st_mode & 0o7777

    assert seen("state") == (*ids, 0o700)
    assert seen("state/keys/identity")[:2] == ids
    assert [seen(name) for name in ("inbox", "inbox/soap", "outbox")] == [(*ids, 0o2770)] * 3
    assert seen("inbox/README.txt")[:2] == ids
    assert seen("config.toml") == (os.geteuid(), ids[1], 0o640)
    assert seen(".") == (os.geteuid(), ids[1], 0o750)
    assert [seen(f"models{name}")[2] for name in ("", "/small", "/small/weights")] == [0o755, 0o755, 0o644]
    # What lies elsewhere is nobody's business here.
    assert (outside.stat().st_uid, outside.stat().st_mode & 0o777) == (os.geteuid(), 0o600)
    assert (tmp_path.stat().st_uid, tmp_path.stat().st_mode) == before


@pytest.mark.parametrize("was", ["folder", "file"])
def test_what_a_colleague_exchanges_for_a_link_meanwhile_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str
) -> None:
    """Who is in the group may write the inbox, and root works in it."""
    for folder in ("state", "inbox/soap", "outbox", "models", "outside"):
        (tmp_path / folder).mkdir(parents=True)
    outside = tmp_path / "outside"
    outside.chmod(0o700)
    (outside / "passwords").touch(0o600)
    (tmp_path / "inbox" / "README.txt").touch()
    (tmp_path / "config.toml").touch()
    victim = tmp_path / "inbox" / ("soap" if was == "folder" else "README.txt")
    really = os.open

    def exchanged(path: Path | str, *rest: int, **more: int) -> int:
        if Path(path) == victim and not victim.is_symlink():
            victim.rename(tmp_path / "moved")
            victim.symlink_to(outside if was == "folder" else outside / "passwords")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", exchanged)
    monkeypatch.setattr(os, "fchown", lambda *_: None)
    with pytest.raises(ChartdraftError, match="state-unwritable"):
        hand_over(
            state=tmp_path / "state",
            shared=(tmp_path / "inbox", tmp_path / "outbox"),
            models=tmp_path / "models",
            config=tmp_path / "config.toml",
            root=None,
            ids=(os.getuid(), os.getgid()),
        )
    assert outside.stat().st_mode & 0o7777 == 0o700


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may run a command as somebody else")
def test_a_command_runs_as_the_account_with_its_groups_alone() -> None:
    assert run_as(["id", "-u"], (65534, 65533)).out.strip() == "65534"
    assert run_as(["id", "-G"], (65534, 65533)).out.split() == ["65533"]
    assert run_as(["/nowhere/chartdraft"], (65534, 65533)).code == NOT_FOUND


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another account")
def test_root_works_on_a_home_as_the_account_whose_it_is(tmp_path: Path) -> None:
    """In a process of its own, which afterwards is another account's."""
    state = tmp_path / "state"
    state.mkdir()
    ask = """if True:
        import os, sys
        from pathlib import Path
        from types import SimpleNamespace
        from daemon.cli.context import Invocation, home_of
        from daemon.model.errors import ChartdraftError
        try:
            home_of(SimpleNamespace(obj=Invocation(Path(sys.argv[1]), None)), as_owner=sys.argv[2] == "yes")
            refused = ""
        except ChartdraftError as error:
            refused = error.code
        print(os.getresuid(), os.getresgid(), os.getgroups(), refused)
    """

    def became(as_owner: str) -> str:
        command = [sys.executable, "-c", ask, str(tmp_path), as_owner]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout.strip()

    mine = became("yes")
    assert mine.startswith("(0, 0, 0)")
    os.chown(state, 64321, 64322)
    # A Python in a person's home folder is none that another account could go on with.
    refused = "service-blocked" if run_as(["test", "-r", os.__file__], (64321, 64322)).code else ""
    assert became("yes") == f"(64321, 64321, 64321) (64322, 64322, 64322) [] {refused}".strip()
    assert became("no") == mine
