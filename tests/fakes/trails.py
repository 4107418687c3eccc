"""Audit trails on disk, as the tests make and read them."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.audit.log import AuditLog
from daemon.adapters.audit.reader import read_trail, verify_trail
from daemon.adapters.keys import Keys
from tests.fakes.clock import FakeClock


def make(folder: Path, keys: Keys, **options: object) -> AuditLog:
    return AuditLog(folder / "audit", keys, FakeClock(), **options)  # type: ignore[arg-type]  # options by name


def trail_of(folder: Path) -> Path:
    return folder / "audit" / "trail.jsonl"


def keys_in(folder: Path) -> list[str]:
    return [link.event.key for link in read_trail(folder / "audit")]


def assert_whole(folder: Path, keys: Keys) -> None:
    report = verify_trail(folder / "audit", keys.verifier)
    assert (report.code, report.line) == (None, None)
