"""Every rule over any text: no exception, one answer, spans that are right, evidence that exists, and work that is bounded."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.faithfulness import omissions
from daemon.faithfulness.checking import check_note
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.rates import rates
from daemon.faithfulness.reading.note_text import read_note
from daemon.faithfulness.reading.sentences import NoteSection, note_sections, sentences, spoken_sentences
from daemon.faithfulness.reading.source_text import read_source
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.rules import RULES, verify_claim
from daemon.faithfulness.rules.doubles import without_doubles
from daemon.faithfulness.texts import DOCTOR, OTHER, PATIENT, Claim, Texts
from daemon.model.errors import PermanentError
from daemon.model.finding import OMISSION_KINDS, Finding

PIECES = (
    "metformin", "500 mg", "1,000", "138/84", "eight point two", "twice a day", "every 6 hours", "q6h", "left", "right", "knee", "both",
    "denies", "no", "not", "No.", "Yes.", "any fever?", "chest pain", "without", "maybe", "Mr. Smith", "Dr. Osei", "54-year-old", "male", "she",
    "born on 03/04/1962", "on exam", "lungs are clear", "x-ray showed", "A1c", "scratch that", "no, make that", "actually", "instead",
    "allergic to", "penicillin", "hives", "NKDA", "return in 2 weeks", "call 911 if", "come back if worse", "diabetes", "hypertension", "cancer",
    "mother had", "Plan:", "ALLERGIES", "[doctor]", "Patient:", "“", "”", "(", ")", "\n", "\r\n", "\t", ".", "?", ";", ",", "–", "½", "µg", "°F", "%",
    "3.", "#1", "- ", "café", "Ärztin", "発熱なし", "لا حمى", "без лихорадки", "🤒", "\u200b", "\u0000", "\u202e", "e\u0301", "ß", "İ", "ﬁ", "①", "٣",
)  # fmt: skip
ANY_TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=24).map(" ".join))
TITLES = st.sampled_from(["", "Plan", "PHYSICAL EXAM", "Allergies", "Subjective", "薬"])
SOURCES = st.builds(
    lambda texts, speakers: Texts(
        {f"p{number}": text for number, text in enumerate(texts, 1)},
        {f"p{number}": speaker for number, speaker in enumerate(speakers, 1) if speaker},
    ),
    st.lists(ANY_TEXT, max_size=6),
    st.lists(st.sampled_from(["", DOCTOR, PATIENT, OTHER]), max_size=6),
)
CLAIMS = st.builds(
    Claim,
    ANY_TEXT,
    st.lists(st.sampled_from([f"p{n}" for n in range(1, 8)]), max_size=3).map(tuple),
    TITLES,
    st.booleans(),
)
NAMES = [rule.__name__ for rule in RULES]
_LONG = 10_000
SEVERITIES = {"high", "medium", "low"}


def _fresh(source: Texts) -> Texts:
    """The same texts, of which nothing has been read yet."""
    return Texts(dict(source.by_id), dict(source.speakers))


def _is_sound(finding: Finding, claim: Claim, source: Texts) -> bool:
    placed = finding.span is None or claim.text[slice(*finding.span)] == finding.detail
    return placed and finding.severity in SEVERITIES and set(finding.evidence) <= source.by_id.keys()


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
@settings(deadline=None)
@given(claim=CLAIMS, source=SOURCES)
def test_a_rule_survives_any_text_and_says_what_is_there(
    rule: Callable[[Claim, Texts], Iterable[Finding]], claim: Claim, source: Texts
) -> None:
    found = list(rule(claim, source))
    assert [one for one in found if not _is_sound(one, claim, source)] == []
    assert list(rule(claim, _fresh(source))) == found


@pytest.mark.parametrize("kind", OMISSION_KINDS)
@settings(deadline=None)
@given(note=SOURCES, source=SOURCES)
def test_a_kind_of_omission_survives_any_text_and_cites_what_is_there(kind: str, note: Texts, source: Texts) -> None:
    found = list(omissions.RULES[kind](note, source))
    for one in found:
        assert one.kind == kind
        assert one.severity in SEVERITIES
        assert set(one.evidence) <= source.by_id.keys()
        assert one.evidence
    assert list(omissions.RULES[kind](_fresh(note), _fresh(source))) == found


@settings(deadline=None)
@given(CLAIMS, CLAIMS, SOURCES)
def test_neither_the_order_of_rules_nor_of_statements_changes_an_answer(
    one: Claim, other: Claim, source: Texts
) -> None:
    first, second = verify_claim(one, source), verify_claim(other, source)
    again = _fresh(source)
    assert (verify_claim(other, again), verify_claim(one, again)) == (second, first)
    backwards = _fresh(source)
    apart = {finding for rule in reversed(RULES) for finding in rule(one, backwards)}
    cited = source.cited(one)
    if cited or one.inferred:
        told = {finding for finding in first if finding.code != "evidence-missing"}
        assert told == set(without_doubles(apart, one.text))


@settings(deadline=None)
@given(st.lists(st.tuples(TITLES, ANY_TEXT), max_size=5), SOURCES)
def test_a_check_never_changes_a_text_and_the_rates_are_shares(note: list[tuple[str, str]], source: Texts) -> None:
    sections = [NoteSection(title, (text,)) for title, text in note]
    before = dict(source.by_id)
    report = check_note(sections, source)
    assert [(one.title, tuple(each.text for each in one.statements)) for one in report.sections] == [
        (section.title, section.statements) for section in sections
    ]
    assert dict(source.by_id) == before
    found = rates(report.texts, source)
    assert 0 <= found.unsupported <= 1
    assert 0 <= found.omitted <= 1


@settings(deadline=None)
@given(ANY_TEXT)
def test_what_was_said_is_split_and_nothing_is_lost(text: str) -> None:
    for split in (spoken_sentences, sentences, sentence_spans):
        spans = split(text)
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
    said = "".join(text[start:end] for start, end in spoken_sentences(text))
    assert [letter for letter in said if letter.isalnum()] == [letter for letter in text if letter.isalnum()]
    assert all(each in text for section in note_sections(text) for each in section.statements)


@settings(deadline=None)
@given(st.one_of(ANY_TEXT, st.text(alphabet='{}[]":,.0123456789abc \\dun"-<>/\n', max_size=60)))
def test_any_file_is_read_or_refused_by_a_code(text: str) -> None:
    for read in (read_note, read_source):
        with suppress(PermanentError):  # whose code the catalog knows by construction
            read(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "metformin",
        "500 mg",
        "1,000 ",
        "left",
        "denies",
        "any fever?",
        "Mr. Smith",
        "allergic to",
        "no, make that",
        "diabetes",
        "......",
        "(",
    ],
)
def test_the_work_on_a_repetition_is_bounded(piece: str) -> None:
    """One trigger, said and written thousands of times: what grows with the square of the length, or worse, would not end in time."""
    text = (piece + " ") * (_LONG // (len(piece) + 1)) + "x"
    spoken = Texts({"p1": text, "p2": "No."}, {"p1": DOCTOR, "p2": PATIENT})
    verify_claim(Claim("Denies fever, takes metformin 500 mg daily, left knee.", (), "Plan", inferred=True), spoken)
    verify_claim(Claim(text, ("p1",), "Plan"), Texts({"p1": "No fever. Metformin 500 mg, left knee."}))
    find_omissions(Texts({"s1": "Rest."}), read_transcript(f"[doctor] {text}"))
    note_sections(text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", [".", "!?", "[[", "0:00 ", "- ", "--> ", "a\n", "\n", " ", "Plan: ", "<v "])
def test_a_long_file_is_split_in_bounded_work(piece: str) -> None:
    text = piece * (200_000 // len(piece)) + "x"
    for split in (spoken_sentences, sentences, sentence_spans, note_sections):
        split(text)
