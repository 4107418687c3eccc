"""Drafts with a language model in the engine child, section by section; what the model fails at is quoted instead.

One warm child serves all jobs and is emptied after each. What it replies is untrusted: every id must exist, every text is
cleaned, and a statement must share words with what it cites.
"""

from __future__ import annotations

import re
import threading
import time
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from daemon.adapters.engine_process import EngineProcess
from daemon.adapters.quoting_drafter import QuotingDrafter
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Section, Statement
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage

LEAST_SUPPORT = 0.25
"""The share of a statement's content words that its evidence must hold.

Measured over the 4,150 sentences of MTS-Dialog's training notes: 86 % have it from their own conversation, 6 % from another
one. It tells what is about something else, not what is wrong in detail: that is for the faithfulness rules.
"""
MAX_STATEMENT_CHARS = 400
MAX_TOKENS = 800  # a section: the longest of ACI-Bench's training notes has some 450 words
ATTEMPTS = ((0.0, 1), (0.4, 2))
"""Temperature and seed of each attempt: the likeliest words first, then another way, the same on every machine."""
INSTRUCTIONS = (
    "Use only what the passages say. Keep every number, dose, name and side exactly as it stands. Add nothing."
)

_CONTENT = re.compile(r"[^\W_]+(?:[.,]\d+)?")
_CONTENT_LETTERS = 4
_STEM_LETTERS = 5
_PROBE_CONTEXT_TOKENS = 512


def decode_one_token(model: Path, *, limits: Limits, threads: int) -> None:
    """Load the model in a child and decode one token. What is wrong with either comes as an error, `engine-crashed` too."""
    child = EngineProcess("llm", limits=limits, threads=threads)
    try:
        asked = {"path": str(model), "context_tokens": _PROBE_CONTEXT_TOKENS, "threads": threads}
        child.call({"do": "llm.decode-one", "model": asked}, timeout_seconds=limits.max_wall_seconds)
    finally:
        child.close()


class LlmDrafter:
    """A `Drafter`. `model_path` checks the model's hash and gives its path; it is asked before every load.

    `context_tokens` is the most that a context may hold. A visit that does not fit is quoted. Raises what `model_path`
    raises (`model-missing`, `model-altered`), `engine-model` and `engine-start`; a child that crashes, hangs or outgrows its
    memory is started once more, then everything is quoted.
    """

    def __init__(
        self,
        model_path: Callable[[], Path],
        engine: EngineInfo,
        *,
        limits: Limits,
        threads: int,
        context_tokens: int,
        quoting: QuotingDrafter,
    ) -> None:
        self._model_path, self._info, self._limits = model_path, engine, limits
        self._threads, self._context_tokens, self._quoting = threads, context_tokens, quoting
        self._child: EngineProcess | None = None
        self._model: dict[str, Any] = {}
        self._loaded_in: int | None = None
        self._used_at = 0.0
        self._busy = threading.Lock()
        self.last_usage: Mapping[str, int] = {}
        """Of the last draft: `prompt_tokens_evaluated`, `transcript_tokens`."""

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role "llm" and the model."""
        return "llm", self._info

    @property
    def child_pid(self) -> int | None:
        """The warm child's process id, if there is one."""
        return self._child.pid if self._child is not None else None

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The document's sections in order; computed ones stay empty."""
        with self._busy:
            try:
                written = self._write(document, passages) if passages else {}
            finally:
                self._forget()
                self._used_at = time.monotonic()
        quoted = {section.key: section for section in self._quoting.draft(document, passages)}
        if not any(written.values()):
            return list(quoted.values())
        return [
            Section(spec.key, spec.title, written[spec.key]) if spec.key in written else quoted[spec.key]
            for spec in document.sections
        ]

    def close(self) -> None:
        """End the child."""
        with self._busy:
            self._end()

    def close_if_idle(self, idle_seconds: float) -> bool:
        """End the child if no draft was made for so long; whether it did."""
        if not self._busy.acquire(blocking=False):
            return False
        try:
            idle = self._child is not None and time.monotonic() - self._used_at >= idle_seconds
            if idle:
                self._end()
            return idle
        finally:
            self._busy.release()

    # -- what the model writes ------------------------------------------------------------------------------------
    def _write(self, document: Document, passages: Sequence[Passage]) -> dict[str, tuple[Statement, ...]]:
        """Statements by section; a section that failed at every attempt is missing."""
        texts = {passage.id: passage.text for passage in passages}
        open_sections = [spec for spec in document.sections if not spec.computed]
        written: dict[str, tuple[Statement, ...]] = {}
        usage: dict[str, int] = {}
        for temperature, seed in ATTEMPTS:
            if not open_sections:
                break
            request = self._request(document, passages, open_sections, temperature, seed)
            untrusted_reply = self._ask(request)
            for name in ("prompt_tokens_evaluated", "transcript_tokens"):
                usage.setdefault(name, int(untrusted_reply.get(name, 0)))
            written |= read_reply(untrusted_reply, {spec.key for spec in open_sections}, texts)
            open_sections = [spec for spec in open_sections if spec.key not in written]
        self.last_usage = usage
        return written

    @staticmethod
    def _request(
        document: Document, passages: Sequence[Passage], specs: Sequence[SectionSpec], temperature: float, seed: int
    ) -> dict[str, Any]:
        return {
            "do": "llm.draft",
            "instructions": document.instructions or INSTRUCTIONS,
            "passages": [{"id": passage.id, "text": passage.text} for passage in passages],
            "sections": [{"key": spec.key, "ask": spec.ask} for spec in specs],
            "max_tokens": MAX_TOKENS,
            "temperature": temperature,
            "seed": seed,
        }

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The child's reply, untrusted. {} after two children did not survive the question."""
        for _ in range(2):
            try:
                child = self._ready_child()
                return child.call(request | {"model": self._model}, timeout_seconds=self._limits.max_wall_seconds)[0]
            except ChartdraftError as error:
                self._end()
                if error.code not in {"engine-crashed", "engine-timeout", "engine-memory", "engine-protocol"}:
                    raise
        return {}

    def _ready_child(self) -> EngineProcess:
        if self._child is None or not self._child.alive or self._child.pid != self._loaded_in:
            path = self._model_path()
            self._model = {"path": str(path), "context_tokens": self._context_tokens, "threads": self._threads}
            if self._child is None:
                self._child = EngineProcess("llm", limits=self._limits, threads=self._threads)
            self._child.call({"do": "llm.load", "model": self._model}, timeout_seconds=self._limits.max_wall_seconds)
            self._loaded_in = self._child.pid
        return self._child

    def _forget(self) -> None:
        """Empty the child, or end it: nothing of one patient is left when the next one's turn comes."""
        if self._child is not None and self._child.alive:
            try:
                self._child.call({"do": "llm.forget"}, timeout_seconds=60.0)
            except (PermanentError, RetryableError):
                self._end()

    def _end(self) -> None:
        if self._child is not None:
            self._child.close()
        self._child = self._loaded_in = None


