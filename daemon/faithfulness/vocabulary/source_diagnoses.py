"""The illnesses that a source names, passage by passage, read once for all that asks for them."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.faithfulness.texts import Texts
from daemon.faithfulness.vocabulary.diagnoses import Diagnosis, find_diagnoses


def said_diagnoses(source: Texts) -> Mapping[str, tuple[Diagnosis, ...]]:
    """A reading for `Texts.learn`: the mentions of each passage that has any."""
    return {name: found for name, text in source.by_id.items() if (found := find_diagnoses(text))}
