"""Which engine reads is what the settings say and what the model is made for; a model comes from a folder, or is written for MLX here."""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from daemon import wiring
from daemon.adapters.models.mlx_weights import write_mlx_weights
from daemon.adapters.models.store import ModelStore
from daemon.adapters.preflight import System
from daemon.adapters.sandbox import seatbelt
from daemon.cli.main import app
from daemon.config import Home, SettingsError, load_home
from daemon.keeping.checkup import look
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.reach import Reach
from daemon.wiring import reading

WIDTH, WORDS, LAYERS = 384, 50, 1


def quiet(_: str) -> None:
    """No progress."""


def arrays() -> dict[str, np.ndarray]:
    """A Whisper of one layer as CTranslate2 names its parts, each number its own."""
    shapes: dict[str, tuple[int, ...]] = {
        "decoder/embeddings/weight": (WORDS, WIDTH),
        "decoder/position_encodings/encodings": (8, WIDTH),
        "encoder/position_encodings/encodings": (12, WIDTH),
        "encoder/conv1/weight": (WIDTH, 80, 3),
        "encoder/conv1/bias": (WIDTH,),
        "decoder/layer_norm/gamma": (WIDTH,),
        "encoder/layer_norm/beta": (WIDTH,),
    }
    for side in ("encoder", "decoder"):
        for part, rows in (("self_attention/linear_0", 3), ("self_attention/linear_1", 1)):
            shapes[f"{side}/layer_0/{part}/weight"] = (rows * WIDTH, WIDTH)
            shapes[f"{side}/layer_0/{part}/bias"] = (rows * WIDTH,)
        shapes[f"{side}/layer_0/self_attention/layer_norm/gamma"] = (WIDTH,)
        shapes[f"{side}/layer_0/ffn/linear_0/weight"] = (4 * WIDTH, WIDTH)
        shapes[f"{side}/layer_0/ffn/layer_norm/beta"] = (WIDTH,)
    for part, rows in (("linear_0", 1), ("linear_1", 2), ("linear_2", 1)):
        shapes[f"decoder/layer_0/attention/{part}/weight"] = (rows * WIDTH, WIDTH)
        shapes[f"decoder/layer_0/attention/{part}/bias"] = (rows * WIDTH,)
    random = np.random.default_rng(0)
    return {name: random.standard_normal(shape).astype(np.float16) for name, shape in shapes.items()}


