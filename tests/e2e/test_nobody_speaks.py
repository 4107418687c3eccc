"""No word is made up of recordings in which nobody speaks, and what a person hears in a bad recording is still read."""

from __future__ import annotations

import hashlib
import io
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from daemon.adapters.models.store import default_models_dir
from daemon.adapters.reading.engine_reader import EngineReader
from daemon.engines import audio
from daemon.engines.speech import Asked, load_model, transcribe
from daemon.faithfulness.vocabulary.hotwords import names_in, speech_names
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo
from daemon.model.source import Source

pytestmark = pytest.mark.engines

ASSETS = Path(__file__).parents[1] / "assets"
RATE, SECONDS = 16_000, 6
T = np.arange(RATE * SECONDS) / RATE
HISS = np.random.default_rng(0).normal(size=len(T))


def tone(frequency: float) -> np.ndarray:
    return np.asarray(np.sin(2 * np.pi * frequency * T))


def smooth(count: int) -> np.ndarray:
    return np.convolve(HISS, np.ones(count) / count, "same")


SOUNDS: dict[str, Callable[[], Any]] = {
    "silence": lambda: 0 * T,
    "dc": lambda: 0 * T + 0.3,
    "hiss, very soft": lambda: HISS * 1e-4,
    "hiss, soft": lambda: HISS * 0.01,
    "hiss": lambda: HISS * 0.1,
    "hiss, clipped": lambda: np.sign(HISS),
    "rumble": lambda: np.cumsum(HISS) / abs(np.cumsum(HISS)).max() * 0.5,
    "fan": lambda: smooth(20) * 0.2 * (1 + 0.3 * tone(7)),
    "babble": lambda: smooth(8) * 0.2 * (0.5 + 0.5 * tone(4)),
    "breath": lambda: HISS * 0.05 * np.clip(tone(0.25), 0, 1) ** 2,
    "hum": lambda: 0.2 * tone(50) + 0.05 * tone(150),
    "tone": lambda: 0.3 * tone(440),
    "sweep": lambda: 0.3 * np.sin(2 * np.pi * (100 + 150 * T) * T),
    "chord": lambda: 0.1 * (tone(261.6) + tone(329.6) + tone(392.0)),
    "melody": lambda: 0.3 * np.sin(2 * np.pi * np.repeat([262, 330, 392, 349, 294, 440], RATE) * T),
    "dial tones": lambda: 0.2 * (tone(770) + tone(1336)) * ((T * 4 % 1) < 0.5),
    "beeps": lambda: 0.4 * tone(1_000) * ((T % 1) < 0.15),
    "clicks": lambda: (HISS > 3.5) * 0.8,
    "heartbeat": lambda: 0.5 * tone(60) * ((T * 1.2 % 1) < 0.08),
    "doors": lambda: np.exp(-((T % 3) * 8)) * HISS * 0.5,
}


@pytest.fixture(scope="module")
def model() -> Any:
    return load_model(default_models_dir() / "whisper-base", 1)


def samples_of(sound: np.ndarray) -> np.ndarray:
    return (np.clip(sound, -1, 1) * 32_767).astype(np.int16)


@pytest.mark.parametrize("name", SOUNDS)
def test_nobody_speaks_and_nothing_is_heard(model: Any, name: str) -> None:
    with pytest.raises(PermanentError, match="speech-none"):
        transcribe(model, samples_of(SOUNDS[name]()), asked=Asked("en"))


# What recognition is told of, it hears before anything else where nothing is said.
VOCABULARY = """
Dr. Adaeze Okonkwo
Dr. Lindqvist
Nurse Halvorsen
Maplewood Medical Center
Cedar Ridge Clinic
St. Brigid's Hospital
apixaban
semaglutide
empagliflozin
lisinopril
sertraline
levothyroxine
metformin
hydroxychloroquine
"""


@pytest.mark.parametrize("number", range(1, 21))
def test_a_practice_s_own_names_are_not_heard_where_nobody_speaks(number: int) -> None:
    model_info = (default_models_dir() / "whisper-base", EngineInfo("whisper-base", "1" * 64))
    names = speech_names(names_in(VOCABULARY), {"apixaban": 30, "metformin": 60})
    assert len(names.own) == 14
    reader = EngineReader(Limits(), 1, "en", (), lambda: model_info, lambda: model_info, names=lambda: names)
    data = (ASSETS / "reading" / f"nobody-{number:02}.opus").read_bytes()
    with pytest.raises(PermanentError, match="speech-none"):
        reader.read(Source("s1", "recording", hashlib.sha256(data).hexdigest()), "nobody.opus", data)


def stereo(left: np.ndarray, right: np.ndarray, rate: int) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.stack([left, right], axis=1).tobytes())
    return out.getvalue()


def test_one_bad_recording_of_everything_is_read(model: Any) -> None:
    """A phone's band, one channel the wrong way round, too loud, and a tail of hiss: the words stay, and the tail has none."""
    memo = (ASSETS / "memo.wav").read_bytes()
    whole = audio.decode(memo, "wav", Limits())
    bare = " ".join(word.text.strip() for word in transcribe(model, whole[: 6 * RATE], asked=Asked("en")).words)
    loud = np.clip(whole[: 6 * RATE : 2].astype(np.int32) * 3, -32_768, 32_767).astype(np.int16)
    left = np.concatenate([loud, samples_of(HISS * 0.003)[: 4 * RATE]])
    data = stereo(left, np.clip(-left.astype(np.int32), -32_768, 32_767).astype(np.int16), RATE // 2)
    words = transcribe(model, audio.decode(data, "wav", Limits()), asked=Asked("en")).words
    said = {word.text.strip().lower().strip(".,") for word in words}
    wanted = {word.lower().strip(".,") for word in bare.split()}
    assert len(wanted & said) >= 0.7 * len(wanted)
    assert max(word.end for word in words) < 7.0
