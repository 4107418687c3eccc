"""What one recording was heard as, held against what was said. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from daemon.evaluation.draft_measure import Numbers
from daemon.evaluation.reading_material import Clip
from daemon.evaluation.reading_words import Token, tokens
from daemon.faithfulness.vocabulary.terms import terms
from daemon.model.doubtful_words import count_marked, marked_words
from daemon.model.passage import Passage

_MEDICAL = frozenset("=+&")  # terms that the tables of medical words know; the others are any words

_TURNING = frozenset({"no", "not", "without", "never", "denies"})

Pair = tuple[int | None, int | None]
Heard = tuple[Token, bool]


def speech_numbers(clip: Clip, passages: Sequence[Passage]) -> Numbers:
    """Counts of one recording. `words`: of what was said; `edits`: substitutions, insertions and deletions (Levenshtein)."""
    heard = [each for passage in passages for each in _heard(passage)]
    said = tokens(clip.text)
    pairs = aligned([one.text for one in said], [one.text for one, _ in heard])
    marked, shown = count_marked(passages)
    wrong = sum(_differs(said, heard, pair) for pair in pairs)
    numbers = [at for at, one in enumerate(said) if one.text[0].isdigit()]
    right = {one for one, other in pairs if one is not None and not _differs(said, heard, (one, other))}
    return {
        "words": len(said), "edits": wrong, "heard": len(heard), "marked": marked, "shown": shown,
        "numbers": [len(numbers), sum(at in right for at in numbers)], "terms": _recalled(clip.text, passages),
        "facts": _facts(clip, said, heard, pairs),
    }  # fmt: skip


def aligned(said: Sequence[str], heard: Sequence[str]) -> list[Pair]:
    """The pairs of the shortest way from what was said to what was heard; None stands for a word that the other has not."""
    costs = [list(range(len(heard) + 1))]
    for row, word in enumerate(said, 1):
        above, line = costs[-1], [row]
        for column, other in enumerate(heard, 1):
            line.append(min(above[column - 1] + (word != other), above[column] + 1, line[-1] + 1))
        costs.append(line)
    pairs: list[Pair] = []
    row, column = len(said), len(heard)
    while row or column:
        here = costs[row][column]
        if row and column and here == costs[row - 1][column - 1] + (said[row - 1] != heard[column - 1]):
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif row and here == costs[row - 1][column] + 1:
            row -= 1
            pairs.append((row, None))
        else:
            column -= 1
            pairs.append((None, column))
    return pairs[::-1]


def _differs(said: Sequence[Token], heard: Sequence[Heard], pair: Pair) -> bool:
    one, other = pair
    return one is None or other is None or said[one].text != heard[other][0].text


def _heard(passage: Passage) -> list[Heard]:
    """The words of a passage, and which of them a reader sees marked."""
    spans = [marked.span for marked in marked_words(passage)]
    return [(each, any(start < each.end and each.start < end for start, end in spans)) for each in tokens(passage.text)]


def _facts(clip: Clip, said: Sequence[Token], heard: Sequence[Heard], pairs: Sequence[Pair]) -> dict[str, list[int]]:
    """Of each kind: how many, how many are right, and how many are right or have a wrong word that is marked. A "no" that was heard beside
    a fact and not said makes it wrong."""
    found: dict[str, list[int]] = {}
    wrong = [_differs(said, heard, pair) for pair in pairs]
    for kind, start, end in clip.facts:
        inside = {at for at, one in enumerate(said) if start < one.end and one.start < end}
        places = [at for at, (one, _) in enumerate(pairs) if one in inside]
        first, last = places[0], places[-1]
        shown = range(*_with_added(pairs, first, last))
        lost = [at for at in shown if wrong[at] and (first <= at <= last or _turns(heard, pairs[at]))]
        # Which word stands for which cannot always be told: "1.76 months" for "1.7, six months".
        beside = {at + step for at in lost for step in (-1, 1) if 0 <= at + step < len(pairs)} | set(shown)
        other = [pairs[at][1] for at in beside if lost and wrong[at]]
        marked = any(one is not None and heard[one][1] for one in other)
        counts = found.setdefault(kind, [0, 0, 0])
        for at, holds in enumerate((True, not lost, not lost or marked)):
            counts[at] += holds
    return found


def _turns(heard: Sequence[Heard], pair: Pair) -> bool:
    """Whether it is a "no" that nobody said."""
    return pair[0] is None and pair[1] is not None and heard[pair[1]][0].text in _TURNING


def _with_added(pairs: Sequence[Pair], first: int, last: int) -> tuple[int, int]:
    """The first pair of a fact and the one behind it, with words that were heard right beside it and not said."""
    while first and pairs[first - 1][0] is None:
        first -= 1
    while last + 1 < len(pairs) and pairs[last + 1][0] is None:
        last += 1
    return first, last + 1


def _recalled(text: str, passages: Sequence[Passage]) -> list[int]:
    """How many medical terms were said, and how many of them are in what was read."""
    said = _medical([text])
    return [said.total(), (said & _medical(passage.text for passage in passages)).total()]


def _medical(texts: Iterable[str]) -> Counter[str]:
    return Counter(key for text in texts for term in terms(text) for key in term.keys[:1] if key[0] in _MEDICAL)
