"""How far an audit trail that verifies is held from outside: by what was kept elsewhere, by this machine's signature, by the chain alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["given", "copies", "away", "none"]
"""Where what was kept elsewhere came from, or the part of it that reaches farthest: named by whoever asks, or found in `checkpoint_dir`;
`away`: that folder cannot be read."""


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Of `lines` events, `anchored_lines` from the first on are held by a checkpoint kept elsewhere, `signed_lines` from the first on
    by a signature of this machine's; what follows both hangs in the chain alone."""

    anchor: Anchor
    lines: int
    anchored_lines: int
    signed_lines: int

    @property
    def chain_lines(self) -> int:
        """How many events no checkpoint is about."""
        return self.lines - max(self.signed_lines, self.anchored_lines)

    def in_words(self) -> str:
        """The same for a person."""
        if not self.anchored_lines:
            why = {
                "none": "nothing is kept outside this machine (see checkpoint_dir)",
                "away": "the folder of checkpoint_dir cannot be read now",
            }.get(self.anchor, "what is kept elsewhere is about no event yet")
            return f"anchored: none, {why}. Whoever has this account could have rewritten the trail as a whole."
        where = "the copies in checkpoint_dir" if self.anchor == "copies" else "the checkpoint kept elsewhere"
        told = f"anchored: {self.anchored_lines}, by {where}: those events are as they were then."
        signed = max(0, self.signed_lines - self.anchored_lines)
        if not signed + self.chain_lines:
            return told
        held = [f"{signed} only by this machine's own signature"] if signed else []
        held += [f"{self.chain_lines} by the chain alone"] if self.chain_lines else []
        return f"{told} Of those after them, {' and '.join(held)}: whoever has this account could have rewritten these."
