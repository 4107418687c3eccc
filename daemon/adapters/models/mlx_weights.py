"""Whisper's weights as Apple's MLX wants them, made from those that are installed for CTranslate2: nothing has to be fetched.

Both are the same numbers (Radford et al. 2022); CTranslate2 keeps the projections of an attention that are computed together as one
matrix, and a convolution's channels in another order. The format of `model.bin`: CTranslate2, `specs/model_spec.py`, `_serialize`
(binary version 6); the names of MLX: `mlx_whisper/whisper.py` (release 0.4.3).
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.model.errors import RetryableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.generic]

_VERSION, _SPEC = 6, "WhisperSpec"
_TYPES: Final = {0: "float32", 1: "int8", 2: "int16", 3: "int32", 4: "float16"}
_MOST_NAMES, _MOST_DIMENSIONS = 10_000, 4
_HEADS_OF: Final = {384: 6, 512: 8, 768: 12, 1024: 16, 1280: 20}
"""Attention heads by width: the table of Whisper's sizes (Radford et al. 2022, table 1)."""
_NORM = {"gamma": "weight", "beta": "bias"}


def write_mlx_weights(model_bin: Path, into: Path) -> None:
    """Write `config.json` and `weights.npz` into the folder `into`. Raises RetryableError("model-source") for a file of another kind,
    or whose numbers were rounded to whole ones."""
    import numpy as np

    try:
        stored = dict(_stored(io.BytesIO(model_bin.read_bytes())))
        dimensions, weights = _dimensions(stored), dict(_renamed(stored))
    except (KeyError, ValueError, IndexError, struct.error):
        raise RetryableError("model-source") from None
    (into / "config.json").write_text(json.dumps(dimensions, indent=1) + "\n", encoding="ascii")
    np.savez(into / "weights.npz", allow_pickle=False, **weights)


def _stored(data: io.BytesIO) -> Iterator[tuple[str, Array]]:
    """Each array with its name, as CTranslate2 wrote it."""
    import numpy as np

    version, spec, _, number = _whole(data), _name(data), _whole(data), _whole(data)
    if version != _VERSION or spec != _SPEC or number > _MOST_NAMES:
        raise ValueError(spec)
    for _ in range(number):
        name, rank = _name(data), data.read(1)[0]
        if rank > _MOST_DIMENSIONS:
            raise ValueError(name)
        shape = [_whole(data) for _ in range(rank)]
        kind, size = np.dtype(_TYPES[data.read(1)[0]]), _whole(data)
        yield name, np.frombuffer(data.read(size), kind).reshape(shape)


def _whole(data: io.BytesIO) -> int:
    return int(struct.unpack("<I", data.read(4))[0])


def _name(data: io.BytesIO) -> str:
    (length,) = struct.unpack("<H", data.read(2))
    return data.read(length)[:-1].decode("ascii")


def _dimensions(stored: Mapping[str, Array]) -> dict[str, int]:
    """What `mlx_whisper.whisper.ModelDimensions` asks for."""
    words, width = stored["decoder/embeddings/weight"].shape
    layers = {side: sum(name.startswith(f"{side}/layer_") and name.endswith("ffn/linear_0/weight") for name in stored) for side in ("encoder", "decoder")}  # fmt: skip
    return {
        "n_mels": stored["encoder/conv1/weight"].shape[1],
        "n_audio_ctx": stored["encoder/position_encodings/encodings"].shape[0],
        "n_audio_state": width,
        "n_audio_head": _HEADS_OF[width],
        "n_audio_layer": layers["encoder"],
        "n_vocab": words,
        "n_text_ctx": stored["decoder/position_encodings/encodings"].shape[0],
        "n_text_state": width,
        "n_text_head": _HEADS_OF[width],
        "n_text_layer": layers["decoder"],
    }


def _renamed(stored: Mapping[str, Array]) -> Iterator[tuple[str, Any]]:
    """Each array under its name in MLX. Raises ValueError if one is of whole numbers: what was lost does not come back."""
    for name, array in stored.items():
        side, _, rest = name.partition("/")
        if rest == "embeddings/weight":
            yield "decoder.token_embedding.weight", _exact(array)
        elif rest == "position_encodings/encodings" and side == "decoder":
            yield "decoder.positional_embedding", _exact(array)
        elif rest.startswith("conv"):
            part, _, what = rest.partition("/")
            yield f"encoder.{part}.{what}", _exact(array).transpose(0, 2, 1) if what == "weight" else _exact(array)
        elif rest.startswith("layer_norm/"):
            outer = "ln_post" if side == "encoder" else "ln"
            yield f"{side}.{outer}.{_NORM[rest.rpartition('/')[2]]}", _exact(array)
        elif rest.startswith("layer_"):
            layer, _, inside = rest.partition("/")
            block = f"{side}.blocks.{layer.removeprefix('layer_')}."
            yield from ((block + there, part) for there, part in _of_layer(inside, array))


def _of_layer(inside: str, array: Array) -> Iterator[tuple[str, Array]]:
    part, _, what = inside.partition("/")
    kind, _, end = what.partition("/")
    if part == "ffn":
        there = "mlp_ln" if kind == "layer_norm" else {"linear_0": "mlp1", "linear_1": "mlp2"}[kind]
        yield f"{there}.{_NORM.get(end, end)}", _exact(array)
        return
    own = "attn" if part == "self_attention" else "cross_attn"
    if kind == "layer_norm":
        yield f"{own}_ln.{_NORM[end]}", _exact(array)
        return
    # Those that are computed together lie below each other: query, key and value of a text's own, key and value of what was heard.
    together = {
        ("attn", "linear_0"): ("query", "key", "value"), ("attn", "linear_1"): ("out",),
        ("cross_attn", "linear_0"): ("query",), ("cross_attn", "linear_1"): ("key", "value"), ("cross_attn", "linear_2"): ("out",),
    }[own, kind]  # fmt: skip
    size = array.shape[0] // len(together)
    for nth, projection in enumerate(together):
        if projection != "key" or end == "weight":  # Whisper's keys have no bias
            yield f"{own}.{projection}.{end}", _exact(array)[nth * size : (nth + 1) * size]


def _exact(array: Array) -> Array:
    if array.dtype.kind != "f":
        raise ValueError("rounded")
    return array
