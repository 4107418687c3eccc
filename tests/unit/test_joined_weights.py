"""Weights with their adapter in them: what the sum is, that nothing else changes, and that two machines make the same file."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize

from daemon.adapters.models.joined_weights import join_adapter

RANK, ALPHA = 4, 8.0
ROWS, COLUMNS = 6, 64
JOINED = "ee2129dd1096110ac9b75cc484136ddbd4e7cbcc57351f5a35a043b3fab7cc17"
QUERY, PLAIN, NORM = "blk.0.attn_q.weight", "token_embd.weight", "output_norm.weight"


def numbers(
    chance: np.random.Generator, shape: tuple[int, int], kind: type
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Made of whole numbers, so that they are the same everywhere."""
    return (chance.integers(-999, 1000, shape) / 256).astype(kind)


def write(writer: GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    chance = np.random.default_rng(1)
    writer = GGUFWriter(tmp_path / "base.gguf", "llama")
    writer.add_context_length(128)
    writer.add_token_list(["<s>", "fever", "é"])
    for name in (QUERY, PLAIN):
        matrix = numbers(chance, (ROWS, COLUMNS), np.float32)
        kind = GGMLQuantizationType.Q4_1
        writer.add_tensor(name, quantize(matrix, kind), raw_dtype=kind)
    writer.add_tensor(NORM, np.ones(COLUMNS, np.float32))
    write(writer)
    return tmp_path / "base.gguf"


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    chance = np.random.default_rng(2)
    writer = GGUFWriter(tmp_path / "adapter.gguf", "llama")
    writer.add_float32("adapter.lora.alpha", ALPHA)
    writer.add_tensor(f"{QUERY}.lora_a", numbers(chance, (RANK, COLUMNS), np.float16))
    writer.add_tensor(f"{QUERY}.lora_b", numbers(chance, (ROWS, RANK), np.float16))
    write(writer)
    return tmp_path / "adapter.gguf"


def values(path: Path, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    (tensor,) = (each for each in GGUFReader(path).tensors if each.name == name)
    return dequantize(tensor.data, tensor.tensor_type)


def test_the_adapter_is_added_to_its_matrix_and_to_no_other(base: Path, adapter: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined.gguf"
    join_adapter(base, adapter, joined)
    down, up = (values(adapter, f"{QUERY}.{each}").astype(np.float64) for each in ("lora_a", "lora_b"))
    expected = values(base, QUERY) + ALPHA / RANK * up @ down
    step = np.abs(expected).reshape(-1, 32).max(axis=1).max() / 127  # Q8_0: 32 numbers share a scale
    assert np.abs(values(joined, QUERY) - expected).max() <= 0.51 * step
    assert np.abs(values(joined, PLAIN) - values(base, PLAIN)).max() <= 0.51 * np.abs(values(base, PLAIN)).max() / 127
    assert np.array_equal(values(joined, NORM), values(base, NORM))


def test_all_that_is_said_about_the_model_stays(base: Path, adapter: Path, tmp_path: Path) -> None:
    joined = tmp_path / "joined.gguf"
    join_adapter(base, adapter, joined)
    facts = [
        {key: field.contents() for key, field in GGUFReader(path).fields.items() if not key.startswith("GGUF.")}
        for path in (base, joined)
    ]
    assert facts[0] == facts[1]
    assert facts[0]["tokenizer.ggml.tokens"] == ["<s>", "fever", "é"]


def test_it_is_the_same_file_on_every_machine(base: Path, adapter: Path, tmp_path: Path) -> None:
    """This hash was had with and without AVX2, AVX-512 and FMA in numpy."""
    join_adapter(base, adapter, tmp_path / "joined")
    assert sha256((tmp_path / "joined").read_bytes()).hexdigest() == JOINED
