"""Preflight: sleep, power cuts, the clock, memory and room, search and backups, isolation, checkpoints, and the commands themselves."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters import preflight
from daemon.adapters.preflight import Folders
from daemon.keeping import background, checkup
from daemon.model.background_service import ServiceState
from daemon.model.errors import PermanentError
from tests.fakes.system_answers import DESTINATIONS, FDESETUP, PMSET, PMSET_DESKTOP, PMSET_PORTABLE, Machine

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
IDLE = (
    "busctl", "get-property", "org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager",
    "IdleAction",
)  # fmt: skip
TARGETS = ("systemctl", "is-enabled", "sleep.target", "suspend.target", "hibernate.target", "hybrid-sleep.target")
LINGER = ("loginctl", "show-user", getpass.getuser(), "-p", "Linger", "--value")
AUTO_LOGIN = ("/usr/bin/defaults", "read", "/Library/Preferences/com.apple.loginwindow", "autoLoginUser")
NTP = ("timedatectl", "show", "-p", "NTPSynchronized", "--value")
MAC_NTP = ("/usr/sbin/systemsetup", "-getusingnetworktime")


# -- sleep and power -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "sleep", "restart"),
    [
        (PMSET_DESKTOP, "ok", "ok"),
        (PMSET_DESKTOP.replace(b" sleep                0", b" sleep                15"), "warn", "ok"),
        (PMSET_DESKTOP.replace(b"autorestart          1", b"autorestart          0"), "ok", "warn"),
        (PMSET_DESKTOP.replace(b" autorestart          1\n", b""), "ok", "warn"),
        (PMSET_PORTABLE, "ok", "ok"),  # a battery instead
        (b"pmset: command failed\n", "warn", "warn"),
        (b"", "warn", "warn"),
    ],
)
def test_a_macs_sleep_and_restart(said: bytes, sleep: str, restart: str) -> None:
    machine = Machine("darwin", {PMSET: said})
    assert (preflight.check_sleep(machine).level, preflight.check_power_restart(machine).level) == (sleep, restart)


def test_what_mends_sleep_and_restart_is_a_command() -> None:
    machine = Machine("darwin", {PMSET: b"AC Power:\n sleep 1\n autorestart 0\n"})
    assert preflight.check_sleep(machine).mend == "sudo pmset -c sleep 0"
    assert preflight.check_power_restart(machine).mend == "sudo pmset -a autorestart 1"


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({TARGETS: b"masked\nmasked\nmasked\nmasked\n"}, "ok"),
        ({TARGETS: b"static\nstatic\nstatic\nstatic\n", IDLE: b's "ignore"\n'}, "ok"),
        ({TARGETS: b"masked\nstatic\nmasked\nmasked\n", IDLE: b's "suspend"\n'}, "warn"),
        ({TARGETS: b"static\n"}, "warn"),
        ({IDLE: b"Failed to connect to bus\n"}, "warn"),
        ({}, "warn"),
    ],
)
def test_sleep_on_linux(answers: dict[tuple[str, ...], bytes], level: str) -> None:
    assert preflight.check_sleep(Machine("linux", answers)).level == level


@pytest.mark.parametrize(
    ("vault", "login", "for_machine", "level"),
    [
        (b"FileVault is On.\n", b"", False, "warn"),
        (b"FileVault is On.\n", getpass.getuser().encode(), False, "warn"),  # a setting that FileVault overrules
        (b"FileVault is On.\n", b"", True, "ok"),
        (b"FileVault is Off.\n", getpass.getuser().encode() + b"\n", False, "ok"),
        (b"FileVault is Off.\n", b"somebody\n", False, "warn"),
        (b"FileVault is Off.\n", b"The domain/default pair of (...) does not exist\n", False, "warn"),
        (b"", b"", False, "warn"),
    ],
)
def test_who_has_to_log_in_after_a_power_cut(vault: bytes, login: bytes, for_machine: bool, level: str) -> None:
    machine = Machine("darwin", {FDESETUP: vault, AUTO_LOGIN: login})
    check = preflight.check_start(machine, for_machine=for_machine)
    assert check.level == level
    assert check.mend == ("" if level == "ok" else "chartdraft service install --system")
    if for_machine:
        assert "unlock" in check.sentence


@pytest.mark.parametrize(("said", "level"), [(b"yes\n", "ok"), (b"no\n", "warn"), (b"", "warn"), (b"Failed", "warn")])
def test_lingering_on_linux(said: bytes, level: str) -> None:
    assert preflight.check_start(Machine("linux", {LINGER: said}), for_machine=False).level == level
    assert preflight.check_start(Machine("linux", {}), for_machine=True).level == "ok"


@pytest.mark.parametrize(
    ("state", "level", "mend"),
    [
        (ServiceState(Path("x"), system=False, installed=True, running=True, pid=7), "ok", ""),
        (ServiceState(Path("x"), system=False), "warn", "chartdraft service install"),
        (ServiceState(Path("x"), system=False, installed=True, last_exit=5), "warn", "chartdraft service restart"),
        (None, "warn", "chartdraft service status"),
    ],
)
def test_the_background_service(state: ServiceState | None, level: str, mend: str) -> None:
    check = preflight.check_service(state)
    assert (check.level, check.mend) == (level, mend)
    if state is not None and state.last_exit == 5:
        assert "refused to start" in check.sentence


# -- clock, memory, room ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "last", "level"),
    [
        (NOW, None, "ok"),
        (NOW, NOW + timedelta(minutes=4), "ok"),
        (NOW, NOW + timedelta(minutes=6), "warn"),
        (NOW, NOW + timedelta(days=9000), "warn"),  # never a refusal: such an event stays for good
        (datetime(2001, 1, 1, tzinfo=UTC), None, "refuse"),
        (datetime(2025, 12, 31, tzinfo=UTC), NOW, "refuse"),
    ],
)
def test_the_clock(now: datetime, last: datetime | None, level: str) -> None:
    check = preflight.check_clock(now, last)
    assert (check.level, check.error) == (level, "clock-wrong" if level == "refuse" else "")


@pytest.mark.parametrize(
    ("platform", "answers", "level"),
    [
        ("linux", {NTP: b"yes\n"}, "ok"),
        ("linux", {NTP: b"no\n"}, "warn"),
        ("linux", {}, "warn"),
        ("darwin", {MAC_NTP: b"Network Time: On\n"}, "ok"),
        ("darwin", {MAC_NTP: b"Network Time: Off\n"}, "warn"),
        ("darwin", {MAC_NTP: b"You need administrator access to run this tool... exiting!\n"}, "ok"),
    ],
)
def test_network_time(platform: Any, answers: dict[tuple[str, ...], bytes], level: str) -> None:
    assert preflight.check_network_time(Machine(platform, answers)).level == level


@pytest.mark.parametrize(
    ("gigabytes", "memory", "level"),
    [(0, 2.1, "ok"), (0, 1.9, "warn"), (4.7, 16, "ok"), (4.7, 8, "warn"), (4.7, 4, "refuse"), (20, 16, "refuse")],
)
def test_the_models_fit_into_memory(gigabytes: float, memory: float, level: str) -> None:
    weights = {"small": 1, "large": int(gigabytes * 1e9)}
    check = preflight.check_memory(weights, int(memory * 1e9))
    assert check.level == level
    if level == "refuse":
        assert "large" in check.sentence


def test_room_is_looked_for_where_a_folder_will_lie(tmp_path: Path) -> None:
    assert preflight.check_space((tmp_path / "not" / "yet", tmp_path)).code == "disk-space"


def test_room_for_models_that_are_still_to_come(tmp_path: Path) -> None:
    assert preflight.check_space((tmp_path,), (tmp_path / "models", 10**18)).level in ("warn", "refuse")
    assert "models" in preflight.check_space((tmp_path,), (tmp_path / "models", 10**18)).sentence
    assert preflight.check_space((tmp_path,), (tmp_path / "models", 0)) == preflight.check_space((tmp_path,))


@pytest.mark.parametrize(
    ("pattern", "limit", "level"),
    [
        ("core", 0, "ok"),
        ("", 0, "ok"),
        ("|/usr/lib/systemd/systemd-coredump %P", 0, "ok"),
        ("|/usr/share/apport/apport %p", 0, "warn"),
        ("core", 1, "warn"),
    ],
)
def test_core_dumps(pattern: str, limit: int, level: str) -> None:
    assert preflight.check_core_dumps(pattern, limit).level == level


def test_a_package_that_replaces_parts_of_this_one_is_refused() -> None:
    assert preflight.check_package_clash().level == "ok"
    assert preflight.check_package_clash("pytest").level == "refuse"  # one that is installed


# -- Spotlight and Time Machine --------------------------------------------------------------------------------------

FOLDERS = Folders(Path("/Users/desk/in"), Path("/Users/desk/out"), Path("/Users/desk/state"))
KEYS = FOLDERS.state / "keys"
MDUTIL = ("/usr/bin/mdutil", "-s", "/System/Volumes/Data")


def mdfind(folder: Path) -> tuple[str, ...]:
    return ("/usr/bin/mdfind", "-count", "-onlyin", str(folder), "kMDItemFSName == '*'")


@pytest.mark.parametrize(
    ("indexing", "found", "level"),
    [
        (b"/System/Volumes/Data:\n\tIndexing enabled. \n", b"0\n", "ok"),
        (b"/System/Volumes/Data:\n\tIndexing enabled. \n", b"3\n", "warn"),
        (b"/System/Volumes/Data:\n\tIndexing disabled.\n", b"3\n", "ok"),
        (b"/System/Volumes/Data:\n\tIndexing and searching disabled.\n", b"3\n", "ok"),
        (b"Error: unknown indexing state.\n", b"", "warn"),
        (b"", b"3\n", "warn"),
    ],
)
def test_what_spotlight_finds(indexing: bytes, found: bytes, level: str) -> None:
    answers = {MDUTIL: indexing, mdfind(FOLDERS.inbox): b"0\n", mdfind(FOLDERS.outbox): found}
    check = preflight.check_search(FOLDERS, Machine("darwin", answers))
    assert (check.code, check.level) == ("search-index", level)
    if level == "warn":
        assert ("outbox" in check.sentence, "inbox" in check.sentence) == (True, False)


def excluded(folder: Path, said: str) -> dict[tuple[str, ...], bytes]:
    return {("/usr/bin/tmutil", "isexcluded", str(folder)): f"[{said}]    {folder}\n".encode()}


def test_what_time_machine_copies() -> None:
    some: dict[tuple[str, ...], bytes] = {
        DESTINATIONS: b"====\nName          : Foo\nKind          : Local\nID            : 0A1B\n"
    }
    left_out = excluded(FOLDERS.inbox, "Excluded") | excluded(FOLDERS.outbox, "Excluded")
    none: dict[tuple[str, ...], bytes] = {DESTINATIONS: b"tmutil: No destinations configured.\n"}

    def look(answers: dict[tuple[str, ...], bytes]) -> preflight.Check:
        return preflight.check_backups(FOLDERS, KEYS, Machine("darwin", answers))

    assert look(none).level == "ok"
    assert look(some | left_out | excluded(KEYS, "Excluded")).level == "ok"
    copied = look(some | left_out | excluded(KEYS, "Included"))
    assert (copied.level, copied.mend) == ("warn", f"tmutil addexclusion {KEYS}")
    assert ("keys" in copied.sentence, "inbox" in copied.sentence) == (True, False)
    assert look(some).level == "warn"
    assert look({}).level == "warn"


def test_a_manager_of_services_that_hangs_keeps_doctor_for_seconds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    def machine(seconds: float) -> object:
        asked.append(seconds)
        raise PermanentError("service-no-manager")

    monkeypatch.setattr(background, "this_machine", machine)
    assert checkup.background_service() is None
    assert asked == [5.0]
