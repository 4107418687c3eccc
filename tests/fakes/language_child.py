"""A language model's child that counts words for tokens and writes what a test tells it to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from daemon.model.errors import ChartdraftError

Lines = Sequence[tuple[str, str]]
Write = Callable[[str, Lines, bool], list[tuple[str, list[str]]] | str]
"""What is written of a section's key from lines (id, text); the third says whether they are being merged. A text is an error."""


class FakeLanguageChild:
    """`daemon.adapters.drafting.llm_child.Child`. `deaths` are raised by the next drafts, one each."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.requests: list[dict[str, Any]] = []
        self.deaths: list[ChartdraftError] = []
        self.pid: int | None = 1
        self.alive = True

    def call(
        self,
        header: dict[str, Any],
        *,
        timeout_seconds: float,
        on_progress: Callable[[float, float], None] | None = None,
    ) -> tuple[dict[str, Any], bytes]:
        assert timeout_seconds > 0
        answers = {"llm.measure": self._measure, "llm.draft": self._draft}
        reply = answers.get(header["do"], lambda _: {})(header)
        if on_progress:
            for number in range(1, len(header["sections"]) + 1):
                on_progress(number, len(header["sections"]))
        return reply, b""

    def close(self) -> None:
        self.alive = False

    @property
    def merges(self) -> list[dict[str, Any]]:
        return [request for request in self.requests if request["passages"][0]["id"].startswith("m")]

    @property
    def windows(self) -> list[list[str]]:
        """The ids of each window that was drafted, in order, once."""
        found = [[one["id"] for one in request["passages"]] for request in self.requests if request not in self.merges]
        return [ids for number, ids in enumerate(found) if ids not in found[:number]]

    @staticmethod
    def _measure(header: dict[str, Any]) -> dict[str, Any]:
        return {
            "context_tokens": header["model"]["context_tokens"],
            "shared_tokens": words(header["instructions"]),
            "passages": [1 + words(one["text"]) for one in header["passages"]],
            "sections": [words(one["ask"]) for one in header["sections"]],
        }

    def _draft(self, header: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(header)
        if self.deaths:
            raise self.deaths.pop()
        costs = self._measure(header)
        lines = [(one["id"], one["text"]) for one in header["passages"]]
        merging = lines[0][0].startswith("m")
        sections = []
        for section, request in zip(header["sections"], costs["sections"], strict=True):
            needed = costs["shared_tokens"] + sum(costs["passages"]) + request + header["max_tokens"]
            fits = needed <= costs["context_tokens"]
            found = self.write(section["key"], lines, merging) if fits else "draft-incomplete"
            sections.append({"key": section["key"]} | _content(found))
        tokens = sum(costs["passages"])
        return {"sections": sections, "prompt_tokens_evaluated": tokens, "transcript_tokens": tokens}


def words(text: str) -> int:
    """What a text costs: at least one token."""
    return max(1, len(text.split()))


def _content(found: list[tuple[str, list[str]]] | str) -> dict[str, Any]:
    if isinstance(found, str):
        return {"error": found}
    return {"statements": [{"text": text, "evidence": evidence} for text, evidence in found]}
