"""Which settings changed since the daemon began last: told to the audit trail by name, never by value.

`settings-seen.json` in the state folder holds a digest of each setting, keyed with a secret of that file: who reads the trail cannot
try which value leads to an event's key. It is written after the event, and the key follows from both: whatever a crash comes between, a
change is told once.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import parse_small, read_small
from daemon.config import Home, Settings
from daemon.model.audit_chain import Fact
from daemon.model.errors import ChartdraftError
from daemon.ports import AuditTrail

SEEN = "settings-seen.json"
MAX_NAMED = 24
"""Of the settings that changed, so many are named: an event holds 32 facts."""


SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seen:
    """What the file holds: its secret in hex, how often something was noted, and what last (None: nothing yet)."""

    secret: str
    number: int
    digests: dict[str, str] | None


def note_settings(home: Home, audit: AuditTrail) -> None:
    """Record what changed, if anything did. What cannot be written now is told at the next start."""
    file = home.state / SEEN
    seen = _seen(file)
    secret, before = seen.secret, seen.digests
    now = digests(home.settings.model_dump(mode="json"), secret)
    if before == now:
        return
    facts = {} if before is None else changes(digests(Settings().model_dump(mode="json"), secret) | before, now)
    key = f"settings:{seen.number + 1}:{_digest([before, now], secret)}"
    with suppress(ChartdraftError):
        if before is None:
            _keep(file, seen)  # the secret first: the key must be the same after a crash
        if before is None or facts:
            event = "settings-noted" if before is None else "settings-changed"
            audit.record(event, key=key, job="-", **_modified(home.config), **facts)
        _keep(file, Seen(secret, seen.number + 1, now))


def digests(settings: Mapping[str, Any], secret: str, table: str = "") -> dict[str, str]:
    """A digest for each setting, under its name with its table's before it: `engine.threads`."""
    found: dict[str, str] = {}
    for name, value in sorted(settings.items()):
        if isinstance(value, Mapping):
            found |= digests(value, secret, f"{table}{name}.")
        else:
            found[table + name] = _digest([table + name, value], secret)
    return found


def _digest(value: object, secret: str) -> str:
    return hmac.digest(secret.encode(), json.dumps(value, sort_keys=True).encode(), "sha256").hex()[:32]


def changes(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, Fact]:
    """The names of the settings that changed, as facts: `changed` says how many, `s1`, `s2` … which; none if none did.

    A setting that there was not before, or is none any more, came and went with a version.
    """
    names = sorted(name for name in before.keys() & now.keys() if before[name] != now[name])
    named = {f"s{number}": name for number, name in enumerate(names[:MAX_NAMED], start=1)}
    return {"changed": len(names), **named} if names else {}


def _modified(config: Path) -> dict[str, Fact]:
    """When the file was written that the settings come from, where there is one."""
    try:
        written = config.stat()
    except OSError:
        return {}
    at = datetime.fromtimestamp(int(written.st_mtime), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"file_written": at, "file_owner_uid": written.st_uid}


def _keep(file: Path, seen: Seen) -> None:
    publish_bytes(file, json.dumps(asdict(seen)).encode(), replace=True)


def _seen(file: Path) -> Seen:
    """What was noted last; a secret alone where nothing was, or nothing that can be used."""
    try:
        known = parse_small(read_small(file))
        secret, number, noted = str(known["secret"]), int(known["number"]), known["digests"]
        texts = [] if noted is None else [*noted.keys(), *noted.values()]
        if number >= 0 and len(secret) == 2 * SECRET_BYTES and all(isinstance(each, str) for each in texts):
            return Seen(secret, number, None if noted is None else dict(noted))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return Seen(secrets.token_hex(SECRET_BYTES), 0, None)
