"""Drafts measured against what people wrote: figures by hand, the report's contract, and the command."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import nullcontext
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from daemon import wiring
from daemon.cli.main import app
from daemon.config import load_home
from daemon.evaluation.baselines import best_for, leading
from daemon.evaluation.draft_content import content_of
from daemon.evaluation.draft_measure import Entrant
from daemon.evaluation.draft_plot import as_svg, spread
from daemon.evaluation.draft_report import as_markdown
from daemon.evaluation.draft_rows import division_of, read_draft_corpus
from daemon.evaluation.draft_run import Bench, Outcome, run
from daemon.evaluation.kept_rows import KeptRows
from daemon.model.document import Document
from daemon.model.draft import Section, Statement
from daemon.model.errors import PermanentError
from daemon.model.passage import EngineInfo, Passage
from daemon.wiring.measuring import MeasuredWay

VISIT = {
    "id": "A1",
    "dialogue": "[doctor] any fever ?\n[patient] no .\n[doctor] your lungs are clear .\n[doctor] take metformin five hundred milligrams twice a day .",
    "note": "HISTORY OF PRESENT ILLNESS\nDenies fever.\nPHYSICAL EXAM\nLungs clear.\nASSESSMENT AND PLAN\nMetformin 500 mg twice a day.",
}
PART = {"id": "M1", "section": "MEDICATIONS", "dialogue": "Doctor: What do you take?\nPatient: I take lisinopril ten milligrams daily.", "text": "Lisinopril 10 mg daily."}  # fmt: skip


class Writes:
    """A drafter that writes what it is told, one text a section, each citing the first passage."""

    def __init__(self, *texts: str, cites: str = "p1", error: BaseException | None = None) -> None:
        self.texts, self.cites, self.error, self.drafts = texts, cites, error, 0
        self.last_usage = {"written_tokens": 7, "turned-down: number": 1}

    @property
    def engine(self) -> tuple[str, EngineInfo]:
        return "llm", EngineInfo("fake", "0" * 64)

    def draft(self, document: Document, passages: Sequence[Passage]) -> list[Section]:
        self.drafts += 1
        if self.error is not None and self.drafts > 1:
            raise self.error
        texts = dict(zip([spec.key for spec in document.sections if not spec.computed], self.texts, strict=False))
        return [
            Section(s.key, s.title, (Statement(texts[s.key], (self.cites,), "written"),) if texts.get(s.key) else ())
            for s in document.sections
        ]


@pytest.fixture
def part_file(tmp_path: Path) -> Path:
    return _file(tmp_path / "part.jsonl", PART, PART | {"id": "M2"})


@pytest.fixture
def visit_file(tmp_path: Path) -> Path:
    return _file(tmp_path / "visit.jsonl", VISIT)


def _file(path: Path, *rows: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def entrant(drafter: Any, **more: Any) -> Entrant:
    return Entrant(
        **({"name": "one", "manner": "statement", "kind": "rules"} | more), drafter=lambda row, corpus: drafter
    )


def measured(tmp_path: Path, file: Path, drafter: Any, kept: Path | None = None, **more: Any) -> Outcome:
    home = load_home(tmp_path / "home", None)
    way = MeasuredWay(wiring.SystemClock(), lambda: nullcontext(SimpleNamespace(peak_bytes=1_000_000)))
    bench = Bench(way, wiring.documents(home)["soap"], KeptRows(kept, "code"), lambda *_: None, lambda *_: None)
    return run([read_draft_corpus(file)], [entrant(drafter, **more)], bench)


def test_figures_of_a_section_by_hand(tmp_path: Path, part_file: Path) -> None:
    (entry,) = measured(tmp_path, part_file, Writes("Takes lisinopril 10 mg and warfarin 5 mg.")).entries
    assert entry["rows"] == entry["of_rows"] == entry["statements"] == 2
    assert entry["rouge1"] == pytest.approx(2 * 3 / (4 + 8), abs=1e-4)  # lisinopril, 10, mg
    assert entry["rouge2"] == pytest.approx(2 * 2 / (3 + 7), abs=1e-4)
    assert (entry["drugs_in_source"], entry["drugs_precision"], entry["drugs_recall"]) == (0.5, 0.5, 1.0)
    assert (entry["numbers_in_source"], entry["numbers_precision"], entry["numbers_recall"]) == (0.5, 0.5, 1.0)
    assert entry["negated_in_source"] is None
    assert (
        entry["unsupported"] == entry["unsupported_written"] == entry["flagged"] == 1.0
    )  # warfarin, cited to the question
    assert (entry["quoted"], entry["failures"], entry["tokens_written"]) == (0.0, 0, 7)
    assert entry["length_ratio"] == pytest.approx(8 / 4)
    assert entry["usage"] == {"turned-down: number": 2, "written_tokens": 14}
    assert entry["peak_bytes"] == 1_000_000
    (part,) = entry["sections"]
    assert (part["section"], part["rows"], part["empty"]) == ("MEDICATIONS", 2, 0)
    assert part["rouge1"] == entry["rouge1"]


def test_a_note_is_compared_as_a_whole_and_by_its_parts(tmp_path: Path, visit_file: Path) -> None:
    (entry,) = measured(tmp_path, visit_file, Writes("Denies fever.", "", "Metformin 500 mg.", "Twice a day.")).entries
    assert entry["rouge1"] == pytest.approx(2 * 8 / (19 + 8), abs=1e-4)
    found = {part["section"]: (part["rows"], part["empty"], part["rouge1"]) for part in entry["sections"]}
    assert found == {"subjective": (1, 0, 1.0), "objective": (1, 1, 0.0), "assessment and plan": (1, 0, 1.0)}
    assert entry["section_empty"] == pytest.approx(2 / 3, abs=1e-4)
    assert (entry["negated_in_source"], entry["negated_recall"]) == (1.0, 0.25)  # clear lungs deny three more


def test_what_cites_nothing_that_exists_is_a_failure_and_an_error_is_one_too(tmp_path: Path, part_file: Path) -> None:
    assert measured(tmp_path, part_file, Writes("Lisinopril.", cites="p99")).entries[0]["failures"] == 2
    (entry,) = measured(tmp_path, part_file, Writes("Lisinopril.", error=PermanentError("engine-model"))).entries
    assert (entry["failures"], entry["errors"], entry["rows"]) == (1, {"engine-model": 1}, 2)


def test_a_model_is_loaded_before_the_first_row_that_counts(tmp_path: Path, part_file: Path) -> None:
    drafter = Writes("Lisinopril.")
    assert measured(tmp_path, part_file, drafter, kind="model").entries[0]["rows"] == 2
    assert drafter.drafts == 3


def test_a_run_that_is_stopped_tells_what_it_has_and_the_next_goes_on(tmp_path: Path, part_file: Path) -> None:
    stopped = measured(tmp_path, part_file, Writes("Lisinopril.", error=KeyboardInterrupt()), tmp_path)
    assert (stopped.stopped, stopped.entries[0]["rows"], stopped.entries[0]["of_rows"]) == (True, 1, 2)
    kept = (tmp_path / "rows.jsonl").read_text()
    assert "isinopril" not in kept
    (tmp_path / "rows.jsonl").write_text(kept + '{"entrant": "one|stat')  # killed in the middle of a line
    drafter = Writes("Lisinopril.")
    whole = measured(tmp_path, part_file, drafter, tmp_path)
    assert (whole.stopped, whole.entries[0]["rows"], drafter.drafts) == (False, 2, 1)
    other = Writes("Lisinopril.")
    measured(tmp_path, part_file, other, tmp_path, model_sha256="other")
    assert other.drafts == 2


@pytest.mark.parametrize(
    ("title", "part"),
    [
        ("CC", 0), ("PAST HISTORY", 0), ("MEDICATIONS", 0), ("VITALS REVIEWED", 1), ("Results", 1), ("PROCEDURE", 1), ("ASSESSMENT AND PLAN", 2),
        ("Impression", 2), ("INSTRUCTIONS", 2), ("- Knee", 1),
    ],
)  # fmt: skip
def test_headings_begin_the_parts_of_a_note(title: str, part: int) -> None:
    names = ("subjective", "objective", "assessment and plan")
    assert division_of(title, names[1]) == names[part]


@pytest.mark.parametrize(
    ("said", "written", "stand"),
    [
        ("one thirty eight over eighty four", "138/84", (2, 2)), ("two thousand and nine", "2009", (1, 1)), ("five hundred", "5", (0, 1)),
        ("eight point two", "8.2", (1, 1)), ("one oh five", "105", (1, 1)), ("two and a half", "2.5", (1, 1)), ("twice a day", "2", (1, 1)),
        ("the left one", "twenty six", (0, 1)), ("nineteen eighty five", "1985", (1, 1)), ("05/2.0", "5 and 2", (2, 2)),
    ],
)  # fmt: skip
def test_numbers_are_known_however_they_are_said(said: str, written: str, stand: tuple[int, int]) -> None:
    assert content_of(written, apart=True).held_in(content_of(said))["numbers"] == stand


def test_a_denial_is_read_with_its_question_and_statements_do_not_answer_each_other() -> None:
    asked = "Doctor: Any fever? Patient: No."
    assert content_of(asked, apart=True).negated == {"fever"}
    assert content_of("Any fever?\nNo.", apart=True).negated == frozenset()
    assert content_of("[doctor] any fever?\n[patient] no.").negated == {"fever"}


def test_leading_and_best_units() -> None:
    units = [
        Statement(text, (f"p{at}",), "quoted") for at, text in enumerate(["one two", "fever for days", "no", "cough"])
    ]
    assert [one.text for one in leading(0.5)(units)] == ["one two"]
    assert [one.text for one in leading(0.8)(units)] == ["one two", "fever for days"]
    assert [one.text for one in best_for("Cough and fever for days.")(units)] == ["fever for days", "cough"]
    assert list(best_for("nothing of it")(units)) == []


@given(st.lists(st.floats(0, 300), max_size=10).map(sorted))
def test_names_beside_a_plot_never_lie_on_each_other(wanted: list[float]) -> None:
    found = spread(wanted, 0.0, 300.0)
    assert all(after - before >= 18.9 for before, after in pairwise(found))
    assert all(0 <= place <= 300 for place in found)


def _report(tmp_path: Path, *files: Path, more: Sequence[str] = ()) -> Any:
    asked = [word for file in files for word in ("--data", str(file))]
    done = CliRunner().invoke(
        app,
        ["--home", str(tmp_path / "home"), "eval", "drafts", *asked, "--models", "copy,quoting,best-passages", *more],
    )
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if "--json" in more else done.stdout


def test_the_command_measures_files_apart_and_writes_tables_and_plots(
    tmp_path: Path, part_file: Path, visit_file: Path
) -> None:
    out = tmp_path / "out"
    report = _report(tmp_path, part_file, visit_file, more=["--json", "--out", str(out), "--limit", "1"])
    assert [(one["data"], one["name"], one["rows"]) for one in report["models"]] == [
        (file, name, 1) for file in ("part.jsonl", "visit.jsonl") for name in ("copy", "quoting", "best-passages")
    ]
    assert report["complete"]
    assert {"rouge1", "rouge2", "rougeL", "unsupported", "omission", "default"} <= set(report["models"][0])
    assert report == json.loads((out / "drafts.json").read_text())
    assert {path.name for path in out.iterdir()} == {
        "drafts.md",
        "drafts.json",
        "drafts-seconds.svg",
        "drafts-memory.svg",
        "rows.jsonl",
    }
    assert (out / "drafts.md").read_text() == as_markdown(report)
    for cost in ("seconds", "memory"):
        root = ET.fromstring((out / f"drafts-{cost}.svg").read_text())
        words = "|".join("".join(each.itertext()) for each in root.iter("{http://www.w3.org/2000/svg}text"))
        assert all(
            words.count(name) == 2 for name in ("quoting, no model", "the dialogue, copied", "best choice of passages")
        )
    assert not any("isinopril" in path.read_text() for path in out.iterdir())


def test_only_examples_quote_the_data(tmp_path: Path, part_file: Path) -> None:
    out = tmp_path / "out"
    table = _report(tmp_path, part_file, more=["--out", str(out), "--examples"])
    assert "| quoting, no model" in table
    examples = (out / "examples.md").read_text()
    assert examples.count("\n## M1: quoting, quoted\n") == 1
    assert "isinopril" in examples
    _report(tmp_path, part_file, more=["--out", str(out), "--examples"])
    assert (out / "examples.md").read_text() == examples, "nothing was drafted anew, nothing is lost"


def test_rows_that_were_drafted_with_other_settings_are_not_mixed_with_these(tmp_path: Path, part_file: Path) -> None:
    out, kept = tmp_path / "out", tmp_path / "out" / "rows.jsonl"
    _report(tmp_path, part_file, more=["--out", str(out)])
    rows = len(kept.read_text().splitlines())
    _report(tmp_path, part_file, more=["--out", str(out)])
    assert len(kept.read_text().splitlines()) == rows
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.toml").write_text("[language]\ncontext_tokens = 4096\n")
    _report(tmp_path, part_file, more=["--out", str(out)])
    assert len(kept.read_text().splitlines()) == 2 * rows


def test_each_model_has_its_place_in_the_plot() -> None:
    entries = [
        {"name": f"m{at}", "manner": "section", "kind": "model", "default": at == 1, "data": "x", "rouge1": 0.1 * at, "seconds": 10.0**at,
         "peak_bytes": at * 10**9, "unsupported": 0.01}
        for at in range(1, 4)
    ]  # fmt: skip
    data = {
        "data": [{"name": "x", "rows": 2}],
        "models": entries,
        "machine": {"processor": "p", "cores": 2},
        "date": "d",
    }
    for cost in ("seconds", "memory"):
        root = ET.fromstring(as_svg(data, "seconds" if cost == "seconds" else "memory"))
        xs = sorted(float(each.attrib["cx"]) for each in root.iter("{http://www.w3.org/2000/svg}circle"))
        assert xs[1] - xs[0] == pytest.approx(xs[2] - xs[1], abs=0.2)
        assert xs[0] < xs[1]


@pytest.mark.parametrize(
    ("more", "code"),
    [([], "corpus-missing"), (["--data", "nowhere"], "corpus-unreadable"), (["--data", "PART", "--models", "gpt"], "model-unknown"),
     (["--data", "PART", "--manners", "verse"], "wrong-use"), (["--data", "PART", "--examples"], "wrong-use"),
     (["--data", "PART", "--out", "PART/x"], "target-unwritable"), (["--data", "PART", "--remember"], "config-missing")],
)  # fmt: skip
def test_what_cannot_be_measured_is_said(tmp_path: Path, part_file: Path, more: list[str], code: str) -> None:
    asked = [word.replace("PART", str(part_file)) for word in more]
    done = CliRunner().invoke(app, ["--home", str(tmp_path / "home"), "eval", "drafts", *asked])
    assert isinstance(done.exception, PermanentError)
    assert done.exception.code == code


@pytest.mark.parametrize(
    "text", ["", "not json", '{"id": 1}', "[1]", '{"dialogue": 3, "note": "x"}', '{"dialogue": "x", "text": "y"}']
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x").write_text(text)
    with pytest.raises(PermanentError, match="corpus-unreadable"):
        read_draft_corpus(tmp_path / "x")
