"""`doctor` and what `run` refuses, as a person meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from daemon import wiring
from daemon.adapters import preflight
from daemon.adapters.preflight import CHECKS, expected
from daemon.adapters.preflight.codes import markdown_table
from daemon.config import load_home
from daemon.keeping import readiness
from daemon.model.background_service import CRASH_LOG, ServiceState
from daemon.model.error_catalog import CATALOG
from tests.e2e.product import COMMAND, QUICK, Product
from tests.fakes.notifier import FakeNotifier
from tests.fakes.system_answers import FDESETUP, Machine

HERE: Any = "darwin" if sys.platform == "darwin" else "linux"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return Product(tmp_path_factory.mktemp("doctor") / "home")


@pytest.mark.engines
def test_doctor_emits_each_code_once_in_the_order_of_the_list(product: Product) -> None:
    done = product.run("doctor", "--json")
    checks = json.loads(done.stdout)["checks"]
    assert tuple(check["code"] for check in checks) == expected(HERE, thorough=True)
    assert all(list(check) == ["code", "level", "sentence", "mend"] for check in checks)
    assert all(check["sentence"][-1] in ".)" for check in checks), checks
    worst = {info.code: info.worst for info in CHECKS}
    assert not [check for check in checks if check["level"] == "refuse" and worst[check["code"]] != "refuse"]
    assert done.returncode == (5 if any(check["level"] == "refuse" for check in checks) else 0)
    levels = {check["code"]: check["level"] for check in checks}
    assert levels["recovery-here"] == "warn"
    assert {levels[code] for code in ("folders-apart", "keys", "audit", "decode-one-token", "schema")} == {"ok"}


@pytest.mark.engines
def test_a_macs_checks_are_emitted_each_once(product: Product) -> None:
    mac = Machine("darwin", {FDESETUP: b"FileVault is Off.\n"})
    gone = ServiceState(Path("x"), system=False)
    checks = readiness.preflight(load_home(product.root, None), thorough=True, system=mac, service=lambda: gone)
    assert tuple(check.code for check in checks) == expected("darwin", thorough=True)
    assert [check.code for check in checks if check.level == "refuse"] == ["disk-encryption"]
    assert all(not check.error or check.error in CATALOG for check in checks)


def test_the_quick_checks_run_no_engine_and_few_commands(product: Product) -> None:
    mac = Machine("darwin", {})
    checks = readiness.preflight(load_home(product.root, None), thorough=False, system=mac)
    assert tuple(check.code for check in checks) == expected("darwin", thorough=False)
    asked = {command[0] for command in mac.runner_of_test.asked}
    assert asked <= {"/sbin/mount", "/usr/bin/fdesetup", "/usr/sbin/diskutil", "/usr/bin/hdiutil"}


def test_the_codes_are_listed_once_each_and_the_table_has_them_all() -> None:
    codes = [info.code for info in CHECKS]
    assert len(codes) == len({*codes})
    assert [line.split("`")[1] for line in list(markdown_table())[2:]] == codes


def test_people_read_what_is_refused_first() -> None:
    from daemon.cli.doctor import report
    from daemon.model.preflight_check import Check

    lines = list(report([Check("a", "ok", "Well."), Check("longer", "warn", "Hm.", "do"), Check("b", "refuse", "No.")]))
    assert lines == [
        "refuse  b       No.", "warn    longer  Hm.", "                mend: do", "ok      a       Well.", "",
        "1 to mend, 1 to look at",
    ]  # fmt: skip
    assert list(report([Check("a", "ok", "Well.")]))[-1] == "Ready"


def test_an_unencrypted_mac_is_refused_unless_the_settings_accept_it(product: Product) -> None:
    mac = Machine("darwin", {FDESETUP: b"FileVault is Off.\n"})
    home = load_home(product.root, None)
    with pytest.raises(readiness.UnsafeHomeError) as refused:
        readiness.refuse_unsafe(home, system=mac)
    assert (refused.value.code, refused.value.text.exit_code) == ("disk-unencrypted", 5)
    assert "mend: " in str(refused.value)
    accepted = home.model_copy(update={"settings": home.settings.model_copy(update={"accept_unencrypted_disk": True})})
    readiness.refuse_unsafe(accepted, system=mac)


def test_run_refuses_a_cloud_folder_and_says_so_in_the_outbox(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    product = Product(tmp_path / "Dropbox" / "home")
    done = product.run("run")
    assert done.returncode == 5
    assert b"folder-cloud" in done.stderr
    assert b"mend: move the folder" in done.stderr
    assert b"Traceback" not in done.stderr
    page = (product.outbox / "Status.html").read_text()
    assert "Dropbox" in page
    before = sizes(tmp_path)
    assert product.run("run").returncode == 5
    assert sizes(tmp_path) == before  # however often it is started: nothing grows

    (product.root / "config.toml").write_text(f"{QUICK}cloud_agreement = true\n")
    assert product.run("run", "--once").returncode == 0
    assert "Dropbox" not in (product.outbox / "Status.html").read_text()
    assert not (product.state / "refused.json").exists()


def sizes(root: Path) -> dict[Path, int]:
    """Of every file but the page, which says what time it is."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path: 0 if path.name == "Status.html" else path.stat().st_size for path in files}


