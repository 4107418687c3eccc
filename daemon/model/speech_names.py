"""The names that speech recognition is told of before it listens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpeechNames:
    """`own` are the practice's own names, the most important first: recognition is told as many as it takes. `usual` are drugs that may
    be meant where a word was not heard surely; recognition is not told of them (`daemon.faithfulness.vocabulary.hotwords` says why)."""

    own: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
