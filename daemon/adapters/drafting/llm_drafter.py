"""Drafts with a language model in the engine child, section by section; what the model fails at is quoted instead.

One warm child serves all jobs and is emptied after each. A visit that does not fit into the model's context is read in
windows (map), and what was written of a section in each is then merged into one (draft), all by the ids of the passages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from daemon.adapters.drafting.llm_child import Child, KeepsChild, WarmChild
from daemon.adapters.drafting.llm_reply import merge_ids, read_merged, read_reply, without_repeats
from daemon.adapters.drafting.llm_windows import LEAST_ROOM, MAX_WINDOWS, Costs, Part, cut, read_costs, windows
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.reading.engine_process import CommandLine, EngineProcess, OnProgress
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Section, Statement
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage

ATTEMPTS = ((0.0, 1), (0.4, 2))
"""Temperature and seed of each attempt: the likeliest words first, then another way, the same on every machine."""
INSTRUCTIONS = (
    "Use only what the passages say. Keep every number, dose, name and side exactly as it stands. Add nothing."
)
A_PART = "The passages are one part of a longer visit; its other parts are written about separately."
MERGE = (
    "The passages are sentences for one section, from the parts of one visit in order. Write the section from them: say once "
    "what several of them say, and keep everything else that they say as it stands. Cite each of them."
)

_PROBE_CONTEXT_TOKENS = 512
_MERGED_OVER_MERGING = 2  # what is written of statements is no longer than they are, and each carries its JSON
_TOKENS = ("prompt_tokens_evaluated", "transcript_tokens")
_CUTS = 4  # times that the pieces of a long passage are halved until they fit

Quotes = Mapping[str, Sequence[Statement]]


def decode_one_token(
    model: Path,
    *,
    limits: Limits,
    threads: int,
    command_line: CommandLine | None = None,
    adapter: Path | None = None,
) -> None:
    """Load the model, and its adapter if it has one, in a child and decode one token. What is wrong with any of them comes as an
    error, `engine-crashed` too."""
    child = EngineProcess("llm", limits=limits, threads=threads, command_line=command_line)
    try:
        asked = {"path": str(model), "context_tokens": _PROBE_CONTEXT_TOKENS, "threads": threads}
        asked |= {"adapter": str(adapter)} if adapter else {}
        child.call({"do": "llm.decode-one", "model": asked}, timeout_seconds=limits.max_wall_seconds)
    finally:
        child.close()


@dataclass(frozen=True, slots=True)
class _Window:
    """What was written of some passages, by section; a section that failed at every attempt is missing."""

    ids: frozenset[str]
    written: Mapping[str, tuple[Statement, ...]]

    def has(self, key: str) -> bool:
        """Whether the model's word is taken for a section; if it wrote nothing for any, it is not."""
        return key in self.written and any(self.written.values())