def model_bin(path: Path, stored: dict[str, np.ndarray], spec: str = "WhisperSpec") -> Path:
    """As CTranslate2 writes it."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    kinds = {"float32": 0, "int8": 1, "int16": 2, "float16": 4}
    data = [struct.pack("<I", 6), text(spec), struct.pack("<II", 3, len(stored))]
    for name, array in stored.items():
        data += [text(name), struct.pack("<B", array.ndim), *(struct.pack("<I", each) for each in array.shape)]
        data += [struct.pack("<BI", kinds[array.dtype.name], array.nbytes), array.tobytes()]
    path.write_bytes(b"".join(data) + struct.pack("<I", 0))
    return path


def test_weights_are_the_same_numbers_under_the_names_of_mlx(tmp_path: Path) -> None:
    stored = arrays()
    write_mlx_weights(model_bin(tmp_path / "model.bin", stored), tmp_path)
    made = np.load(tmp_path / "weights.npz")
    attention, heard = "decoder.blocks.0.attn.", "decoder.blocks.0.cross_attn."
    fused, of_heard = stored["decoder/layer_0/self_attention/linear_0/weight"], stored["decoder/layer_0/attention/linear_1/weight"]  # fmt: skip
    for nth, name in enumerate(("query", "key", "value")):
        assert (made[f"{attention}{name}.weight"] == fused[nth * WIDTH : (nth + 1) * WIDTH]).all()
    for nth, name in enumerate(("key", "value")):
        assert (made[f"{heard}{name}.weight"] == of_heard[nth * WIDTH : (nth + 1) * WIDTH]).all()
    assert not [name for name in made.files if name.endswith("key.bias")]
    assert (made["encoder.conv1.weight"] == stored["encoder/conv1/weight"].transpose(0, 2, 1)).all()
    assert (made["decoder.ln.weight"] == stored["decoder/layer_norm/gamma"]).all()
    assert (made["encoder.ln_post.bias"] == stored["encoder/layer_norm/beta"]).all()
    assert (made["decoder.positional_embedding"] == stored["decoder/position_encodings/encodings"]).all()
    assert json.loads((tmp_path / "config.json").read_text()) == {
        "n_mels": 80, "n_audio_ctx": 12, "n_audio_state": WIDTH, "n_audio_head": 6, "n_audio_layer": LAYERS,
        "n_vocab": WORDS, "n_text_ctx": 8, "n_text_state": WIDTH, "n_text_head": 6, "n_text_layer": LAYERS,
    }  # fmt: skip


@pytest.mark.parametrize("fault", ["rounded", "another kind", "cut off", "no model"])
def test_what_is_no_whisper_in_floating_point_is_refused(tmp_path: Path, fault: str) -> None:
    stored = arrays()
    if fault == "rounded":
        stored["decoder/layer_0/ffn/linear_0/weight"] = np.ones((4 * WIDTH, WIDTH), np.int8)
    path = model_bin(tmp_path / "model.bin", stored, "TransformerSpec" if fault == "another kind" else "WhisperSpec")
    if fault == "cut off":
        path.write_bytes(path.read_bytes()[:-1000])
    if fault == "no model":
        path.write_bytes(b"hello")
    with pytest.raises(RetryableError) as refused:
        write_mlx_weights(path, tmp_path)
    assert refused.value.code == "model-source"
    assert not (tmp_path / "weights.npz").exists()


@pytest.fixture
def brought(tmp_path: Path) -> Path:
    """A folder with a small model of the default engine's kind."""
    folder = tmp_path / "brought" / "Own-Whisper"
    folder.mkdir(parents=True)
    model_bin(folder / "model.bin", arrays())
    for name in ("config.json", "tokenizer.json", "vocabulary.txt", "notes.txt"):
        (folder / name).write_text("{}")
    return folder


def home_with(tmp_path: Path, settings: str) -> Home:
    (tmp_path / "config.toml").write_text(f'models_dir = "{tmp_path / "models"}"\n{settings}')
    return load_home(tmp_path, None)


def test_a_model_from_a_folder_is_copied_hashed_and_written_for_mlx(tmp_path: Path, brought: Path) -> None:
    store = ModelStore(tmp_path / "models")
    model = store.install(str(brought), quiet)
    assert (model.name, model.kind, model.source) == ("own-whisper", "speech", "a folder on this machine")
    assert set(model.files) == {"config.json", "tokenizer.json", "vocabulary.txt", "model.bin"}
    made = store.install("own-whisper-mlx", quiet)
    assert set(made.files) == {"config.json", "weights.npz"}
    assert made.source.startswith(f"own-whisper {model.main_sha256[:12]}")
    assert store.install("own-whisper-mlx", quiet).files == made.files  # the same bytes each time
    store.verify("own-whisper-mlx")
    (made.directory / "weights.npz").write_bytes(b"other")
    with pytest.raises(RetryableError) as refused:
        store.verify("own-whisper-mlx")
    assert refused.value.code == "model-altered"


@pytest.mark.parametrize("spec", ["/nowhere/at/all", "./nothing-here", "whisper-none-mlx"])
def test_what_is_not_there_is_not_installed(tmp_path: Path, spec: str) -> None:
    with pytest.raises(ChartdraftError) as refused:
        ModelStore(tmp_path / "models").install(spec, quiet)
    assert refused.value.code in {"model-unknown", "model-missing"}
    assert ModelStore(tmp_path / "models").installed() == []


