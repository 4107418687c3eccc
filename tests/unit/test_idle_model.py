"""The language model's memory goes back to the system when nobody has drafted for as long as the settings say."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from daemon import wiring
from daemon.adapters.drafting import llm_child
from daemon.adapters.drafting.llm_drafter import LlmDrafter
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.config import load_home
from daemon.documents.loader import load_documents
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage, TimeAnchor
from tests.fakes.clock import FakeClock
from tests.fakes.language_child import FakeLanguageChild


def test_a_model_is_let_go_after_ten_idle_minutes_and_loaded_for_the_next_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, children = FakeClock(), []

    def start() -> FakeLanguageChild:
        children.append(FakeLanguageChild(lambda key, lines, merging: []))
        return children[-1]

    monkeypatch.setattr(llm_child, "time", SimpleNamespace(monotonic=clock.monotonic))
    drafter = LlmDrafter(
        lambda: tmp_path / "model.gguf",
        EngineInfo("fake", "0" * 64),
        limits=Limits(),
        threads=1,
        context_tokens=4096,
        quoting=QuotingDrafter(),
        start=start,
    )
    chosen = wiring.drafter(load_home(tmp_path, None))
    chosen._made, chosen._close_if_idle = drafter, drafter.close_if_idle
    soap = load_documents(None)["soap"]
    heard = [Passage("p1", "He denies fever.", TimeAnchor("s1", 0.0, 1.0), 0.9)]

    drafter.draft(soap, heard)
    clock.advance(599)
    chosen.rest()
    assert children[0].alive
    clock.advance(1)
    chosen.rest()
    assert not children[0].alive
    drafter.draft(soap, heard)
    assert len(children) == 2
