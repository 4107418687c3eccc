"""One loaded language model: its tokens, its adapter, its context, and what it writes on a prompt.

llama.cpp keeps the evaluated prompt, and `Llama.generate` continues from the longest prefix it shares with the next one.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.engines.llm_prompt import Piece, tail_loops
from daemon.engines.llm_templates import Template, choose_template
from daemon.model.errors import ChartdraftError, PermanentError
from daemon.model.model_memory import SMALL_CACHE_FROM_BYTES

if TYPE_CHECKING:
    from llama_cpp import Llama
    from llama_cpp.llama_grammar import LlamaGrammar

_CONTEXT_STEP = (
    2048  # tokens: contexts grow by doubling from here, so that memory follows the longest visit, not the cap
)
_LOOP_CHECK = 8  # tokens between two looks at the tail
_LONGEST_PIECE = 1024  # bytes of one token
_SOME_TEXT = b"The patient"

_Q8_0 = 8  # GGML_TYPE_Q8_0 in ggml.h: 34 bytes for 32 numbers
_SMALL_CACHE: dict[str, Any] = {"type_k": _Q8_0, "type_v": _Q8_0, "flash_attn": True}
"""The key-value cache of a large model. Llama 3.1 8B keeps 2 · 32 layers · 8 heads · 128 = 65,536 numbers for each token: at
16,384 tokens 2.1 GB as f16, 1.1 GB as q8_0. SmolLM2-135M keeps 2 · 30 · 3 · 64 = 11,520: 47 MB at the 2,048 tokens that a
statement never fills, 25 MB as q8_0 (measured: 233 and 211 MB in all, as fast), and with 6,000 tokens evaluated flash
attention writes half as fast on a CPU (5.7 against 10.6 tokens a second). For a small model it is not worth its while.
llama.cpp needs flash attention for a quantized V."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What is to be loaded. `context_tokens` is the cap; `threads` at least 1; `adapter` a GGUF LoRA's path, or ""."""

    path: str
    context_tokens: int
    threads: int
    adapter: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """How an answer is written: at most `max_tokens`, the likeliest ones at temperature 0."""

    max_tokens: int
    temperature: float
    seed: int


