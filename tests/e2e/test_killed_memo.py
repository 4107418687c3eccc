"""kill -9 of the whole daemon in the middle of a long memo: the next start goes on at the last window, and delivers once."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest

from daemon.engines import audio
from daemon.model.limits import Limits
from tests.e2e.product import ASSETS, COMMAND, Product

pytestmark = pytest.mark.engines

RATE = 16_000
CLIPS = ("cardiology-jm-kumo", "endocrine-jf-alpha", "neurology-jf-alpha", "rheumatology-jm-kumo", "dermatology-jf-alpha",
         "pediatrics-jf-nezumi", "gastroenterology-jf-nezumi", "infection-jf-alpha")  # fmt: skip
MEMO_SECONDS = 200
# A window is cut in the last quarter of its two minutes: the first ends between 90 and 120 s.
FIRST_ENDS = 90 / MEMO_SECONDS, 120 / MEMO_SECONDS


class Killable(Product):
    """A daemon in a process group of its own, and a folder for temporary files of its own."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self._temporary = temporary
        super().__init__(root)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.root / "daemon.log").open("ab") as log:
            return subprocess.Popen(
                [*COMMAND, "--home", str(self.root), "run"],
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=self._environment(),
                start_new_session=True,
            )

    def shares(self) -> Iterator[float]:
        """How much of the memo was heard, whenever it is asked, until it is read."""
        while (said := self.json("status"))["jobs"][0]["state"] in {"waiting", "reading"}:
            yield from (float(work["done"]) for work in said["work"] if work["state"] == "reading" and work["done"])

    def in_the_clear(self, wanted: list[bytes]) -> list[Path]:
        """Where any of this stands, but for the inbox and the outbox."""
        return [
            path
            for path in [*self.root.rglob("*"), *self._temporary.rglob("*")]
            if path.is_file() and not {self.inbox, self.outbox} & set(path.parents)
            if any(each in path.read_bytes() for each in wanted)
        ]

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"TMPDIR": str(self._temporary)}


def long_memo() -> bytes:
    """Dictations one after another, with pauses, again and again."""
    clips = [audio.decode((ASSETS / "reading" / f"{name}.opus").read_bytes(), "ogg", Limits()) for name in CLIPS]
    pause = np.zeros(2 * RATE, np.int16)
    once = np.concatenate([part for clip in clips for part in (clip, pause)])
    samples = np.resize(once, MEMO_SECONDS * RATE)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def words_said() -> list[str]:
    """Long words that stand nowhere but in the memo. Drugs are none of them: how many drafts name which is counted in the clear."""
    with (ASSETS / "reading" / "scripts.tsv").open(encoding="utf-8", newline="") as table:
        texts = {row["id"]: row["text"] for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}
    said = " ".join(texts[script] for script in texts if any(clip.startswith(script) for clip in CLIPS))
    return sorted(set(re.findall(r"\b[a-z]{10,}\b", re.sub(r"\{drug [^}]*\}", "", said))))


def kill_all(daemon: subprocess.Popen[bytes]) -> None:
    """kill -9 of the daemon's group; what it had started has to end by itself."""
    children = psutil.Process(daemon.pid).children(recursive=True)
    assert children, "no child was at work"
    os.killpg(daemon.pid, signal.SIGKILL)
    daemon.wait()
    _, left = psutil.wait_procs(children, timeout=10)
    assert not left


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Not below the test's own folder: the path of a socket has 108 bytes, and the daemon makes one where temporary files go."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.timeout(500)
def test_a_long_memo_goes_on_after_the_whole_daemon_was_killed_and_is_delivered_once(
    tmp_path: Path, temporary: Path
) -> None:
    product, memo = Killable(tmp_path / "home", temporary), long_memo()
    (product.inbox / "rounds.wav").write_bytes(memo)
    secrets = [memo[5 * RATE : 5 * RATE + 64], *(word.encode() for word in words_said())]
    daemon = product.start()
    try:
        product.wait_for_state("reading", seconds=120)
        assert next((share for share in product.shares() if share > FIRST_ENDS[1]), None), "it was never in the middle"
        kill_all(daemon)
        assert product.in_the_clear(secrets) == []

        daemon = product.start()
        assert min(product.shares()) > FIRST_ENDS[0] * 0.95, "it began at the beginning again"
        product.wait_for_state("delivered", seconds=240)
        time.sleep(1.0)  # a second delivery would come now
    finally:
        with suppress(ProcessLookupError):
            os.killpg(daemon.pid, signal.SIGKILL)
        daemon.wait()
    [html] = product.delivered(".html")
    assert len(product.delivered(".docx")) == 1
    assert product.delivered(".txt") == []
    heard = [word for word in words_said() if word in html.read_text("utf-8")]
    assert len(heard) >= 3, "else nothing was looked for"
    assert [job["state"] for job in product.jobs()] == ["delivered"]
    assert product.in_the_clear(secrets) == []
    assert product.run("audit", "verify").returncode == 0
