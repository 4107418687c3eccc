"""The starter adapter's training set, whole, in the order in which it is learned: the same for the same data and seed."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from starter_aligned import Pair, aligned, notes
from starter_invented import conversations, dictated, read_out

T = TypeVar("T")
DATA_FILES = ("mts-dialog-train.jsonl", "aci-bench-train.jsonl")
AS_DRAFTED_TIMES = 2
FILLED_TIMES = 6
_MOST_NOTHING, _MOST_OTHERS, _MOST_DICTATED, _MOST_READ_OUT = 250, 450, 500, 400
_READ_OUT_WORDS = range(4, 26)


def training_pairs(folder: Path, seed: int) -> list[Pair]:
    """All pairs, shuffled; a pair of the drafter's own groups stands in it `AS_DRAFTED_TIMES`."""
    chance = random.Random(seed)
    found = list(aligned(folder, chance))
    drafted = [pair for pair in found if pair.origin == "as drafted"]
    others = [pair for pair in found if pair.origin == "other turns"]
    nothing = [pair for pair in found if pair.origin == "nothing"]
    said = [one for one in notes(folder) if len(one[2].split()) in _READ_OUT_WORDS]
    pairs = [
        *drafted * AS_DRAFTED_TIMES,
        *_some(others, _MOST_OTHERS, chance),
        *_some(nothing, _MOST_NOTHING, chance),
        *conversations(FILLED_TIMES, chance),
        *_some(list(dictated(chance)), _MOST_DICTATED, chance),
        *_some(list(read_out(_some(said, 2 * _MOST_READ_OUT, chance), chance)), _MOST_READ_OUT, chance),
    ]
    chance.shuffle(pairs)
    return pairs


def _some(every: Sequence[T], most: int, chance: random.Random) -> list[T]:
    return chance.sample(list(every), min(most, len(every)))


def counts(pairs: Sequence[Pair]) -> dict[str, int]:
    """How many pairs of each origin."""
    return dict(sorted(Counter(pair.origin for pair in pairs).items()))


def digest(pairs: Sequence[Pair]) -> str:
    """SHA-256 of the whole set in its order."""
    text = "\n".join(json.dumps(asdict(pair), ensure_ascii=False, sort_keys=True) for pair in pairs)
    return hashlib.sha256(text.encode()).hexdigest()


def file_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of each file that was learned from."""
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in DATA_FILES}
