"""The measurements: what counts as found, as an alarm, as said nowhere, and as missed after a deletion."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from daemon.cli.main import app
from daemon.evaluation.corpus import read_corpus
from daemon.evaluation.deletions import deletions_in
from daemon.evaluation.faithfulness_figures import CUTOFFS, measure, reached
from daemon.evaluation.nowhere import nowhere
from daemon.evaluation.plain_forms import forms_of, holds_number, numbers_in, plain
from daemon.evaluation.plot import as_svg
from daemon.evaluation.report import as_data, as_markdown
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.model.errors import PermanentError
from daemon.model.finding import Finding

DIALOGUE = (
    "[doctor] Hello Marta. Any fever?\n[patient] No.\n[doctor] Your pressure is one thirty eight over eighty four.\n"
    "[doctor] Take metformin five hundred milligrams twice a day, and come back in two weeks.\n[patient] I am allergic to penicillin, I get hives.\n"
)
NOTE = (
    "SUBJECTIVE\nDenies fever.\nALLERGIES\nPenicillin, hives.\nVITALS\nBlood pressure 138/84.\nPLAN\n"
    "Metformin 500 mg twice daily.\nReturn in 2 weeks.\nSeen by Dr. Quennell in 2019.\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    other = {
        "id": "M1",
        "section": "EXAM",
        "dialogue": "Doctor: Your lungs are clear.\nPatient: Good.",
        "text": "Lungs are clear on both sides.",
    }
    path.write_text(
        "\n".join(json.dumps(row) for row in ({"id": "A1", "dialogue": DIALOGUE, "note": NOTE}, other)) + "\n"
    )
    return path


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("138", "one thirty eight over"), ("138", "one hundred and thirty eight"), ("8.2", "eight point two"), ("2019", "in twenty nineteen"),
        ("1200", "twelve hundred"), ("2021", "two thousand twenty one"), ("105", "one oh five"), ("0.5", "point five"), ("3", "the third"),
        ("1", "a week"), ("5.0", "five"), ("20", "on the twentieth"), ("97.2", "ninety seven point two"), ("1500", "1,500 steps"),
    ],
)  # fmt: skip
def test_a_number_is_known_in_its_forms(number: str, text: str) -> None:
    assert holds_number(plain(text), number)
    assert not holds_number(plain("nothing of the kind, 7.77"), number)


def test_every_number_has_forms_and_digits_in_words_are_none() -> None:
    assert all(number in forms_of(number) for number in map(str, range(3000)))
    assert numbers_in("A1c 7.5, BP 138/84, 6-8 weeks, 1,500 x3") == ["7.5", "138", "84", "6", "8", "1500"]


def test_what_stands_nowhere_is_told_by_a_plain_look() -> None:
    source = read_transcript(DIALOGUE + "[doctor] lysinopril as before, since march.")
    assert nowhere("Ms. Marta Quennell takes lisinopril and warfarin, 138/84, since 03/2020.", source) == (
        "2020",
        "Quennell",
        "warfarin",
    )
    assert nowhere("Metformin 500 mg, return in 2 weeks.", source) == ()


def test_severities_count_from_a_cut_off_on() -> None:
    assert reached([]) == ()
    assert reached([Finding("x", "low", ""), Finding("y", "medium", "")]) == ("low", "medium")
    assert reached([Finding("x", "high", "")]) == CUTOFFS


def test_deletions_are_what_note_and_dialogue_both_hold(corpus: Path) -> None:
    encounter = read_corpus(corpus)[0]
    assert [(one.kind, one.text) for one in deletions_in(encounter)] == [
        ("allergy", "penicillin"),
        ("number", "138/84"),
        ("medication", "metformin"),
        ("number", "500 mg"),
        ("number", "2 weeks"),
    ]


def test_figures_are_counted_and_shown_without_a_word_of_the_texts(corpus: Path) -> None:
    heard: list[tuple[int, int]] = []
    figures = measure(read_corpus(corpus), lambda done, total: heard.append((done, total)), omissions=True)
    assert heard == [(1, 2), (2, 2)]
    assert (figures.encounters, figures.sentences, figures.said_nowhere) == (2, 7, 1)
    assert figures.twins["quantity"] == 4
    assert figures.flagged["low"] == figures.any
    assert figures.flagged["high"] == figures.high
    for kind in figures.twins:
        assert figures.caught_at[kind, "low"] == figures.caught[kind]
        assert figures.caught[kind] + sum(twin.kind == kind for _, twin in figures.missed) == figures.twins[kind]
    data = as_data(figures)
    assert data["alarms"]["without_said_nowhere"]["sentences"] == 6
    shown = json.dumps(data) + as_markdown(data) + as_svg(data)
    assert not any(word in shown for word in ("Quennell", "etformin", "enicillin", "138"))


def test_the_plot_is_an_svg_and_holds_a_line_for_each_kind(corpus: Path) -> None:
    data = as_data(measure(read_corpus(corpus)))
    root = ET.fromstring(as_svg(data))
    words = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert words.count("number changed") == 2
    assert as_svg(data) == as_svg(data)


def test_the_command_writes_its_files_the_same_each_time_and_quotes_only_if_asked(corpus: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    for name, more in (("one", []), ("two", []), ("three", ["--examples"])):
        done = runner.invoke(app, ["eval", "faithfulness", str(corpus), "--out", str(tmp_path / name), *more])
        assert (done.exit_code, done.stdout) == (0, "")
    one, two, three = (
        {path.name: path.read_text() for path in (tmp_path / name).iterdir()} for name in ("one", "two", "three")
    )
    assert one == two
    assert set(one) == {"faithfulness.md", "faithfulness.json", "faithfulness.svg"}
    assert set(three) - set(one) == {"examples.md"}
    assert "Quennell" in three["examples.md"]
    assert not any("Quennell" in text for text in one.values())
    assert json.loads(runner.invoke(app, ["eval", "faithfulness", str(corpus), "--json"]).stdout) == json.loads(
        one["faithfulness.json"]
    )
    assert runner.invoke(app, ["eval", "faithfulness", str(corpus)]).stdout == one["faithfulness.md"]


@pytest.mark.parametrize("text", ["", "\n", "not json", '{"id": 1}', "[1]", '{"dialogue": 3, "note": "x"}'])
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(PermanentError, match="corpus-unreadable"):
        read_corpus(tmp_path / "x")
