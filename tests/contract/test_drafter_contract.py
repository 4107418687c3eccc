"""What every drafter promises, and what the quoting one promises beyond that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.drafting.llm_reply import LEAST_SUPPORT, MAX_STATEMENT_CHARS, clean, read_reply, support
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.drafting.spoken_headings import spoken_heading
from daemon.documents.filler import is_filler
from daemon.documents.loader import load_documents
from daemon.engines.llm_prompt import answer_grammar, statements_loop, tail_loops
from daemon.model.document import Document
from daemon.model.draft import Section
from daemon.model.passage import Passage
from daemon.ports import Drafter
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import FORM, MEMO, printed, spoken
from tests.fakes.rewriting_child import FakeRewritingChild, hostile_writer, statement_drafter, true_writer

DOCUMENTS = load_documents(None)
QUOTING = QuotingDrafter()
MAKERS: dict[str, Callable[[], Drafter]] = {
    "fake": FakeDrafter,
    "quoting": lambda: QUOTING,
    "statement": lambda: statement_drafter(FakeRewritingChild(true_writer)),
    "statement-hostile": lambda: statement_drafter(FakeRewritingChild(hostile_writer)),
}
TEXTS = st.lists(st.text(min_size=1, max_size=80), max_size=8)


def said(sections: list[Section]) -> dict[str, list[str]]:
    return {section.key: [statement.text for statement in section.statements] for section in sections}


@pytest.fixture(params=MAKERS)
def drafter(request: pytest.FixtureRequest) -> Drafter:
    return MAKERS[request.param]()


@pytest.mark.parametrize("key", DOCUMENTS)
@pytest.mark.parametrize("passages", [(), spoken(MEMO), printed(FORM)], ids=["nothing", "memo", "form"])
def test_sections_in_order_with_evidence_that_exists(drafter: Drafter, key: str, passages: tuple[Passage, ...]) -> None:
    holds(drafter, DOCUMENTS[key], passages)


def holds(drafter: Drafter, document: Document, passages: tuple[Passage, ...]) -> Sequence[Section]:
    sections = drafter.draft(document, passages)
    assert [(s.key, s.title) for s in sections] == [(s.key, s.title) for s in document.sections]
    ids = {passage.id for passage in passages}
    for spec, section in zip(document.sections, sections, strict=True):
        assert not (spec.computed and section.statements)
        for statement in section.statements:
            assert statement.text.strip()
            assert statement.evidence
            assert set(statement.evidence) <= ids
            assert not statement.findings
    assert drafter.draft(document, passages) == sections
    return sections


def test_engine_is_named(drafter: Drafter) -> None:
    role, engine = drafter.engine
    assert role in {"llm", "quoting"}
    assert len(engine.sha256) == 64


def test_a_memo_is_quoted_in_its_sections() -> None:
    drafted = said(QUOTING.draft(DOCUMENTS["soap"], spoken(MEMO)))
    assert {key: texts for key, texts in drafted.items() if texts} == {
        "subjective": list(MEMO[2:5]),
        "objective": list(MEMO[6:8]),
        "assessment": [MEMO[9]],
        "plan": list(MEMO[11:13]),
    }


CLAUSES = st.sampled_from(
    ["Lungs are clear", "subjective", "objective", "Assessment", "planned", "plan colon", "A/P", "and the plan", "no rash", "exam",
     "gout", "and her lungs are clear to auscultation on both sides today", "we will start lisinopril and see her in two weeks",
     "she has had a cough and a fever for four days", "Allergies: penicillin", "we discussed the", "um", "impression", "2.5", "right ear", "Start iron", "? "]
)  # fmt: skip
RUN_ON = st.lists(st.tuples(CLAUSES, st.sampled_from([", ", ". ", " ", ": "])), min_size=1, max_size=7).map(
    lambda clauses: "".join(clause + end for clause, end in clauses)
)
HEADING_WORDS = set(re.findall(r"\w+", "subjective objective assessment plan impression exam colon and the a p um"))


@settings(max_examples=150, deadline=None)
@given(st.one_of(TEXTS, st.lists(RUN_ON, max_size=4)))
def test_what_is_quoted_is_verbatim_and_said_once(texts: list[str]) -> None:
    """A passage's statements are pieces of it, one behind the other; only a heading's words and filler are in none of them."""
    passages = spoken(texts)
    statements = [s for section in QUOTING.draft(DOCUMENTS["soap"], passages) for s in section.statements]
    assert all(statement.manner == "quoted" and len(statement.evidence) == 1 for statement in statements)
    for passage in passages:
        rest = " ".join(passage.text.split())
        mine = [s.text for s in statements if s.evidence == (passage.id,)]
        for text in sorted(mine, key=len, reverse=True):
            assert text in rest
            rest = rest.replace(text, "|", 1)
        left = set(re.findall(r"[^\W_]+", rest.lower())) - HEADING_WORDS
        assert not left or is_filler(passage.text) or alone(passage.text)


def alone(text: str) -> bool:
    heading = spoken_heading(text)
    return heading is not None and heading.alone


def test_a_passage_that_runs_over_headings_is_quoted_in_pieces() -> None:
    """As whisper wrote it: the drafter takes what stands before and behind each heading apart, and cites the passage for each."""
    texts = [
        "Subjective, Lily Brand is a four year old girl with right ear pain,",
        "two puffs as needed, latex gives her hives, objective, the right ear drum is red, about 4 mm of fluid,",
        "assessment, acute otitis media, right ear, planned, cefdinir 225 milligrams once a day for 10 days.",
    ]
    drafted = QUOTING.draft(DOCUMENTS["soap"], spoken(texts))
    assert {s.key: [(x.text, x.evidence) for x in s.statements] for s in drafted if s.statements} == {
        "subjective": [
            ("Lily Brand is a four year old girl with right ear pain", ("p1",)),
            ("two puffs as needed, latex gives her hives", ("p2",)),
        ],
        "objective": [("the right ear drum is red, about 4 mm of fluid", ("p2",))],
        "assessment": [("acute otitis media, right ear", ("p3",))],
        "plan": [("planned, cefdinir 225 milligrams once a day for 10 days.", ("p3",))],
    }


def test_a_finding_and_a_plan_in_one_breath_are_cut() -> None:
    finding = "Blood pressure is 150 over 92 today and her lungs are clear to auscultation on both sides"
    plan = "so we will increase lisinopril to 20 milligrams once a day and follow up in two weeks."
    drafted = said(QUOTING.draft(DOCUMENTS["soap"], spoken([f"{finding}, {plan}"])))
    assert (drafted["objective"], drafted["plan"]) == ([finding], [plan])
    short = "Blood pressure is 150 over 92, so we will increase lisinopril."
    assert sum(map(len, said(QUOTING.draft(DOCUMENTS["soap"], spoken([short]))).values())) == 1
    history = "She has had a cough and a fever for four days, and her husband says that she was short of breath on the stairs."
    assert said(QUOTING.draft(DOCUMENTS["soap"], spoken([history])))["subjective"] == [history]


def test_what_stands_before_an_announced_impression_is_none() -> None:
    texts = [
        "Pulse 88, oxygen saturation 95%.",
        "Ejection fraction in March was 40%, impression, heart failure, fluid overload.",
    ]
    drafted = said(QUOTING.draft(DOCUMENTS["soap"], spoken(texts)))
    assert drafted["objective"] == ["Pulse 88, oxygen saturation 95%.", "Ejection fraction in March was 40%"]
    assert drafted["assessment"] == ["heart failure, fluid overload."]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*FORM, "[X]", "☐", "::", "Name", "____", "a|b", "Why? ", "1.", "I agree"]), max_size=12)
)
def test_any_form_is_quoted_in_pieces_of_its_passages(texts: list[str]) -> None:
    passages = printed(texts)
    by_id = {passage.id: passage.text for passage in passages}
    for section in QUOTING.draft(DOCUMENTS["intake"], passages):
        for statement in section.statements:
            cited = " ".join(by_id[name] for name in statement.evidence).split()
            remaining = iter(cited)
            assert all(word in remaining for word in statement.text.split())


def test_a_packet_keeps_both_apart_and_in_order() -> None:
    memo = spoken(["She has had a cough for a week.", "Start amoxicillin 500 milligrams."])
    form = tuple(replace(p, id=f"p{n}") for n, p in enumerate(printed(["Allergies: penicillin"], "s2"), 3))
    drafted = said(QUOTING.draft(DOCUMENTS["soap"], (*memo, *form)))
    assert drafted["subjective"] == ["She has had a cough for a week.", "Allergies: penicillin"]
    assert drafted["plan"] == ["Start amoxicillin 500 milligrams."]


# -- what a language model replies ----------------------------------------------------------------------------------------
PASSAGES = {"p1": "She takes lisinopril 20 milligrams.", "p2": "Return in two weeks."}
GOOD = {"text": "Takes lisinopril 20 milligrams.", "evidence": ["p1"]}


def reply(*statements: object, key: object = "plan") -> dict[str, object]:
    return {"sections": [{"key": key, "statements": list(statements)}]}


def test_a_good_reply_is_read() -> None:
    read = read_reply(reply(GOOD), {"plan"}, PASSAGES)
    assert [(s.text, s.evidence, s.manner) for s in read["plan"]] == [
        ("Takes lisinopril 20 milligrams.", ("p1",), "written")
    ]
    assert read_reply(reply(), {"plan"}, PASSAGES) == {"plan": ()}


@pytest.mark.parametrize(
    "untrusted",
    [
        {}, {"sections": None}, {"sections": [3]}, {"sections": [{"key": "plan", "error": "draft-looping"}]},
        reply(GOOD, key="other"), reply(GOOD, key=7), reply(7), reply({}), reply(GOOD, {"text": "x", "evidence": []}),
        reply(GOOD | {"evidence": ["p9"]}), reply(GOOD | {"evidence": [["p1"]]}), reply(GOOD | {"text": ""}),
        reply(GOOD | {"text": "\x00\u202e"}), reply(GOOD | {"text": "lisinopril " * 100}),
        reply(GOOD, {"text": "Admitted for chest pain yesterday.", "evidence": ["p1"]}),
    ],
)  # fmt: skip
def test_one_bad_statement_fails_its_section(untrusted: dict[str, object]) -> None:
    assert read_reply(untrusted, {"plan"}, PASSAGES) == {}


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3) | st.dictionaries(
    st.sampled_from(["sections", "key", "statements", "text", "evidence", "error"]), x, max_size=4), max_leaves=12))  # fmt: skip
def test_no_reply_gets_past(untrusted: object) -> None:
    for sections in (untrusted, [untrusted]):
        read = read_reply({"sections": sections}, {"plan"}, PASSAGES)
        assert all(name in PASSAGES for statements in read.values() for s in statements for name in s.evidence)


@given(st.text(max_size=60))
def test_cleaned_text_is_one_plain_line(text: str) -> None:
    assert clean(text).isprintable()
    assert clean(clean(text)) == clean(text)


def test_support() -> None:
    assert support("Takes lisinopril 20 milligrams", PASSAGES["p1"]) == 1.0
    assert support("Admitted for chest pain yesterday", PASSAGES["p1"]) < LEAST_SUPPORT
    assert support("Increase to 40", PASSAGES["p1"]) < LEAST_SUPPORT


# -- rules of the prompt ----------------------------------------------------------------------------------------------------
def test_the_grammar_knows_the_given_ids_alone() -> None:
    grammar = answer_grammar(["p1", "p12"])
    assert 'id ::= "\\"p1\\"" | "\\"p12\\""' in grammar
    assert f"{{1,{MAX_STATEMENT_CHARS}}}" in grammar
    for bad in ([], ['p1" | "x'], ["p 1"]):
        with pytest.raises(ValueError, match="passage ids"):
            answer_grammar(bad)


def test_loops() -> None:
    assert tail_loops([9, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
    assert not tail_loops([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 5])
    assert statements_loop(["Return in two weeks.", "return in two weeks"])
    assert statements_loop(["he has a cough and he has a cough and he has a cough"])
    assert not statements_loop(["He has a cough.", "He has a fever.", "He has a rash."])
    assert not statements_loop([json.dumps(n) for n in range(40)])
