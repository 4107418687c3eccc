"""What `eval reading` counts: words in one form, facts, marks, fields and boxes; and that the shipped material is whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from daemon.evaluation.kept_rows import KeptRows
from daemon.evaluation.reading_figures import form_figures, speech_figures
from daemon.evaluation.reading_forms import form_numbers
from daemon.evaluation.reading_material import Clip, FormTruth, plain, read_material
from daemon.evaluation.reading_measure import aligned, speech_numbers
from daemon.evaluation.reading_plot import as_svg
from daemon.evaluation.reading_report import as_data, as_markdown
from daemon.evaluation.reading_run import OURS, Outcome, Read, run
from daemon.evaluation.reading_words import tokens
from daemon.model.errors import PermanentError
from daemon.model.passage import LineAnchor, Passage, Word

SHIPPED = Path(__file__).resolve().parents[1] / "assets" / "reading"


def passage(text: str, doubted: str = "") -> Passage:
    words = tuple(Word(word, 0.3 if word == doubted else 0.95) for word in text.split())
    return Passage("p1", text, LineAnchor("s1", 1, 1), 0.9, words)


def clip(marked: str) -> Clip:
    text, facts = plain(marked)
    return Clip(Path("a.opus"), "dictation", "clean", "v", text, facts)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("twelve point five milligrams", "12.5 mg"),
        ("one hundred and eighteen over seventy two", "118/72"),
        ("She can't, um, walk", "she can not walk"),
        ("twice a day for forty-eight hours", "two times a day for 48 hours"),
        ("March third", "March 3rd"),
        ("8.40 percent", "8.4%"),
        ("Dr. Patel's follow-up", "doctor Patel is follow up"),
    ],
)
def test_what_is_said_alike_is_written_alike(one: str, other: str) -> None:
    assert [each.text for each in tokens(one)] == [each.text for each in tokens(other)]


@pytest.mark.parametrize(("one", "other"), [("15 mg", "50 mg"), ("15 mg", "15 mcg"), ("1.5", "15"), ("right", "left")])
def test_what_is_another_fact_stays_another(one: str, other: str) -> None:
    assert [each.text for each in tokens(one)] != [each.text for each in tokens(other)]


def test_words_that_are_missing_added_or_others_are_edits() -> None:
    counted = speech_numbers(clip("he has a cough today"), [passage("he had a bad cough")])
    assert (counted["words"], counted["edits"], counted["heard"]) == (5, 3, 5)


def test_the_shortest_way_pairs_equal_words() -> None:
    assert aligned(["a", "b", "c"], ["a", "c"]) == [(0, 0), (1, None), (2, 1)]


def test_a_wrong_fact_is_marked_where_its_own_word_is() -> None:
    said = clip("takes {drug lisinopril} {dose 20 milligrams} in the {side right} arm")
    heard = "takes listenopril 20 milligrams in the white arm"
    in_place = speech_numbers(said, [passage(heard, "listenopril")])["facts"]
    assert (in_place["drug"], in_place["dose"], in_place["side"]) == ([1, 0, 1], [1, 1, 1], [1, 0, 0])
    elsewhere = speech_numbers(said, [passage(heard, "arm")])["facts"]
    assert elsewhere["side"] == [1, 0, 0]


def test_a_denial_that_lost_its_no_is_wrong() -> None:
    assert speech_numbers(clip("{negated no fever} today"), [passage("fever today")])["facts"]["negated"] == [1, 0, 0]


def form() -> FormTruth:
    fields = (
        {"label": "Name", "value": "Ada Ray", "how": "printed"},
        {"label": "Dose", "value": "5 mg", "how": "printed"},
        {"label": "Work", "value": "cook", "how": "hand"},
    )
    boxes = ({"label": "Asthma", "state": "yes"}, {"label": "Gout", "state": "no"}, {"label": "Stroke", "state": "no"})
    return FormTruth(Path("f.jpg"), "flat", ("Name: Ada Ray", "Dose: 5 mg"), fields, boxes)


def test_fields_boxes_and_letters_of_a_form() -> None:
    counted = form_numbers(form(), [passage("Name: AdaRay"), passage("Dose: 8 mg"), passage("[X] Asthma [?] Gout")])
    assert counted["fields"] == [2, 1]
    assert counted["boxes"] == [3, 1, 1]
    assert counted["boxes_missed"] == 1
    assert (counted["letters"], counted["letter_edits"]) == (23, 2)
    assert counted["hands"] == [1, 0]


def test_only_a_wrong_word_s_mark_counts() -> None:
    said = clip("takes {dose 40 milligrams} daily")
    assert speech_numbers(said, [passage("takes 14 milligrams daily", "milligrams")])["facts"]["dose"] == [1, 0, 0]
    assert speech_numbers(said, [passage("takes 14 milligrams daily", "14")])["facts"]["dose"] == [1, 0, 1]


def test_a_no_that_nobody_said_makes_a_fact_wrong() -> None:
    said = clip("takes {drug lisinopril} daily")
    assert speech_numbers(said, [passage("takes no lisinopril daily")])["facts"]["drug"] == [1, 0, 0]
    assert speech_numbers(said, [passage("takes no lisinopril daily", "no")])["facts"]["drug"] == [1, 0, 1]
    assert speech_numbers(said, [passage("takes the lisinopril daily")])["facts"]["drug"] == [1, 1, 1]


def test_a_value_counts_at_its_own_label_alone() -> None:
    there = [passage("Dose: Ada Ray"), passage("Phone: 1"), passage("Address: 2"), passage("Name:")]
    assert form_numbers(form(), there)["fields"] == [2, 0]
    assert form_numbers(form(), [passage("Name:"), passage("Ada Ray"), passage("Dose: 5 mg")])["fields"] == [2, 2]


def test_print_that_is_flagged_does_not_stand_for_a_hand_that_is_not() -> None:
    hand = replace(passage("Name: Ada Ray"), hand="handwritten")
    counted = form_numbers(form(), [hand, passage("Work: cook")])
    assert (counted["hands"], counted["hands_wrong"]) == ([1, 0], 1)
    counted = form_numbers(form(), [passage("Name: Ada Ray"), replace(passage("Work: cook"), hand="handwritten")])
    assert (counted["hands"], counted["hands_wrong"]) == ([1, 1], 0)


def test_boxes_of_one_label_are_each_its_own() -> None:
    boxes = (
        {"label": "Yes", "state": "yes"},
        {"label": "No", "state": "no"},
        {"label": "Yes", "state": "no"},
        {"label": "No", "state": "yes"},
    )
    twice = FormTruth(Path("f.jpg"), "flat", (), (), boxes)
    read = [passage("Smoke? [X] Yes [ ] No"), passage("Drink? [X] Yes [ ] No")]
    assert form_numbers(twice, read)["boxes"] == [4, 2, 0]


@pytest.mark.parametrize(
    ("failed", "failures"), [("speech-none", 0), ("speech-other-language", 0), ("engine-crashed", 1)]
)
def test_a_crash_where_nobody_speaks_is_a_failure(failed: str, failures: int) -> None:
    outcome = Outcome()
    nobody = clip("")
    outcome.rows["speech", OURS] = [
        (nobody, speech_numbers(nobody, []) | {"seconds": 1.0, "audio": 5.0, "peak_bytes": 1, "failed": failed})
    ]
    assert speech_figures(outcome)[OURS]["failures"] == failures


class Fakes:
    """Readers that read everything as one sentence."""

    def __init__(self) -> None:
        self.asked = 0

    def names(self, kind: str) -> tuple[str, ...]:
        return (OURS,) if kind else ()

    def read(self, name: str, one: Clip | FormTruth) -> Read:
        self.asked += 1
        return Read((passage("you"),), 1.0, 10.0, 5)


def test_a_run_goes_on_from_what_was_kept_and_reports_what_was_invented(tmp_path: Path) -> None:
    material, readers = read_material(SHIPPED, 1), Fakes()
    run(material, readers, KeptRows(tmp_path, "code"), lambda _: None)
    asked = readers.asked
    outcome = run(material, readers, KeptRows(tmp_path, "code"), lambda _: None)
    assert readers.asked == asked == 3
    speech = speech_figures(outcome)[OURS]
    assert (speech["silent_files"], speech["words_invented"], speech["real_time_factor"]) == (1, 1, 0.1)
    assert form_figures(outcome)[OURS]["boxes_missed"] == 1.0


def test_the_report_says_when_a_run_was_stopped_and_the_plot_can_be_drawn() -> None:
    outcome = Outcome()
    said = clip("takes {drug lisinopril} daily")
    outcome.rows["speech", OURS] = [
        (
            said,
            speech_numbers(said, [passage(said.text)]) | {"seconds": 1.0, "audio": 5.0, "peak_bytes": 1, "failed": ""},
        )
    ]
    outcome.stopped = True
    about = {"version": "0", "code": "c", "command": "x", "date": "2026-01-01"}
    data = as_data(outcome, read_material(SHIPPED, 1), {}, about)
    assert "stopped" in as_markdown(data)
    assert "facts right or marked" in as_svg(data)
    assert data["speech"][OURS]["facts_right"] == 1.0


def test_a_folder_without_material_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError) as refused:
        read_material(tmp_path)
    assert refused.value.code == "reading-material-missing"


def test_the_shipped_material_is_whole_and_small() -> None:
    material = read_material(SHIPPED)
    assert all(
        file.is_file() for file in (*(one.file for one in material.clips), *(one.file for one in material.forms))
    )
    assert sum(not one.text for one in material.clips) == 20
    assert sum(file.stat().st_size for file in SHIPPED.glob("*.opus")) <= 4_000_000
    assert sum(file.stat().st_size for file in SHIPPED.glob("form-*")) <= 2_000_000
    assert {fact[0] for one in material.clips for fact in one.facts} == {
        "drug", "dose", "number", "side", "duration", "negated",
    }  # fmt: skip


def test_of_words_that_ran_together_either_mark_counts_and_none_further_away() -> None:
    said = clip("It was {number 1.7}, six months ago.")
    assert speech_numbers(said, [passage("It was 1.76 months ago.", "1.76")])["facts"] == {"number": [1, 0, 1]}
    said = clip("Take {drug metoprolol} with every meal.")
    assert speech_numbers(said, [passage("Take petrol with a mule.", "mule.")])["facts"] == {"drug": [1, 0, 0]}
