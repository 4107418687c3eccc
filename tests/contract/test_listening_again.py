"""A recording's doubtful sentences are listened to once more by the child that read it, and what it answers is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.reading.untrusted_reading import chances_from
from daemon.model.doubtful_words import FIRST_HEARD, is_marked
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.passage import Word
from tests.contract.test_reader_contract import ASSETS, RECORDING, engine_reader

# Three drugs in it are misheard at first; which of them are depends a little on the processor.
MEMO = ASSETS / "reading" / "endocrine-jf-alpha.opus"
DRUGS = {"metformin", "glipizide", "empagliflozin"}


def words_heard() -> list[Word]:
    reading = engine_reader().read(RECORDING, MEMO.name, MEMO.read_bytes())
    return [word for passage in reading.passages for word in passage.words]


def taken(words: Iterable[Word]) -> list[Word]:
    return [word for word in words if any(each.startswith(FIRST_HEARD) for each in word.suggestions)]


@pytest.mark.engines
def test_a_drug_that_was_not_understood_is_heard_when_it_is_listened_for() -> None:
    words = taken(words_heard())
    assert words
    assert {word.text.strip(".,").lower() for word in words} <= DRUGS
    assert all(map(is_marked, words))


@pytest.mark.engines
def test_where_the_second_time_fails_the_first_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    call: Callable[..., Any] = EngineProcess.call

    def failing(child: EngineProcess, header: dict[str, Any], *more: Any, **options: Any) -> Any:
        if header["do"] == "again":
            raise RetryableError("engine-crashed")
        return call(child, header, *more, **options)

    monkeypatch.setattr(EngineProcess, "call", failing)
    words = words_heard()
    assert taken(words) == []
    assert any(map(is_marked, words))


@pytest.mark.engines
def test_nothing_is_heard_again_before_anything_was_read() -> None:
    child = EngineProcess("recording", limits=Limits(), threads=1)
    try:
        with pytest.raises(PermanentError, match="engine-protocol"):
            child.call({"do": "again", "looks": [[0.0, 1.0, ["metformin"], ["a", "b"]]]}, timeout_seconds=60.0)
    finally:
        child.close()


@pytest.mark.parametrize(
    "untrusted",
    [
        {},
        {"chances": None},
        {"chances": []},
        {"chances": [[-1.0, -2.0]]},
        {"chances": [[-1.0, -2.0], [-1.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, -2.0, -3.0, -4.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, "-2", -3.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, True, -3.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, float("nan"), -3.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, float("-inf"), -3.0]]},
        {"chances": [[-1.0, -2.0], [-1.0, 0.5, -3.0]]},
        {"chances": [[-1.0, -2.0], -1.0]},
    ],
)
def test_an_answer_that_is_not_one_logarithm_for_each_text_is_refused(untrusted: dict[str, Any]) -> None:
    with pytest.raises(PermanentError, match="engine-protocol"):
        chances_from(untrusted, [2, 3])


def test_a_place_may_have_none() -> None:
    assert chances_from({"chances": [[], [-1, -2.5, 0.0]]}, [2, 3]) == ((), (-1.0, -2.5, 0.0))