def test_a_folder_cannot_take_a_starter_models_place(tmp_path: Path, brought: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        ModelStore(tmp_path / "models").install(str(brought.rename(brought.with_name("whisper-base"))), quiet)
    assert refused.value.code == "model-unknown"


def test_the_engine_is_the_one_that_the_model_is_made_for(
    tmp_path: Path, brought: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ModelStore(tmp_path / "models")
    store.install(str(brought), quiet)

    def chosen(engine: str, model: str = "own-whisper") -> str:
        return str(wiring.hears(home_with(tmp_path, f'[speech]\nmodel = "{model}"\nengine = "{engine}"\n')))

    assert chosen("auto") == chosen("faster-whisper") == "faster-whisper with own-whisper"
    with pytest.raises(RetryableError, match="not installed"):
        chosen("mlx-whisper")  # it was not written for MLX yet
    store.install("own-whisper-mlx", quiet)
    assert chosen("auto") == "faster-whisper with own-whisper"  # that it lies there chooses nothing
    monkeypatch.setattr(reading.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RetryableError) as refused:
        chosen("mlx-whisper")
    assert refused.value.code == "engine-not-here"
    monkeypatch.setattr(reading.importlib.util, "find_spec", lambda name: object())
    assert chosen("mlx-whisper") == chosen("auto", "own-whisper-mlx") == "mlx-whisper with own-whisper-mlx"
    with pytest.raises(PermanentError) as clash:
        chosen("faster-whisper", "own-whisper-mlx")
    assert clash.value.code == "speech-engine-model"


def test_forms_are_read_by_rapidocr_unless_vision_is_asked_for_and_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert str(wiring.reads_forms(home_with(tmp_path, ""))) == "rapidocr with pp-ocrv6-small"
    home = home_with(tmp_path, '[forms]\nengine = "ocrmac"\n')
    monkeypatch.setattr(reading.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(reading.sys, "platform", "linux")
    with pytest.raises(RetryableError) as refused:
        wiring.reads_forms(home)
    assert refused.value.code == "engine-not-here"
    monkeypatch.setattr(reading.sys, "platform", "darwin")
    assert str(wiring.reads_forms(home)) == "ocrmac"


def test_an_engine_that_nobody_knows_is_refused_at_start(tmp_path: Path) -> None:
    for table in ("speech", "forms"):
        with pytest.raises(SettingsError):
            home_with(tmp_path, f'[{table}]\nengine = "magic"\n')


def test_the_list_of_models_and_doctor_say_who_reads(tmp_path: Path, brought: Path) -> None:
    ModelStore(tmp_path / "models").install(str(brought), quiet)
    home = home_with(tmp_path, '[speech]\nmodel = "own-whisper"\n[forms]\nengine = "ocrmac"\n')
    said = CliRunner().invoke(app, ["--home", str(tmp_path), "models", "list"]).stdout.splitlines()
    assert said[-2] == "recordings are heard by: faster-whisper with own-whisper"
    if sys.platform != "darwin":
        assert said[-1].startswith("forms are read by: The settings name a reading engine that is not installed here")
        found = {one.code: one for one in look(home, System(sys.platform), lambda: None, thorough=False)}
        assert found["model-ocr"].level == "refuse"
        assert "requirements/apple.txt" in found["model-ocr"].mend


def test_second_engines_get_no_more_reach_than_the_first(tmp_path: Path) -> None:
    """Neither Vision nor Metal is given a place to write or a socket: this is the whole of what `sandbox-exec` is told."""
    said = seatbelt.profile(Reach((Path("/models"),), (Path("/state"),))).splitlines()
    assert said[:5] == [
        "(version 1)",
        "(allow default)",
        "(deny network*)",
        "(deny file-write*)",
        '(allow file-write-data (literal "/dev/null"))',
    ]
    assert [line for line in said if line.startswith("(allow")] == [said[1], said[4], "(allow signal (target self))"]
    assert said[-1] == '(deny file-read* (subpath "/state"))'
