"""What every engine that hears words promises: faster-whisper here and now, mlx-whisper where MLX and a model in its format are."""

from __future__ import annotations

import importlib.util
import os
import sys
import types
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.models.store import default_models_dir
from daemon.engines import mlx_speech, speech
from daemon.engines.mlx_speech import SAMPLE_RATE, WINDOW_SECONDS, MlxWhisper
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.reading_engines import MLX_MODEL, speech_engine

MEMO = Path(__file__).parents[1] / "assets" / "memo.wav"
MODEL = default_models_dir() / "whisper-base"
MODEL_FOR_MLX = default_models_dir() / f"whisper-base{MLX_MODEL}"

HAS_MLX = importlib.util.find_spec("mlx_whisper") is not None and MODEL_FOR_MLX.is_dir()
MLX = pytest.param(
    MODEL_FOR_MLX,
    id="mlx-whisper",
    marks=pytest.mark.skipif(
        not HAS_MLX, reason="mlx-whisper: needs the extra `apple` and `chartdraft models install whisper-base-mlx`"
    ),
)


@pytest.fixture(scope="module", params=[pytest.param(MODEL, id="faster-whisper"), MLX])
def model(request: pytest.FixtureRequest) -> Any:
    return speech.load_model(request.param, 1)


@pytest.fixture(scope="module")
def memo() -> np.ndarray:
    with wave.open(str(MEMO)) as recording:
        assert (recording.getframerate(), recording.getnchannels()) == (SAMPLE_RATE, 1)
        return np.frombuffer(recording.readframes(recording.getnframes()), np.int16)


@pytest.fixture(scope="module")
def heard(model: Any, memo: np.ndarray) -> speech.Transcript:
    """The memo after two seconds of silence."""
    quiet = np.zeros(2 * SAMPLE_RATE, np.int16)
    return speech.transcribe(model, np.concatenate([quiet, memo]), asked=speech.Asked("en", "amoxicillin, Kowalczyk"))


def test_what_was_said_is_heard(heard: speech.Transcript) -> None:
    said = "".join(word.text for word in heard.words).lower()
    for fact in ("sore throat", "three days", "101.2", "amoxicillin", "500", "10 days"):
        assert fact in said


def test_words_stand_in_order_each_at_its_time(heard: speech.Transcript, memo: np.ndarray) -> None:
    starts = [word.start for word in heard.words]
    assert starts == sorted(starts)
    assert starts[0] == pytest.approx(2.0, abs=0.7)  # the silence before it is counted
    assert all(word.start <= word.end <= 2 + len(memo) / SAMPLE_RATE + 0.5 for word in heard.words)
    throat = next(word for word in heard.words if "throat" in word.text)
    assert 3.2 < throat.start < 4.6


def test_each_word_says_how_sure_it_is(heard: speech.Transcript) -> None:
    sure = [word.confidence for word in heard.words]
    assert all(0 <= each <= 1 for each in sure)
    assert sum(sure) / len(sure) > 0.7
    assert len(set(sure)) > len(sure) / 2  # each its own


def test_a_word_begins_with_the_blank_before_it(heard: speech.Transcript) -> None:
    assert sum(word.text.startswith(" ") for word in heard.words) > len(heard.words) * 0.8


def test_in_silence_it_hears_nothing(model: Any) -> None:
    with pytest.raises(PermanentError) as refused:
        speech.transcribe(model, np.zeros(4 * SAMPLE_RATE, np.int16), asked=speech.Asked("en", "lisinopril"))
    assert refused.value.code == "speech-none"


# -- what is asked of mlx-whisper, with a stand-in for its one call, since it is on Macs alone -----------------------------------------


