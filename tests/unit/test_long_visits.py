"""A visit longer than the context: windows, one section of them all, and nothing dropped where a part of that fails."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from daemon.adapters.drafting.llm_drafter import MERGE, LlmDrafter
from daemon.adapters.drafting.llm_windows import MAX_WINDOWS
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.loader import load_documents
from daemon.model.document import Document, SectionSpec
from daemon.model.draft import Section
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.limits import Limits
from daemon.model.passage import EngineInfo, Passage
from tests.fakes.language_child import FakeLanguageChild, Lines, Write
from tests.fakes.passages import FORM, MEMO, printed, spoken

QUOTING = QuotingDrafter()
NOTE = Document(
    "note",
    "Note",
    ("recording",),
    (
        SectionSpec("story", "Story", "Write the story.", labels=("GENHX",)),
        SectionSpec("plan", "Plan", "Write the plan.", labels=("PLAN",)),
        SectionSpec("counted", "Counted", "", computed="unreadable"),
    ),
    instructions="Use only what the passages say.",
)
COMPLAINTS = ("cough", "fever", "headache", "nausea", "dizziness", "backache", "rash", "wheezing", "tremor", "fatigue")
TALK = spoken(
    [f"The patient describes {what} number {n}00 since Monday, and " + "it comes and goes all day long " * 8 for n, what in enumerate(COMPLAINTS, 1)]
    + ["Start ibuprofen 400 milligrams three times a day."]
)  # fmt: skip


def faithful(key: str, lines: Lines, merging: bool) -> list[tuple[str, list[str]]] | str:
    """A model that does as it is told: a statement for each complaint; merged, two to a sentence."""
    if merging:
        pairs = [lines[at : at + 2] for at in range(0, len(lines), 2)]
        return [(" and ".join(text for _, text in pair), [name for name, _ in pair]) for pair in pairs]
    if key == "plan":
        return [("Start ibuprofen 400 milligrams.", [name]) for name, text in lines if "ibuprofen" in text]
    found = [(re.search(r"describes (\w+ number \d+)", text), name) for name, text in lines]
    return [(f"Describes {match[1]}.", [name]) for match, name in found if match]


def drafted(
    write: Write,
    passages: tuple[Passage, ...] = TALK,
    *,
    context: int = 400,
    document: Document = NOTE,
    seconds: float = 60.0,
    deaths: tuple[PermanentError | RetryableError, ...] = (),
) -> tuple[dict[str, Section], LlmDrafter, FakeLanguageChild]:
    child = FakeLanguageChild(write)
    child.deaths = list(deaths)

    def start() -> FakeLanguageChild:
        child.alive, child.pid = True, (child.pid or 0) + 1
        return child

    drafter = LlmDrafter(
        lambda: Path("model.gguf"),
        EngineInfo("fake", "0" * 64),
        limits=Limits(max_wall_seconds=seconds),
        threads=1,
        context_tokens=context,
        quoting=QUOTING,
        start=start,
    )
    sections = drafter.draft(document, passages)
    assert [section.key for section in sections] == [spec.key for spec in document.sections]
    ids = {passage.id for passage in passages}
    assert all(s.evidence and ids.issuperset(s.evidence) for section in sections for s in section.statements)
    return {section.key: section for section in sections}, drafter, child


def texts(section: Section) -> list[str]:
    return [statement.text for statement in section.statements]


# -- the way ---------------------------------------------------------------------------------------------------------
def test_what_fits_is_one_window_and_is_not_merged() -> None:
    sections, drafter, child = drafted(faithful, context=4096)
    assert drafter.last_usage["windows"] == 1
    assert not child.merges
    assert len(sections["story"].statements) == len(COMPLAINTS)


def test_windows_are_drafted_and_their_statements_merged_with_the_passages_they_rest_on() -> None:
    sections, drafter, child = drafted(faithful)
    assert len(child.windows) == drafter.last_usage["windows"] > 2
    assert [name for ids in child.windows for name in ids] == [passage.id for passage in TALK]
    assert drafter.last_usage["merges_kept"] == drafter.last_usage["merges_asked"] == 1
    first, *_ = sections["story"].statements
    assert (first.text, first.evidence) == ("Describes cough number 100. and Describes fever number 200.", ("p1", "p2"))
    assert [name for s in sections["story"].statements for name in s.evidence] == [p.id for p in TALK[:10]]
    # Only one window has a plan: there is nothing to merge.
    assert [(s.text, s.evidence) for s in sections["plan"].statements] == [
        ("Start ibuprofen 400 milligrams.", ("p11",))
    ]
    [merge] = child.merges
    assert merge["instructions"].endswith(MERGE)
    assert [one["id"] for one in merge["passages"]] == [f"m{n}" for n in range(1, 11)]


def no_merge(_: Lines) -> str:
    return "draft-looping"


def drops_one(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(text, [name]) for name, text in lines[1:]]


def cites_but_does_not_say(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(lines[0][1], [name for name, _ in lines[:4]]), *((text, [name]) for name, text in lines[4:])]


def other_number(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(text.replace("100", "150"), [name]) for name, text in lines]


def turned_around(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(text.replace("Describes cough", "Describes no cough"), [name]) for name, text in lines]


def unknown_id(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(text, [name if name != "m3" else "m99"]) for name, text in lines]


def cites_passages(lines: Lines) -> list[tuple[str, list[str]]]:
    return [(text, [name.replace("m", "p")]) for name, text in lines]


def invents(lines: Lines) -> list[tuple[str, list[str]]]:
    return [*((text, [name]) for name, text in lines), ("Admitted to hospital yesterday for pneumonia.", ["m1"])]


@pytest.mark.parametrize(
    "merge", [no_merge, drops_one, cites_but_does_not_say, other_number, turned_around, unknown_id, cites_passages, invents]
)  # fmt: skip
def test_where_the_merge_fails_the_windows_statements_stay(merge: object) -> None:
    assert callable(merge)
    sections, drafter, _ = drafted(lambda key, lines, merging: merge(lines) if merging else faithful(key, lines, False))
    assert (drafter.last_usage["merges_asked"], drafter.last_usage["merges_kept"]) == (1, 0)
    assert texts(sections["story"]) == [f"Describes {what} number {n}00." for n, what in enumerate(COMPLAINTS, 1)]


def test_what_does_not_fit_for_merging_stays_in_order_said_once() -> None:
    def wordy(key: str, lines: Lines, merging: bool) -> list[tuple[str, list[str]]] | str:
        assert not merging
        said = [(f"{text[:300]}{name}", [name]) for name, text in lines]
        return [("It comes and goes all day long.", [lines[0][0]]), *said] if key == "story" else []

    sections, drafter, child = drafted(wordy)
    assert drafter.last_usage["merges_asked"] == 0
    first, *rest = sections["story"].statements
    assert first.evidence == tuple(ids[0] for ids in child.windows)
    assert [s.evidence[0] for s in rest] == [passage.id for passage in TALK]


def test_a_window_whose_section_fails_is_quoted_and_no_other() -> None:
    def stumbles(key: str, lines: Lines, merging: bool) -> list[tuple[str, list[str]]] | str:
        broken = key == "story" and any("headache" in text for _, text in lines)
        written = faithful(key, lines, merging)
        return (
            "draft-looping" if broken else [*written, ("Comes and goes.", [lines[0][0]])] if key == "plan" else written
        )

    sections, drafter, child = drafted(stumbles)
    [failed] = [ids for ids in child.windows if "p3" in ids]
    quoted = [s for s in sections["story"].statements if s.manner == "quoted"]
    assert [name for s in quoted for name in s.evidence] == failed
    assert [s.evidence[0] for s in sections["story"].statements] == [passage.id for passage in TALK[:10]]
    assert drafter.last_usage["merges_asked"] == 1  # of the plan


def test_a_window_of_which_nothing_is_written_is_quoted() -> None:
    def silent(key: str, lines: Lines, merging: bool) -> list[tuple[str, list[str]]] | str:
        return [] if any("tremor" in text for _, text in lines) else faithful(key, lines, merging)

    sections, _, child = drafted(silent)
    [window] = [ids for ids in child.windows if "p9" in ids]
    quoted = {name for s in sections.values() for x in s.statements if x.manner == "quoted" for name in x.evidence}
    assert quoted == set(window)


def test_a_passage_longer_than_a_window_is_cut_and_keeps_its_id() -> None:
    long = spoken(
        [
            "The patient describes cough number 100. "
            + "it comes and goes all day " * 200
            + "The patient describes fever number 200."
        ]
    )
    sections, drafter, child = drafted(faithful, long)
    assert drafter.last_usage["windows"] == len([r for r in child.requests if r not in child.merges]) > 2
    said = " ".join(
        one["text"] for request in child.requests if request not in child.merges for one in request["passages"]
    )
    assert said.split() == long[0].text.split()
    assert {name for s in sections["story"].statements for name in s.evidence} == {"p1"}


def test_a_visit_of_too_many_windows_is_quoted() -> None:
    endless = spoken(
        [f"The patient describes cough number {n}." + " and then it was gone" * 20 for n in range(MAX_WINDOWS * 4)]
    )
    sections, _, child = drafted(faithful, endless)
    assert not child.requests
    assert {s.manner for section in sections.values() for s in section.statements} == {"quoted"}
    assert {name for section in sections.values() for s in section.statements for name in s.evidence} == {
        p.id for p in endless
    }


def test_when_the_time_is_over_what_is_left_is_quoted() -> None:
    sections, _, child = drafted(faithful, seconds=0.0)
    assert not child.requests
    assert sum(len(section.statements) for section in sections.values()) == len(TALK)


@pytest.mark.parametrize("error", [RetryableError("engine-crashed"), PermanentError("engine-memory")])
def test_a_child_that_dies_once_costs_nothing(error: PermanentError | RetryableError) -> None:
    assert drafted(faithful, deaths=(error,))[0] == drafted(faithful)[0]


def test_a_child_that_dies_of_a_window_leaves_it_quoted() -> None:
    """Two children for each of the two attempts."""
    sections, _, child = drafted(faithful, deaths=(PermanentError("engine-memory"),) * 4)
    quoted = {name for s in sections.values() for x in s.statements if x.manner == "quoted" for name in x.evidence}
    assert quoted == set(child.windows[0])


def test_a_context_without_room_quotes() -> None:
    sections, _, child = drafted(faithful, context=160)
    assert not child.requests
    assert {s.manner for section in sections.values() for s in section.statements} == {"quoted"}


@pytest.mark.parametrize("document", load_documents(None).values(), ids=lambda document: document.key)
@pytest.mark.parametrize("passages", [spoken(MEMO), printed(FORM)], ids=["memo", "form"])
@pytest.mark.parametrize("context", [700, 16_384])
def test_every_document_is_asked_for_what_a_drafter_writes(
    document: Document, passages: tuple[Passage, ...], context: int
) -> None:
    sections, _, child = drafted(
        lambda key, lines, _: [(f"{text} {key}", [name]) for name, text in lines[:3]], passages, document=document, context=context
    )  # fmt: skip
    asked = {section["key"] for request in child.requests for section in request["sections"]}
    for spec in document.sections:
        assert bool(spec.computed) != (spec.key in asked) or not child.requests
        assert not (spec.computed and sections[spec.key].statements)
