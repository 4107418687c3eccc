"""Which document a job becomes: folder and command, then the memo's first words, then the kind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.model.document import Document, SectionSpec
from daemon.model.draft import RouteCode, Routing
from daemon.model.passage import Anchor, LineAnchor, PageAnchor, Passage, Reading, TimeAnchor
from daemon.model.source import Source, SourceKind
from daemon.steps.route import reason, route

BODY = (SectionSpec("body", "Body", "Write it."),)
SOAP = Document("soap", "SOAP note", ("recording", "scan", "text"), BODY, "recording", ("soap note",))
REFERRAL = Document("referral", "Referral letter", ("recording", "text"), BODY, None, ("referral letter",))
INTAKE = Document("intake", "Intake summary", ("scan",), BODY, "scan", ("intake summary",))
KNOWN = {each.key: each for each in (SOAP, REFERRAL, INTAKE)}
ASKED = Routing("spoken-cue", "Referral letter to cardiology")


def reading(*said: tuple[SourceKind, str]) -> Reading:
    """Sources s1, s2, … each of which holds one passage, or none."""
    anchors: dict[SourceKind, Anchor] = {
        "recording": TimeAnchor("", 0.0, 1.0),
        "scan": PageAnchor("", 1, (0.0, 0.0, 1.0, 1.0)),
        "text": LineAnchor("", 1, 1),
    }
    sources = tuple(Source(f"s{n}", kind, "0" * 64) for n, (kind, _) in enumerate(said, 1))
    passages = tuple(
        Passage(f"p{n}", text, replace(anchors[kind], source=f"s{n}"), 0.9)
        for n, (kind, text) in enumerate(said, 1)
        if text
    )
    return Reading(sources, passages)


MEMO = reading(("recording", "Referral letter to cardiology."))


def test_the_memos_first_words_go_before_its_kind() -> None:
    assert route("soap", "kind-default", MEMO, KNOWN) == ("referral", ASKED)


@pytest.mark.parametrize("how", ["folder", "command", "derived"])
def test_what_a_person_chose_is_not_overruled(how: RouteCode) -> None:
    assert route("soap", how, MEMO, KNOWN) == ("soap", Routing(how))


def test_a_cue_for_the_default_is_the_reason_for_it() -> None:
    said = reading(("recording", "SOAP note."))
    assert route("soap", "kind-default", said, KNOWN) == ("soap", Routing("spoken-cue", "SOAP note"))


@pytest.mark.parametrize(
    "said",
    [
        reading(("scan", "Referral letter to cardiology.")),
        reading(("recording", "A cough."), ("recording", "Referral letter to cardiology.")),
        reading(("recording", "A cough."), ("text", "Referral letter to cardiology.")),
        reading(("recording", "Intake summary for Jane Doe.")),  # which cannot be drafted from a memo
        reading(("recording", "")),
        reading(),
    ],
)
def test_what_asks_for_nothing_is_its_kinds_default(said: Reading) -> None:
    assert route("soap", "kind-default", said, KNOWN) == ("soap", Routing("kind-default"))


@pytest.mark.parametrize(
    "said",
    [
        reading(("scan", "Name: Jane Doe"), ("recording", "Referral letter to cardiology.")),
        reading(("recording", ""), ("recording", "Referral letter to cardiology.")),
        reading(("scan", "Name: Jane Doe"), ("text", "Referral letter to cardiology.")),
    ],
)
def test_the_first_recording_of_a_packet_speaks_or_else_its_first_text(said: Reading) -> None:
    assert route("soap", "kind-default", said, KNOWN) == ("referral", ASKED)


def test_a_practices_document_goes_before_a_packaged_one_with_a_cue_as_long() -> None:
    own = replace(REFERRAL, key="our-referral", file="/practice/our-referral.toml")
    assert route("soap", "kind-default", MEMO, {**KNOWN, "our-referral": own})[0] == "our-referral"


def test_a_request_may_run_over_several_passages() -> None:
    first = Passage("p1", "Okay, this is Dr.", TimeAnchor("s1", 0.0, 1.0), 0.9)
    then = Passage("p2", "Smith, dictating a referral letter.", TimeAnchor("s1", 1.0, 2.0), 0.9)
    said = replace(MEMO, passages=(first, then))
    assert route("soap", "kind-default", said, KNOWN)[0] == "referral"


def test_a_job_that_was_routed_stays_what_it_is_when_the_cues_change() -> None:
    assert reason("referral", "kind-default", MEMO, KNOWN) == ASKED
    assert reason("soap", "kind-default", MEMO, KNOWN) == Routing("kind-default")
    assert reason("referral", "kind-default", MEMO, {"soap": SOAP}) == Routing("kind-default")
    assert reason("intake", "command", MEMO, KNOWN) == Routing("command")


@given(st.text(max_size=300), st.sampled_from(["recording", "scan", "text"]))
def test_every_text_leads_to_one_document_each_time(text: str, kind: SourceKind) -> None:
    said = reading((kind, text))
    first, routing = route("soap", "kind-default", said, KNOWN)
    assert first in KNOWN
    assert route(first, "kind-default", said, KNOWN) == (first, routing)
