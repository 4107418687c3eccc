"""How many names a model can be told of: as many as fit, counted by its own tokenizer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

MOST_TOKENS = 223
"""Half of Whisper's 448 text tokens less one, as `faster_whisper.WhisperModel.get_prompt` cuts; mlx-whisper cuts its prompt there too."""
BETWEEN = ", "
FRAME = " Medications: {}. Follow up as needed."
"""What stands around the names. The model goes on in the manner of what it is told: after a bare list it writes sentences as lists, in
small letters and with commas, and on own memos it set in a drug of the list that nobody had named; after a sentence it writes sentences."""
_MOST_REFUSED = 20
"""After so many that did not fit the rest is left alone: there is next to no room."""


def within_budget(model: Any, names: Sequence[str]) -> str:
    """The first names that fit, as one text, empty without any; a name too long for what is left is passed over for shorter ones behind it."""
    count = _counter(model)
    chosen, refused = "", 0
    for name in names:
        more = f"{chosen}{BETWEEN}{name}" if chosen else name
        if count(FRAME.format(more)) <= MOST_TOKENS:
            chosen = more
        elif (refused := refused + 1) == _MOST_REFUSED:
            break
    return FRAME.format(chosen).strip() if chosen else ""


def _counter(model: Any) -> Callable[[str], int]:
    tokenizer = getattr(model, "hf_tokenizer", None)
    if tokenizer is None:  # two bytes a token: names of drugs have three and more
        return lambda text: (len(text.encode()) + 1) // 2
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