def read_reply(
    untrusted_reply: Mapping[str, Any], keys: set[str], texts: Mapping[str, str]
) -> dict[str, tuple[Statement, ...]]:
    """The sections of a reply that hold: known keys, existing ids, clean texts with support. Others are left out.

    One bad statement fails its section: without it the section would read as if nothing had been said there.
    """
    read: dict[str, tuple[Statement, ...]] = {}
    untrusted_sections = untrusted_reply.get("sections")
    for untrusted in untrusted_sections if isinstance(untrusted_sections, list) else ():
        match untrusted:
            case {"key": str() as key, "statements": list() as statements} if key in keys:
                parsed = [_statement(statement, texts) for statement in statements]
                good = tuple(statement for statement in parsed if statement is not None)
                if len(good) == len(parsed):
                    read[key] = good
    return read


def _statement(untrusted: object, texts: Mapping[str, str]) -> Statement | None:
    match untrusted:
        case {"text": str() as untrusted_text, "evidence": [_, *_] as ids}:
            text = clean(untrusted_text)
            evidence = tuple(dict.fromkeys(name for name in ids if isinstance(name, str)))
            if not 0 < len(text) < MAX_STATEMENT_CHARS or any(name not in texts for name in evidence) or not evidence:
                return None
            cited = " ".join(texts[name] for name in evidence)
            return Statement(text, evidence, "written") if support(text, cited) >= LEAST_SUPPORT else None
    return None


def clean(untrusted_text: str) -> str:
    """A text on one line, without control, format or unassigned characters (Unicode category C)."""
    kept = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in untrusted_text)
    return " ".join("".join(kept).split())


def support(text: str, cited: str) -> float:
    """The share of a text's content words that stand in what it cites, 0 to 1 (coverage as in Grusky et al., NAACL 2018).

    Content words have a digit or at least four letters and are compared by their first five, so that "takes" meets "take".
    """
    words, held = _content(text), set(_content(cited))
    return sum(word in held for word in words) / len(words) if words else 1.0


def _content(text: str) -> list[str]:
    found = _CONTENT.findall(text.lower())
    return [w[:_STEM_LETTERS] for w in found if len(w) >= _CONTENT_LETTERS or any(letter.isdigit() for letter in w)]
