"""Whether a recording has two voices, and which of them says each word.

Sentences and what stands between pauses are held against each other by `voice_encoder`. What is not clearly two voices is one, and
what is not clearly the one or the other is nobody's: a dictation that is taken apart is worse than a conversation that is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, pairwise
from typing import TYPE_CHECKING

import numpy as np

from daemon.engines.passages import Heard, ends_sentence
from daemon.engines.voice_encoder import WINDOW_SECONDS, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

VOICES = ("A", "B")
"""Their names, in the order in which they are first heard."""
PAUSE_SECONDS = 0.3
"""Nobody takes over within a clause without so much of a pause, or recognition sets a mark there."""
FIRST_LOOK = 40
"""So many pieces, spread over the recording, and a little of each, tell one voice from two; a dictation costs no more than these."""
CLEAR_SECONDS = 1.2
"""Shorter pieces are too little to say what the voices are."""
ALIKE = 0.82
"""The cosine of the two halves' middles. Measured: one synthetic voice taken apart 0.87 to 0.97, pairs of unlike ones 0.47 to 0.78."""
MARGIN = 0.06
"""By how much a piece has to lie nearer to the one middle than to the other to be that voice's."""
LEAST_PIECES, LEAST_SECONDS, LEAST_TURNS = 3, 4.0, 4
"""What each voice has to say in a conversation, in all, and how often the speaker changes."""
LEAST_CLEAR = 0.85
"""How much of the time has to be clearly the one's or the other's."""
_ROUNDS = 20


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words `first` to before `last`, which one voice says; `begins` a sentence, or goes on with one after a pause."""

    first: int
    last: int
    start: float
    end: float
    begins: bool

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def stretches(self) -> list[tuple[float, float]]:
        """Windows side by side, moved together where the last would reach past the end."""
        count = max(round(self.seconds / WINDOW_SECONDS), 1)
        room = max(self.seconds - WINDOW_SECONDS, 0.0)
        starts = [self.start + room * (number / (count - 1) if count > 1 else 0.5) for number in range(count)]
        return [(start, min(start + WINDOW_SECONDS, self.end)) for start in starts]


def voiced(samples: NDArray[np.int16], words: Sequence[Heard]) -> list[Heard]:
    """The words, each with its voice (`voices_of`)."""
    return [replace(word, voice=voice) for word, voice in zip(words, voices_of(samples, words), strict=True)]


def voices_of(samples: NDArray[np.int16], words: Sequence[Heard]) -> list[str]:
    """ "A" or "B" for each word, "" where nobody knows; all "" where the recording is not clearly a conversation of two."""
    unknown = [""] * len(words)
    pieces = _pieces(words)
    clear = [piece for piece in pieces if piece.seconds >= CLEAR_SECONDS]
    if len(clear) < 2 * LEAST_PIECES:
        return unknown
    seen = _Seen(samples)
    spread = np.unique(np.linspace(0, len(clear) - 1, FIRST_LOOK).round().astype(int))
    if _middles(seen.a_little_of([clear[at] for at in spread])) is None:
        return unknown
    middles = _middles(seen.of(clear))
    if middles is None:
        return unknown
    nearer = (seen.of(pieces) @ (middles[0] - middles[1])).tolist()
    marks = _marks(pieces, nearer)
    if not _is_conversation(pieces, marks) or _is_of_three(seen, clear, middles):
        return unknown
    for piece, mark in zip(pieces, marks, strict=True):
        unknown[piece.first : piece.last] = [mark] * (piece.last - piece.first)
    return unknown


class _Seen:
    """Each stretch is listened to once."""

    def __init__(self, samples: NDArray[np.int16]) -> None:
        self._samples = samples
        self._known: dict[tuple[float, float], Vectors] = {}

    def of(self, pieces: Sequence[_Piece]) -> Vectors:
        """One vector of length 1 a piece."""
        return self._of([piece.stretches for piece in pieces])

    def a_little_of(self, pieces: Sequence[_Piece]) -> Vectors:
        """The same, of one stretch in the middle of each alone."""
        return self._of([[piece.stretches[len(piece.stretches) // 2]] for piece in pieces])

    def _of(self, pieces: Sequence[Sequence[tuple[float, float]]]) -> Vectors:
        new = [each for each in dict.fromkeys(chain.from_iterable(pieces)) if each not in self._known]
        self._known.update(zip(new, vectors(self._samples, new), strict=True))
        return np.stack([_unit(np.mean([self._known[each] for each in piece], axis=0)) for piece in pieces])


def _pieces(words: Sequence[Heard]) -> list[_Piece]:
    """The words cut at the ends of sentences and at pauses."""
    cuts = [(0, True)]
    for at, (word, then) in enumerate(pairwise(words), 1):
        begins = then.text.startswith(" ") and ends_sentence(word.text, then.text)
        if begins or (then.text.startswith(" ") and then.start - word.end >= PAUSE_SECONDS):
            cuts.append((at, begins))
    cuts.append((len(words), True))
    return [_Piece(a, b, words[a].start, words[b - 1].end, begins) for (a, begins), (b, _) in pairwise(cuts) if a < b]


def _middles(seen: Vectors) -> tuple[Vectors, Vectors] | None:
    """The middles of two voices, by k-means on the sphere from the two sides of the widest spread; None where it is one voice."""
    centred = seen - seen.mean(axis=0)
    ours = centred @ np.linalg.svd(centred, full_matrices=False)[2][0] > 0
    for _ in range(_ROUNDS):
        if min(ours.sum(), (~ours).sum()) < LEAST_PIECES:
            return None
        one, other = _unit(seen[ours].mean(axis=0)), _unit(seen[~ours].mean(axis=0))
        before, ours = ours, seen @ (one - other) > 0
        if np.array_equal(before, ours):
            break
    return (one, other) if float(one @ other) < ALIKE else None


def _unit(vector: Vectors) -> Vectors:
    return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-6))


def _marks(pieces: Sequence[_Piece], nearer: Sequence[float]) -> list[str]:
    """The voice of each piece by how much nearer it is to the one middle than to the other; the first that is clear is "A".

    Inside a sentence another takes over only where that is twice as clear, and what is unclear there goes on with who spoke.
    """
    sides: list[int] = []
    for piece, value in zip(pieces, nearer, strict=True):
        clear = abs(value) >= (MARGIN if piece.begins or not sides[-1] else 2 * MARGIN)
        sides.append((1 if value > 0 else -1) if clear else 0 if piece.begins else sides[-1])
    first = next((side for side in sides if side), 0)
    return [VOICES[side != first] if side else "" for side in sides]


def _is_conversation(pieces: Sequence[_Piece], marks: Sequence[str]) -> bool:
    """Whether two people take turns, and it is clear who says nearly all of it."""
    said = {
        voice: [p.seconds for p, mark in zip(pieces, marks, strict=True) if mark == voice] for voice in ("", *VOICES)
    }
    changes = len(list(groupby(mark for mark in marks if mark))) - 1
    each = all(len(said[voice]) >= LEAST_PIECES and sum(said[voice]) >= LEAST_SECONDS for voice in VOICES)
    total = sum(piece.seconds for piece in pieces)
    return each and changes >= LEAST_TURNS and sum(said[""]) <= (1 - LEAST_CLEAR) * total


def _is_of_three(seen: _Seen, clear: Sequence[_Piece], middles: tuple[Vectors, Vectors]) -> bool:
    """Whether one of the two is two again: of more than two voices nothing is said."""
    known = seen.of(clear)
    first = known @ (middles[0] - middles[1]) > 0
    return any(len(own) >= 2 * LEAST_PIECES and _middles(own) is not None for own in (known[first], known[~first]))
