"""The log files: small, private, and no trouble of their own."""

from __future__ import annotations

import json
import logging
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.machine.log_file import KEPT, LogFile
from daemon.config import load_home
from daemon.serving.logs import keep_log
from tests.faults.killable import wait_for


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def log(folder: Path) -> Iterator[logging.Logger]:
    logger, handler = logging.Logger("test"), LogFile(folder, most_bytes=1000)
    logger.addHandler(handler)
    yield logger
    handler.close()


def test_files_are_private_limited_in_size_and_in_number(log: logging.Logger, folder: Path) -> None:
    for number in range(1000):
        log.info("line %d", number)
    files = sorted(folder.iterdir())
    assert [path.name for path in files] == ["daemon.log", *(f"daemon.log.{n}" for n in range(1, KEPT + 1))]
    assert all(path.stat().st_size <= 1000 for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "line 999" in (folder / "daemon.log").read_text()


def test_a_log_that_somebody_removes_is_begun_anew(log: logging.Logger, folder: Path) -> None:
    log.info("one")
    (folder / "daemon.log").unlink()
    log.info("two")
    shutil.rmtree(folder)
    log.info("three")
    assert (folder / "daemon.log").read_text() == "three\n"


def test_a_folder_that_may_not_be_looked_into_is_no_trouble(
    log: logging.Logger, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.info("one")
    with monkeypatch.context() as locked:  # the permission bits do not bind every account

        def refuse(*_: object, **__: object) -> None:
            raise PermissionError

        locked.setattr(Path, "stat", refuse)
        locked.setattr(Path, "exists", refuse)
        log.info("two")
    log.info("three")
    assert "three" in (folder / "daemon.log").read_text()


def test_a_disk_that_takes_nothing_is_no_trouble_and_the_next_line_is_written(
    log: logging.Logger, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    log.info("before")

    class Full:
        """A stream on a full disk."""

        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device", text)

        flush = close = tell = lambda self, *_: 0
        seek = write

    handler = log.handlers[0]
    assert isinstance(handler, LogFile)
    with monkeypatch.context() as patch:
        patch.setattr(LogFile, "_open", lambda _: Full())
        handler._let_go()
        log.info("lost")
    log.info("after")
    assert (folder / "daemon.log").read_text() == "before\nafter\n"
    assert capfd.readouterr() == ("", "")


def test_a_log_folder_that_cannot_be_made_is_no_trouble(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    handler = LogFile(tmp_path / "file" / "log", most_bytes=1000)
    handler.handle(logging.LogRecord("x", logging.INFO, "x", 1, "lost", (), None))
    assert capfd.readouterr() == ("", "")


def test_a_link_is_not_written_through(log: logging.Logger, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "daemon.log").symlink_to(tmp_path / "elsewhere")
    log.info("lost")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("terminal", [False, True])
def test_stderr_is_for_terminals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    ours = logging.getLogger("chartdraft")
    before = list(ours.handlers), ours.level, ours.propagate
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    try:
        keep_log(load_home(tmp_path, None))
        added = [handler for handler in ours.handlers if handler not in before[0]]
        assert [type(each) for each in added] == ([LogFile, logging.StreamHandler] if terminal else [LogFile])
    finally:
        for handler in added:
            handler.close()
            logging.getLogger().removeHandler(handler)
        ours.handlers, ours.level, ours.propagate = before


def test_half_a_line_takes_no_other_with_it(log: logging.Logger, folder: Path) -> None:
    log.info("one")
    with (folder / "daemon.log").open("a") as file:
        file.write('{"half":')
    log.handlers[0].close()
    log.info("two")
    assert (folder / "daemon.log").read_text() == 'one\n{"half":\ntwo\n'


WRITER = """
import sys
from pathlib import Path
from daemon.adapters.machine.log_file import LogFile
from daemon.event_log import EventLog
from daemon.serving.logs import json_lines
import logging
handler = LogFile(Path(sys.argv[1]), most_bytes=20_000)
handler.setFormatter(json_lines())
logging.getLogger().addHandler(handler)
log = EventLog("tested")
print("ready", flush=True)
while True:
    log.warning("job-waits", job=sys.argv[2] * 26, code="disk-full", attempts=3)
"""


def test_two_processes_that_write_and_are_killed_leave_whole_lines_and_the_newest(folder: Path) -> None:
    for _ in range(3):
        writers = [
            subprocess.Popen([sys.executable, "-c", WRITER, str(folder), each], stdout=subprocess.PIPE) for each in "ab"
        ]
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
        assert wait_for((folder / f"daemon.log.{KEPT}").exists, 60)
        for writer in writers:
            writer.kill()
            writer.communicate()
    lines = [line for path in folder.iterdir() for line in path.read_text().splitlines()]
    told = [json.loads(line) for line in lines]
    assert {line["job"][0] for line in told} <= {"a", "b"}
    assert KEPT <= len(list(folder.iterdir())) <= KEPT + 1  # the newest has no name while one is put aside
