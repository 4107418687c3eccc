"""Whether numbers are all different, with little memory beside them."""

from __future__ import annotations

from array import array

_FEW = 100_000
"""So many are gone through part by part sooner than numpy is imported (a tenth of a second)."""
_PARTS = 16


def all_different(numbers: array[int]) -> bool:
    """Whether none of these 64-bit numbers (type "q") occurs twice. Many are sorted in place."""
    if len(numbers) <= _FEW:
        parts = ([each for each in numbers if each % _PARTS == part] for part in range(_PARTS))
        return all(len(set(part)) == len(part) for part in parts)
    import numpy as np

    ordered = np.frombuffer(numbers, dtype=np.int64)
    ordered.sort()
    return not bool((ordered[1:] == ordered[:-1]).any())