def test_all_that_is_refused_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "Dropbox").mkdir()
    product = Product(tmp_path / "Dropbox" / "home")
    product.state.chmod(0o755)
    done = product.run("run")
    assert done.returncode == 5
    assert b"folder-cloud" in done.stderr
    assert b"folder-open" in done.stderr


def test_a_notice_is_given_once_for_the_same_reasons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    product = Product(tmp_path / "home")
    home, shown = load_home(product.root, None), FakeNotifier()
    monkeypatch.setattr(wiring, "notifier", lambda home: shown)

    def start(vault: bytes) -> None:
        readiness.refuse_to_run(home, system=Machine("darwin", {FDESETUP: vault}))

    for _ in range(3):
        with pytest.raises(readiness.UnsafeHomeError):
            start(b"FileVault is Off.\n")
    assert told(shown) == ["disk-unencrypted"]
    first = json.loads((home.state / "refused.json").read_text())["since"]
    home.state.chmod(0o755)
    with pytest.raises(readiness.UnsafeHomeError):
        start(b"FileVault is Off.\n")
    assert told(shown) == ["disk-unencrypted", "folder-open"]
    assert json.loads((home.state / "refused.json").read_text())["since"] == first
    home.state.chmod(0o700)
    for _ in range(2):  # mended in between, so it is news again
        start(b"FileVault is On.\n")
        with pytest.raises(readiness.UnsafeHomeError):
            start(b"FileVault is Off.\n")
    assert told(shown) == ["disk-unencrypted", "folder-open", "disk-unencrypted", "disk-unencrypted"]


def told(shown: FakeNotifier) -> list[str]:
    return [code for *_, code in shown.told]


def test_nothing_is_written_into_an_outbox_that_is_an_inbox_too(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    (product.root / "config.toml").write_text('outbox_dir = "inbox"\n')
    assert product.run("run").returncode == 5
    assert not (product.inbox / "Status.html").exists()


def test_a_volume_that_is_away_is_waited_for_and_folders_beside_it_are_refused(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    volume = tmp_path / "volume"
    places = f'encrypted_volume = "{volume}"\ninbox_dir = "{volume}/in"\noutbox_dir = "{volume}/out"\n'
    (product.root / "config.toml").write_text(places)
    levels = {check.code: check.level for check in readiness.preflight(load_home(product.root, None), thorough=False)}
    assert {levels[code] for code in ("encrypted-volume", "folder-inbox", "folder-outbox")} == {"warn"}
    assert "refuse" not in levels.values()
    (product.root / "config.toml").write_text(f'encrypted_volume = "{volume}"\n')
    done = product.run("run", "--once")
    assert done.returncode == 5
    assert b"volume-beside" in done.stderr


def test_what_a_service_says_again_and_again_fills_no_disk(tmp_path: Path) -> None:
    product = Product(tmp_path / "home")
    product.state.chmod(0o700)
    (product.root / "config.toml").write_text('outbox_dir = "inbox"\n')
    log = product.state / "log" / CRASH_LOG
    log.parent.mkdir(exist_ok=True)
    log.write_bytes(b"x" * (readiness.MAX_CRASH_LOG_BYTES + 1))
    with log.open("ab") as stderr:
        done = subprocess.run([*COMMAND, "--home", str(product.root), "run"], stderr=stderr, check=False, timeout=60)
    assert done.returncode == 5
    assert log.read_bytes().startswith(b"chartdraft: Inbox, outbox and state must be three")


@pytest.mark.engines
def test_a_home_that_is_not_set_up_is_told_so_and_left_alone(tmp_path: Path) -> None:
    home = load_home(tmp_path / "none", None)
    levels = {check.code: check for check in readiness.preflight(home, thorough=True)}
    assert tuple(levels) == expected(HERE, thorough=True)
    assert (levels["keys"].error, levels["keys"].mend) == ("config-missing", "chartdraft init")
    assert not home.state.exists()


def test_folders_that_cannot_be_looked_at_are_not_taken_for_safe(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> Any:
        raise PermissionError(13, "Permission denied")

    for name in ("check_folders", "check_space", "check_clock"):
        monkeypatch.setattr(preflight, name, fail)
    checks = readiness.preflight(load_home(product.root, None), thorough=False)
    levels = {check.code: check.level for check in checks}
    assert {levels[info.code] for info in CHECKS if info.group == "folders" and info.quick} == {"refuse", "ok"}
    assert (levels["disk-space"], levels["clock"]) == ("warn", "warn")
    assert levels["cloud-folders"] == levels["folder-state"] == "refuse"
