"""Rules on support, examinations and headings are total, true to the text, and the same every time, for any text at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness.evidence import PassageIndex
from daemon.faithfulness.rules.examination import examination_findings
from daemon.faithfulness.rules.section import section_findings
from daemon.faithfulness.rules.support import support, support_findings
from daemon.faithfulness.texts import DOCTOR, PATIENT, Claim, Texts

RULES = (examination_findings, section_findings, support_findings)
HEADINGS = st.sampled_from(
    ["", "Plan", "Physical Exam", "HPI", "Results", "Allergies", "Objective", "Assessment", "其他"]
)
_SAID = """lungs are clear to auscultation no murmurs knee tender edema of the left x-ray shows fracture a1c was 7.4 denies neck
supple start metformin 500 mg she reports any wheezing ? . ; : , does it hurt when i press \0 🙂 größe 肺"""
WORDS = st.sampled_from(_SAID.split())
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=25).map(" ".join))
SOURCES = st.lists(st.tuples(TEXTS, st.sampled_from([DOCTOR, PATIENT, ""])), max_size=6).map(
    lambda said: Texts(
        {f"p{number}": text for number, (text, _) in enumerate(said)},
        {f"p{number}": speaker for number, (_, speaker) in enumerate(said) if speaker},
    )
)


@settings(max_examples=100, deadline=None)
@given(TEXTS, HEADINGS, SOURCES, st.booleans())
def test_findings_stand_in_the_text_and_name_passages_that_exist(
    text: str, section: str, source: Texts, inferred: bool
) -> None:
    claim = Claim(text, tuple(source.by_id)[:2], section, inferred)
    for rule in RULES:
        found = list(rule(claim, source))
        for finding in found:
            assert finding.span is not None
            assert finding.detail == text[slice(*finding.span)] != ""
            assert set(finding.evidence) <= source.by_id.keys()
        assert found == list(rule(claim, Texts(source.by_id, source.speakers)))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_support_is_a_share_and_a_text_supports_itself(claim: str, source: str) -> None:
    assert 0.0 <= support(claim, source) <= 1.0
    assert support(claim, claim) > 0.99
    assert support(claim, source) <= support(claim, f"{source}\n{claim}") + 1e-9


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.lists(TEXTS, max_size=8), st.integers(0, 6))
def test_cited_passages_exist_within_the_limit(statement: str, said: list[str], limit: int) -> None:
    passages = {f"p{number}": text for number, text in enumerate(said)}
    cited = PassageIndex.of(passages).cite(statement, limit)
    assert len(set(cited)) == len(cited) <= limit
    assert list(cited) == [each for each in passages if each in cited]


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=5), HEADINGS)
def test_a_quotation_is_never_doubted(said: list[str], section: str) -> None:
    source = Texts({f"p{number}": text for number, text in enumerate(said)})
    for name, text in source.by_id.items():
        claim = Claim(text, (name,), section)
        assert [finding for rule in RULES for finding in rule(claim, source)] == []


def test_long_texts_are_read_to_the_end() -> None:
    for piece in ("lungs clear no ", "a", "no ", "knee: ", "\0", "🙂 ", "x-", "1/2 ", "examination of "):
        long = piece * (20_000 // len(piece))
        source = Texts({"p1": long, "p2": "Neck supple."})
        for section in ("Physical Exam", "HPI"):
            for rule in RULES:
                assert len(list(rule(Claim(long + "!", ("p2",), section), source))) <= 2
    assert PassageIndex.of({"p1": "no " * 30_000 + "gout"}).cite("Gout.") == ("p1",)
