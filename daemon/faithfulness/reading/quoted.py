"""Whether a statement only repeats a passage: a whole sentence of it, or so many of its words that none is torn from its sense."""

from __future__ import annotations

from daemon.faithfulness.quantity.stated import Stated
from daemon.faithfulness.reading.lines import sentences_of
from daemon.faithfulness.texts import Claim, Texts

_LEAST_WORDS = 6
"""Fewer words say something else by themselves: "takes warfarin" of "my mother takes warfarin"."""


def repeats_passage(claim: Claim, source: Texts) -> bool:
    """Whether a cited passage says the statement in the same words."""
    if not Stated(claim, source, anywhere=False).is_quote:
        return False
    if len(claim.text.split()) >= _LEAST_WORDS:
        return True
    mine = _bare(claim.text)
    return any(mine == _bare(one) for name in source.cited(claim) for one in sentences_of(source.by_id[name]))


def _bare(text: str) -> str:
    return " ".join(text.split()).strip(" .!?")
