"""The language model's child between two patients: searched from outside for all that the first one's draft was made of."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.drafting.llm_child import WarmChild
from daemon.adapters.reading import engine_process, freed_memory
from daemon.adapters.sandbox.command import EngineCommand
from daemon.model.limits import Limits
from tests.fakes.memory import as_held, as_tokens, found_in

pytestmark = [
    pytest.mark.engines,
    pytest.mark.skipif(sys.platform != "linux", reason="another process's memory is read through /proc"),
]
FIRST = ["Quatermass is here for a cough since Monday.", "He lives in Brobdingnag and denies fever and chills."]
SECOND = ["She has had a headache for two days."]
WORDS = as_held("Quatermass") | {"Brobdingnag utf-8": b"Brobdingnag"}


def model_path() -> Path:
    found = sorted((Path(sys.prefix) / "share" / "chartdraft" / "models" / "smollm2-135m").glob("*.gguf"))
    if not found:
        pytest.fail("the starter language model is not installed: run scripts/setup")
    return found[0]


@pytest.fixture(scope="module")
def needles() -> dict[str, bytes]:
    """The words, and the tokens of each sentence's inside: its ends may be joined to what stands around it."""
    import llama_cpp

    vocabulary = llama_cpp.Llama(str(model_path()), vocab_only=True, verbose=False)
    found = dict(WORDS)
    for number, sentence in enumerate(FIRST):
        tokens = vocabulary.tokenize(sentence.encode(), add_bos=False, special=False)
        found |= as_tokens(f"sentence {number}", tokens[2:8])
    vocabulary.close()
    return found


@pytest.fixture
def child() -> Iterator[WarmChild]:
    made = WarmChild(model_path, limits=Limits(), threads=1, context_tokens=512)
    made.begin()
    yield made
    made.end()


def draft(child: WarmChild, said: list[str]) -> int:
    """A few words of a draft; the child's process id."""
    asked = {
        "do": "llm.draft",
        "instructions": "Use only what the passages say.",
        "passages": [{"id": f"p{number}", "text": text} for number, text in enumerate(said, 1)],
        "sections": [{"key": "subjective", "ask": "Write what was said."}],
        "max_tokens": 4,
        "temperature": 0.0,
        "seed": 1,
    }
    assert child.ask(asked)["prompt_tokens_evaluated"] > 0
    assert child.pid is not None
    return child.pid


def test_a_warm_child_that_forgot_holds_no_word_and_no_token_of_the_draft_before(
    child: WarmChild, needles: dict[str, bytes]
) -> None:
    pid = draft(child, FIRST)
    before = found_in(pid, needles)
    assert {"Quatermass utf-8", "Brobdingnag utf-8", "sentence 0 int32", "sentence 1 int32"} <= set(before)
    child.forget()
    assert found_in(pid, needles) == {}

    assert draft(child, SECOND) == pid
    assert found_in(pid, needles) == {}


def test_a_child_that_wrote_statements_one_by_one_holds_none_of_what_was_said(
    child: WarmChild, needles: dict[str, bytes]
) -> None:
    asked = {"do": "llm.rewrite", "instructions": "Write one sentence.", "max_tokens": 2, "temperature": 0.0, "seed": 1}
    assert child.ask(asked | {"requests": [" ".join(FIRST)]})["written_tokens"] > 0
    assert child.pid is not None
    before = found_in(child.pid, needles)
    assert {"Quatermass utf-8", "Brobdingnag utf-8", "sentence 0 int32", "sentence 1 int32"} <= set(before)
    child.forget()
    assert found_in(child.pid, needles) == {}


def test_without_overwriting_what_is_freed_words_would_be_left(
    child: WarmChild, needles: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above finds gone is not gone by itself, and the search would see it."""
    usual = engine_process.child_environment
    monkeypatch.setattr(
        engine_process,
        "child_environment",
        lambda command: {
            name: value for name, value in usual(command).items() if name not in freed_memory.OVERWRITE_WHAT_IS_FREED
        },
    )
    pid = draft(child, FIRST)
    child.forget()
    assert sum(found_in(pid, WORDS).values())


def test_what_is_overwritten_on_each_system() -> None:
    environment = engine_process.child_environment(EngineCommand("llm", 1))
    assert environment["PYTHONMALLOC"] == "malloc"
    assert environment["GLIBC_TUNABLES"] == "glibc.malloc.perturb=85:glibc.malloc.tcache_count=0"
    assert environment["MallocScribble"] == "1"
