"""The language model inside the child: what may be asked of it, and statements for one section after another.

Instructions and passages come first, the section's request last: the transcript is evaluated once for a document.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from daemon.engines.freed_memory import give_back_memory
from daemon.engines.llm_model import Ask, Model, ModelChoice
from daemon.engines.llm_prompt import (
    BEFORE_PASSAGES,
    MAX_STATEMENT_CHARS,
    answer_grammar,
    request_pieces,
    shared_pieces,
    statements_loop,
)
from daemon.engines.llm_rewrite import rewrite
from daemon.engines.llm_speed import shape, speed
from daemon.model.errors import ChartdraftError, PermanentError

if TYPE_CHECKING:
    from llama_cpp.llama_grammar import LlamaGrammar

Send = Callable[[dict[str, Any]], None]

_loaded: list[Model] = []


def handle(header: dict[str, Any], payload: bytes, send_progress: Send) -> dict[str, Any]:
    """Answer one request; `engine-protocol` if it is none of these.

    `llm.load`, `llm.decode-one`, `llm.measure`, `llm.draft`, `llm.rewrite` name the model as `model: {path, adapter,
    context_tokens, threads}` (`adapter`: a LoRA's path, "" or missing without one); `llm.forget` does not. `llm.draft` further has
    `instructions`, `passages: [{id, text}]`, `sections: [{key, ask}]`, `max_tokens`, `temperature`, `seed`, and replies with
    `sections: [{key, statements: [{text, evidence}]} or {key, error}]`, `prompt_tokens_evaluated` and `transcript_tokens`. `llm.measure` has the first three of these, evaluates nothing, and replies
    with tokens: `context_tokens` (all that a context may hold), `shared_tokens` (before the first passage), `passages` and
    `sections` (what each adds to a prompt, exactly). `llm.rewrite` has `instructions`, `requests` (texts), `max_tokens`,
    `temperature`, `seed`, and replies with `statements: [{text, sureness} or {error}]`, `prompt_tokens_evaluated`, `written_tokens`.
    `llm.speed` and `llm.shape` are `chartdraft bench`'s (`llm_speed`).
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
        case "llm.rewrite":
            return rewrite(_model(header), header, send_progress)
        case "llm.speed":
            return speed(header, _model(header))
        case "llm.shape":
            return shape(header)
        case "llm.forget":
            for model in _loaded:
                model.forget()
            give_back_memory()
            return {}
    raise PermanentError("engine-protocol")


def _model(header: dict[str, Any]) -> Model:
    asked = header["model"]
    choice = ModelChoice(
        str(asked["path"]), int(asked["context_tokens"]), int(asked["threads"]), str(asked.get("adapter", ""))
    )
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

    ask = Ask(int(header["max_tokens"]), float(header["temperature"]), int(header["seed"]))
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


def _section(model: Model, prompt: Sequence[int], grammar: LlamaGrammar, ask: Ask) -> dict[str, Any]:
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
