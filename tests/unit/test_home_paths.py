"""What an installed version says of its home to the scripts around it."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def said(home: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, ROOT / "scripts" / "home_paths.py", "--home", home]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_home_that_is_not_there_yet(tmp_path):
    found = json.loads(said(tmp_path / "new").stdout)
    assert found["inbox"] == str(tmp_path / "new" / "inbox")
    assert (found["has_keys"], found["at_work"], found["waiting"], found["moved"]) == (False, False, 0, [])


def test_what_waits_what_was_moved_and_who_is_at_work(tmp_path):
    (tmp_path / "config.toml").write_text('outbox_dir = "elsewhere"\n')
    (tmp_path / "state" / "keys").mkdir(parents=True)
    packet = tmp_path / "inbox" / "soap" / "packet"
    packet.mkdir(parents=True)
    for name in (
        "RECIPIENT.txt",
        "README.txt",
        ".DS_Store",
        "memo.m4a",
        "soap/packet/form.png",
        "soap/packet/._form.png",
    ):
        (tmp_path / "inbox" / name).touch()
    with (tmp_path / "state" / "daemon.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = json.loads(said(tmp_path).stdout)
    assert found["outbox"] == str(tmp_path / "elsewhere")
    assert (found["has_keys"], found["at_work"], found["waiting"], found["moved"]) == (True, True, 2, ["outbox"])


def test_settings_that_cannot_be_read_are_said(tmp_path):
    (tmp_path / "config.toml").write_text("nonsense = 1\n")
    done = said(tmp_path)
    assert done.returncode == 1
    assert "nonsense" in done.stderr
