"""Which models fit into a machine's memory: a rule that more memory never turns against a model, nor a smaller model."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.model.model_memory import (
    SMALL_CACHE_FROM_BYTES,
    TYPICAL,
    ModelShape,
    cache_bytes,
    fit_of,
    need,
    usable_bytes,
)

GB = 1_000_000_000
BETTER = ("too-large", "tight", "fits")
memories = st.integers(0, 512 * GB)
shapes = st.builds(
    ModelShape,
    file_bytes=st.integers(1, 100 * GB),
    layers=st.integers(1, 128),
    kv_heads=st.integers(1, 128),
    key_length=st.integers(1, 512),
    value_length=st.integers(1, 512),
)


def rank(shape: ModelShape, memory: int) -> int:
    return BETTER.index(fit_of(need(shape).total_bytes, usable_bytes(memory)))


@given(shapes, memories, memories)
def test_more_memory_never_speaks_against_a_model(shape: ModelShape, one: int, other: int) -> None:
    less, more = sorted((one, other))
    assert usable_bytes(less) <= usable_bytes(more) <= more
    assert rank(shape, less) <= rank(shape, more)


@given(shapes, memories, st.integers(0, 50 * GB), st.integers(0, 64))
def test_a_larger_model_never_fits_better(shape: ModelShape, memory: int, heavier: int, deeper: int) -> None:
    larger = replace(shape, file_bytes=shape.file_bytes + heavier, layers=shape.layers + deeper)
    # Apart from where the cache's values become shorter.
    assume((larger.file_bytes >= SMALL_CACHE_FROM_BYTES) == (shape.file_bytes >= SMALL_CACHE_FROM_BYTES))
    assert rank(larger, memory) <= rank(shape, memory)


@given(shapes, st.integers(1, 65_536), st.integers(1, 65_536))
def test_a_longer_context_takes_more(shape: ModelShape, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert cache_bytes(shape, shorter) <= cache_bytes(shape, longer)
    assert need(shape, longer).total_bytes > shape.file_bytes


def test_the_cache_of_a_model_of_8b_is_that_which_llama_cpp_allocates() -> None:
    # 32 layers x 8 heads x (128 + 128) values x 16,384 tokens = 1,073,741,824 values, of 34/32 bytes each.
    assert cache_bytes(TYPICAL[2].shape, 16_384) == 1_140_850_688


def test_an_8b_model_fits_into_16_gigabytes_and_not_into_8() -> None:
    shape = TYPICAL[2].shape
    assert rank(shape, 16 * GB) == BETTER.index("fits")
    assert rank(shape, 8 * GB) == BETTER.index("too-large")
    assert rank(TYPICAL[0].shape, 8 * GB) == BETTER.index("fits")
