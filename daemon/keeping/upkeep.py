"""What an installer or auditor asks for around the daemon: set a home up, seal for it, verify its audit trail."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Literal

from daemon import wiring
from daemon.config import Home
from daemon.model.audit_anchor import Anchor, Anchoring
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.signed_note import Checkpoint, NoteKey
from daemon.model.tlog_proof import MAX_PROOF_CHARS, EventProof, GrowthProof
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
    """Verify the audit trail: under the folder's own checkpoint, the copies that lie in `checkpoint_dir`, and, where it is given, one
    that was kept elsewhere. Says how far the trail is held from outside (`Anchoring`)."""
    from daemon.adapters.audit.reader import own_checkpoint, verify_trail

    kept = _note_in(against) if against else None
    verifier = wiring.keys(home).verifier
    anchor, copies = _copies_elsewhere(home, verifier)
    own = own_checkpoint(home.audit, verifier)  # first: a daemon may sign more meanwhile
    report = verify_trail(home.audit, verifier, kept, copies=copies)
    if not report.ok:
        return {"ok": False, **asdict(report)}
    copied, given = max((copy.size for copy in copies), default=0), report.checkpoint_lines if against else 0
    from_where: Anchor = "given" if against and given >= copied else anchor
    anchoring = Anchoring(from_where, report.lines, max(copied, given), own.size if own else 0)
    told = {"chain_lines": anchoring.chain_lines, "in_words": anchoring.in_words()}
    return {"ok": True, **asdict(report), **asdict(anchoring), **told}


def _note_in(file: Path) -> str:
    """No more of it than a note or proof can have, and one character: whatever the file is, the rest is not needed."""
    try:
        with file.open(encoding="utf-8", errors="replace", newline="") as untrusted:
            return untrusted.read(MAX_PROOF_CHARS + 1)
    except OSError:
        raise PermanentError("file-missing") from None


def _copies_elsewhere(home: Home, verifier: NoteKey) -> tuple[Anchor, Sequence[Checkpoint]]:
    """The copies in the second folder; a share that hangs is away."""
    from daemon.adapters.audit.checkpoint_copies import read_copies

    folder = home.checkpoints
    if folder is None:
        return "none", ()
    found: list[Sequence[Checkpoint]] = []

    def look() -> None:
        with suppress(OSError):
            found.append(read_copies(folder, verifier))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(COPY_SECONDS)
    return ("copies", found[0]) if found else ("away", ())


def prove_event(home: Home, seq: int, under: Path | None) -> EventProof:
    """The proof that event number `seq` is in the trail."""
    from daemon.adapters.audit import proving

    note = _note_in(under) if under else None
    return proving.prove_event(home.audit, wiring.keys(home).verifier, seq, note)


def prove_growth(home: Home, old: Path) -> GrowthProof:
    """The proof that the trail only grew since an older checkpoint."""
    from daemon.adapters.audit import proving

    return proving.prove_growth(home.audit, wiring.keys(home).verifier, _note_in(old))


def check_proof(verifier: NoteKey, file: Path, since: Path | None) -> dict[str, int | str]:
    """What a proof proves, by the public key alone."""
    from daemon.adapters.audit import proving

    return proving.check_proof(_note_in(file), verifier, _note_in(since) if since else None)


def audit_key(home: Callable[[], Home], file: Path | None) -> NoteKey:
    """The public half of the audit key: from a copy of `audit-verifier.txt`, or this home's."""
    if file is None:
        return wiring.keys(home()).verifier
    try:
        return NoteKey.parse(_note_in(file))
    except ValueError:
        raise PermanentError("audit-proof-invalid") from None


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
    if form == "fhir":
        reader.export_fhir(home.audit, sink, wiring.keys(home).verifier.name)
    else:
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
