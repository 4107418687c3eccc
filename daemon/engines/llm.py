"""The language model inside the child: statements for one section after another, on one prefix that is paid for once.

llama.cpp keeps the evaluated prompt, and `Llama.generate` continues from the longest prefix it shares with the next one:
instructions and passages come first, the section's request last, so the transcript is evaluated once for a document.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from daemon.engines.freed_memory import give_back_memory
from daemon.engines.llm_prompt import (
    BEFORE_PASSAGES,
    MAX_STATEMENT_CHARS,
    TEMPLATES,
    Piece,
    Template,
    answer_grammar,
    request_pieces,
    shared_pieces,
    statements_loop,
    tail_loops,
)
from daemon.model.errors import ChartdraftError, PermanentError

if TYPE_CHECKING:
    from llama_cpp import Llama
    from llama_cpp.llama_grammar import LlamaGrammar

Send = Callable[[dict[str, Any]], None]

_CONTEXT_STEP = (
    2048  # tokens: contexts grow by doubling from here, so that memory follows the longest visit, not the cap
)
_LOOP_CHECK = 8  # tokens between two looks at the tail
_SOME_TEXT = b"The patient"


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What is to be loaded. `context_tokens` is the cap; `threads` at least 1."""

    path: str
    context_tokens: int
    threads: int


class Model:
    """One loaded model, with a context as long as the longest prompt so far needed."""

    def __init__(self, choice: ModelChoice) -> None:
        self.choice = choice
        self.evaluated = 0
        self._llama = self._load(min(_CONTEXT_STEP, choice.context_tokens))
        trained = self._llama.metadata.get("llama.context_length", "")
        self._cap = min(choice.context_tokens, int(trained)) if trained.isdecimal() else choice.context_tokens
        self.template = self._template()

    def _load(self, context: int) -> Llama:
        import llama_cpp

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
            )
        except ValueError:
            raise PermanentError("model-missing" if not Path(self.choice.path).is_file() else "engine-model") from None

    def _template(self) -> Template:
        for template in TEMPLATES:
            if len(self._llama.tokenize(template.mark.encode(), add_bos=False, special=True)) == 1:
                return template
        raise PermanentError("engine-model")

    def tokens(self, pieces: Iterable[Piece], *, first: bool = False) -> list[int]:
        """The tokens of pieces, each tokenized alone. `first`: they begin a prompt."""
        import llama_cpp

        vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        begins = first and llama_cpp.llama_vocab_get_add_bos(vocabulary)
        found = [self._llama.token_bos()] if begins else []
        for piece in pieces:
            found += self._llama.tokenize(piece.text.encode(), add_bos=False, special=piece.control)
        return found

    @property
    def cap(self) -> int:
        """The most tokens that a context may have: as chosen, or what the model was trained for."""
        return self._cap

    def make_room(self, tokens: int) -> bool:
        """Have a context of at least so many tokens; False if the cap does not allow it."""
        if tokens <= self._llama.n_ctx():
            return True
        if tokens > self._cap:
            return False
        context = self._llama.n_ctx()
        while context < tokens:
            context *= 2
        self.close()
        self._llama = self._load(min(context, self._cap))
        return True

    def answer(self, prompt: Sequence[int], grammar: LlamaGrammar, ask: _Ask) -> str:
        """What the model writes; `draft-looping`, or `draft-incomplete` if it does not end within `max_tokens`."""
        import llama_cpp

        vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._llama.set_seed(ask.seed)
        self.evaluated += len(prompt) - self._kept(prompt)
        written: list[int] = []
        for token in self._llama.generate(prompt, temp=ask.temperature, grammar=grammar):
            if llama_cpp.llama_vocab_is_eog(vocabulary, token):
                return self._llama.detokenize(written).decode(errors="replace")
            written.append(token)
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

    def forget(self) -> None:
        """Put a new context in the place of the one that was used; the weights stay.

        The key-value cache is overwritten with zeros first. Token ids also stand in the batch, in llama.cpp's own copy of it
        and in the inputs of its compute graph, which no call of it empties: these go with the old context's memory.
        """
        import llama_cpp
        from llama_cpp._internals import LlamaBatch, LlamaContext

        llama: Any = self._llama  # its inside has no types
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(llama.ctx), ctypes.c_bool(True))
        llama.reset()
        llama.input_ids.fill(0)
        llama._sampler = None
        llama._ctx.close()
        llama._batch.close()
        params = llama.context_params
        llama._ctx = LlamaContext(model=llama._model, params=params, verbose=False)
        llama._batch = LlamaBatch(n_tokens=llama.n_batch, embd=0, n_seq_max=params.n_ctx, verbose=False)

    def close(self) -> None:
        """Give the memory back."""
        self._llama.close()


