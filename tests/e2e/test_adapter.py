"""An adapter on the real starter model: it acts in every context that the model is given, and what is none is refused."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import llama_cpp
import numpy as np
import pytest

from daemon.adapters.drafting.llm_child import WarmChild
from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.sandbox.choose import isolation
from daemon.engines.llm_model import Ask, Model, ModelChoice
from daemon.engines.llm_prompt import Piece, statement_pieces
from daemon.model.errors import PermanentError
from daemon.model.limits import Limits
from tests.fakes.lora import write_lora

pytestmark = pytest.mark.engines


def model_path() -> Path:
    found = sorted((Path(sys.prefix) / "share" / "chartdraft" / "models" / "smollm2-135m").glob("*.gguf"))
    if not found:
        pytest.fail("the starter language model is not installed: run scripts/setup")
    return found[0]


@pytest.fixture(scope="module")
def lora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lora(tmp_path_factory.mktemp("lora") / "a.gguf")


@pytest.fixture(scope="module")
def bare() -> Iterator[Model]:
    made = Model(ModelChoice(str(model_path()), 4096, 1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def adapted(lora: Path) -> Iterator[Model]:
    made = Model(ModelChoice(str(model_path()), 4096, 1, str(lora)))
    yield made
    made.close()


def likes(model: Model) -> np.ndarray:
    """How likely each token is after a few words."""
    model._llama.reset()
    model._llama.eval(model.tokens([Piece("The patient has", control=False)], first=True))
    return np.ctypeslib.as_array(model._llama._ctx.get_logits(), shape=(model._llama.n_vocab(),)).copy()


def test_an_adapter_acts_in_every_context(bare: Model, adapted: Model) -> None:
    without, first = likes(bare), likes(adapted)
    assert np.abs(without - first).max() > 0.1
    adapted.forget()
    assert np.array_equal(likes(adapted), first)
    assert adapted.make_room(3000)
    assert adapted._llama.n_ctx() >= 3000
    assert np.array_equal(likes(adapted), first)


def test_a_longer_context_is_kept_within_the_cap(bare: Model) -> None:
    assert not bare.make_room(4097)
    assert bare.make_room(4096)


@pytest.mark.parametrize(
    "what", ["missing", "no GGUF", "cut off", "of another family", "of another width", "the model"]
)
def test_what_is_no_adapter_of_this_model_is_refused(
    bare: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    path = tmp_path / "b.gguf"
    if what == "no GGUF":
        path.write_bytes(b"hello")
    elif what == "cut off":
        path.write_bytes(write_lora(path).read_bytes()[:3000])
    elif what == "of another family":
        write_lora(path, architecture="qwen2")
    elif what == "of another width":
        write_lora(path, width=512)
    elif what == "the model":
        path = model_path()
    monkeypatch.setattr(bare, "choice", ModelChoice(str(model_path()), 512, 1, str(path)))
    with pytest.raises(PermanentError, match="engine-adapter"):
        bare._load_adapter()


def test_the_warm_child_is_given_the_adapter(lora: Path, tmp_path: Path) -> None:
    asked = {"do": "llm.rewrite", "instructions": "", "requests": ["x"], "max_tokens": 1, "temperature": 0.0, "seed": 1}
    given = [lora, tmp_path / "none.gguf"]
    readable = isolation(None, lora.parent).command_line
    child = WarmChild(
        model_path,
        limits=Limits(),
        threads=1,
        context_tokens=512,
        adapter_path=lambda: given.pop(0),
        start=lambda: EngineProcess("llm", limits=Limits(), threads=1, command_line=readable),
    )
    child.begin()
    try:
        reply = child.ask(asked)
        assert reply["statements"] == [{"error": "draft-incomplete"}]
        assert reply["written_tokens"] <= 1
        child.end()
        with pytest.raises(PermanentError, match="engine-adapter"):
            child.ask(asked)
    finally:
        child.end()


@pytest.mark.parametrize("written", ["One.\nTwo.", "One.\n\n Two"])
def test_a_second_line_is_no_statement(bare: Model, monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    writes(bare, monkeypatch, written)
    with pytest.raises(PermanentError, match="draft-incomplete"):
        bare.line(bare.tokens([Piece("x", control=False)]), Ask(64, 0.0, 1))


@pytest.mark.parametrize(
    ("written", "line"),
    [("\n One  two.\n", "One two."), ("-", "-"), ("Fi\u00e8vre \U0001f600.", "Fi\u00e8vre \U0001f600.")],
)
def test_a_line_is_plain_text(bare: Model, monkeypatch: pytest.MonkeyPatch, written: str, line: str) -> None:
    writes(bare, monkeypatch, written)
    assert bare.line(bare.tokens([Piece("x", control=False)]), Ask(64, 0.0, 1))[0] == line


def test_how_sure_the_model_was_is_the_mean_of_what_each_token_had(bare: Model) -> None:
    """Held against a softmax of our own over each token's logits, which llama.cpp keeps where it is told to."""
    prompt = bare.tokens(statement_pieces(bare.template, "Say it again.", "The patient has a fever."), first=True)
    text, sureness = bare.line(prompt, Ask(24, 0.0, 1))
    written = bare.tokens([Piece(text, control=False)])
    every = llama_cpp.Llama(bare.choice.path, n_ctx=512, n_threads=1, logits_all=True, verbose=False)
    every.eval([*prompt, *written])
    rows = every.scores[len(prompt) - 1 : len(prompt) - 1 + len(written)].astype(np.float64)
    shares = np.exp(rows - rows.max(axis=1, keepdims=True))
    chosen = np.log(shares[range(len(written)), written] / shares.sum(axis=1))
    assert sureness == pytest.approx(float(chosen.mean()), abs=0.02)
    assert sureness < 0
    every.close()


def test_a_mark_in_an_answer_ends_it_by_a_code(bare: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    writes(bare, monkeypatch, "He coughs.<|im_start|>")
    with pytest.raises(PermanentError, match="draft-incomplete"):
        bare.line(bare.tokens([Piece("x", control=False)]), Ask(64, 0.0, 1))


def test_instructions_are_evaluated_once(bare: Model) -> None:
    bare.forget()
    prompts = [
        bare.tokens(statement_pieces(bare.template, "Write.", text), first=True) for text in ("He coughs.", "No.")
    ]
    bare.evaluated = 0
    for prompt in prompts:
        with pytest.raises(PermanentError):
            bare.line(prompt, Ask(1, 0.0, 1))
    shared = len(bare.tokens(statement_pieces(bare.template, "Write.", "")[:3], first=True))
    assert bare.evaluated == len(prompts[0]) + len(prompts[1]) - shared


def writes(model: Model, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """The model is made to write a text, and to end there."""
    tokens = model.tokens([Piece(f"{text}<|im_end|>", control=True)])
    monkeypatch.setattr(model._llama, "generate", lambda prompt, **_: iter(tokens))
    monkeypatch.setattr(model, "_log_probability", lambda _token: 0.0)  # nothing is evaluated
