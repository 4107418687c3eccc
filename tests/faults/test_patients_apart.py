"""Patients' items at work one after another, killed and tried again: what one says is in no other's draft, and nowhere else."""

from __future__ import annotations

import os
import random
import re
import tempfile
import zipfile
from pathlib import Path

import pytest

from daemon import service, wiring, workflow
from daemon.config import Home, load_home
from daemon.keeping import handover, upkeep
from daemon.model.passage import Reading
from daemon.model.remembered import remembered_now
from daemon.model.source import Source
from tests.faults.killable import CONFIG, SlowReader, in_a_fork, kill_after, run_once_or_die

PATIENTS = ("Quatermass", "Brobdingnag", "Xylophon")
KILLS = 2 * len(PATIENTS)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "config.toml").write_text(CONFIG)
    upkeep.set_up(load_home(tmp_path, None), tmp_path / "recovery.txt")
    return tmp_path


def drop(root: Path, name: str) -> None:
    said = (
        f"Mr {name} is here for his cough.\nHis wife {name} says he denies fever.\n{name} takes 5 mg of lisinopril.\n"
    )
    (root / "inbox" / f"{name}.mp3").write_bytes(said.encode())


def retried(home: Home, job: str) -> int:
    """What `chartdraft retry` does; a job that a kill left under way has to be seen through first, which the next start does.

    How many answers about words are left then, 0 to 100.
    """
    handover.retry(home, job, document="", progress=None)
    return min(remembered_now(), 100)


class CarriedError(AssertionError):
    """A draft or a reading names another patient."""


def named(text: bytes) -> set[str]:
    """The patients whose word it holds."""
    return {name for name in PATIENTS if re.search(name.encode(), text, re.IGNORECASE)}


def delivered_text(path: Path) -> bytes:
    """All that a delivered file says, its name with it."""
    if path.suffix != ".docx":
        return path.name.encode() + path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return b"\n".join([path.name.encode(), *(parts.read(part) for part in parts.namelist())])


@pytest.mark.timeout(300)
def test_kills_and_retries_in_any_order_carry_nothing_from_one_patient_to_another(root: Path) -> None:
    chance = random.Random(6)
    for number in range(KILLS):
        if number % 2 == 0:
            drop(root, PATIENTS[number // 2])
        kill_after(run_once_or_die(root, once=False), chance.uniform(0.05, 0.6))
    assert ended(run_once_or_die(root, once=True)) == 0
    jobs = [row.id for row in wiring.board(load_home(root, None)).rows()]
    for job in jobs:
        kill_after(in_a_fork(root, lambda home, job=job: retried(home, job)), chance.uniform(0.1, 0.8))
    assert ended(run_once_or_die(root, once=True)) == 0
    assert ended(in_a_fork(root, lambda home: retried(home, jobs[0]))) == 0
    assert any(row.revision > 1 for row in wiring.board(load_home(root, None)).rows())
    look(root)


class LeakyReader(SlowReader):
    """Says also what it heard before."""

    def __init__(self) -> None:
        self._heard = b""

    def read(self, source: Source, untrusted_name: str, untrusted_bytes: bytes) -> Reading:
        """One passage a line, of this item and of those before."""
        self._heard += untrusted_bytes
        return super().read(source, untrusted_name, self._heard)


def work_badly(home: Home) -> int:
    """In a fork: with a reader that leaks, and without forgetting; how many answers about words are left, 0 to 100."""
    wiring.reader = lambda *_, leaky=LeakyReader(): leaky  # type: ignore[assignment,return-value,misc]
    workflow.forget_words = lambda: None
    assert service.Service(home).run(once=True) == 0
    return min(remembered_now(), 100)


def test_words_that_were_kept_or_carried_over_would_be_seen(root: Path) -> None:
    for name in PATIENTS[:2]:
        drop(root, name)
    assert ended(in_a_fork(root, work_badly)) == 100
    with pytest.raises(CarriedError):
        look(root)


def ended(child: int) -> int:
    """Its exit code, waited for."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def look(root: Path) -> None:
    home = load_home(root, None)
    vault, rows = wiring.vault(home), wiring.board(home).rows()
    own = {}
    for row in rows:
        assert row.state == "delivered"
        said = named(vault.open(row.draft))
        if len(said) != 1 or named(vault.open(row.reading)) != said:
            raise CarriedError(row.id)
        [name] = said
        own[row.id] = name
    assert sorted(own.values()) == sorted(PATIENTS)
    files = [path for path in (root / "outbox").iterdir() if path.suffix in {".docx", ".html"}]
    files = [path for path in files if path.name != "Status.html"]
    assert {suffix: sum(path.suffix == suffix for path in files) >= len(PATIENTS) for suffix in (".docx", ".html")} == {
        ".docx": True,
        ".html": True,
    }
    for path in files:
        assert named(delivered_text(path)) == {path.name.split(" ", 1)[0]}, path.name
    for path in [root / "daemon.log", *(root / "state").rglob("*"), *(root / "tmp").rglob("*")]:
        assert not named(path.name.encode()), path
        assert not path.is_file() or not named(path.read_bytes()), path
