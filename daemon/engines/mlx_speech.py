"""Speech recognition on Apple's graphics processors: `mlx-whisper` behind the calls that `speech` makes of faster-whisper.

What it lacks is done here. Hotwords: it knows an opening prompt alone, so each window of speech is handed to it by itself, with the
hotwords in front (where faster-whisper puts them too). Voice detection: that of faster-whisper, whose model is inside its package.
It has no beam search: what is likeliest at each step is taken. Word probabilities it computes itself (`word_timestamps=True`), as the
mean of a word's tokens, as faster-whisper does. Models come from a local folder; with a folder that exists it asks no network.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from daemon.model.errors import RetryableError
from daemon.model.reading_engines import MLX_WEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Audio = NDArray[np.float32]

SAMPLE_RATE: Final = 16_000
WINDOW_SECONDS: Final = 30.0  # what Whisper hears at once (Radford et al. 2022, section 2.1)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word with its leading space; seconds of the whole recording, probability 0 to 1."""

    word: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class SpokenSegment:
    """What faster-whisper's segments tell, as far as it is asked for here."""

    start: float
    end: float
    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float
    temperature: float
    words: list[SpokenWord]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Samples `start` to `end` of the recording, in which somebody speaks."""

    start: int
    end: int


def is_for_mlx(directory: Path) -> bool:
    """Whether a model's folder holds weights in MLX's format."""
    return any((directory / name).is_file() for name in MLX_WEIGHTS)


def load_model(directory: Path) -> MlxWhisper:
    """A Whisper model from a local folder. Raises RetryableError: `model-missing`, `engine-not-here`, `model-altered`."""
    if not is_for_mlx(directory) or not (directory / "config.json").is_file():
        raise RetryableError("model-missing")
    os.environ["HF_HUB_OFFLINE"] = (
        "1"  # read when its library is imported; the folder is there, so that it would not ask anyway
    )
    try:
        import mlx.core as mx
        import mlx_whisper
        from mlx_whisper.audio import N_FRAMES, log_mel_spectrogram, pad_or_trim
        from mlx_whisper.transcribe import ModelHolder
    except ImportError:
        raise RetryableError("engine-not-here") from None
    mx.random.seed(0)
    try:
        model = ModelHolder.get_model(str(directory), mx.float16)
    except (OSError, RuntimeError, ValueError, TypeError, KeyError):
        raise RetryableError("model-altered") from None

    def languages(audio: Audio) -> dict[str, float]:
        if not model.is_multilingual:
            return {}
        sound = pad_or_trim(log_mel_spectrogram(audio, n_mels=model.dims.n_mels), N_FRAMES, axis=-2)
        _, shares = model.detect_language(sound.astype(mx.float16))
        return {language: float(share) for language, share in shares.items()}

    return MlxWhisper(str(directory), mlx_whisper.transcribe, languages)


class MlxWhisper:
    """A loaded model with faster-whisper's `transcribe`; `listen` is `mlx_whisper.transcribe`.

    `languages` says how likely each language is in at most half a minute of sound; nothing for a model that knows one alone.
    """

    def __init__(self, directory: str, listen: Any, languages: Callable[[Audio], dict[str, float]]) -> None:
        self._directory, self._listen, self.languages_of = directory, listen, languages
        self.heard: dict[str, float] = {}
        """How likely each language was in the window that the segment given out last is from."""

    def transcribe(self, audio: Audio, **asked: Any) -> tuple[Iterator[SpokenSegment], None]:
        """Segments in order. Of `asked`: language, temperature, hotwords, and the thresholds; the others mean nothing here."""
        stretches = _spoken(audio) if asked.get("vad_filter", True) else [Stretch(0, len(audio))]
        return self._segments(audio, stretches, self._options(asked)), None

    def _segments(self, audio: Audio, stretches: Sequence[Stretch], options: dict[str, Any]) -> Iterator[SpokenSegment]:
        for window in windows(stretches):
            sound = np.concatenate([audio[one.start : one.end] for one in window])
            self.heard = self.languages_of(sound)
            for segment in self._listen(sound, **options)["segments"]:
                if segment.get("words"):
                    yield _segment(segment, window)

    def _options(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "path_or_hf_repo": self._directory,
            "verbose": None,
            "language": asked.get("language"),
            "initial_prompt": asked.get("hotwords"),
            "temperature": asked.get("temperature", 0.0),
            "condition_on_previous_text": False,
            "word_timestamps": True,
            "compression_ratio_threshold": asked.get("compression_ratio_threshold"),
            "logprob_threshold": asked.get("log_prob_threshold"),
            "no_speech_threshold": asked.get("no_speech_threshold"),
            "hallucination_silence_threshold": asked.get("hallucination_silence_threshold"),
        }


def _spoken(audio: Audio) -> list[Stretch]:
    """Where somebody speaks, none longer than a window; cut at a pause where there is one."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    # What faster-whisper sets for windows that are read one by one (`faster_whisper.transcribe`, BatchedInferencePipeline).
    found = get_speech_timestamps(audio, VadOptions(max_speech_duration_s=WINDOW_SECONDS, min_silence_duration_ms=160))
    most = int(WINDOW_SECONDS * SAMPLE_RATE)
    return [
        Stretch(start, min(start + most, one["end"]))
        for one in found
        for start in range(one["start"], one["end"], most)
    ]


def windows(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Stretches that are heard together: as many as a window takes."""
    window: list[Stretch] = []
    for one in stretches:
        if window and sum(each.end - each.start for each in (*window, one)) > WINDOW_SECONDS * SAMPLE_RATE:
            yield window
            window = []
        window.append(one)
    if window:
        yield window


def _segment(heard: dict[str, Any], window: Sequence[Stretch]) -> SpokenSegment:
    words = [
        SpokenWord(
            one["word"],
            time_in_recording(one["start"], window),
            time_in_recording(one["end"], window),
            float(one["probability"]),
        )
        for one in heard["words"]
    ]
    return SpokenSegment(
        words[0].start,
        max(words[0].start, words[-1].end),
        heard["text"],
        float(heard["avg_logprob"]),
        float(heard["no_speech_prob"]),
        float(heard["compression_ratio"]),
        float(heard["temperature"]),
        words,
    )


def time_in_recording(seconds: float, window: Sequence[Stretch]) -> float:
    """A time in a window as a time in the recording: the pauses between its stretches were left out."""
    left = round(float(seconds) * SAMPLE_RATE)
    for one in window:
        if left <= one.end - one.start:
            return (one.start + max(left, 0)) / SAMPLE_RATE
        left -= one.end - one.start
    return window[-1].end / SAMPLE_RATE
