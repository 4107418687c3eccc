"""Where a speech model got stuck: the same few words over and over. What people say several times is no loop."""

from __future__ import annotations

import re
from collections.abc import Sequence

# The same one to twelve words, at least five times in a row (short ones: eight); "no, no, no" is said, and "ten out of ten" twice.
LONGEST_PHRASE = 12
# A sentence that stands there for the fifth time in a row is the model's.
MOST_ALIKE = 4


def plain(text: str) -> str:
    """The words alone, in lower case."""
    return " ".join(re.findall(r"\w+", text.lower()))


def is_loop(text: str) -> bool:
    """Whether a model got stuck in this text."""
    return loop_at(text.split()) is not None


def loop_at(words: Sequence[str]) -> int | None:
    """The place of the second of the repetitions in which a model got stuck: what stands before it was said once. None without any."""
    bare = [(place, piece) for place, word in enumerate(words) for piece in re.findall(r"\w+", word.lower())]
    places = [start for size in range(1, LONGEST_PHRASE + 1) if (start := _loop_of(bare, size)) is not None]
    return min(places, default=None)


def _loop_of(bare: Sequence[tuple[int, str]], size: int) -> int | None:
    wanted = 8 if size <= 2 else 5
    run = 0
    for index in range(size, len(bare)):
        run = run + 1 if bare[index][1] == bare[index - size][1] else 0
        if run >= size * (wanted - 1):
            return bare[index - run + 1][0]
    return None
