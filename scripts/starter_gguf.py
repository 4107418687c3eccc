"""Writes a LoRA adapter as the GGUF file that llama.cpp loads beside its base.

Names, shapes and keys are those of llama.cpp's `convert_lora_to_gguf.py`: A is (rank, in), B is (out, rank), each under the name of
the base's tensor with `.lora_a` or `.lora_b`. The rows of the query's and the key's B are in GGUF's order of rotary pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""The base's linear layers, as transformers and as GGUF call them."""

Floats = NDArray[np.float32]


def write_adapter(
    path: Path, layers: Mapping[tuple[int, str], tuple[Floats, Floats]], *, alpha: float, heads: tuple[int, int]
) -> None:
    """`layers`: by block and transformers' name, A and B. `heads`: of queries, and of keys and values."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha)
    writer.add_name("Chartdraft starter: one clinical sentence")
    writer.add_license("apache-2.0")
    for (block, name), (a, b) in sorted(layers.items()):
        tensor = f"blk.{block}.{NAMES[name]}.weight"
        count = {"self_attn.q_proj": heads[0], "self_attn.k_proj": heads[1]}.get(name)
        writer.add_tensor(f"{tensor}.lora_a", np.ascontiguousarray(a, dtype=np.float16))
        writer.add_tensor(
            f"{tensor}.lora_b", np.ascontiguousarray(_in_pairs(b, count) if count else b, dtype=np.float16)
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _in_pairs(b: Floats, heads: int) -> Floats:
    """The rows of a query's or key's B as llama.cpp rotates them: pairs beside each other (its `permute`)."""
    rows, rank = b.shape
    return b.reshape(heads, 2, rows // heads // 2, rank).swapaxes(1, 2).reshape(rows, rank)
