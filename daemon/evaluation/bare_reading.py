"""The engines as they come, in a process of their own: what Chartdraft's own reading is held against.

Run as `python -m daemon.evaluation.bare_reading MODEL THREADS`; a line of JSON asks ({"do", "file"}), a line answers. The process has the
parent's environment and is not shut in: it reads nothing but the material, which is public.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from daemon.evaluation.draft_measure import Numbers
from daemon.model.errors import RetryableError

DEFAULTS, SAME = "bare", "bare, same settings"
# As daemon/engines/speech.py sets them; what guards there against invented text is not among them.
_SETTINGS: dict[str, dict[str, Any]] = {
    DEFAULTS: {},
    SAME: {
        "language": "en", "beam_size": 5, "temperature": (0.0, 0.2, 0.4, 0.6), "vad_filter": True, "condition_on_previous_text": False,
        "word_timestamps": True, "hallucination_silence_threshold": 2.0,
    },
}  # fmt: skip


class BareEngines:
    """The process, from this side. It ends with the block."""

    def __init__(self, model: Path, threads: int) -> None:
        """`model`: a folder with a Whisper model for faster-whisper; `threads`: that both ways of reading may use."""
        self._command = [sys.executable, "-m", "daemon.evaluation.bare_reading", str(model), str(threads)]
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def ask(self, way: str, file: Path) -> Numbers:
        """Texts that were read and the seconds it took, without loading. Raises RetryableError("engine-crashed")."""
        if self._process is None:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
        assert self._process.stdin is not None and self._process.stdout is not None  # noqa: PT018 - both are pipes
        try:
            self._process.stdin.write(json.dumps({"do": way, "file": str(file)}) + "\n")
            self._process.stdin.flush()
            answer: Numbers = json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self.close()
            raise RetryableError("engine-crashed") from None
        return answer


def main(model: str, threads: int) -> None:
    """Answer until nobody asks any more."""
    answers, loaded = sys.stdout, dict[str, Any]()
    sys.stdout = sys.stderr  # what an engine prints is no answer
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _form(asked, loaded) if asked["do"] == "forms" else _speech(asked, model, threads, loaded)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _speech(asked: dict[str, Any], model: str, threads: int, loaded: dict[str, Any]) -> dict[str, Any]:
    from faster_whisper import WhisperModel, decode_audio

    if "speech" not in loaded:
        loaded["speech"] = WhisperModel(
            model, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
    started = time.monotonic()
    samples = decode_audio(asked["file"])
    segments, _ = loaded["speech"].transcribe(samples, **_SETTINGS[asked["do"]])
    texts = [segment.text for segment in segments]
    return {"texts": texts, "seconds": time.monotonic() - started, "audio": len(samples) / 16_000}


def _form(asked: dict[str, Any], loaded: dict[str, Any]) -> dict[str, Any]:
    from rapidocr import RapidOCR

    if "forms" not in loaded:
        loaded["forms"] = RapidOCR()
    started = time.monotonic()
    found = loaded["forms"](asked["file"])
    return {"texts": list(found.txts or ()), "seconds": time.monotonic() - started}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
