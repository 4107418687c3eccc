"""The classifier's labels of passages: what checklists rest on where no cue is said."""

from __future__ import annotations

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.ports import Labeller
from tests.fakes.drafter import FakeDrafter
from tests.fakes.passages import printed, spoken

QUOTING = QuotingDrafter()


def test_the_quoting_drafter_knows_labels_and_another_need_not() -> None:
    assert isinstance(QUOTING, Labeller)
    assert not isinstance(FakeDrafter(), Labeller)


def test_what_is_clear_has_its_label_and_headings_and_filler_have_none() -> None:
    labels = QUOTING.labels(
        spoken(
            [
                "Okay, um.",
                "Objective.",
                "Lungs are clear to auscultation bilaterally.",
                "She is allergic to penicillin.",
            ]
        )
    )
    assert labels == {"p3": ("EXAM",), "p4": ("ALLERGY",)}


def test_a_passage_of_two_parts_has_both_labels() -> None:
    assert set(
        QUOTING.labels(spoken(["Lungs are clear to auscultation, plan, start amoxicillin for ten days."]))["p1"]
    ) == {"EXAM", "PLAN"}


def test_lines_of_a_page_are_told_apart_one_by_one() -> None:
    assert QUOTING.labels(printed(["Allergies: penicillin, hives", "xyzzy"])) == {"p1": ("ALLERGY",)}


def test_nothing_has_no_label() -> None:
    assert QUOTING.labels(()) == {}
