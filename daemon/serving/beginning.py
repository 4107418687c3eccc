"""What a process that works on items tells the audit trail when it begins: whose keys it uses, and what was set otherwise before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256

from daemon import wiring
from daemon.config import Home
from daemon.model.errors import ChartdraftError
from daemon.ports import AuditTrail
from daemon.serving.caller import caller_facts
from daemon.serving.events import ServiceEvents
from daemon.serving.settings_seen import note_settings

MAX_CODES = 24
"""So many of a refusal's codes are named: an event holds 32 facts."""


def tell_beginning(home: Home, audit: AuditTrail, events: ServiceEvents) -> None:
    """Once per process. Keys are named by what is public of them."""
    with suppress(ChartdraftError):
        keys = wiring.keys(home)
        machine, recovery = (sha256(each.encode()).hexdigest()[:16] for each in keys.recipients)
        kept, signing = home.settings.keys_in, keys.verifier.key_id.hex()
        events.record("keys-used", machine=machine, recovery=recovery, signing=signing, kept=kept)
    note_settings(home, audit)


def tell_refusal(home: Home, codes: Sequence[str]) -> None:
    """That a start was refused, with the codes of why; where the trail can be written.

    Once a day for the same codes: a service manager tries again every half minute.
    """
    now = wiring.SystemClock().now()
    which = sha256(" ".join(codes).encode()).hexdigest()[:16]
    facts = {f"c{number}": code for number, code in enumerate(codes[:MAX_CODES], start=1)}
    with suppress(ChartdraftError, OSError):
        trail = wiring.audit(home)
        key = f"refused:{now:%Y-%m-%d}:{which}"
        trail.record("start-refused", key=key, job="-", codes=len(codes), **facts, **caller_facts())
        trail.close()
