"""A download is continued where it ended, whatever ended it, and nobody sees it before its digest is right."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from daemon.adapters.models.hub_download import RemoteFile, download
from daemon.adapters.models.store import ModelStore
from daemon.cli.download_bar import tenths
from daemon.model.errors import RetryableError
from tests.fakes.hub import FakeHub, serving, sha256

REVISION = "0123456789abcdef0123456789abcdef01234567"
GGUF = f"someone/Tiny@{REVISION}:Tiny.gguf"
WEIGHTS = bytes(range(256)) * 40_000  # about 10 MB


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch):
    hub = FakeHub("someone/Tiny", REVISION, {"Tiny.gguf": WEIGHTS}, large={"Tiny.gguf"})
    with serving(hub) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield hub


@pytest.fixture
def file(hub) -> RemoteFile:
    url = f"{os.environ['HF_ENDPOINT']}/someone/Tiny/resolve/{REVISION}/Tiny.gguf"
    return RemoteFile("Tiny.gguf", url, len(WEIGHTS), sha256(WEIGHTS))


def fetch(file: RemoteFile, folder: Path) -> tuple[bytes, list[float]]:
    waits: list[float] = []
    return download(file, folder, {}, lambda *_: None, waits.append).read_bytes(), waits


def test_a_connection_that_breaks_is_taken_up_where_it_broke(hub, file, tmp_path):
    hub.breaks = [1_000_000, 2_000_000]
    content, waits = fetch(file, tmp_path)
    assert content == WEIGHTS
    assert hub.asked == [0, 1_000_000, 3_000_000]
    assert waits == [1.0, 1.0]


def test_an_earlier_part_is_continued(hub, file, tmp_path):
    file.part_in(tmp_path).write_bytes(WEIGHTS[:4_321])
    assert fetch(file, tmp_path)[0] == WEIGHTS
    assert hub.asked == [4_321]


def test_a_whole_part_is_not_asked_for_again(hub, file, tmp_path):
    file.part_in(tmp_path).write_bytes(WEIGHTS)
    assert fetch(file, tmp_path)[0] == WEIGHTS
    assert hub.asked == []


def test_a_server_without_ranges_sends_it_all_again(hub, file, tmp_path):
    hub.ranges = False
    file.part_in(tmp_path).write_bytes(WEIGHTS[:4_321])
    assert fetch(file, tmp_path)[0] == WEIGHTS


def test_a_server_that_refuses_to_continue_is_asked_for_all_of_it(hub, file, tmp_path):
    hub.refuses_ranges = True
    file.part_in(tmp_path).write_bytes(WEIGHTS[:4_321])
    assert fetch(file, tmp_path)[0] == WEIGHTS
    assert hub.asked == [4_321, 0]


def test_a_token_is_shown_to_the_hub_alone_and_not_where_it_sends_us(hub, file, tmp_path):
    other = FakeHub("someone/Tiny", REVISION, {"Tiny.gguf": WEIGHTS})
    with serving(other) as address:
        hub.elsewhere = address.replace("127.0.0.1", "localhost")
        file.part_in(tmp_path).write_bytes(WEIGHTS[:4_321])
        token = {"authorization": "Bearer hf_secret"}
        assert download(file, tmp_path, token, lambda *_: None, lambda _: None).read_bytes() == WEIGHTS
    assert (hub.authorizations, other.authorizations) == (["Bearer hf_secret"], [""])
    assert other.asked == [4_321]


@pytest.mark.parametrize("content", [b"", WEIGHTS])
def test_a_link_among_the_parts_is_neither_written_through_nor_taken(hub, file, tmp_path, content):
    victim = tmp_path / "victim"
    victim.write_bytes(content)
    (tmp_path / "parts").mkdir()
    file.part_in(tmp_path / "parts").symlink_to(victim)
    assert fetch(file, tmp_path / "parts")[0] == WEIGHTS
    assert victim.read_bytes() == content
    assert not file.part_in(tmp_path / "parts").is_symlink()


def test_other_bytes_are_thrown_away_and_not_continued(hub, file, tmp_path):
    file.part_in(tmp_path).write_bytes(b"X" * 4_321)
    with pytest.raises(RetryableError) as error:
        fetch(file, tmp_path)
    assert error.value.code == "model-source"
    assert list(tmp_path.iterdir()) == []
    assert fetch(file, tmp_path)[0] == WEIGHTS


def test_more_than_was_recorded_is_no_download(hub, file, tmp_path):
    hub.served["Tiny.gguf"] = WEIGHTS + b"more"
    with pytest.raises(RetryableError) as error:
        fetch(file, tmp_path)
    assert error.value.code == "model-source"
    assert file.part_in(tmp_path).stat().st_size == 0


def test_a_source_that_is_gone_for_good_is_given_up_and_what_came_is_kept(hub, file, tmp_path):
    hub.breaks = [1_000_000] + [0] * 20
    waits: list[float] = []
    with pytest.raises(RetryableError) as error:
        download(file, tmp_path, {}, lambda *_: None, waits.append)
    assert error.value.code == "model-source"
    assert waits == [1.0, 1.0, 2.0, 5.0, 10.0]
    assert file.part_in(tmp_path).stat().st_size == 1_000_000


def test_an_install_that_is_killed_is_continued_by_the_next(hub, tmp_path):
    killed = threading.Event()
    hub.breaks, hub.hanging = [6_000_000], killed.wait
    command = [Path(sys.executable).parent / "chartdraft", "--home", str(tmp_path), "models", "install", GGUF]
    (tmp_path / "config.toml").write_text('models_dir = "models"\n')
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = iter(process.stderr)
        assert any(line == "  Tiny.gguf: 50 % of 10 MB\n" for line in lines)
        os.kill(process.pid, signal.SIGKILL)
    killed.set()
    said: list[str] = []
    model = ModelStore(tmp_path / "models").install(GGUF, said.append)
    assert model.main_path.read_bytes() == WEIGHTS
    assert hub.asked[0] == 0
    assert hub.asked[1] >= 5_000_000
    assert "of it here from before" in said[0]
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == [".lock", "tiny"]


def test_a_disk_that_is_too_small_is_said_before_anything_is_fetched(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))
    said: list[str] = []
    with pytest.raises(RetryableError) as error:
        ModelStore(tmp_path / "models").install(GGUF, said.append)
    assert error.value.code == "model-disk"
    assert said == ["The model needs 510 MB, and 1 MB are free."]
    assert hub.asked == []


def test_parts_that_nobody_came_back_for_are_removed(hub, tmp_path):
    partial = tmp_path / "models" / ".partial"
    partial.mkdir(parents=True)
    for name, age in (("old.part", 31), ("young.part", 29)):
        (partial / name).write_bytes(b"x")
        then = (partial / name).stat().st_mtime - age * 86_400
        os.utime(partial / name, (then, then))
    ModelStore(tmp_path / "models").install(GGUF, lambda _: None)
    assert [path.name for path in partial.iterdir()] == ["young.part"]


def test_progress_without_a_terminal_is_a_line_for_every_tenth():
    lines: list[str] = []
    measure = tenths(lines.append)
    for done in (0, 5, 10, 19, 20, 55, 100):
        measure("m", done * 10_000_000, 1_000_000_000)
    assert lines == [f"  m: {percent} % of 1.0 GB" for percent in (10, 20, 50, 100)]
