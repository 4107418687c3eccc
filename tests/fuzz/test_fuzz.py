"""Targets run for a minute in all, guided by coverage; CHARTDRAFT_FUZZ_SECONDS, or `scripts/fuzz SECONDS`, makes it longer."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("atheris", reason="atheris is not installed: it has no build for this platform")

from tests.fuzz.fuzzing import fuzz
from tests.fuzz.targets import TARGETS

SECONDS = int(os.environ.get("CHARTDRAFT_FUZZ_SECONDS", "60"))
# The daemon itself reads these: they get twice the time.
SHARES = {name: 2 if name in {"container_check", "protocol"} else 1 for name in TARGETS}


@pytest.mark.timeout(SECONDS + 300)
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_what_is_declared_comes_out(name: str, tmp_path: Path) -> None:
    found = fuzz(name, max(1, SECONDS * SHARES[name] // sum(SHARES.values())), tmp_path)
    assert found.reproducer is None, (
        f"{found.said}\nto see it again: python -m tests.fuzz.run {name} {found.reproducer}"
    )
    assert found.runs > 20


def test_a_bug_is_found(tmp_path: Path) -> None:
    found = fuzz("planted", 30, tmp_path)
    assert found.reproducer is not None
    assert found.reproducer.read_bytes().startswith(b"bug!")
