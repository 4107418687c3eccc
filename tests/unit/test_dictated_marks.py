"""Commands of those who dictate every day; what they say of anything else loses no number, drug or denial."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.dictation import spoken_form
from daemon.model.passage import Passage, TimeAnchor


def form(text: str) -> list[str]:
    return [passage.text for passage in spoken_form([Passage("p1", text, TimeAnchor("s1", 0.0, 30.0), 0.9)])]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Heading assessment and plan colon number one gout period number two asthma comma no fever period",
         ["Assessment and plan: number one gout.", "Number two asthma, no fever."]),
        ("Heading Plan. Continue aspirin.", ["Plan: Continue aspirin."]),
        ("No edema full stop abdomen soft full stop no masses full stop", ["No edema.", "Abdomen soft.", "No masses."]),
        ("Start aspirin. Bullet point recheck lipids. Next bullet refer to cardiology.",
         ["Start aspirin.", "Recheck lipids.", "Refer to cardiology."]),
        ("Well hyphen nourished man on ibuprofen and slash or naproxen.", ["Well-nourished man on ibuprofen and/or naproxen."]),
        ("Take numeral 2 tablets.", ["Take 2 tablets."]),
        ("Saturation is 98 percent sign.", ["Saturation is 98%."]),
        ("All caps DNR is on file.", ["DNR is on file."]),
        ("Code status. All caps dnr.", ["Code status. DNR."]),
        ("She was told quote come back unquote by them.", ['She was told "come back" by them.']),
        ("She is well. New line. Infection improved.", ["She is well.", "Infection improved."]),
        ("She has gout. Undo that. She has asthma. Stop dictation.", ["She has asthma."]),
        ("Start amlodipine 5 mg, no wait, 10 mg daily.", ["Start amlodipine 10 mg daily."]),
        ("Start amlodipine 5 mg, I mean 10 mg daily.", ["Start amlodipine 10 mg daily."]),
        ("Return in 2 weeks, sorry, 3 weeks.", ["Return in 3 weeks."]),
        ("The pain is on the left side, sorry, right side.", ["The pain is on the right side."]),
        ("The numbness is on the right side. Sorry. The left side.", ["The numbness is on the left side."]),
        ("Return in 2 weeks. Sorry, 3 weeks.", ["Return in 3 weeks."]),
        ("Swelling of the left knee, no wait, the right knee, for 2 days.", ["Swelling of the right knee, for 2 days."]),
        ("Start lisinopril 10 mg daily, sorry I mean 20 mg daily.", ["Start lisinopril 20 mg daily."]),
    ],
)  # fmt: skip
def test_commands_are_carried_out(said: str, meant: list[str]) -> None:
    assert form(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "The cells are comma shaped, and comma shaped rods were seen.",
        "The central line, new line inserted on the right.",
        "Roman numeral 3 is on the film.",
        "Remove all caps before the scan.",
        "Dentures out, all caps are intact.",
        "There are multiple slash wounds on the arm.",
        "The heading of the letter was wrong.",
        "A bullet point of entry was seen.",
        "The growth came to a full stop, then went on.",
        "Her periods are regular, a period of rest helped.",
        "Please do not undo that dressing.",
        "He has a quote for the hearing aid.",
        "I mean 3 weeks.",
    ],
)
def test_the_same_words_elsewhere_stay(said: str) -> None:
    assert form(said) == [said]


_COMMANDS = (
    "comma", "period", "colon", "semicolon", "full stop", "new line", "new paragraph", "open paren", "close paren", "hyphen", "slash", "percent sign", "all caps",
    "numeral", "heading plan", "next section plan", "bullet point", "next bullet", "quote", "unquote", "question mark", "number one", "stop dictation",
)  # fmt: skip
_MEANT = (
    "No",
    "fever",
    "not",
    "denies",
    "metformin",
    "warfarin",
    "500mg",
    "5",
    "98",
    "without",
    "left",
    "Penicillin,",
    "rash.",
    "never",
    "insulin",
)


@given(st.lists(st.one_of(st.sampled_from(_COMMANDS), st.sampled_from(_MEANT)), min_size=1, max_size=25))
def test_no_mark_or_break_takes_a_number_a_drug_or_a_denial_with_it(pieces: list[str]) -> None:
    def kept(text: str) -> list[str]:
        wanted = {re.sub(r"\W", "", word).lower() for word in _MEANT}
        return [word for word in re.findall(r"[a-z]+|\d+(?:mg)?", text.lower()) if word in wanted]

    said = " ".join(pieces)
    assert kept(" ".join(form(said))) == kept(said)
