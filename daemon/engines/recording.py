"""The request "recording": a voice memo's bytes to passages with times."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.engines.media_guard import inspect, limits_from
from daemon.engines.passages import Heard, passage_text, split_passages
from daemon.model.errors import ChartdraftError, PermanentError

if TYPE_CHECKING:
    from daemon.engines.speech import Transcript

# Words that nobody said, at the end of a clause that was, came at 0.03 ("life." after "relief."); words misheard from a
# voice that is hard to follow stay above 0.4. What lies between is shown, with its confidence.
MIN_CONFIDENCE = 0.2


def warm_up() -> None:
    """Import what reading a recording needs, and load the voice detector, which comes inside its library."""
    from faster_whisper.vad import get_vad_model

    from daemon.engines import audio, speech, voices  # noqa: F401 - for the side effect of being imported

    get_vad_model()


def prepare(directory: Path, threads: int) -> None:
    """Load the model before the recording is there, for the one request that follows."""
    _prepared[directory] = _Loading(directory, threads)
    _prepared[directory].model()


def read(header: dict[str, Any], data: bytes, threads: int, send: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """Answer the request. Raises the codes of `media_guard`, `audio` and `speech`.

    `header`: suffix, limits, model (folder), language, hotwords (the most important first; as many are used as fit);
    window_seconds, if not as usual; before: what an earlier try had heard, in the shape of the frames "window" that are sent
    of a long recording. The reply: seconds; passages with text, start, end, confidence, voice ("A", "B" or "") and words
    [text, confidence, start, end]; unreadable [[start, end]].
    """
    media = inspect(header["suffix"], data, limits_from(header))
    from daemon.engines import audio, hotwords, speech, voices

    directory = Path(header["model"])
    loading = _prepared.pop(directory, None) or _Loading(directory, threads)
    samples = audio.decode(data, media.format, limits_from(header))

    def progress(done: float, total: float) -> None:
        send({"progress": {"done": round(done, 1), "total": round(total, 1)}})

    before = _transcript_from(header.get("before"))
    heard_before = before.until / audio.SAMPLE_RATE if before else 0.0
    progress(heard_before, len(samples) / audio.SAMPLE_RATE)  # how long it is, before the model is there
    model = loading.model()
    _last[:] = [(model, samples, header["language"])]
    asked = speech.Asked(
        header["language"],
        hotwords.within_budget(model, header["hotwords"]),
        header.get("window_seconds") or speech.WINDOW_SECONDS,
    )
    transcript = speech.transcribe(
        model,
        samples,
        asked=asked,
        progress=progress,
        before=before,
        on_window=lambda window: send({"window": _window(window)}),
    )
    return {"seconds": len(samples) / audio.SAMPLE_RATE, **_said(voices.voiced(samples, transcript.words), transcript)}


def again(header: dict[str, Any]) -> dict[str, Any]:
    """Answer the request "again" about the recording that was read last: `looks` [[start, end, [names], [texts]]], in seconds of it. The
    reply: `chances` [[logarithms]], one for each text. Raises PermanentError("engine-protocol") if none was read."""
    from daemon.engines.second_hearing import how_likely

    if not _last:
        raise PermanentError("engine-protocol")
    model, samples, language = _last.pop()
    return {"chances": how_likely(model, samples, language, header["looks"])}


def _said(words_heard: Sequence[Heard], transcript: Transcript) -> dict[str, Any]:
    """The reply's passages, and its stretches that nobody could follow. Raises PermanentError("speech-none")."""
    heard = split_passages(words_heard)
    guessed = [(words[0].start, words[-1].end) for words in heard if _confidence(words) < MIN_CONFIDENCE]
    said = [_passage(words) for words in heard if _confidence(words) >= MIN_CONFIDENCE]
    if not said:
        raise PermanentError("speech-none")
    return {"passages": said, "unreadable": sorted([*transcript.unreadable, *transcript.foreign, *guessed])}


def _window(window: Transcript) -> dict[str, Any]:
    """Plain lists of what one window had: exact, so that a second try goes on with the same numbers."""
    return {
        "until": window.until,
        "words": [[word.text, word.confidence, word.start, word.end] for word in window.words],
        "unreadable": [list(stretch) for stretch in window.unreadable],
        "foreign": [list(stretch) for stretch in window.foreign],
    }


def _transcript_from(before: dict[str, Any] | None) -> Transcript | None:
    from daemon.engines.speech import Transcript

    if before is None:
        return None
    return Transcript(
        words=[Heard(text, start, end, confidence) for text, confidence, start, end in before["words"]],
        unreadable=[(start, end) for start, end in before["unreadable"]],
        foreign=[(start, end) for start, end in before["foreign"]],
        until=before["until"],
    )


class _Loading:
    """The model, loaded in a thread while the recording is decoded."""

    def __init__(self, directory: Path, threads: int) -> None:
        self._directory, self._threads = directory, threads
        self._model: Any = None
        self._error: ChartdraftError | None = None
        self._thread = threading.Thread(target=self._run, name="model", daemon=True)
        self._thread.start()

    def model(self) -> Any:
        """Wait for the model. Raises what loading raised."""
        self._thread.join()
        if self._error:
            raise self._error
        return self._model

    def _run(self) -> None:
        from daemon.engines import speech

        try:
            self._model = speech.load_model(self._directory, self._threads)
        except ChartdraftError as error:
            self._error = error


_prepared: dict[Path, _Loading] = {}
_last: list[tuple[Any, Any, str]] = []
"""The model, samples and language of the recording that was read last, for at most one more question about it."""


def _passage(words: list[Heard]) -> dict[str, Any]:
    return {
        "text": passage_text(words),
        "start": round(words[0].start, 3),
        "end": round(words[-1].end, 3),
        "confidence": round(_confidence(words), 4),
        "voice": words[0].voice,
        "words": [[w.text.strip(), round(w.confidence, 4), round(w.start, 3), round(w.end, 3)] for w in _whole(words)],
    }


def _confidence(words: list[Heard]) -> float:
    return sum(word.confidence for word in words) / len(words)


def _whole(words: list[Heard]) -> list[Heard]:
    """Words that recognition left in pieces ("101", ".2") put together; as sure as the least sure piece."""
    whole: list[Heard] = []
    for word in words:
        if whole and not word.text.startswith(" "):
            last = whole[-1]
            whole[-1] = Heard(last.text + word.text, last.start, word.end, min(last.confidence, word.confidence))
        else:
            whole.append(word)
    return whole
