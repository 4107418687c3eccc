"""What an installer or auditor asks for around the daemon: set a home up, check it, seal for it, verify its audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from daemon import wiring
from daemon.config import Home
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from daemon.adapters.preflight import Check


def set_up(home: Home, recovery_out: Path) -> bool:
    """Make folders, keys and settings where they are missing; whether keys were made now."""
    from daemon.adapters.home_setup import set_up_home

    private = (home.state, home.vault, home.audit)
    fresh = set_up_home(
        inbox=home.inbox,
        outbox=home.outbox,
        private=private,
        keys=home.keys,
        config=home.config,
        documents=wiring.documents(home),
        recovery_out=recovery_out,
    )
    if fresh:
        trail = wiring.audit(home)
        trail.record("keys-made", key="keys-made")
        trail.checkpoint()  # from the first line on, a cut shows
    return fresh


def seal_file(home: Home, file: Path, target: Path) -> None:
    """Encrypt a file for this home's inbox."""
    from daemon.adapters.home_setup import seal_for

    seal_for(wiring.keys(home).recipients, file, target)


def preflight(home: Home, *, thorough: bool) -> list[Check]:
    """Every check, each with its level. `thorough` also computes hashes, decodes a token and verifies the audit trail."""
    from daemon.adapters import preflight as check

    settings, store = home.settings, wiring.models(home)
    folders = check.Folders(home.inbox, home.outbox, home.state)
    found = list(check.check_folders(folders, cloud_agreement=settings.cloud_agreement))
    found.append(check.check_keys(lambda: wiring.keys(home)))
    if home.state.is_dir():
        found.append(check.check_disk(home.state))
    look: Callable[[str], object] = store.verify if thorough else store.get
    names = [settings.speech.model, wiring.OCR_MODEL]
    if settings.drafter != "quoting" or thorough:
        names.append(settings.language.model)
    found += [check.check_model(name, partial(look, name)) for name in names]
    if thorough:
        found.append(check.check_decoding(lambda: _decode_one(home)))
        found.append(check.check_recovery((home.inbox.parent / "recovery.txt",)))
        documents = check.check_documents(lambda: wiring.handouts(home, wiring.documents(home)))
        found.append(documents)
        if documents.level == "ok":
            found.append(check.check_unknown_folders(wiring.inbox(home, wiring.documents(home)).unknown_folders()))
        found.append(check.check_audit(lambda: bool(verify_audit(home, None)["ok"])))
    return found


class UnsafeHomeError(PermanentError):
    """The home is refused; `checks` say why, each with how to mend it."""

    def __init__(self, checks: Sequence[Check]) -> None:
        super().__init__(checks[0].code if checks[0].code in CATALOG else "home-unsafe")
        self.checks = checks

    def __str__(self) -> str:
        return "\n".join(f"{check.sentence} ({check.code})" for check in self.checks)


def refuse_unsafe(home: Home) -> None:
    """Raise what the quick checks refuse: nothing starts in an unsafe home."""
    if not home.keys.is_dir():
        raise PermanentError("config-missing")
    refused = [check for check in preflight(home, thorough=False) if check.level == "refuse"]
    if refused:
        raise UnsafeHomeError(refused)


def _decode_one(home: Home) -> None:
    from daemon.adapters.llm_drafter import decode_one_token

    store, name = wiring.models(home), home.settings.language.model
    store.checked_files(name)
    settings = home.settings
    decode_one_token(store.get(name).main_path, limits=settings.language_limits, threads=settings.threads)


def verify_audit(home: Home, against: Path | None) -> dict[str, Any]:
    """Verify the audit trail, against a checkpoint that was kept elsewhere or the folder's own."""
    from daemon.adapters.audit_reader import verify_trail

    try:
        kept = against.read_text(encoding="utf-8", errors="replace") if against else None
    except OSError:
        raise PermanentError("file-missing") from None
    report = verify_trail(home.audit, wiring.keys(home).verifier, kept)
    return {"ok": report.ok, **asdict(report)}


def export_audit(home: Home, sink: BinaryIO) -> None:
    """Copy the whole audit trail, byte for byte."""
    from daemon.adapters.audit_reader import export_jsonl

    export_jsonl(home.audit, sink)


def last_events(home: Home, most: int) -> Sequence[bytes]:
    """The last lines of the audit trail."""
    from daemon.adapters.audit_reader import last_lines

    return last_lines(home.audit, most)


def sign_checkpoint(home: Home) -> str:
    """A signed checkpoint over the trail as it is now."""
    return wiring.audit(home).checkpoint()
