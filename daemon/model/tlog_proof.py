"""Merkle proofs as text, in the forms of the C2SP family, so that other tools can check them.

| what | form |
|---|---|
| that an event is in the trail | C2SP tlog-proof v1: index, path, signed checkpoint; the event's line as `extra` |
| that the trail only grew | the body of C2SP tlog-witness's `add-checkpoint`: `old N`, path, signed checkpoint |

The leaf is the event's line without its newline. What `extra` holds is proven by the path, else it is worth nothing.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.model.merkle import HASH_BYTES, leaf_hash
from daemon.model.merkle_proofs import verify_consistency, verify_inclusion
from daemon.model.signed_note import Checkpoint, decode_base64

HEADER = "c2sp.org/tlog-proof@v1"
MAX_PROOF_CHARS = 128 * 1024
_MAX_PATH = 63  # tlog-witness: no more lines than that
_NUMBER = re.compile("0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class EventProof:
    """That the event of this line is number `index` (from 0) of the trail of which `note` is a signed checkpoint."""

    index: int
    path: Sequence[bytes]
    line: bytes
    note: str

    def text(self) -> str:
        """The proof as tlog-proof v1, to be kept in a file whose name ends in .tlog-proof."""
        head = [HEADER, f"extra {b64encode(self.line).decode()}", f"index {self.index}", *_in_base64(self.path)]
        return "\n".join(head) + f"\n\n{self.note}"

    def json(self) -> dict[str, object]:
        """The same, for a program."""
        line = self.line.decode(errors="replace")
        return {"index": self.index, "line": line, "path": _in_base64(self.path), "checkpoint": self.note}

    def holds(self, checkpoint: Checkpoint) -> bool:
        """Whether it proves that under the checkpoint, which is its note's once that is opened."""
        return verify_inclusion(leaf_hash(self.line), self.index, checkpoint.size, self.path, checkpoint.root)


@dataclass(frozen=True, slots=True)
class GrowthProof:
    """That the trail of `old` events is the beginning of the one of which `note` is a signed checkpoint."""

    old: int
    path: Sequence[bytes]
    note: str

    def text(self) -> str:
        """The proof as tlog-witness takes it."""
        return "\n".join([f"old {self.old}", *_in_base64(self.path)]) + f"\n\n{self.note}"

    def json(self) -> dict[str, object]:
        """The same, for a program."""
        return {"old": self.old, "path": _in_base64(self.path), "checkpoint": self.note}

    def holds(self, old: Checkpoint, new: Checkpoint) -> bool:
        """Whether it proves that from the one checkpoint to the other, which is its note's once that is opened."""
        return old.size == self.old and verify_consistency(old.size, old.root, new.size, new.root, self.path)


def parse_proof(untrusted_text: str) -> EventProof | GrowthProof | None:
    """The proof taken apart; None if it is none. Nothing is verified."""
    head, gap, note = untrusted_text.partition("\n\n")
    if not gap or len(untrusted_text) > MAX_PROOF_CHARS:
        return None
    lines = head.split("\n")
    if lines[0] == HEADER and len(lines) >= 3:
        line, index, path = _field(lines[1], "extra"), _number(lines[2], "index"), _path(lines[3:])
        content = None if line is None else decode_base64(line)
        if content is None or index is None or path is None:
            return None
        return EventProof(index, path, content, note)
    old, path = _number(lines[0], "old"), _path(lines[1:])
    return None if old is None or path is None else GrowthProof(old, path, note)


def _in_base64(path: Sequence[bytes]) -> list[str]:
    return [b64encode(node).decode() for node in path]


def _field(untrusted_line: str, name: str) -> str | None:
    key, space, value = untrusted_line.partition(" ")
    return value if key == name and space else None


def _number(untrusted_line: str, name: str) -> int | None:
    value = _field(untrusted_line, name)
    return int(value) if value is not None and _NUMBER.fullmatch(value) else None


def _path(untrusted_lines: Sequence[str]) -> list[bytes] | None:
    nodes = [decode_base64(line) for line in untrusted_lines]
    path = [node for node in nodes if node is not None and len(node) == HASH_BYTES]
    return path if len(path) == len(nodes) <= _MAX_PATH else None
