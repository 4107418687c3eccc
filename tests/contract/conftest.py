"""Keys of one installation, made once for all tests of a file, and a short trail."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.keys import Keys, init_keys
from tests.fakes.trails import make


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def keys(home: Path) -> Keys:
    return init_keys(home / "keys", home / "recovery.txt")


@pytest.fixture
def written(tmp_path: Path, keys: Keys) -> Path:
    log = make(tmp_path, keys)
    for n in range(6):
        log.record("read", key=f"read:{n}", pages=n)
    log.close()
    return tmp_path
