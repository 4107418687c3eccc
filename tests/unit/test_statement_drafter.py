"""Drafts statement by statement: what stands, what is asked for again, what is quoted, and what is joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.drafting.statement_drafter import ATTEMPTS, BATCH, Adapter
from daemon.adapters.drafting.statement_groups import Group, piece_group
from daemon.adapters.drafting.statement_joining import joined
from daemon.adapters.drafting.statement_wording import INSTRUCTIONS
from daemon.documents.loader import load_documents
from daemon.model.document import Document
from daemon.model.draft import Statement
from daemon.model.errors import RetryableError
from daemon.model.passage import EngineInfo, Passage
from daemon.model.statement_request import MAX_REQUEST_WORDS, STARTER_INSTRUCTIONS
from tests.fakes.passages import MEMO, spoken
from tests.fakes.rewriting_child import FakeRewritingChild, statement_drafter, true_writer

SOAP = load_documents(None)["soap"]
LETTER = load_documents(None)["referral"]
SAID = ["I have had a cough for two weeks.", "I take lisinopril twenty milligrams a day.", "Nice weather today."]


class Groups:
    """Every passage is a group of the subjective section, but for what `unwritten` names."""

    def __init__(self, *unwritten: str) -> None:
        self.unwritten = unwritten

    def groups(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
        assert selecting
        return [
            Group((p.id,), (p.text,), "subjective", "GENHX", (Statement(p.text, (p.id,), "quoted"),), p.id not in self.unwritten)
            for p in passages
        ]  # fmt: skip

    def labels(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        return {passages[0].id: ("GENHX",)}


WRITTEN = {SAID[0]: "Cough for 2 weeks", SAID[1]: "lisinopril 20 mg daily .", SAID[2]: "-"}


def good(request: str, _: int) -> str:
    return WRITTEN[request.splitlines()[1]]


def subjective(drafter: object, texts: Sequence[str], document: Document = SOAP) -> list[tuple[str, str]]:
    sections = drafter.draft(document, spoken(texts))  # type: ignore[attr-defined]  # a drafter
    return [(one.manner, one.text) for section in sections for one in section.statements]


def test_what_stands_is_written_with_the_evidence_of_its_group_and_nothing_is_left_out() -> None:
    child = FakeRewritingChild(good)
    drafter = statement_drafter(child, Groups())
    drafted = drafter.draft(SOAP, spoken(SAID))[0].statements
    assert drafted == (
        Statement("Cough for 2 weeks.", ("p1",), "written"),
        Statement("Lisinopril 20 mg daily.", ("p2",), "written"),
    )
    assert child.requests[0] == f"history of present illness; the patient\n{SAID[0]}"
    usage = drafter.last_usage
    assert [usage[name] for name in ("groups", "asked", "written", "nothing", "retried", "quoted")] == [
        3,
        3,
        2,
        1,
        0,
        0,
    ]
    assert usage["written_tokens"] == 5
    assert child.forgot == 1


def test_what_may_not_stand_is_asked_for_once_more_and_then_quoted() -> None:
    def write(request: str, seed: int) -> str:
        return "Lisinopril 40 mg daily." if SAID[1] in request else good(request, seed) if seed > 1 else "He coughs."

    child = FakeRewritingChild(write)
    drafter = statement_drafter(child, Groups())
    assert subjective(drafter, SAID[:2]) == [("written", "Cough for 2 weeks."), ("quoted", SAID[1])]
    assert [(each["temperature"], each["seed"]) for each in child.asked] == list(ATTEMPTS)
    usage = drafter.last_usage
    assert (usage["retried"], usage["quoted"], usage["quoted: number"], usage["turned-down: sex"]) == (2, 1, 1, 1)


PLAN = "We will increase lasix to eighty milligrams a day. We will get an echocardiogram. Come back in four weeks."


def in_parts(request: str, seed: int) -> str:
    said = request.splitlines()[1]
    assert seed == ATTEMPTS[0][1]
    return {
        PLAN: "Increase lasix to 80 mg a day.",
        "We will increase lasix to eighty milligrams a day.": "Increase lasix to 80 mg a day.",
        "We will get an echocardiogram.": "Obtain an echocardiogram.",
        "Come back in four weeks.": "Come back in 3 weeks.",
    }[said]


def test_a_group_of_which_something_is_left_out_is_asked_for_in_parts_and_the_part_that_falls_is_quoted() -> None:
    class Pieces(Groups):
        def groups(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
            return [replace(piece_group("plan", p.id, p.text), label="PLAN") for p in passages]

    child = FakeRewritingChild(in_parts)
    drafter = statement_drafter(child, Pieces())
    sections = {one.key: one.statements for one in drafter.draft(SOAP, spoken([PLAN]))}
    assert sections["plan"] == (
        Statement("Increase lasix to 80 mg a day.", ("p1",), "written"),
        Statement("Obtain an echocardiogram.", ("p1",), "written"),
        Statement("Come back in four weeks.", ("p1",), "quoted"),
    )
    assert len(child.requests) == 4
    usage = drafter.last_usage
    assert [usage[name] for name in ("groups", "asked", "retried", "parted", "written", "quoted")] == [1, 1, 1, 1, 1, 0]
    assert (usage["turned-down: left-out"], usage["turned-down: number"]) == (1, 1)


def test_of_a_group_none_of_whose_parts_stands_the_whole_is_quoted() -> None:
    class Pieces(Groups):
        def groups(self, document: Document, passages: Sequence[Passage], *, selecting: bool = False) -> list[Group]:
            return [piece_group("plan", p.id, p.text) for p in passages]

    drafter = statement_drafter(FakeRewritingChild(lambda *_: "He coughs."), Pieces())
    assert subjective(drafter, [PLAN]) == [("quoted", PLAN)]
    assert (drafter.last_usage["quoted"], drafter.last_usage["quoted: sex"]) == (1, 1)


def test_nothing_for_a_fact_is_quoted() -> None:
    assert subjective(statement_drafter(FakeRewritingChild(lambda *_: "-"), Groups()), SAID) == [
        ("quoted", SAID[0]),
        ("quoted", SAID[1]),
    ]


def test_what_is_not_to_be_rewritten_is_never_asked_for() -> None:
    child = FakeRewritingChild(true_writer)
    long = "cough " * (MAX_REQUEST_WORDS + 1)
    adapter = Adapter(lambda: Path("adapter.gguf"), EngineInfo("starter", "1" * 64), frozenset({"note"}))
    drafter = statement_drafter(child, Groups("p1"), adapter)
    assert [manner for manner, _ in subjective(drafter, [SAID[0], long])] == ["quoted", "quoted"]
    drafter.draft(LETTER, spoken(SAID))
    assert child.requests == []
    assert drafter.adapter == adapter.info
    subjective(drafter, [SAID[1], SAID[0]])
    assert {header["instructions"] for header in child.asked} == {STARTER_INSTRUCTIONS}
    untrained = FakeRewritingChild(good)
    assert statement_drafter(untrained, Groups()).adapter is None
    subjective(statement_drafter(untrained, Groups()), SAID)
    assert untrained.asked[0]["instructions"] == INSTRUCTIONS


@pytest.mark.parametrize(
    ("sureness", "stands"),
    [(-0.6, True), (-0.1, True), (-0.61, False), (float("nan"), False), (None, False), ("0", False)],
)
def test_what_the_model_was_not_sure_of_is_quoted(sureness: object, stands: bool) -> None:
    child = FakeRewritingChild(lambda request, seed: {"text": good(request, seed), "sureness": sureness})
    adapter = Adapter(lambda: None, EngineInfo("starter", "1" * 64), frozenset({"note"}), -0.6)
    drafter = statement_drafter(child, Groups(), adapter)
    assert subjective(drafter, SAID[:1]) == [("written", "Cough for 2 weeks.") if stands else ("quoted", SAID[0])]
    assert drafter.last_usage.get("quoted: unsure", 0) == (not stands)
    assert len(child.requests) == (1 if stands else 2)
    any_ = statement_drafter(FakeRewritingChild(child.write), Groups())
    assert subjective(any_, SAID[:1]) == [("written", "Cough for 2 weeks.")]


@pytest.mark.parametrize(
    ("written", "sureness", "stands"),
    [
        ("Cough for 2 weeks.", -0.55, True),
        ("Cough for 2 weeks.", -0.65, False),
        ("Nagging cough for 2 weeks.", -0.55, False),
        ("Nagging cough for 2 weeks.", -0.35, True),
    ],
)
def test_in_words_that_were_not_said_the_model_has_to_be_surer(written: str, sureness: float, stands: bool) -> None:
    child = FakeRewritingChild(lambda request, seed: {"text": written, "sureness": sureness})
    adapter = Adapter(lambda: None, EngineInfo("starter", "1" * 64), frozenset({"note"}), -0.6, -0.4)
    drafted = subjective(statement_drafter(child, Groups(), adapter), SAID[:1])
    assert drafted == [("written", written) if stands else ("quoted", SAID[0])]


def test_of_a_child_that_dies_twice_the_rest_is_quoted_and_what_was_written_stays() -> None:
    texts = [f"I have had a cough for {n} weeks, and a runny nose." for n in range(2, 2 + BATCH + 3)]

    def write(request: str, _: int) -> str:
        if f"{BATCH} weeks" in request:  # in the first batch: the next requests kill it
            child.deaths = [RetryableError("engine-crashed"), RetryableError("engine-crashed")]
        child.alive = True
        return request.splitlines()[1].replace("I have had a cough", "Cough")

    child = FakeRewritingChild(write)
    drafter = statement_drafter(child, Groups())
    manners = [manner for manner, _ in subjective(drafter, texts)]
    assert manners == ["written"] * BATCH + ["quoted"] * 3
    assert drafter.last_usage["quoted: no-answer"] == 3
    assert len(child.asked) == 3


def test_time_that_is_up_leaves_quotes() -> None:
    child = FakeRewritingChild(good)
    assert subjective(statement_drafter(child, Groups(), max_wall_seconds=1e-9), SAID[:1]) == [("quoted", SAID[0])]
    assert child.asked == []


def test_progress_only_grows_and_ends_whole() -> None:
    heard: list[tuple[float, float]] = []
    drafter = statement_drafter(FakeRewritingChild(lambda *_: "He coughs."), Groups())
    drafter.on_progress = lambda done, total: heard.append((done, total))
    subjective(drafter, SAID * 5)
    assert heard == sorted(heard)
    assert heard[-1] == (30, 30)


def test_idle_and_closed() -> None:
    child = FakeRewritingChild(good)
    drafter = statement_drafter(child, Groups())
    assert drafter.child_pid is None
    assert not drafter.close_if_idle(0)
    subjective(drafter, SAID)
    assert drafter.child_pid == 1
    assert not drafter.close_if_idle(1000)
    assert drafter.close_if_idle(0)
    assert drafter.child_pid is None
    assert not child.alive
    assert drafter.labels(spoken(SAID)) == {"p1": ("GENHX",)}


def test_an_error_of_the_model_is_raised_and_forgets_nothing_less() -> None:
    child = FakeRewritingChild(good)
    child.deaths = [RetryableError("engine-model")]
    drafter = statement_drafter(child, Groups())
    with pytest.raises(RetryableError):
        drafter.draft(SOAP, spoken(MEMO))


def statements(*texts: str) -> list[Statement]:
    return [Statement(text, (f"p{n}",), "written") for n, text in enumerate(texts, 1)]


ORDER = {f"p{n}": n for n in range(1, 9)}


@pytest.mark.parametrize(
    ("texts", "left"),
    [
        (("Low back pain.", "Low back pain for 8 years."), [("Low back pain for 8 years.", ("p1", "p2"))]),
        (("Denies fever or chills.", "Cough.", "Denies fever."), [("Denies fever or chills.", ("p1", "p3")), ("Cough.", ("p2",))]),
        (("Reports fever.", "Denies fever."), None),
        (("Pain for 2 weeks.", "Pain for 3 weeks."), None),
        (("Diabetes.", "Mother has diabetes."), None),
        (("Left knee pain.", "Right knee pain."), None),
        (("Takes aspirin.", "Stopped aspirin 2 weeks ago."), None),
        (("Asthma.", "History of asthma as a child."), None),
    ],
)  # fmt: skip
def test_only_what_says_the_same_is_joined(
    texts: tuple[str, ...], left: list[tuple[str, tuple[str, ...]]] | None
) -> None:
    found = [(one.text, one.evidence) for one in joined(statements(*texts), ORDER)]
    assert found == (left or [(text, (f"p{n}",)) for n, text in enumerate(texts, 1)])


def test_quotes_are_never_joined() -> None:
    quotes = [Statement("Low back pain.", (f"p{n}",), "quoted") for n in (1, 2)]
    assert joined(quotes, ORDER) == tuple(quotes)
