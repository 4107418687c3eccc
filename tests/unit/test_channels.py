"""Two channels become one, and the voice survives."""

from __future__ import annotations

import numpy as np
import pytest

from daemon.engines.channels import PIECE, Mixer, mix

RATE = 16_000
VOICE = (8_000 * np.sin(np.arange(RATE) * 0.1) * np.sin(np.arange(RATE) * 0.001)).astype(np.int16)
OTHER = (8_000 * np.sin(np.arange(RATE) * 0.037)).astype(np.int16)
SILENCE = np.zeros(RATE, np.int16)


def loudness(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(float) ** 2)))


@pytest.mark.parametrize(
    ("left", "right"),
    [(VOICE, VOICE), (VOICE, -VOICE), (VOICE, SILENCE), (SILENCE, VOICE), (VOICE, (-VOICE // 2).astype(np.int16))],
)
def test_the_voice_is_as_loud_as_it_was(left: np.ndarray, right: np.ndarray) -> None:
    assert loudness(mix(left, right)) > 0.7 * loudness(VOICE)


def test_two_people_at_two_microphones_are_both_heard() -> None:
    mixed = mix(VOICE, OTHER).astype(float)
    assert abs(np.corrcoef(mixed, VOICE)[0, 1]) > 0.3
    assert abs(np.corrcoef(mixed, OTHER)[0, 1]) > 0.3


def test_the_loudest_samples_do_not_turn_over() -> None:
    loudest = np.array([-32768, 32767] * 100, np.int16)
    assert set(mix(loudest, (-(loudest + 1)).astype(np.int16))) <= {-32768, 32767}


def test_silence_stays_silence() -> None:
    assert not mix(SILENCE, SILENCE).any()


@pytest.mark.parametrize("frame", [160, 1_024, PIECE - 1, PIECE * 2])
def test_nothing_is_lost_or_moved_between_pieces(frame: int) -> None:
    same = np.tile(VOICE, 9)
    pairs, mixer, mixed = np.stack([same, same], axis=1), Mixer(), b""
    for start in range(0, len(pairs), frame):
        mixed += mixer.mixed(pairs[start : start + frame])
    assert np.array_equal(np.frombuffer(mixed + mixer.rest(), np.int16), same)


def test_one_channel_passes_through() -> None:
    assert Mixer().mixed(VOICE.reshape(-1, 1)) == VOICE.tobytes()
