"""The rules about numbers hold for any text: no exception, findings at their place, quotes and orders change nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.omissions.numbers import omitted_numbers
from daemon.faithfulness.rules.frequency import frequency_findings
from daemon.faithfulness.rules.quantity import quantity_findings
from daemon.faithfulness.texts import Claim, Texts

WORDS = st.sampled_from(
    ["metformin", "lisinopril", "5", "2.5", "138/84", "one", "twenty", "mg", "mcg", "weeks", "daily", "weekly", "twice", "a", "day", "every", "q",
     "hours", "at", "night", "IV", "pain", "a1c", "is", "to", "-", ".", "/", ",", "+", "3/4/2024", "point", "x", "years", "old", "type", "for", "ago",
     "\n", "½", "٣", "🙂", "\0", "couple", "of", "and", "in", "the", "morning", "over", "out", "10", "BP"]
)  # fmt: skip
TALK = st.lists(WORDS, max_size=25).map(" ".join)
TEXT = st.one_of(TALK, st.text(max_size=60))
SOURCE = st.lists(TEXT, min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(TEXT, SOURCE, st.booleans())
def test_findings_are_pieces_of_the_statement_and_name_passages_that_exist(
    text: str, said: list[str], inferred: bool
) -> None:
    source = Texts({f"p{number}": one for number, one in enumerate(said)})
    claim = Claim(text, ("p0", "p9"), inferred=inferred)
    for finding in [*quantity_findings(claim, source), *frequency_findings(claim, source)]:
        assert finding.span is not None
        assert finding.detail == text[slice(*finding.span)] != ""
        assert set(finding.evidence) <= source.by_id.keys()


@settings(max_examples=100, deadline=None)
@given(SOURCE, st.booleans())
def test_what_a_passage_says_is_never_held_against_it(said: list[str], inferred: bool) -> None:
    source = Texts({f"p{number}": one for number, one in enumerate(said)})
    for name, text in source.by_id.items():
        claim = Claim(text, (name,), inferred=inferred)
        if text.strip().rstrip("."):
            assert not [*quantity_findings(claim, source), *frequency_findings(claim, source)]


@settings(max_examples=100, deadline=None)
@given(SOURCE, SOURCE)
def test_omissions_name_their_passage_and_none_is_left_when_all_is_written(note: list[str], said: list[str]) -> None:
    source = Texts({f"p{number}": one for number, one in enumerate(said)})
    found = list(omitted_numbers(Texts({f"s{number}": one for number, one in enumerate(note)}), source))
    assert all(one.text and set(one.evidence) <= source.by_id.keys() for one in found)
    assert len({one.text.lower() for one in found}) == len(found)
    assert list(omitted_numbers(source, source)) == []
