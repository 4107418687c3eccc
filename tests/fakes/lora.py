"""A small GGUF LoRA of random weights, written byte by byte (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md)."""

from __future__ import annotations

import random
import struct
from pathlib import Path

_STRING, _FLOAT32, _F16 = 8, 6, 1
_ALIGNMENT = 32
RANK = 4


def write_lora(path: Path, *, width: int = 576, architecture: str = "llama", blocks: int = 2) -> Path:
    """For the queries of the first blocks of a model; SmolLM2-135M's width is 576. Returns the path."""
    numbers = random.Random(1)
    infos, data = b"", b""
    for block in range(blocks):
        for end, shape in (("lora_a", (width, RANK)), ("lora_b", (RANK, width))):
            infos += _text(f"blk.{block}.attn_q.weight.{end}") + struct.pack("<IQQIQ", 2, *shape, _F16, len(data))
            data += struct.pack(f"<{width * RANK}e", *(numbers.gauss(0.0, 0.3) for _ in range(width * RANK)))
            data += bytes(-len(data) % _ALIGNMENT)
    facts = {"general.type": "adapter", "general.architecture": architecture, "adapter.type": "lora"}
    pairs = b"".join(_text(key) + struct.pack("<I", _STRING) + _text(value) for key, value in facts.items())
    pairs += _text("adapter.lora.alpha") + struct.pack("<If", _FLOAT32, 8.0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 2 * blocks, len(facts) + 1) + pairs + infos
    path.write_bytes(head + bytes(-len(head) % _ALIGNMENT) + data)
    return path


def _text(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()
