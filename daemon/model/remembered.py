"""What rules remember of the words they met: for the length of one job, and no longer.

A cache with a key holds words of a document, or shows by its keys which words one had. Each is made here, so that `forget_words`
empties them all when a job has ended, and nothing of one patient is at hand while the next one's draft is made.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")

_caches: Final[list[Any]] = []


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A function of words remembers its last `most` answers until `forget_words`. Its arguments must be hashable."""

    def remember(function: Callable[P, T]) -> Callable[P, T]:
        cache = lru_cache(maxsize=most)(function)
        _caches.append(cache)
        return cast("Callable[P, T]", cache)

    return remember


def forget_words() -> None:
    """A job has ended: empty every cache of words, that of compiled patterns too, and what only cycles still hold."""
    for cache in _caches:
        cache.cache_clear()
    re.purge()
    gc.collect()


def remembered_now() -> int:
    """How many answers are remembered."""
    return sum(cache.cache_info().currsize for cache in _caches)
