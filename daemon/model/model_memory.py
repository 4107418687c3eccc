"""Which language models fit into a machine's memory: arithmetic on what their files say, nothing measured. Pure.

What a model needs at once is its weights (the file as it is mapped), the keys and values of a context, and room to compute:

    cache = layers x kv_heads x (key_length + value_length) x tokens x bytes per value

as llama.cpp allocates it (src/llama-kv-cache: each layer holds K of n_embd_k_gqa and V of n_embd_v_gqa for each cell, where
n_embd_k_gqa = key_length x kv_heads); grouped heads are those of Ainslie et al., "GQA", EMNLP 2023.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fit = Literal["fits", "tight", "too-large"]

SMALL_CACHE_FROM_BYTES = 1_000_000_000
"""Files from this size on keep a small cache (`daemon.engines.llm_model`, which says why smaller ones do not)."""
_SMALL_VALUE_BYTES, _VALUE_BYTES = 34 / 32, 2.0
"""q8_0: blocks of 32 values of one byte each and a scale of two (ggml/src/ggml-common.h, block_q8_0); f16 takes two bytes a value."""
CONTEXT_TOKENS = 16_384
"""The context that long visits need; what `[language] context_tokens` is by default."""
SCRATCH_BYTES = 500_000_000
"""Beside weights and cache: buffers to compute in, and the interpreter with its libraries. An allowance, not a measured figure."""
SPEECH_BYTES = 525_000_000
"""What the starter's speech model was measured to need (DESIGN 5). The language model stays loaded while it runs."""
LEAST_FOR_THE_SYSTEM = 4_000_000_000
"""For the system and the programs that people work with. An allowance, not a measured figure."""
SYSTEMS_SHARE = 1 / 3
"""A Mac lends its graphics chip two thirds of its memory: 10,922.67 MB of 16 GiB (Metal's recommendedMaxWorkingSetSize, as quoted in
abetlen/llama-cpp-python issue 687). Larger machines lend more; this keeps to the safe side."""
COMFORT = 0.85
"""Of what is left to models, the part up to which one fits with room to spare."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What a model's file says of itself. `file_bytes` is what its weights take; lengths are of one head."""

    file_bytes: int
    layers: int
    kv_heads: int
    key_length: int
    value_length: int


@dataclass(frozen=True, slots=True)
class Need:
    """The memory that a model needs, by what for."""

    weights_bytes: int
    cache_bytes: int
    scratch_bytes: int = SCRATCH_BYTES

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.weights_bytes + self.cache_bytes + self.scratch_bytes


def cache_bytes(shape: ModelShape, context_tokens: int = CONTEXT_TOKENS) -> int:
    """The keys and values of a context of so many tokens."""
    values = shape.layers * shape.kv_heads * (shape.key_length + shape.value_length) * context_tokens
    small = shape.file_bytes >= SMALL_CACHE_FROM_BYTES
    return round(values * (_SMALL_VALUE_BYTES if small else _VALUE_BYTES))


def need(shape: ModelShape, context_tokens: int = CONTEXT_TOKENS) -> Need:
    """What a model needs with such a context."""
    return Need(shape.file_bytes, cache_bytes(shape, context_tokens))


def usable_bytes(memory_bytes: int, speech_bytes: int = SPEECH_BYTES) -> int:
    """What a machine's memory leaves to the language model: less the system's part and the speech model's; at least 0."""
    system = max(LEAST_FOR_THE_SYSTEM, round(memory_bytes * SYSTEMS_SHARE))
    return max(0, memory_bytes - system - speech_bytes)


def fit_of(needed_bytes: int, usable: int) -> Fit:
    """Whether what is needed fits into what is left: with room to spare, just so, or not."""
    if needed_bytes <= usable * COMFORT:
        return "fits"
    return "tight" if needed_bytes <= usable else "too-large"


BITS_PER_WEIGHT = 4.9
"""Of "4 bit" files as they are usually had (Q4_K_M), scales included: Llama 3.1 8B is 8.03 billion weights in 4.92 GB."""


@dataclass(frozen=True, slots=True)
class TypicalModel:
    """A size of model that may be thought of, by the shape of a published one of that size, at 4 bit."""

    title: str
    like: str
    weights: float
    layers: int
    kv_heads: int
    head_length: int

    @property
    def shape(self) -> ModelShape:
        """Its shape at 4 bit."""
        size = round(self.weights * BITS_PER_WEIGHT / 8)
        return ModelShape(size, self.layers, self.kv_heads, self.head_length, self.head_length)


TYPICAL = (
    TypicalModel("1B", "Llama 3.2 1B", 1.24e9, 16, 8, 64),
    TypicalModel("3B", "Llama 3.2 3B", 3.21e9, 28, 8, 128),
    TypicalModel("8B", "Llama 3.1 8B", 8.03e9, 32, 8, 128),
)
"""num_hidden_layers, num_key_value_heads and head_dim of their published config.json."""
