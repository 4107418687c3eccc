"""The engines that recordings and pages can be read with, by the names that the settings use."""

from __future__ import annotations

from typing import Final, Literal

SpeechEngine = Literal["faster-whisper", "mlx-whisper"]
SpeechChoice = Literal["auto", "faster-whisper", "mlx-whisper"]
FormsEngine = Literal["rapidocr", "ocrmac"]
FormsChoice = Literal["auto", "rapidocr", "ocrmac"]

FASTER_WHISPER: Final = "faster-whisper"
MLX_WHISPER: Final = "mlx-whisper"
RAPIDOCR: Final = "rapidocr"
APPLE_VISION: Final = "ocrmac"

MLX_WEIGHTS: Final = ("weights.safetensors", "weights.npz")
"""What the weights are called in a folder of MLX; one of CTranslate2, which faster-whisper runs, has `model.bin`."""
MLX_MODEL: Final = "-mlx"
"""How a model is called that was written in MLX's format: its own name and this."""


def speech_engine(files: frozenset[str]) -> SpeechEngine:
    """Which engine a model's files are for: each engine has a format of its own, and runs no other's."""
    return MLX_WHISPER if not files.isdisjoint(MLX_WEIGHTS) else FASTER_WHISPER
