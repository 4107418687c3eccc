"""How many names a model can be told of: as many as fit, counted by its own tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MOST_TOKENS = 223
"""Half of Whisper's 448 text tokens less one, as `faster_whisper.WhisperModel.get_prompt` cuts; mlx-whisper cuts its prompt there too."""
BETWEEN = ", "
_MOST_REFUSED = 20
"""After so many that did not fit the rest is left alone: there is next to no room."""


def within_budget(model: Any, names: Sequence[str]) -> str:
    """The first names that fit, as one text, empty without any; a name too long for what is left is passed over for shorter ones behind it."""
    count = _counter(model)
    chosen, refused = "", 0
    for name in names:
        more = f"{chosen}{BETWEEN}{name}" if chosen else name
        if count(f" {more}") <= MOST_TOKENS:
            chosen = more
        elif (refused := refused + 1) == _MOST_REFUSED:
            break
    return chosen


def _counter(model: Any) -> Callable[[str], int]:
    tokenizer = getattr(model, "hf_tokenizer", None)
    if tokenizer is None:  # two bytes a token: names of drugs have three and more
        return lambda text: (len(text.encode()) + 1) // 2
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
