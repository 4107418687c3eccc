"""Drafts one statement at a time: a model rewrites a few lines that were said, and rules hold what it wrote against just these lines.

What does not stand is asked for once more, in another way or in smaller parts, and then quoted, of a group in parts the part. Which passages belong together, where they belong in
the document, and what is quoted of them is the quoting drafter's matter, so that both draft the same things in the same places.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from daemon.adapters.drafting.llm_child import Child, KeepsChild, WarmChild
from daemon.adapters.drafting.statement_check import reject, says_it_in_new_words
from daemon.adapters.drafting.statement_form import finished
from daemon.adapters.drafting.statement_groups import Group
from daemon.adapters.drafting.statement_joining import joined
from daemon.adapters.drafting.statement_tasks import Task, together
from daemon.adapters.drafting.statement_visit import Visit
from daemon.adapters.drafting.statement_wording import INSTRUCTIONS
from daemon.adapters.reading.engine_process import OnProgress
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage
from daemon.model.statement_request import NOTHING, STARTER_INSTRUCTIONS, Subject

ATTEMPTS = ((0.0, 1), (0.4, 2))
"""Temperature and seed of each attempt: the likeliest words first, then another way, the same on every machine.

A group that can be taken apart is asked for part by part the second time, in the likeliest words of each."""
CONTEXT_TOKENS = 2048
"""Room for the longer instructions (some 350 tokens), lines of `MAX_REQUEST_WORDS` words, and a statement."""
MAX_TOKENS = 128
"""Of one statement: what is longer was no sentence, or never ended."""
BATCH = 8
"""Requests that the child is sent at a time: what it has written before it dies, or time is up, is kept."""
MAX_ANSWER_CHARS = 1000
_TOKENS = ("prompt_tokens_evaluated", "written_tokens")


class Grouping(Protocol):
    """What is needed of the quoting drafter."""

    def groups(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
        """What was said, in groups, in the order of the draft."""

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """The classifier's labels by passage id."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A trained adapter: where it lies (asked before every load; None: it is in the weights), what a draft names it by, and the
    forms it was trained to write."""

    path: Callable[[], Path | None]
    info: EngineInfo
    forms: frozenset[str]
    least_sureness: float = -math.inf
    """What it wrote less surely than this does not stand: the mean of its tokens' natural log-probabilities."""
    least_in_new_words: float = -math.inf
    """The same of what it wrote in words that were not said (`says_it_in_new_words`)."""


class Answer(NamedTuple):
    """What the model wrote of a task, untrusted: "" where it wrote nothing that can be read; and how sure of it it was."""

    text: str = ""
    sureness: float = -math.inf


