"""The names that speech recognition is told of before it listens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechNames:
    """`own` are the practice's own names; `hotwords` those and drugs, the most important first: as many as the model takes are used."""

    own: tuple[str, ...] = ()
    hotwords: tuple[str, ...] = ()
