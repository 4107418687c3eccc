"""How fast a language model is on this machine, and its shape: what `chartdraft bench` asks the child. No patient's text is involved."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.engines.freed_memory import give_back_memory
from daemon.model.errors import PermanentError

if TYPE_CHECKING:
    from llama_cpp import Llama

    from daemon.engines.llm_model import Model

MAX_TOKENS = 1024
"""The most tokens of either kind that may be asked for; the context that a model begins with holds both together."""
_TEXT = "The patient was seen today for a follow-up visit and reports that the burning in both feet is worse at night. "
_NUMBERS = {
    "layers": "block_count",
    "heads": "attention.head_count",
    "kv_heads": "attention.head_count_kv",
    "key_length": "attention.key_length",
    "value_length": "attention.value_length",
    "embedding_length": "embedding_length",
    "trained_context_tokens": "context_length",
}
"""What is told of a model, by the GGUF key after the architecture's name (ggml/docs/gguf.md, "Standardized key-value pairs")."""


def speed(header: dict[str, Any], model: Model) -> dict[str, Any]:
    """`llm.speed`: evaluates `prompt_tokens` at once, then writes `written_tokens` one after another, whatever they are.

    The reply: `prompt_seconds`, `written_seconds` and the two numbers of tokens. `engine-protocol` for numbers out of bounds.
    """
    asked, written = int(header["prompt_tokens"]), int(header["written_tokens"])
    if not (1 <= asked <= MAX_TOKENS and 1 <= written <= MAX_TOKENS):
        raise PermanentError("engine-protocol")
    llama: Any = model._llama  # its inside has no types
    prompt = _prompt(llama, asked)
    llama.reset()
    started = time.perf_counter()
    llama.eval(prompt)
    token = llama.sample(temp=0.0)  # also waits for what a graphics chip still computes
    between = time.perf_counter()
    for _ in range(written):
        llama.eval([token])
        token = llama.sample(temp=0.0)
    ended = time.perf_counter()
    llama.reset()
    return {
        "prompt_tokens": asked,
        "prompt_seconds": between - started,
        "written_tokens": written,
        "written_seconds": ended - between,
    }


def shape(header: dict[str, Any]) -> dict[str, Any]:
    """`llm.shape`: what a model's file says of its layers; its weights are not loaded. `engine-model`, `model-missing`.

    Numbers that the file does not say, or says for each layer apart, are 0.
    """
    import llama_cpp

    path = str(header["model"]["path"])
    try:
        llama = llama_cpp.Llama(path, vocab_only=True, n_ctx=8, verbose=False)
    except ValueError:
        raise PermanentError("model-missing" if not Path(path).is_file() else "engine-model") from None
    try:
        said = llama.metadata
        family = str(said.get("general.architecture", ""))
        return {name: _number(said.get(f"{family}.{key}", "")) for name, key in _NUMBERS.items()}
    finally:
        llama.close()
        give_back_memory()


def _number(untrusted: str) -> int:
    return int(untrusted) if untrusted.isdecimal() and len(untrusted) < 10 else 0


def _prompt(llama: Llama, tokens: int) -> list[int]:
    words: list[int] = llama.tokenize(_TEXT.encode(), add_bos=False, special=False)
    return (words * (tokens // len(words) + 1))[:tokens]
