"""ROUGE, as the package rouge-score 0.1.2 defines it: how many words, pairs of words, and words in order two texts share.

C.-Y. Lin, "ROUGE: a package for automatic evaluation of summaries", 2004. The published figures that drafts are compared with were
made with stemming (copying the dialogues of MTS-Dialog's validation set scores 0.224/0.072/0.162 with it, 0.209/0.068/0.152
without), so that is the usual way here. Tests hold every figure against the package.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from daemon.evaluation.porter import stem

_PIECE = re.compile(r"[a-z0-9]+")
_UNSTEMMED = 3  # words of so many letters stay as they are


class Rouge(NamedTuple):
    """F-measures from 0 to 1. `rouge_lsum` is the measure of ACI-Bench's published "ROUGE-L": line by line."""

    rouge1: float
    rouge2: float
    rouge_l: float
    rouge_lsum: float


def rouge(gold: str, draft: str, *, stemmed: bool = True, by_lines: bool = True) -> Rouge:
    """How alike `draft` is to `gold`; lines are the sentences of `rouge_lsum`. Time grows with the product of their lengths.

    Without `by_lines`, which takes nearly all of the time, `rouge_lsum` is 0.
    """
    ours, theirs = tokens(draft, stemmed=stemmed), tokens(gold, stemmed=stemmed)
    lines = [[tokens(line, stemmed=stemmed) for line in text.split("\n") if line] for text in (gold, draft)]
    return Rouge(
        overlap(Counter(theirs), Counter(ours)),
        overlap(Counter(pairwise(theirs)), Counter(pairwise(ours))),
        _f(_longest(theirs, ours), len(theirs), len(ours)),
        _by_lines(*lines) if by_lines else 0.0,
    )


def tokens(text: str, *, stemmed: bool = True) -> list[str]:
    """The words that count: letters and digits, lower case."""
    found = _PIECE.findall(text.lower())
    return [stem(each) if len(each) > _UNSTEMMED else each for each in found] if stemmed else found


def overlap(gold: Mapping[object, int], draft: Mapping[object, int]) -> float:
    """The F-measure of two bags of words or pairs."""
    hits = sum(min(count, draft.get(key, 0)) for key, count in gold.items())
    return _f(hits, sum(gold.values()), sum(draft.values()))


def _f(hits: int, gold: int, draft: int) -> float:
    return 2 * hits / (gold + draft) if hits else 0.0


def _longest(gold: Sequence[str], draft: Sequence[str]) -> int:
    """The length of the longest common subsequence, in two rows of the table.

    Bits of one long number are its columns (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    places: dict[str, int] = {}
    for at, word in enumerate(gold):
        places[word] = places.get(word, 0) | 1 << at
    all_ones = (1 << len(gold)) - 1
    row = all_ones
    for word in draft:
        matches = row & places.get(word, 0)
        row = ((row + matches) | (row - matches)) & all_ones
    return len(gold) - row.bit_count()


def _by_lines(gold: Sequence[Sequence[str]], draft: Sequence[Sequence[str]]) -> float:
    """Each line of gold holds the union of what it has in common, in order, with any line of the draft; no word counts twice."""
    left = Counter(word for line in draft for word in line)
    hits = 0
    for line in gold:
        union: set[int] = set()
        for other in draft:
            union.update(_in_common(line, other))
        hits += _taken((line[at] for at in sorted(union)), left)
    return _f(hits, sum(map(len, gold)), sum(map(len, draft)))


def _taken(words: Iterable[str], left: Counter[str]) -> int:
    hits = 0
    for word in words:
        if left[word] > 0:
            left[word] -= 1
            hits += 1
    return hits


def _in_common(gold: Sequence[str], draft: Sequence[str]) -> list[int]:
    """The places in `gold` of one longest common subsequence: the one that rouge-score's way back through the table takes."""
    if set(gold).isdisjoint(draft):
        return []
    table = _table(gold, draft)
    at, other, found = len(gold), len(draft), []
    while at and other:
        if gold[at - 1] == draft[other - 1]:
            at, other = at - 1, other - 1
            found.append(at)
        elif table[at][other - 1] > table[at - 1][other]:
            other -= 1
        else:
            at -= 1
    return found


def _table(gold: Sequence[str], draft: Sequence[str]) -> list[list[int]]:
    table = [[0] * (len(draft) + 1)]
    for word in gold:
        above, row = table[-1], [0]
        for at, other in enumerate(draft):
            row.append(above[at] + 1 if word == other else max(above[at + 1], row[at]))
        table.append(row)
    return table
