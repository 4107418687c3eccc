"""Two channels to one without losing the voice: a plain mean cancels it where one microphone is wired the wrong way round, and
halves it where one is dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Decided anew for each piece, so that memory does not grow, and a cable that comes loose costs what it carried. In samples at 16 kHz:
# 4 s, long enough for a few words, by which channels show how they belong together.
PIECE = 64_000
# A channel this much quieter (40 dB in energy) has only hiss to add.
DEAD = 1e-4
# Below this correlation the channels have the same sound the wrong way round; rooms and two people's microphones stay around 0.
INVERTED = -0.3


class Mixer:
    """Mixes 16-bit samples piece by piece. One channel passes through."""

    def __init__(self) -> None:
        self._waiting: list[NDArray[np.int16]] = []
        self._count = 0

    def mixed(self, samples: NDArray[np.int16]) -> bytes:
        """What can be mixed with these (one row a moment, one column a channel); the rest waits."""
        if samples.shape[1] == 1:
            return samples.tobytes()
        self._waiting.append(samples)
        self._count += len(samples)
        return self.rest() if self._count >= PIECE else b""

    def rest(self) -> bytes:
        """What waits."""
        if not self._waiting:
            return b""
        piece = np.concatenate(self._waiting)
        self._waiting, self._count = [], 0
        return mix(piece[:, 0], piece[:, 1]).tobytes()


def mix(left: NDArray[np.int16], right: NDArray[np.int16]) -> NDArray[np.int16]:
    """One channel of two: the living one, the difference where one is inverted, else the mean."""
    one, other = left.astype(np.float32), right.astype(np.float32)
    one -= one.mean()
    other -= other.mean()
    energy, other_energy = float(one @ one), float(other @ other)
    if other_energy <= DEAD * energy:
        return left
    if energy <= DEAD * other_energy:
        return right
    correlation = float(one @ other) / (energy * other_energy) ** 0.5
    both = left.astype(np.int32) + (-right.astype(np.int32) if correlation < INVERTED else right.astype(np.int32))
    return (both // 2).clip(-32768, 32767).astype(np.int16)