class StatementDrafter(KeepsChild):
    """A `Drafter`, with the same life cycle as `LlmDrafter`. `model_path` checks the model's hash and gives its path.

    With an `adapter`, documents of forms that it was not trained for are quoted. All of a draft may take
    `limits.max_wall_seconds`; what is not written by then is quoted, as is the rest when two children die at one request.
    Raises what `model_path` and the adapter's path raise, `engine-model`, `engine-adapter` and `engine-start`.
    """

    def __init__(  # noqa: PLR0913 - as `LlmDrafter`: each is another matter, and all but two are named
        self,
        model_path: Callable[[], Path],
        engine: EngineInfo,
        *,
        limits: Limits,
        threads: int,
        quoting: Grouping,
        context_tokens: int = CONTEXT_TOKENS,
        adapter: Adapter | None = None,
        start: Callable[[], Child] | None = None,
    ) -> None:
        self._info, self._quoting, self._adapter = engine, quoting, adapter
        super().__init__(
            WarmChild(
                model_path,
                limits=limits,
                threads=threads,
                context_tokens=context_tokens,
                adapter_path=adapter.path if adapter else lambda: None,
                start=start,
            )
        )
        self.on_progress: OnProgress | None = None
        """Hears how many statements of how many are written, each once, and once more when it was asked for again."""
        self._past = 0  # answers of earlier attempts
        self._lost = False  # two children died at one request of this draft, or its time is up
        self._usage: Counter[str] = Counter()
        self.last_usage: Mapping[str, int] = {}
        """Of the last draft: `groups`, `asked`, `written`, `retried`, `parted`, `nothing`, `joined`, `quoted`, of these `quoted: CODE` by the
        reason, `turned-down: CODE` of all attempts, `prompt_tokens_evaluated` and `written_tokens`."""

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        """The role "llm" and the model."""
        return "llm", self._info

    @property
    def adapter(self) -> EngineInfo | None:
        """The adapter that the model writes with, if there is one."""
        return self._adapter.info if self._adapter else None

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """`ports.Labeller`: the classifier's labels by passage id."""
        return self._quoting.labels(passages)

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        """The document's sections in order; computed ones stay empty."""
        with self._drafting():
            self._usage = Counter()
            try:
                groups = self._quoting.groups(document, passages, selecting=True)
                written = self._written(document, passages, groups)
                return list(self._sections(document, passages, groups, written))
            finally:
                self.last_usage = dict(self._usage)

    # -- writing --------------------------------------------------------------------------------------------------
    def _written(
        self, document: Document, passages: Sequence[Passage], groups: Sequence[Group]
    ) -> dict[int, tuple[Statement, ...]]:
        """What was written of each group, by its place; () where it says nothing. What is missing is quoted."""
        visit = Visit.of(passages)
        open_ = self._tasks(document, groups, visit.subject)
        self._usage.update(asked=len(open_), retried=0, parted=0)
        self._lost, self._past = False, 0
        self._child.begin()
        written, codes = self._asked(open_, *ATTEMPTS[0], visit)
        again = [task for task in open_ if codes[task]]
        if again and not self._lost:
            apart = {task: tuple(task.parts(visit.subject)) for task in again}
            once_more = [task for task in again if not apart[task]]
            self._usage.update(retried=len(again), parted=len(again) - len(once_more))
            for tasks, attempt in ((once_more, ATTEMPTS[1]), ([*chain(*apart.values())], ATTEMPTS[0])):
                stands, why = self._asked(tasks, *attempt, visit)
                written |= stands
                codes |= why
            written |= {
                task: together(apart[task], written) for task in again if any(p in written for p in apart[task])
            }
        self._usage.update(f"quoted: {codes[task]}" for task in open_ if task not in written)
        return {task.at: written[task] for task in open_ if task in written}

    def _asked(
        self, tasks: Sequence[Task], temperature: float, seed: int, visit: Visit
    ) -> tuple[dict[Task, tuple[Statement, ...]], dict[Task, str]]:
        """What stands of each task, and of every one the code why it does not, or ""."""
        written: dict[Task, tuple[Statement, ...]] = {}
        codes: dict[Task, str] = {}
        for task, answer in self._answers(tasks, temperature, seed):
            text, codes[task] = self._judged(task, answer, visit)
            if not codes[task]:
                written[task] = _statements(text, task.group)
        self._past += len(tasks)
        return written, codes

    def _tasks(self, document: Document, groups: Sequence[Group], subject: Subject) -> list[Task]:
        specs = {spec.key: spec for spec in document.sections if not spec.computed and spec.layout != "line"}
        trained = self._adapter is None or document.form in self._adapter.forms
        tasks: list[Task] = []
        for at, group in enumerate(groups):
            spec = specs.get(group.section)
            if spec is None or not (trained and group.rewritable):
                self._usage["quoted: not-rewritable"] += 1
            elif (task := Task.of(at, group, spec, subject)) is None:
                self._usage["quoted: long"] += 1
            else:
                tasks.append(task)
        return tasks

    def _answers(self, tasks: Sequence[Task], temperature: float, seed: int) -> Iterator[tuple[Task, Answer]]:
        """Each task with what the model wrote."""
        for first in range(0, len(tasks), BATCH):
            some = tasks[first : first + BATCH]
            asked = {
                "do": "llm.rewrite",
                "instructions": STARTER_INSTRUCTIONS if self._adapter else INSTRUCTIONS,
                "requests": [task.request for task in some],
                "max_tokens": MAX_TOKENS,
                "temperature": temperature,
                "seed": seed,
            }
            reply = {} if self._lost else self._child.ask(asked, partial(self._report, first, len(tasks)))
            self._lost = not reply
            self._count(reply)
            yield from zip(some, _read(reply, len(some)), strict=True)

    def _report(self, before: int, total: int, done: float, _: float) -> None:
        if self.on_progress:
            self.on_progress(self._past + min(before + done, total), self._past + total)

    def _count(self, untrusted_reply: Mapping[str, Any]) -> None:
        for name in _TOKENS:
            tokens = untrusted_reply.get(name)
            self._usage[name] += tokens if isinstance(tokens, int) else 0

    def _judged(self, task: Task, untrusted: Answer, visit: Visit) -> tuple[str, str]:
        """The statement, and why it may not stand."""
        text = finished(untrusted.text)
        if not untrusted.text.strip():
            code = "no-answer"
        elif len(untrusted.text) > MAX_ANSWER_CHARS or not untrusted.text.strip().isprintable():
            code = "unreadable"
        elif self._adapter and not untrusted.sureness >= self._least(text, task, self._adapter):
            code = "unsure"
        else:
            code = reject(text, task.heard, visit.subject, task.spec.title)
            code = code or visit.against(text, task.group.passages, task.spec)
        if code:
            self._usage[f"turned-down: {code}"] += 1
        return text, code

    def _least(self, text: str, task: Task, adapter: Adapter) -> float:
        new = says_it_in_new_words(text, task.heard)
        return max(adapter.least_sureness, adapter.least_in_new_words) if new else adapter.least_sureness

    # -- the draft ------------------------------------------------------------------------------------------------
    def _sections(
        self,
        document: Document,
        passages: Sequence[Passage],
        groups: Sequence[Group],
        written: Mapping[int, tuple[Statement, ...]],
    ) -> Iterator[Section]:
        order = {passage.id: number for number, passage in enumerate(passages)}
        self._usage["groups"] = len(groups)
        self._usage["written"] = sum(bool(statements) for statements in written.values())
        self._usage["nothing"] = len(written) - self._usage["written"]
        self._usage["quoted"] = len(groups) - len(written)
        for spec in document.sections:
            mine = [(at, group) for at, group in enumerate(groups) if group.section == spec.key and not spec.computed]
            statements = [one for at, group in mine for one in written.get(at, group.quotes)]
            together = joined(statements, order)
            self._usage["joined"] += len(statements) - len(together)
            yield Section(spec.key, spec.title, together)


def _statements(text: str, group: Group) -> tuple[Statement, ...]:
    return () if text.rstrip(".") == NOTHING else (Statement(text, group.passages, "written"),)


def _read(untrusted_reply: Mapping[str, Any], count: int) -> list[Answer]:
    """The answers of a reply; none for each that is none, and for all if they are not as many as were asked for."""
    match untrusted_reply.get("statements"):
        case [*untrusted] if len(untrusted) == count:
            return [_answer(one) for one in untrusted]
    return [Answer()] * count


def _answer(untrusted: object) -> Answer:
    match untrusted:
        case {"text": str() as text, "sureness": float() as sureness}:
            return Answer(text, sureness)
        case {"text": str() as text}:
            return Answer(text)
    return Answer()
