"""Speech recognition: samples to words, with the guards against text that nobody said.

Sequential pipeline with voice activity detection (DESIGN 5): the batched one ignores the no-speech, compression and
log-probability guards. Recordings go in windows cut at a quiet place: only the samples grow with length (115 MB an hour), and what was heard so far
can be kept. Where a window ends depends on where it began and on nothing else, so that a second try goes on as the first would have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from daemon.engines import mlx_speech
from daemon.engines.audio import SAMPLE_RATE
from daemon.engines.loops import MOST_ALIKE, loop_at, plain
from daemon.engines.passages import Heard
from daemon.model.errors import PermanentError, RetryableError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# A window is lost when the child dies in it: at a fifth of real time, half a minute of work.
WINDOW_SECONDS = 120.0
# A window ends at the quietest place in its last part.
CUT_SHARE = 0.25
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


# Fast speech has five words a second, of less than two tokens each, and a time stands before and after each sentence. With so many seconds
# the tokens fit behind the longest prompt.
SHORT_SECONDS, TOKENS_A_SECOND, TOKENS_MORE = 10.0, 12, 30
# So much speech without a word for it is told of: shorter is a cough, an "um", or a phantom that was dropped.
UNEXPLAINED_SECONDS = 3.0
SURELY_SPEECH = 0.8
# English that is less than this of all that was said is what a guess at the language got wrong.
LEAST_SHARE = 0.1

Stretch = tuple[float, float]


@dataclass(slots=True)
class Transcript:
    """Words in order, and stretches (seconds) where someone spoke but no words can be trusted: `foreign` those that are in another
    language. `until`: up to which sample that is all."""

    words: list[Heard] = field(default_factory=list)
    unreadable: list[Stretch] = field(default_factory=list)
    foreign: list[Stretch] = field(default_factory=list)
    until: int = 0

    def add(self, more: Transcript) -> None:
        """What the next window has."""
        self.words += more.words
        self.unreadable += more.unreadable
        self.foreign += more.foreign
        self.until = more.until


@dataclass(frozen=True, slots=True)
class Asked:
    """How to listen: in which language (empty: whichever it is), with which hotwords, and how much of it at once."""

    language: str
    hotwords: str = ""
    window_seconds: float = WINDOW_SECONDS


OnWindow = Callable[[Transcript], None]


def load_model(directory: Path, threads: int) -> Any:
    """Load a Whisper model from a local folder, in the engine that its format is for. Raises RetryableError: `model-missing`,
    `model-altered`, `engine-not-here`."""
    if mlx_speech.is_for_mlx(directory):
        return mlx_speech.load_model(directory)
    import ctranslate2

    from daemon.engines.languages import ListeningModel

    # The tokenizer counts: without it the library would ask the network for one.
    if not all((directory / name).is_file() for name in ("model.bin", "config.json", "tokenizer.json")):
        raise RetryableError("model-missing")
    ctranslate2.set_random_seed(0)
    try:
        return ListeningModel(
            str(directory), device="cpu", compute_type="int8", cpu_threads=threads, num_workers=1, local_files_only=True
        )
    except (RuntimeError, ValueError):
        raise RetryableError("model-altered") from None


def transcribe(
    model: Any,
    samples: NDArray[np.int16],
    *,
    asked: Asked,
    progress: Callable[[float, float], None] = lambda done, total: None,
    before: Transcript | None = None,
    on_window: OnWindow = lambda window: None,
) -> Transcript:
    """Recognise a recording. `before` is what an earlier try had heard, and is gone on from; `on_window` is given each window's part
    of a recording that has several. Raises PermanentError: `speech-none` if nothing in it is speech, `speech-other-language`."""
    transcript = before or Transcript()
    total, size = len(samples) / SAMPLE_RATE, int(asked.window_seconds * SAMPLE_RATE)
    for start, window in _windows(samples, transcript.until, size):
        offset, part = start / SAMPLE_RATE, Transcript(until=start + len(window))
        for segment in _Listener(model, window, asked, offset).into(part):
            progress(offset + segment.end, total)
        part.unreadable += _unexplained(window, offset, part)
        progress(part.until / SAMPLE_RATE, total)
        transcript.add(part)
        if len(samples) > size:
            on_window(part)
    if transcript.foreign and _seconds(transcript) < LEAST_SHARE * sum(
        end - start for start, end in transcript.foreign
    ):
        raise PermanentError("speech-other-language")
    if not transcript.words:
        raise PermanentError("speech-none")
    return transcript


def _unexplained(window: NDArray[np.int16], offset: float, part: Transcript) -> list[Stretch]:
    """Where somebody speaks and the model gave no words at all: it skips what it takes for silence, which another language may be."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    told = sorted([*((w.start, w.end) for w in part.words), *part.unreadable, *part.foreign])
    end = offset + len(window) / SAMPLE_RATE
    found, at = [], offset
    for start, until in [*told, (end, end)]:
        if start - at >= UNEXPLAINED_SECONDS:
            gap = window[int((at - offset) * SAMPLE_RATE) : int((start - offset) * SAMPLE_RATE)]
            spoken = get_speech_timestamps(gap.astype(np.float32) / 32768.0, VadOptions(threshold=SURELY_SPEECH))
            if sum(each["end"] - each["start"] for each in spoken) >= UNEXPLAINED_SECONDS * SAMPLE_RATE:
                found.append((at + spoken[0]["start"] / SAMPLE_RATE, at + spoken[-1]["end"] / SAMPLE_RATE))
        at = max(at, until)
    return found