class Model:
    """One loaded model, with a context as long as the longest prompt so far needed.

    Raises PermanentError: `model-missing`, `engine-model` (no GGUF), `engine-family`, `engine-adapter`.
    """

    def __init__(self, choice: ModelChoice) -> None:
        import llama_cpp

        self.choice = choice
        self.evaluated = self.written = 0
        self._llama = self._load(min(_CONTEXT_STEP, choice.context_tokens))
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        said = self._llama.metadata
        trained = said.get(f"{said.get('general.architecture')}.context_length", "")
        self._cap = min(choice.context_tokens, int(trained)) if trained.isdecimal() else choice.context_tokens
        try:
            self.template = self._template()
            self._marks = {self._tokenize(mark, control=True)[0] for mark in self.template.marks}
            self._adapter = self._load_adapter()
            self._apply_adapter()
        except ChartdraftError:
            self.close()
            raise

    # -- loading --------------------------------------------------------------------------------------------------
    def _load(self, context: int) -> Llama:
        import llama_cpp

        cache = _SMALL_CACHE if self._large() else {}
        try:
            return llama_cpp.Llama(
                self.choice.path,
                n_ctx=context,
                n_threads=self.choice.threads,
                n_threads_batch=self.choice.threads,
                n_gpu_layers=-1 if llama_cpp.llama_supports_gpu_offload() else 0,
                use_mmap=True,
                logits_all=False,
                verbose=False,
                **cache,
            )
        except ValueError:
            raise PermanentError("model-missing" if not Path(self.choice.path).is_file() else "engine-model") from None

    def _large(self) -> bool:
        path = Path(self.choice.path)
        return path.is_file() and path.stat().st_size >= SMALL_CACHE_FROM_BYTES

    def _template(self) -> Template:
        said = self._llama.metadata.get("tokenizer.chat_template", "")
        template = choose_template(said, lambda mark: len(self._tokenize(mark, control=True)) == 1)
        if template is None:
            raise PermanentError("engine-family")
        return template

    def _load_adapter(self) -> Any:
        """The adapter beside the weights, freed with them. `Llama(lora_path=…)` would read the weights instead of mapping them,
        and would not know of the contexts that `_renew` makes."""
        import llama_cpp

        if not self.choice.adapter:
            return None
        adapter = llama_cpp.llama_adapter_lora_init(self._llama.model, os.fsencode(self.choice.adapter))
        if not adapter:
            raise PermanentError("engine-adapter")
        return adapter

    def _apply_adapter(self) -> None:
        """Adapters belong to a context: a new one knows of none."""
        import llama_cpp

        if self._adapter is None:
            return
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(self._adapter)
        scales = (ctypes.c_float * 1)(1.0)
        if llama_cpp.llama_set_adapters_lora(self._llama.ctx, adapters, 1, scales):
            raise PermanentError("engine-adapter")

    # -- tokens ---------------------------------------------------------------------------------------------------
    def tokens(self, pieces: Iterable[Piece], *, first: bool = False) -> list[int]:
        """The tokens of pieces, each tokenized alone. `first`: they begin a prompt."""
        import llama_cpp

        begins = first and llama_cpp.llama_vocab_get_add_bos(self._vocabulary)
        found = [self._llama.token_bos()] if begins else []
        for piece in pieces:
            tokens = self._tokenize(piece.text, control=piece.control)
            found += tokens if piece.control else self._no_marks(tokens)
        return found

    def _tokenize(self, text: str, *, control: bool) -> list[int]:
        tokens: list[int] = self._llama.tokenize(text.encode(), add_bos=False, special=control)
        return tokens

    def _no_marks(self, tokens: list[int]) -> list[int]:
        """Tokens of text without the marks of turns. Where a file calls its marks "user-defined" instead of "control",
        llama.cpp finds them in text too (`tokenizer_st_partition` in llama-vocab.cpp); they are taken apart."""
        import llama_cpp

        found: list[int] = []
        for token in tokens:
            ends = llama_cpp.llama_vocab_is_eog(self._vocabulary, token)
            if ends or token in self._marks or llama_cpp.llama_vocab_is_control(self._vocabulary, token):
                text = self._piece(token, control=True).decode(errors="replace")
                found += [each for sign in text for each in self._tokenize(sign, control=False)]
            else:
                found.append(token)
        return found

    def _piece(self, token: int, *, control: bool = False) -> bytes:
        import llama_cpp

        room = ctypes.create_string_buffer(_LONGEST_PIECE)
        size = llama_cpp.llama_token_to_piece(self._vocabulary, token, room, _LONGEST_PIECE, 0, control)
        return room.raw[: max(0, size)]

    # -- room -----------------------------------------------------------------------------------------------------
    @property
    def cap(self) -> int:
        """The most tokens that a context may have: as chosen, or what the model was trained for."""
        return self._cap

    def make_room(self, tokens: int) -> bool:
        """Have a context of at least so many tokens; False if the cap does not allow it."""
        context = self._llama.n_ctx()
        if tokens <= context:
            return True
        if tokens > self._cap:
            return False
        while context < tokens:
            context *= 2
        self._renew(min(context, self._cap))
        return True

    def forget(self) -> None:
        """Put a new context in the place of the one that was used; the weights stay."""
        self._renew(self._llama.n_ctx())

    def _renew(self, tokens: int) -> None:
        """A new context of so many tokens. The key-value cache of the old one is overwritten with zeros first.

        Token ids also stand in the batch, in llama.cpp's own copy of it and in the inputs of its compute graph, which no
        call of it empties: these go with the old context's memory.
        """
        import llama_cpp
        import numpy as np
        from llama_cpp._internals import LlamaBatch, LlamaContext

        llama: Any = self._llama  # its inside has no types
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(llama.ctx), ctypes.c_bool(True))
        llama.reset()
        llama.input_ids.fill(0)
        llama._sampler = None
        self._close_context()
        llama.context_params.n_ctx = tokens
        try:
            llama._ctx = LlamaContext(model=llama._model, params=llama.context_params, verbose=False)
        except ValueError:
            raise PermanentError("engine-memory") from None
        llama._batch = LlamaBatch(n_tokens=llama.n_batch, embd=0, n_seq_max=1, verbose=False)
        llama._n_ctx = llama.n_ctx()
        llama.input_ids = np.zeros(llama.n_ctx(), dtype=np.intc)
        self._apply_adapter()

    def _close_context(self) -> None:
        llama: Any = self._llama
        llama._ctx.close()
        llama._batch.close()

    def close(self) -> None:
        """Give the memory back, the context's first: `Llama.close` knows only of the one that it made."""
        self._close_context()
        self._llama.close()

    # -- writing --------------------------------------------------------------------------------------------------
    def answer(self, prompt: Sequence[int], grammar: LlamaGrammar, ask: Ask) -> str:
        """What the model writes; `draft-looping`, or `draft-incomplete` if it does not end within `max_tokens`."""
        return b"".join(map(self._piece, self._write(prompt, ask, grammar))).decode(errors="replace")

    def line(self, prompt: Sequence[int], ask: Ask) -> tuple[str, float]:
        """One line that the model writes, its white space made single, and how sure of it it was: the mean of its tokens' natural
        log-probabilities. Codes as of `answer`, for a second line too."""
        written, sureness = b"", []
        for token in self._write(prompt, ask):
            sureness.append(self._log_probability(token))
            written += self._piece(token)
            if b"\n" in written.strip():
                raise PermanentError("draft-incomplete")
        try:
            return " ".join(written.decode().split()), sum(sureness) / max(1, len(sureness))
        except UnicodeDecodeError:
            raise PermanentError("draft-incomplete") from None

    def _log_probability(self, token: int) -> float:
        """Of the token that was chosen last, among all; at any temperature those of temperature 1."""
        import llama_cpp
        import numpy as np

        size = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits(self._llama.ctx), shape=(size,))
        above = logits - logits.max()
        return float(above[token] - np.log(np.exp(above, dtype=np.float64).sum()))

    def _write(self, prompt: Sequence[int], ask: Ask, grammar: LlamaGrammar | None = None) -> Iterator[int]:
        import llama_cpp

        self._llama.set_seed(ask.seed)
        self.evaluated += len(prompt) - self._kept(prompt)
        written: list[int] = []
        for token in self._llama.generate(prompt, temp=ask.temperature, grammar=grammar):
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                return
            if llama_cpp.llama_vocab_is_control(self._vocabulary, token):
                break  # The mark of a turn in the midst of an answer: what follows is no answer to this prompt.
            written.append(token)
            self.written += 1
            yield token
            if len(written) % _LOOP_CHECK == 0 and tail_loops(written):
                raise PermanentError("draft-looping")
            if len(written) >= ask.max_tokens:
                break
        raise PermanentError("draft-incomplete")

    def _kept(self, prompt: Sequence[int]) -> int:
        """How many of a prompt's tokens `Llama.generate` will not evaluate again (its rule: the shared prefix)."""
        evaluated = self._llama.input_ids[: self._llama.n_tokens].tolist()
        shared = 0
        for one, two in zip(evaluated, prompt, strict=False):
            if one != two:
                break
            shared += 1
        return shared - 1 if shared == len(prompt) else shared

    def decode_one(self) -> int:
        """Evaluate a few tokens and choose the next: it works on this machine, or the child dies of it."""
        token = next(iter(self._llama.generate(self._llama.tokenize(_SOME_TEXT), temp=0.0)))
        self.forget()
        return int(token)
