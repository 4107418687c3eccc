"""Speech recognition: samples to words, with the guards against text that nobody said.

Sequential pipeline with voice activity detection (DESIGN 5): the batched one ignores the no-speech, compression and
log-probability guards. Long recordings go in blocks cut at a quiet place, so that memory does not grow with length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.engines import mlx_speech
from daemon.engines.audio import SAMPLE_RATE
from daemon.engines.passages import Heard, is_loop
from daemon.model.errors import PermanentError, RetryableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_SECONDS = 600.0
CUT_WINDOW_SECONDS = 30.0
# Thresholds of the Whisper paper's decoder (Radford et al. 2022, section 4.5), except where a comment says otherwise.
MAX_COMPRESSION_RATIO = 2.4
MAX_NO_SPEECH = 0.6
MIN_LOG_PROBABILITY = -1.0
# All temperatures tried, and still this far below: then it is a guess, and a guess must not become a sentence in a note.
UNREADABLE_LOG_PROBABILITY = -1.3
TEMPERATURES = (0.0, 0.2, 0.4, 0.6)
# What Whisper writes over noise: its training subtitles' goodbyes and stray sounds.
_PHANTOMS = frozenset(
    {"you", "thank you", "thank you very much", "thank you so much", "thanks", "bye", "bye bye", "okay", "so", "oh",
     "thanks for watching", "thank you for watching", "please subscribe", "subscribe", "the end", "music", "applause",
     "silence", "blank audio", "beep", "um", "uh", "hmm", "mm", "i m sorry", "i m going to go"}
)  # fmt: skip
# Such words count as said only if recognition is sure of them; a lone "Thank you" carries nothing for a note.
PHANTOM_LOG_PROBABILITY = -0.5
PHANTOM_NO_SPEECH = 0.35


@dataclass(slots=True)
class Transcript:
    """Words in order, and stretches (seconds) where someone spoke but no words can be trusted."""

    words: list[Heard] = field(default_factory=list)
    unreadable: list[tuple[float, float]] = field(default_factory=list)


def load_model(directory: Path, threads: int) -> Any:
    """Load a Whisper model from a local folder, in the engine that its format is for. Raises RetryableError: `model-missing`,
    `model-altered`, `engine-not-here`."""
    if mlx_speech.is_for_mlx(directory):
        return mlx_speech.load_model(directory)
    import ctranslate2
    from faster_whisper import WhisperModel

    # The tokenizer counts: without it the library would ask the network for one.
    if not all((directory / name).is_file() for name in ("model.bin", "config.json", "tokenizer.json")):
        raise RetryableError("model-missing")
    ctranslate2.set_random_seed(0)
    try:
        return WhisperModel(
            str(directory), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )
    except (RuntimeError, ValueError):
        raise RetryableError("model-altered") from None


def transcribe(
    model: Any,
    samples: NDArray[np.int16],
    *,
    language: str,
    hotwords: str,
    progress: Callable[[float, float], None] = lambda done, total: None,
) -> Transcript:
    """Recognise a recording. Raises PermanentError("speech-none") if nothing in it is speech."""
    transcript = Transcript()
    total = len(samples) / SAMPLE_RATE
    for start, block in _blocks(samples):
        offset = start / SAMPLE_RATE
        for segment in _segments(model, block, language, hotwords):
            _take(segment, offset, transcript)
            progress(offset + segment.end, total)
        progress(offset + len(block) / SAMPLE_RATE, total)
    if not transcript.words:
        raise PermanentError("speech-none")
    return transcript


def _segments(model: Any, block: NDArray[np.int16], language: str, hotwords: str) -> Iterator[Any]:
    audio = block.astype(np.float32) / 32768.0
    segments, _ = model.transcribe(
        audio,
        language=language or None,
        beam_size=5,
        temperature=TEMPERATURES,
        vad_filter=True,
        condition_on_previous_text=False,
        word_timestamps=True,
        hallucination_silence_threshold=2.0,
        compression_ratio_threshold=MAX_COMPRESSION_RATIO,
        log_prob_threshold=MIN_LOG_PROBABILITY,
        no_speech_threshold=MAX_NO_SPEECH,
        hotwords=hotwords or None,
    )
    yield from segments


def _take(segment: Any, offset: float, transcript: Transcript) -> None:
    if _is_phantom(segment):
        return
    stretch = (offset + segment.start, offset + segment.end)
    if segment.avg_logprob < UNREADABLE_LOG_PROBABILITY or _is_stuck(segment):
        transcript.unreadable.append(stretch)
        return
    transcript.words += [
        Heard(word.word, offset + word.start, offset + word.end, min(max(word.probability, 0.0), 1.0))
        for word in segment.words or []
    ]


def _is_stuck(segment: Any) -> bool:
    return bool(segment.compression_ratio > MAX_COMPRESSION_RATIO) or is_loop(segment.text)


def _is_phantom(segment: Any) -> bool:
    text = " ".join(re.findall(r"\w+", segment.text.lower()))
    if not text:
        return True
    unsure = segment.avg_logprob < PHANTOM_LOG_PROBABILITY or segment.no_speech_prob > PHANTOM_NO_SPEECH
    return text in _PHANTOMS and bool(unsure)


def _blocks(samples: NDArray[np.int16]) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Pieces of at most `BLOCK_SECONDS`, with the sample each begins at, cut where the last half minute is quietest."""
    start, size = 0, int(BLOCK_SECONDS * SAMPLE_RATE)
    while len(samples) - start > size:
        end = _quietest(samples, start + size - int(CUT_WINDOW_SECONDS * SAMPLE_RATE), start + size)
        yield start, samples[start:end]
        start = end
    yield start, samples[start:]


def _quietest(samples: NDArray[np.int16], low: int, high: int) -> int:
    """The middle of the half second with the least energy between two samples."""
    step = SAMPLE_RATE // 2
    frames = samples[low : low + (high - low) // step * step].astype(np.float32).reshape(-1, step)
    return low + int(np.argmin(np.square(frames).mean(axis=1))) * step + step // 2