class LlmDrafter(KeepsChild):
    """A `Drafter`. `model_path` checks the model's hash and gives its path; it is asked before every load.

    `context_tokens` is the most that a context may hold. A visit that does not fit is drafted in windows, at most
    `MAX_WINDOWS`; a longer one is quoted. All of it may take `limits.max_wall_seconds`; what is not written by then is quoted.
    Raises what `model_path` raises (`model-missing`, `model-altered`), `engine-model` and `engine-start`; a child that
    crashes, hangs or outgrows its memory is started once more, then what it was asked for is quoted. `start` starts a child.
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
        start: Callable[[], Child] | None = None,
    ) -> None:
        self._info, self._quoting = engine, quoting
        self._past = self._sections = 0
        self.on_progress: OnProgress | None = None
        """Hears how many sections of how many are written, each once in every window and once more when it was merged."""
        super().__init__(
            WarmChild(model_path, limits=limits, threads=threads, context_tokens=context_tokens, start=start)
        )
        self._usage = _no_usage()
        self.last_usage: Mapping[str, int] = {}
        """Of the last draft: `prompt_tokens_evaluated` and `transcript_tokens` (of the first attempts), `windows`, `merges_asked`,
        `merges_kept`."""

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role "llm" and the model."""
        return "llm", self._info

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """`ports.Labeller`: the classifier's labels by passage id."""
        return self._quoting.labels(passages)

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The document's sections in order; computed ones stay empty."""
        specs = [spec for spec in document.sections if not spec.computed]
        read: list[_Window] = []
        merged: dict[str, tuple[Statement, ...]] = {}
        with self._drafting():
            self._usage = _no_usage()
            try:
                if passages and specs:
                    self._child.begin()
                    read = self._map(document, passages, specs)
                    merged = self._merge(document, passages, specs, read)
            finally:
                self.last_usage = dict(self._usage)
        quoted = {section.key: section.statements for section in self._quoting.draft(document, passages)}
        read = read or [_Window(frozenset(passage.id for passage in passages), {})]
        return [
            Section(spec.key, spec.title, merged.get(spec.key) or _in_order(spec.key, read, quoted))
            for spec in document.sections
        ]

    # -- map: each window's sections ------------------------------------------------------------------------------
    def _map(self, document: Document, passages: Sequence[Passage], specs: Sequence[SectionSpec]) -> list[_Window]:
        """What was written of each window; [] if the visit cannot be read in windows."""
        lines = [(passage.id, passage.text) for passage in passages]
        asks = [spec.ask for spec in specs]
        instructions = document.instructions or INSTRUCTIONS
        costs = self._measure(instructions, lines, asks)
        if costs is not None and sum(costs.passages) > costs.room:
            instructions = f"{instructions}\n{A_PART}"
            costs = self._measure(instructions, lines, asks)
        if costs is None or costs.room < min(LEAST_ROOM, sum(costs.passages)):
            return []
        cut_up = windows(self._parts(instructions, lines, asks, costs), costs.room)
        if len(cut_up) > MAX_WINDOWS:
            return []
        self._usage["windows"] = len(cut_up)
        self._past, self._sections = 0, len(specs) * (len(cut_up) + (len(cut_up) > 1))
        self._report(0, 0, 0)
        texts = dict(lines)
        return [self._window(instructions, parts, specs, costs.writing, texts) for parts in cut_up]

    def _parts(
        self, instructions: str, lines: Sequence[tuple[str, str]], asks: Sequence[str], costs: Costs
    ) -> list[Part]:
        parts: list[Part] = []
        for (name, text), tokens in zip(lines, costs.passages, strict=True):
            pieces, sizes = [text], [tokens]
            for doubling in range(1, _CUTS + 1):
                if max(sizes) <= costs.room:
                    break
                pieces = cut(text, (tokens // costs.room + 1) * 2**doubling)
                measured = self._measure(instructions, [(name, piece) for piece in pieces], asks)
                # Not measured: it stays too long, the child refuses it, and it is quoted.
                sizes = list(measured.passages) if measured else [tokens] * len(pieces)
            parts += [Part(name, piece, size) for piece, size in zip(pieces, sizes, strict=True)]
        return parts

    def _window(
        self,
        instructions: str,
        parts: Sequence[Part],
        specs: Sequence[SectionSpec],
        writing: int,
        texts: Mapping[str, str],
    ) -> _Window:
        lines = [(part.id, part.text) for part in parts]
        open_sections = list(specs)
        ids = frozenset(part.id for part in parts)
        known = {name: texts[name] for name in ids}
        written: dict[str, tuple[Statement, ...]] = {}
        for attempt, (temperature, seed) in enumerate(ATTEMPTS):
            if not open_sections:
                break
            request = _request(instructions, lines, open_sections)
            asked = request | {"max_tokens": writing, "temperature": temperature, "seed": seed}
            reply = self._child.ask(asked, partial(self._report, len(specs) - len(open_sections)))
            if attempt == 0:
                self._count(reply)
            written |= read_reply(reply, {spec.key for spec in open_sections}, known)
            open_sections = [spec for spec in open_sections if spec.key not in written]
        self._past += len(specs)
        return _Window(ids, written)

    def _report(self, written: int, more: float, of: float) -> None:
        """The child has written some more sections of a window or a merge."""
        if self.on_progress:
            self.on_progress(self._past + written + min(more, of), self._sections)

    def _measure(self, instructions: str, lines: Sequence[tuple[str, str]], asks: Sequence[str]) -> Costs | None:
        request = _request(instructions, lines, [SectionSpec("-", "-", ask) for ask in asks])
        return read_costs(self._child.ask(request | {"do": "llm.measure"}), len(lines))

    def _count(self, untrusted_reply: Mapping[str, Any]) -> None:
        for name in _TOKENS:
            tokens = untrusted_reply.get(name)
            self._usage[name] += tokens if isinstance(tokens, int) else 0

    # -- draft: one section of them all ---------------------------------------------------------------------------
    def _merge(
        self, document: Document, passages: Sequence[Passage], specs: Sequence[SectionSpec], read: Sequence[_Window]
    ) -> dict[str, tuple[Statement, ...]]:
        """The sections that could be merged. One with quotes of a window that failed stays as it is, in order."""
        texts = {passage.id: passage.text for passage in passages}
        instructions = f"{document.instructions or INSTRUCTIONS}\n{MERGE}"
        merged: dict[str, tuple[Statement, ...]] = {}
        for spec in specs:
            if all(window.has(spec.key) for window in read) and sum(bool(w.written[spec.key]) for w in read) > 1:
                merging = without_repeats([statement for window in read for statement in window.written[spec.key]])
                one = self._merged(instructions, spec, merging, texts)
                if one is not None:
                    merged[spec.key] = one
            self._past += 1
            self._report(0, 0, 0)
        return merged

    def _merged(
        self, instructions: str, spec: SectionSpec, merging: Sequence[Statement], texts: Mapping[str, str]
    ) -> tuple[Statement, ...] | None:
        lines = list(zip(merge_ids(merging), (statement.text for statement in merging), strict=True))
        costs = self._measure(instructions, lines, [spec.ask])
        if costs is None:
            return None
        said = sum(costs.passages)
        writing = said * _MERGED_OVER_MERGING
        if costs.shared + costs.request + said + writing > costs.context:
            return None
        self._usage["merges_asked"] += 1
        (temperature, seed), request = ATTEMPTS[0], _request(instructions, lines, [spec])
        reply = self._child.ask(request | {"max_tokens": writing, "temperature": temperature, "seed": seed})
        self._count({"prompt_tokens_evaluated": reply.get("prompt_tokens_evaluated", 0)})
        merged = read_merged(reply, spec.key, merging, texts)
        self._usage["merges_kept"] += merged is not None
        return merged


def _no_usage() -> Counter[str]:
    return Counter(dict.fromkeys((*_TOKENS, "windows", "merges_asked", "merges_kept"), 0))


def _request(instructions: str, lines: Sequence[tuple[str, str]], specs: Sequence[SectionSpec]) -> dict[str, Any]:
    return {
        "do": "llm.draft",
        "instructions": instructions,
        "passages": [{"id": name, "text": text} for name, text in lines],
        "sections": [{"key": spec.key, "ask": spec.ask} for spec in specs],
    }


def _in_order(key: str, read: Sequence[_Window], quoted: Quotes) -> tuple[Statement, ...]:
    """A section window by window: what was written of it, or the quotes of what the window holds."""
    found: list[Statement] = []
    left = list(quoted[key])
    for window in read:
        if window.has(key):
            found += window.written[key]
        else:
            mine = [quote for quote in left if not quote.evidence or not window.ids.isdisjoint(quote.evidence)]
            found += mine
            left = [quote for quote in left if quote not in mine]
    return without_repeats(found)
