"""A practice's handout for patients: its own words, with slots that are filled from a memo."""

from __future__ import annotations

from dataclasses import dataclass

HANDOUT_COLUMNS = ("block",)
"""The columns of a section that holds a filled handout, block by block: how is said in `computed.handouts`."""


@dataclass(frozen=True, slots=True)
class Handout:
    """`key` is its file's name without the suffix; `topics` the words that choose it; `names` the diagnoses that its text names,
    so that it is used only where the source names them too; `text` Markdown with slots like `{{ when_to_call }}`."""

    key: str
    title: str
    text: str
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
