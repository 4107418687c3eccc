"""Merkle proofs from the trail: its lines are read and hashed once, with flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from daemon.adapters.audit.log import CHECKPOINT
from daemon.adapters.audit.reader import read_lines, read_note
from daemon.adapters.keys import check_signature
from daemon.model.audit_chain import parse_line
from daemon.model.errors import PermanentError
from daemon.model.merkle import leaf_hash
from daemon.model.merkle_proofs import Leaves, consistency_ranges, inclusion_ranges, subtree_roots
from daemon.model.signed_note import Checkpoint, NoteKey, open_checkpoint
from daemon.model.tlog_proof import EventProof, GrowthProof, parse_proof


def prove_event(folder: Path, verifier: NoteKey, seq: int, untrusted_note: str | None = None) -> EventProof:
    """That event number `seq` (from 0) is in the trail, under the checkpoint given or the last one signed here.

    `audit-unproven` where the checkpoint does not reach so far, or there is none; `audit-checkpoint-invalid`; `audit-broken`.
    """
    note, checkpoint = _opened(folder, verifier, untrusted_note)
    if seq >= checkpoint.size:
        raise PermanentError("audit-unproven")
    kept: list[bytes] = []
    path = _roots(_leaves(folder, seq, kept), [*inclusion_ranges(seq, checkpoint.size), Leaves(seq, seq + 1)])
    proof = EventProof(seq, path[:-1], kept[0], note)
    if not proof.holds(checkpoint):  # the trail is not the one that was signed
        raise PermanentError("audit-broken")
    return proof


def prove_growth(folder: Path, verifier: NoteKey, untrusted_old: str) -> GrowthProof:
    """That the trail under its last checkpoint goes on from that of an older one. Errors as `prove_event`."""
    old = _open(untrusted_old, verifier)
    note, new = _opened(folder, verifier, None)
    if not 1 <= old.size <= new.size:
        raise PermanentError("audit-unproven")
    proof = GrowthProof(old.size, _roots(_leaves(folder), consistency_ranges(old.size, new.size)), note)
    if not proof.holds(old, new):
        raise PermanentError("audit-broken")
    return proof


def check_proof(untrusted_text: str, verifier: NoteKey, untrusted_old: str | None) -> dict[str, int | str]:
    """What a proof proves: the event's number and line, or how many events grew to how many.

    `audit-proof-invalid` if it proves nothing; one about growth needs the older checkpoint.
    """
    proof = parse_proof(untrusted_text)
    new = None if proof is None else open_checkpoint(proof.note, verifier, check_signature)
    if proof is None or new is None:
        raise PermanentError("audit-proof-invalid")
    if isinstance(proof, EventProof):
        if not proof.holds(new) or parse_line(proof.line) is None:
            raise PermanentError("audit-proof-invalid")
        return {"seq": proof.index, "line": proof.line.decode(errors="replace"), "checkpoint_lines": new.size}
    old = None if untrusted_old is None else _open(untrusted_old, verifier)
    if old is None or not proof.holds(old, new):
        raise PermanentError("audit-proof-invalid")
    return {"old_lines": old.size, "checkpoint_lines": new.size}


def _opened(folder: Path, verifier: NoteKey, untrusted_note: str | None) -> tuple[str, Checkpoint]:
    note = untrusted_note if untrusted_note is not None else read_note(folder / CHECKPOINT)
    if note is None:
        raise PermanentError("audit-unproven")
    return note, _open(note, verifier)


def _open(untrusted_note: str, verifier: NoteKey) -> Checkpoint:
    checkpoint = open_checkpoint(untrusted_note, verifier, check_signature)
    if checkpoint is None:
        raise PermanentError("audit-checkpoint-invalid")
    return checkpoint


def _leaves(folder: Path, keep: int = -1, kept: list[bytes] | None = None) -> Iterator[bytes]:
    """The hashes of all lines; one of the lines itself is kept."""
    for number, line in enumerate(read_lines(folder)):
        content = line.removesuffix(b"\n")
        if kept is not None and number == keep:
            kept.append(content)
        yield leaf_hash(content)


def _roots(leaves: Iterator[bytes], ranges: list[Leaves]) -> list[bytes]:
    try:
        return subtree_roots(leaves, ranges)
    except ValueError:  # fewer lines than were signed
        raise PermanentError("audit-broken") from None
