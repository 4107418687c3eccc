"""What an installer or auditor asks for around the daemon: set a home up, seal for it, verify its audit trail."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Literal

from daemon import wiring
from daemon.config import Home
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.serving.caller import caller_facts

ExportForm = Literal["jsonl", "fhir"]
COPY_SECONDS = 5.0
"""How long a command waits for the second folder, which may hang."""


def set_up(home: Home, recovery_out: Path) -> bool:
    """Make folders, keys and settings where they are missing; whether keys were made now.

    `volume-away` while the encrypted volume is: what is made in its place would be hidden by it later.
    """
    from daemon.adapters.folder_sights import is_mounted
    from daemon.adapters.home_setup import KeysWanted, set_up_home

    if home.volume is not None and not is_mounted(home.volume):
        raise RetryableError("volume-away")
    wiring.refuse_newer(home)
    private = (home.state, home.vault, home.audit)
    known = wiring.documents(home)
    fresh = set_up_home(
        inbox=home.inbox,
        outbox=home.outbox,
        private=private,
        keys=KeysWanted(home.keys, recovery_out, home.settings.keys_in),
        config=home.config,
        documents=known,
    )
    wiring.keep_readmes(home, known)
    if fresh:
        trail = wiring.audit(home)
        trail.record("keys-made", key="keys-made", job="-", **caller_facts())
        trail.checkpoint()  # from the first line on, a cut shows
    return fresh


def seal_file(home: Home, file: Path, target: Path) -> None:
    """Encrypt a file for this home's inbox."""
    from daemon.adapters.home_setup import seal_for

    seal_for(wiring.keys(home).recipients, file, target)


def verify_audit(home: Home, against: Path | None) -> dict[str, Any]:
    """Verify the audit trail, against a checkpoint that was kept elsewhere or the folder's own."""
    from daemon.adapters.audit.reader import verify_trail

    try:
        kept = against.read_text(encoding="utf-8", errors="replace") if against else None
    except OSError:
        raise PermanentError("file-missing") from None
    report = verify_trail(home.audit, wiring.keys(home).verifier, kept)
    return {"ok": report.ok, **asdict(report)}


def export_audit(home: Home, sink: BinaryIO, form: ExportForm) -> str:
    """Write the whole audit trail, beginning with saying in it that this is done; the code of why that could not be said, or "".

    Also a trail that is broken, and goes on no more, can be exported. jsonl: byte for byte. fhir: as NDJSON.
    """
    from daemon.adapters.audit import reader

    untold = ""
    try:
        wiring.audit(home).record(
            "audit-exported", key=f"export:{secrets.token_hex(8)}", job="-", format=form, **caller_facts()
        )
    except ChartdraftError as error:
        untold = error.code
    reader.export_jsonl(home.audit, sink)
    return untold


def last_events(home: Home, most: int) -> Sequence[bytes]:
    """The last lines of the audit trail."""
    from daemon.adapters.audit.reader import last_lines

    return last_lines(home.audit, most)


def sign_checkpoint(home: Home) -> str:
    """A signed checkpoint over the trail as it is now."""
    note = wiring.audit(home).checkpoint()
    if copies := wiring.checkpoint_copies(home):
        copies.soon()
        copies.wait(COPY_SECONDS)
    return note
