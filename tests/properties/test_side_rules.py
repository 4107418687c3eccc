"""Sides, names and retractions over any text: no crash, spans that hold, evidence that exists, nothing against a quote."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.rules.identity import identity_findings
from daemon.faithfulness.rules.laterality import laterality_findings
from daemon.faithfulness.rules.retraction import retraction_findings
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

_PIECES = (
    "left", "Right", "knee", "both", "L", "OD", "not the", "bilaterally", "which side ?", ",", ".", "no,", "make that", "sorry,", "scratch that",
    "I mean", "20 mg", "lisinopril", "instead of", "we will", "actually, let's hold off on the", "MRI", "Mr. Okafor", "Dr.", "Jane Doe", "is a",
    "50-year-old", "woman", "He", "his mother", "DOB", "03/04/1960", "hi , brian", "🦵", "ｌｅｆｔ", "\x00", "’s", "ΔΣ", "\n",
)  # fmt: skip
_TEXT = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(_PIECES), max_size=14).map(" ".join))
_SIDES = st.sampled_from(["left", "right"])
_PARTS = st.sampled_from(
    ["knee", "shoulder", "hand", "eye", "breast", "kidney", "lower extremity", "great toe", "lung", "ovary"]
)


def _all(claim: Claim, source: Texts) -> Iterator[Finding]:
    for rule in (laterality_findings, identity_findings, retraction_findings):
        yield from rule(claim, source)


def _source(texts: list[str]) -> Texts:
    return Texts({f"p{number}": text for number, text in enumerate(texts)})


@settings(deadline=None)
@given(_TEXT, st.lists(_TEXT, max_size=5), st.booleans())
def test_any_text_is_survived_and_spans_and_evidence_hold(stated: str, said: list[str], inferred: bool) -> None:
    source = _source(said)
    claim = Claim(stated, tuple(source.by_id)[:2], inferred=inferred)
    found = list(_all(claim, source))
    assert found == list(_all(claim, _source(said)))
    for finding in found:
        assert finding.span is not None
        assert finding.detail == stated[slice(*finding.span)] != ""
        assert set(finding.evidence) <= set(source.by_id)


@settings(deadline=None)
@given(_SIDES, _SIDES, _PARTS)
def test_a_side_is_found_if_and_only_if_it_is_the_other(said: str, stated: str, part: str) -> None:
    source = _source([f"There is pain in the {said} {part}."])
    found = list(laterality_findings(Claim(f"{stated.capitalize()} {part} pain.", ("p0",), inferred=True), source))
    assert [finding.severity for finding in found] == ([] if said == stated else ["high"])


@settings(deadline=None)
@given(
    st.integers(1, 90),
    st.integers(1, 90),
    st.sampled_from(["No, make that", "Correction,", "Sorry,", "I mean", "Scratch that,"]),
)
def test_the_first_number_is_taken_back_and_the_second_holds(first: int, second: int, turn: str) -> None:
    source = _source([f"Start prednisone {first} mg daily.", f"{turn} {second} mg daily."])
    old = list(retraction_findings(Claim(f"Start prednisone {first} mg daily.", ("p0",)), source))
    new = list(retraction_findings(Claim(f"Start prednisone {second} mg daily.", ("p1",)), source))
    assert [finding.detail for finding in old] == ([] if first == second else [str(first)])
    assert not new


@settings(deadline=None)
@given(st.lists(_TEXT, min_size=1, max_size=4))
def test_a_quote_has_no_wrong_side(said: list[str]) -> None:
    source = _source(said)
    for name, text in source.by_id.items():
        assert not [one for one in laterality_findings(Claim(text, (name,)), source) if one.evidence]
