"""Two patients one after another through the installed product with its language model, child and daemon killed in between."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from daemon.adapters.reading.freed_memory import OVERWRITE_WHAT_IS_FREED
from tests.e2e.product import COMMAND, QUICK, Product, stop
from tests.fakes.memory import as_held, found_in

pytestmark = pytest.mark.engines
FIRST, SECOND = "Quatermass", "Brobdingnag"
SETTINGS = QUICK + 'drafter = "llm"\ndocuments_dir = "documents"\n'
NOTE = """
key = "word"
title = "Word"
accepts = ["text"]
instructions = "Use only what the passages say."
[[section]]
key = "all"
title = "All"
ask = "Write one statement."
"""


def product_in(root: Path, settings: str) -> Product:
    (root / "home" / "documents").mkdir(parents=True)
    (root / "home" / "documents" / "word.toml").write_text(NOTE)
    return Product(root / "home", settings)


def drop(product: Product, item: str, name: str) -> None:
    folder = product.inbox / "Word"
    folder.mkdir(exist_ok=True)
    coming = folder / ".coming"
    coming.write_text(f"{name} lives in the street of the {name} and coughs.\nMr {name} denies fever.\n")
    coming.rename(folder / f"{item}.txt")


def waited(found: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def language_children(daemon: int) -> list[psutil.Process]:
    """The children that draft, by their command line's last words."""
    children = psutil.Process(daemon).children(recursive=True)
    return [each for each in children if each.is_running() and _words(each)[-2:-1] == ["llm"]]


def _words(process: psutil.Process) -> list[str]:
    try:
        words: list[str] = process.cmdline()
    except psutil.Error:
        return []
    return words


def named(text: bytes) -> set[str]:
    return {name for name in (FIRST, SECOND) if re.search(name.encode(), text, re.IGNORECASE)}


def delivered_text(path: Path) -> bytes:
    if path.suffix != ".docx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        return b"\n".join(parts.read(part) for part in parts.namelist())


@pytest.mark.timeout(400)
def test_two_patients_with_child_and_daemon_killed_and_a_retry_share_nothing(tmp_path: Path) -> None:
    product = product_in(tmp_path, SETTINGS)
    drop(product, "Ferdinand", FIRST)
    daemon = product.start()
    waited(lambda: bool(language_children(daemon.pid)))
    os.kill(language_children(daemon.pid)[0].pid, signal.SIGKILL)
    drop(product, "Gustav", SECOND)
    waited(lambda: bool(language_children(daemon.pid)))
    daemon.kill()
    daemon.wait()
    jobs = seen_through(product)

    seen = [named(product.run("open", job["id"], "--json").stdout) for job in jobs]
    assert sorted(map(sorted, seen)) == [[SECOND], [FIRST]]
    owner = {"Ferdinand": FIRST, "Gustav": SECOND}
    files = product.delivered(".docx") + product.delivered(".html")
    assert len(files) >= 4
    for path in files:
        assert named(delivered_text(path)) == {owner[path.name.split(" ", 1)[0]]}, path.name
    assert not [path for path, content in product.everything_at_rest().items() if named(content)]


def seen_through(product: Product) -> list[dict[str, Any]]:
    """By another daemon, which drafts one of them again, and idles then: no word of theirs is in its memory or its child's.

    Freed memory is overwritten there, so that what is found is held: names of items are, for the page; nothing they say is.
    """
    daemon = subprocess.Popen(
        [*COMMAND, "--home", str(product.root), "run"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=product._environment() | OVERWRITE_WHAT_IS_FREED,
    )
    try:
        waited(lambda: len(product.delivered(".docx")) >= 2)
        jobs = product.jobs()
        assert product.run("retry", jobs[0]["id"]).returncode == 0
        if sys.platform == "linux":  # another process's memory is read through /proc
            needles = as_held(FIRST) | as_held(SECOND)
            waited(lambda: not found_in(daemon.pid, needles))
            assert found_in(daemon.pid, as_held("Ferdinand"))
    finally:
        stop(daemon)
    return jobs
