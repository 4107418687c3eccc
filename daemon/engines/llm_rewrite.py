"""Statements written one at a time: a few lines of what was said in, one line of plain text out.

The instructions come first and are evaluated once for all requests; nothing of one request is seen by the next.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from daemon.engines.llm_model import Ask, Model
from daemon.engines.llm_prompt import MAX_STATEMENT_CHARS, statement_pieces, statements_loop
from daemon.model.errors import ChartdraftError

Send = Callable[[dict[str, Any]], None]

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")


def rewrite(model: Model, header: dict[str, Any], send_progress: Send) -> dict[str, Any]:
    """Answer `llm.rewrite`: one statement or error code for each request, in order."""
    ask = Ask(int(header["max_tokens"]), float(header["temperature"]), int(header["seed"]))
    requests = [str(request) for request in header["requests"]]
    model.evaluated = model.written = 0
    statements = []
    for done, request in enumerate(requests, 1):
        statements.append(_statement(model, str(header["instructions"]), request, ask))
        send_progress({"progress": {"done": done, "total": len(requests)}})
    return {
        "statements": statements,
        "prompt_tokens_evaluated": model.evaluated,
        "written_tokens": model.written,
    }


def _statement(model: Model, instructions: str, request: str, ask: Ask) -> dict[str, Any]:
    prompt = model.tokens(statement_pieces(model.template, instructions, request), first=True)
    if not model.make_room(len(prompt) + ask.max_tokens):
        return {"error": "draft-incomplete"}
    try:
        text, sureness = model.line(prompt, ask)
    except ChartdraftError as error:
        return {"error": error.code}
    if not 0 < len(text) < MAX_STATEMENT_CHARS:
        return {"error": "draft-incomplete"}
    if statements_loop(_SENTENCE_END.split(text)):
        return {"error": "draft-looping"}
    return {"text": text, "sureness": round(sureness, 4)}