@dataclass(frozen=True, slots=True)
class _Ask:
    max_tokens: int
    temperature: float
    seed: int


_loaded: list[Model] = []


def handle(header: dict[str, Any], payload: bytes, send_progress: Send) -> dict[str, Any]:
    """Answer one request; `engine-protocol` if it is none of these.

    `llm.load`, `llm.decode-one`, `llm.measure`, `llm.draft` name the model as `model: {path, context_tokens, threads}`;
    `llm.forget` does not. `llm.draft` further has `instructions`, `passages: [{id, text}]`, `sections: [{key, ask}]`,
    `max_tokens`, `temperature`, `seed`, and replies with `sections: [{key, statements: [{text, evidence}]} or {key, error}]`,
    `prompt_tokens_evaluated` and `transcript_tokens`. `llm.measure` has the first three of these, evaluates nothing, and replies
    with tokens: `context_tokens` (all that a context may hold), `shared_tokens` (before the first passage), `passages` and
    `sections` (what each adds to a prompt, exactly).
    """
    match header.get("do"):
        case "llm.load":
            model = _model(header)
            return {"family": model.template.family}
        case "llm.decode-one":
            return {"token": _model(header).decode_one()}
        case "llm.measure":
            return _measure(_model(header), header)
        case "llm.draft":
            return _draft(_model(header), header, send_progress)
        case "llm.forget":
            for model in _loaded:
                model.forget()
            give_back_memory()
            return {}
    raise PermanentError("engine-protocol")


def _model(header: dict[str, Any]) -> Model:
    asked = header["model"]
    choice = ModelChoice(str(asked["path"]), int(asked["context_tokens"]), int(asked["threads"]))
    if _loaded and _loaded[0].choice != choice:
        _loaded.pop().close()
    if not _loaded:
        _loaded.append(Model(choice))
    return _loaded[0]


def _passages(header: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(passage["id"]), str(passage["text"])) for passage in header["passages"]]


def _measure(model: Model, header: dict[str, Any]) -> dict[str, Any]:
    pieces = shared_pieces(model.template, str(header["instructions"]), _passages(header))
    requests = [request_pieces(model.template, str(section["ask"])) for section in header["sections"]]
    return {
        "context_tokens": model.cap,
        "shared_tokens": len(model.tokens(pieces[:BEFORE_PASSAGES], first=True)),
        "passages": [len(model.tokens([line])) for line in pieces[BEFORE_PASSAGES:]],
        "sections": [len(model.tokens(request)) for request in requests],
    }


def _draft(model: Model, header: dict[str, Any], send_progress: Send) -> dict[str, Any]:
    from llama_cpp.llama_grammar import LlamaGrammar

    ask = _Ask(int(header["max_tokens"]), float(header["temperature"]), int(header["seed"]))
    passages = _passages(header)
    grammar = LlamaGrammar.from_string(answer_grammar(list(dict(passages))), verbose=False)
    pieces = shared_pieces(model.template, str(header["instructions"]), passages)
    transcript = model.tokens(pieces[BEFORE_PASSAGES:])
    shared = model.tokens(pieces[:BEFORE_PASSAGES], first=True) + transcript
    model.evaluated = 0
    replies = []
    for done, section in enumerate(header["sections"]):
        prompt = shared + model.tokens(request_pieces(model.template, str(section["ask"])))
        replies.append({"key": section["key"]} | _section(model, prompt, grammar, ask))
        send_progress({"progress": {"done": done + 1, "total": len(header["sections"])}})
    return {"sections": replies, "prompt_tokens_evaluated": model.evaluated, "transcript_tokens": len(transcript)}


def _section(model: Model, prompt: Sequence[int], grammar: LlamaGrammar, ask: _Ask) -> dict[str, Any]:
    if not model.make_room(len(prompt) + ask.max_tokens):
        return {"error": "draft-incomplete"}
    try:
        statements = json.loads(model.answer(prompt, grammar, ask))
    except ChartdraftError as error:
        return {"error": error.code}
    except ValueError:
        return {"error": "draft-incomplete"}
    texts = [statement["text"] for statement in statements]
    if any(len(text) >= MAX_STATEMENT_CHARS for text in texts):
        return {"error": "draft-incomplete"}
    return {"error": "draft-looping"} if statements_loop(texts) else {"statements": statements}
