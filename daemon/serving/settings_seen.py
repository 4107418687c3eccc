"""Which settings changed since the daemon began last: told to the audit trail by name, never by value.

`settings-seen.json` in the state folder holds a digest of each setting. It is written after the event, and the event's key follows from
both: whatever a crash comes between, a change is told once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
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


def note_settings(home: Home, audit: AuditTrail) -> None:
    """Record what changed, if anything did. What cannot be written now is told at the next start."""
    file, now = home.state / SEEN, digests(home.settings.model_dump(mode="json"))
    number, before = _seen(file)
    if before == now:
        return
    facts = {} if before is None else changes(digests(Settings().model_dump(mode="json")) | before, now)
    key = f"settings:{number + 1}:{sha256(json.dumps([before, now]).encode()).hexdigest()[:32]}"
    with suppress(ChartdraftError):
        if before is None or facts:
            event = "settings-noted" if before is None else "settings-changed"
            audit.record(event, key=key, job="-", **_modified(home.config), **facts)
        publish_bytes(file, json.dumps({"number": number + 1, "digests": now}).encode(), replace=True)


def digests(settings: Mapping[str, Any], table: str = "") -> dict[str, str]:
    """A digest for each setting, under its name with its table's before it: `engine.threads`."""
    found: dict[str, str] = {}
    for name, value in sorted(settings.items()):
        if isinstance(value, Mapping):
            found |= digests(value, f"{table}{name}.")
        else:
            found[table + name] = sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
    return found


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


def _seen(file: Path) -> tuple[int, dict[str, str] | None]:
    """What was noted last, and how often something was."""
    try:
        known = parse_small(read_small(file))
        number, noted = int(known["number"]), known["digests"]
        if number < 0 or not all(isinstance(each, str) for each in [*noted.keys(), *noted.values()]):
            return 0, None
        return number, dict(noted)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, None
