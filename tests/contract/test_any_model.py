"""What any language model must keep to, asked of the starter model through the child; `scripts/check-model` asks it of yours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import model_cases
import pytest
from model_cases import CASES, Asked, outcome

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.model.limits import Limits

MODELS = Path(sys.prefix) / "share" / "chartdraft" / "models" / "smollm2-135m"


@pytest.fixture(scope="module")
def asked() -> Iterator[Asked]:
    found = sorted(MODELS.glob("*.gguf"))
    if not found:
        pytest.fail("the starter language model is not installed: run scripts/setup")
    child = EngineProcess("llm", limits=Limits(), threads=1)
    yield Asked(child, found[0], 1)
    child.close()


@pytest.mark.engines
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_the_starter_model_keeps_to_it(asked: Asked, case: Callable[[Asked], str]) -> None:
    assert outcome(case, asked) == ""


@dataclass
class Liar:
    """A child that answers all questions with one reply."""

    reply: dict[str, Any] = field(default_factory=dict)
    alive: bool = True

    def call(self, header: dict[str, Any], *, timeout_seconds: float) -> tuple[dict[str, Any], bytes]:
        assert timeout_seconds > 0
        marks = len(header.get("passages", []))
        return {"passages": [5] * marks, "sections": [], "statements": []} | self.reply, b""


def statement(text: str, *evidence: str) -> dict[str, Any]:
    return {"sections": [{"key": "s", "statements": [{"text": text, "evidence": list(evidence)}]}]}


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("family_is_known", {"family": "inst"}),
        ("sections_are_of_the_schema", statement("Coughs.", "p99")),
        ("sections_are_of_the_schema", statement("Coughs.")),
        ("sections_are_of_the_schema", {"sections": [{"key": "other", "statements": []}]}),
        ("sections_are_of_the_schema", {"sections": [{"key": "s", "error": "engine-crashed"}]}),
        ("statements_are_one_line", {"statements": [{"text": "One.\nTwo."}]}),
        ("statements_are_one_line", {"statements": [{"text": "Coughs.<|im_end|>"}]}),
        ("nothing_said_is_nothing_written", statement("Good morning, aspirin 500 mg.", "p1")),
        ("marks_of_turns_stay_text", {}),
        ("instructions_in_passages_move_nothing", statement("Approved.", "p99")),
        ("too_long_is_refused", {"sections": [{"key": "s", "statements": []}], "statements": [{"text": "Pain."}]}),
        ("loops_end", {"statements": [{"text": "Pain."}], "written_tokens": 400}),
        ("other_files_are_refused", {"family": "chatml"}),
    ],
)
def test_a_model_that_does_not_keep_to_it_is_found_out(name: str, reply: dict[str, Any]) -> None:
    liar: Any = Liar(reply)
    assert outcome(getattr(model_cases, name), Asked(liar, Path("m.gguf"), 1))