class Listening:
    """Answers as `mlx_whisper.transcribe` does: each window has one word at its second 1."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.sounds: list[np.ndarray] = []

    def __call__(self, audio: np.ndarray, **asked: Any) -> dict[str, Any]:
        self.sounds.append(audio)
        self.asked.append(asked)
        word = {"word": " lisinopril", "start": np.float64(1.0), "end": np.float64(1.5), "probability": 0.4}
        facts = {"avg_logprob": -0.2, "no_speech_prob": 0.01, "compression_ratio": 1.1, "temperature": 0.0}
        return {"segments": [{"text": " lisinopril", "words": [word], **facts}, {"text": "", "words": [], **facts}]}


def of_english(audio: np.ndarray) -> dict[str, float]:
    return {"en": 0.97, "de": 0.01}


def test_mlx_is_asked_for_the_folder_and_for_words_and_of_each_window_anew(memo: np.ndarray) -> None:
    listening = Listening()
    model = MlxWhisper("/models/whisper-base-mlx", listening, of_english)
    pause = np.zeros(8 * SAMPLE_RATE, np.int16)
    recording = np.concatenate([memo, pause, memo, pause, memo])
    transcript = speech.transcribe(model, recording, asked=speech.Asked("en", "tirzepatide, Dr. Okafor"))
    assert listening.asked[0] == {
        "path_or_hf_repo": "/models/whisper-base-mlx",
        "verbose": None,
        "language": "en",
        "initial_prompt": "tirzepatide, Dr. Okafor",
        "temperature": speech.TEMPERATURES,
        "condition_on_previous_text": False,
        "word_timestamps": True,
        "compression_ratio_threshold": speech.MAX_COMPRESSION_RATIO,
        "logprob_threshold": speech.MIN_LOG_PROBABILITY,
        "no_speech_threshold": speech.MAX_NO_SPEECH,
        "hallucination_silence_threshold": 2.0,
    }
    assert len(listening.asked) > 1
    assert all(asked == listening.asked[0] for asked in listening.asked)  # hotwords reach every window
    assert all(len(sound) <= WINDOW_SECONDS * SAMPLE_RATE for sound in listening.sounds)
    assert sum(map(len, listening.sounds)) < len(recording) - len(pause)  # pauses are not heard
    assert [word.text for word in transcript.words] == [" lisinopril"] * len(listening.asked)
    assert model.heard == of_english(memo)


@given(st.lists(st.tuples(st.integers(1, 20_000), st.integers(1, 200_000)), min_size=1, max_size=12), st.floats(0, 40))
@settings(max_examples=100, deadline=None)
def test_times_in_a_window_are_times_of_the_recording(gaps: list[tuple[int, int]], seconds: float) -> None:
    """Each stretch begins after a gap; a time in what was heard is a time in one of them, later times are later."""
    stretches, at = [], 0
    for gap, length in gaps:
        stretches.append(mlx_speech.Stretch(at + gap, at + gap + length))
        at += gap + length
    for window in mlx_speech.windows(stretches):
        first = mlx_speech.time_in_recording(seconds, window)
        later = mlx_speech.time_in_recording(seconds + 1, window)
        assert first <= later
        assert any(one.start <= first * SAMPLE_RATE + 1 and first * SAMPLE_RATE <= one.end + 1 for one in window)
    again = [one for window in mlx_speech.windows(stretches) for one in window]
    assert again == stretches


def test_without_the_package_or_a_model_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weights.npz").write_bytes(b"")
    with pytest.raises(RetryableError) as refused:
        speech.load_model(tmp_path, 1)
    assert refused.value.code == "model-missing"  # no config.json
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "mlx", None)  # as where it is not installed
    with pytest.raises(RetryableError) as refused:
        speech.load_model(tmp_path, 1)
    assert refused.value.code == "engine-not-here"


def test_a_folder_is_loaded_as_half_precision_and_its_name_never_goes_to_a_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[Any, ...]] = []
    holder = type("ModelHolder", (), {"get_model": staticmethod(lambda *asked: loaded.append(asked))})
    parts: dict[str, dict[str, Any]] = {
        "mlx": {},
        "mlx.core": {"float16": "float16", "random": types.SimpleNamespace(seed=lambda number: None)},
        "mlx_whisper": {"transcribe": Listening()},
        "mlx_whisper.audio": {"N_FRAMES": 3000, "log_mel_spectrogram": None, "pad_or_trim": None},
        "mlx_whisper.transcribe": {"ModelHolder": holder},
    }
    for name, values in parts.items():
        module = types.ModuleType(name)
        vars(module).update(values)
        monkeypatch.setitem(sys.modules, name, module)
    sys.modules["mlx"].core = sys.modules["mlx.core"]  # type: ignore[attr-defined]  # as the package does
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")  # what is set here is taken back, and with it what the engine sets
    monkeypatch.delenv("HF_HUB_OFFLINE")
    for name in ("weights.safetensors", "config.json"):
        (tmp_path / name).write_text("{}")
    speech.load_model(tmp_path, 1)
    assert loaded == [(str(tmp_path), "float16")]

    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("files", "engine"),
    [
        ({"config.json", "weights.npz"}, "mlx-whisper"),
        ({"config.json", "weights.safetensors"}, "mlx-whisper"),
        ({"config.json", "model.bin", "tokenizer.json"}, "faster-whisper"),
        (set(), "faster-whisper"),
    ],
)
def test_a_models_files_say_whose_they_are(files: set[str], engine: str) -> None:
    assert speech_engine(frozenset(files)) == engine