def _seconds(transcript: Transcript) -> float:
    return sum(word.end - word.start for word in transcript.words)


class _Listener:
    """One window: its segments, and what becomes of each."""

    def __init__(self, model: Any, window: NDArray[np.int16], asked: Asked, offset: float) -> None:
        self._model, self._asked, self._offset = model, asked, offset
        self._audio = window.astype(np.float32) / 32768.0
        self._last, self._alike = "", 0

    def into(self, part: Transcript) -> Iterator[Any]:
        """Put what is heard into `part`, segment by segment; each is given out when it is done."""
        for segment in self._segments():
            self._take(segment, part)
            yield segment

    def _segments(self) -> Iterator[Any]:
        segments, _ = self._model.transcribe(
            self._audio,
            language=self._asked.language or None,
            beam_size=5,
            temperature=TEMPERATURES,
            vad_filter=True,
            condition_on_previous_text=False,
            word_timestamps=True,
            hallucination_silence_threshold=2.0,
            compression_ratio_threshold=MAX_COMPRESSION_RATIO,
            log_prob_threshold=MIN_LOG_PROBABILITY,
            no_speech_threshold=MAX_NO_SPEECH,
            hotwords=self._asked.hotwords or None,
            max_new_tokens=_most_tokens(len(self._audio) / SAMPLE_RATE),
        )
        yield from segments

    def _take(self, segment: Any, part: Transcript) -> None:
        stretch = (self._offset + float(segment.start), self._offset + float(segment.end))
        if _is_phantom(segment, self._asked.hotwords):
            return
        if self._is_in_another_language(segment):
            part.foreign.append(stretch)
            return
        if segment.avg_logprob < UNREADABLE_LOG_PROBABILITY or self._is_said_again(segment):
            part.unreadable.append(stretch)
            return
        heard = [
            Heard(
                word.word,
                self._offset + float(word.start),
                self._offset + float(word.end),
                min(max(float(word.probability), 0.0), 1.0),
            )
            for word in segment.words or []
        ]
        stuck = _stuck_at(segment, heard)
        part.words += heard[:stuck]
        if stuck < len(heard):
            part.unreadable.append((heard[stuck].start, max(stretch[1], heard[stuck].start)))

    def _is_in_another_language(self, segment: Any) -> bool:
        from daemon.engines.languages import is_in_another

        own = self._audio[int(segment.start * SAMPLE_RATE) : int(segment.end * SAMPLE_RATE)]
        return is_in_another(self._model, own, segment, self._asked.language)

    def _is_said_again(self, segment: Any) -> bool:
        """Whether the same sentence stands here once more after it stood here as often as anybody says it."""
        text = plain(segment.text)
        self._alike = self._alike + 1 if text == self._last else 1
        self._last = text
        return self._alike > MOST_ALIKE and " " in text


def _most_tokens(seconds: float) -> int | None:
    """How many tokens a short recording may have; None for the model's own most. Two seconds and a vocabulary went round in circles up to
    that most at each temperature, which took six times as long."""
    return int(TOKENS_A_SECOND * seconds) + TOKENS_MORE if seconds <= SHORT_SECONDS else None


def _stuck_at(segment: Any, heard: list[Heard]) -> int:
    """How many words stand before the model got stuck. What is too alike to be speech is so from its first word on, unless the place
    where it begins can be told."""
    place = loop_at([word.text for word in heard])
    if place is None:
        return 0 if segment.compression_ratio > MAX_COMPRESSION_RATIO else len(heard)
    return place


def _is_phantom(segment: Any, hotwords: str) -> bool:
    """Whether it is what recognition writes where nobody speaks: a goodbye, or nothing but names that it was told to listen for."""
    text = plain(segment.text)
    if not text:
        return True
    unsure = segment.avg_logprob < PHANTOM_LOG_PROBABILITY or segment.no_speech_prob > PHANTOM_NO_SPEECH
    told = set(text.split()) <= set(plain(hotwords).split())
    return bool(unsure) and (text in _PHANTOMS or told)


def _windows(samples: NDArray[np.int16], start: int, size: int) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Pieces of at most `size`, with the sample each begins at, cut where the last part is quietest."""
    while len(samples) - start > size:
        end = _quietest(samples, start + size - int(size * CUT_SHARE), start + size)
        yield start, samples[start:end]
        start = end
    if start < len(samples):
        yield start, samples[start:]


def _quietest(samples: NDArray[np.int16], low: int, high: int) -> int:
    """The middle of the half second with the least energy between two samples."""
    step = SAMPLE_RATE // 2
    frames = samples[low : low + (high - low) // step * step].astype(np.float32).reshape(-1, step)
    return low + int(np.argmin(np.square(frames).mean(axis=1))) * step + step // 2
