"""Who speaks, as numbers: stretches of speech to vectors that lie close together where one voice says them.

The network is Resemblyzer's speaker encoder (Resemble AI, Apache-2.0; `weights/LICENSE.resemblyzer`): an LSTM of three layers of
256 cells over 40 mel bands, trained with the generalized end-to-end loss (Wan et al. 2018, "Generalized End-to-End Loss for Speaker
Verification"), its weights kept as 16-bit numbers and computed here with numpy alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAMPLE_RATE = 16_000
WINDOW_SECONDS = 1.6
"""What the network was trained on, and what it looks at here."""
_STEP, _FFT = 160, 400
"""Samples from frame to frame, and in a frame: 10 ms and 25 ms, as it was trained."""
_FRAMES = 160
_BANDS, _CELLS, _LAYERS = 40, 256, 3
_LOUDNESS = 10 ** (-30 / 20)
"""Recordings softer than -30 dBFS are brought to it, as in its training."""
_BATCH = 32

Weights = dict[str, "NDArray[np.float32]"]


def vectors(samples: NDArray[np.int16], stretches: Sequence[tuple[float, float]]) -> NDArray[np.float32]:
    """A vector of length 1 for each stretch (seconds). One shorter than `WINDOW_SECONDS` is said again until that is full; of a longer
    one the beginning is heard."""
    gain = _gain(samples)
    found = [np.zeros((0, _CELLS), np.float32)]
    for first in range(0, len(stretches), _BATCH):
        pieces = [_piece(samples, *each) for each in stretches[first : first + _BATCH]]
        found.append(_encoded(_mels(np.stack(pieces).astype(np.float32) * np.float32(gain / 32768.0))))
    return np.concatenate(found)


def _piece(samples: NDArray[np.int16], start: float, end: float) -> NDArray[np.int16]:
    """So many samples that `_FRAMES` frames are cut from them."""
    cut = samples[int(start * SAMPLE_RATE) : max(int(end * SAMPLE_RATE), int(start * SAMPLE_RATE) + 1)]
    return np.resize(cut, (_FRAMES - 1) * _STEP + _FFT)


def _gain(samples: NDArray[np.int16]) -> float:
    step = 1 << 20
    total = sum(
        float(np.square(samples[at : at + step].astype(np.float64)).sum()) for at in range(0, len(samples), step)
    )
    loudness = float(np.sqrt(total / max(len(samples), 1))) / 32768.0
    return max(_LOUDNESS / loudness, 1.0) if loudness else 1.0


def _mels(pieces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Power in each band: windows x frames x bands."""
    frames = np.lib.stride_tricks.sliding_window_view(pieces, _FFT, axis=1)[:, ::_STEP]
    hann = np.hanning(_FFT + 1)[:-1].astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames * hann, axis=2))).astype(np.float32)
    mels: NDArray[np.float32] = power @ _bands().T
    return mels


@cache
def _bands() -> NDArray[np.float32]:
    """Triangles on the mel scale of Slaney's Auditory Toolbox (1998), each of one area: what librosa gives by default."""
    edges = _hertz(np.linspace(0.0, _mel(SAMPLE_RATE / 2), _BANDS + 2))
    bins = np.linspace(0.0, SAMPLE_RATE / 2, _FFT // 2 + 1)
    slopes = edges[:, None] - bins[None, :]
    widths = np.diff(edges)
    rising, falling = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    area = 2.0 / (edges[2:] - edges[:-2])
    bands: NDArray[np.float32] = (np.maximum(0.0, np.minimum(rising, falling)) * area[:, None]).astype(np.float32)
    return bands


def _mel(hertz: float) -> float:
    """Linear to 1000 Hz (15 mel), logarithmic above."""
    return hertz * 3 / 200 if hertz < 1000 else float(15 + np.log(hertz / 1000) * 27 / np.log(6.4))


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    above: NDArray[np.float64] = 1000 * np.exp((mel - 15) * np.log(6.4) / 27)
    return np.where(mel < 15, mel * 200 / 3, above)


def _encoded(mels: NDArray[np.float32]) -> NDArray[np.float32]:
    weights = _weights()
    hidden = mels
    for layer in range(_LAYERS):
        hidden = _lstm(hidden, weights, layer)
    raw = np.maximum(hidden[:, -1] @ weights["linear.weight"].T + weights["linear.bias"], 0.0)
    encoded: NDArray[np.float32] = raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-6)
    return encoded


def _lstm(inputs: NDArray[np.float32], weights: Weights, layer: int) -> NDArray[np.float32]:
    """One layer over all frames (Hochreiter and Schmidhuber 1997); the gates stand as input, forget, cell, output."""
    windows, frames, size = inputs.shape
    bias = weights[f"lstm.bias_ih_l{layer}"] + weights[f"lstm.bias_hh_l{layer}"]
    gates_in = (inputs.reshape(-1, size) @ weights[f"lstm.weight_ih_l{layer}"].T + bias).reshape(windows, frames, -1)
    recurrent = np.ascontiguousarray(weights[f"lstm.weight_hh_l{layer}"].T)
    hidden, cell = np.zeros((windows, _CELLS), np.float32), np.zeros((windows, _CELLS), np.float32)
    out = np.empty((windows, frames, _CELLS), np.float32)
    for frame in range(frames):
        gates = gates_in[:, frame] + hidden @ recurrent
        opened = _sigmoid(gates[:, : 2 * _CELLS])
        cell = opened[:, _CELLS:] * cell + opened[:, :_CELLS] * np.tanh(gates[:, 2 * _CELLS : 3 * _CELLS])
        hidden = _sigmoid(gates[:, 3 * _CELLS :]) * np.tanh(cell)
        out[:, frame] = hidden
    return out


def _sigmoid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    half = np.float32(0.5)
    opened: NDArray[np.float32] = half * np.tanh(half * values) + half
    return opened


@cache
def _weights() -> Weights:
    with (files("daemon.engines") / "weights" / "voices.npz").open("rb") as file, np.load(file) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
