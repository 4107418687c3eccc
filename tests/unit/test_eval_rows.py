"""No row that failed, no file of the same name and no rounding makes a figure of drafts better than it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from daemon import wiring
from daemon.config import load_home
from daemon.evaluation.draft_plot import as_svg
from daemon.evaluation.draft_report import as_data, as_markdown
from daemon.evaluation.draft_rows import read_draft_corpus
from daemon.evaluation.draft_run import Outcome
from daemon.model.errors import PermanentError
from daemon.wiring.measuring import remember
from tests.unit.test_eval_drafts import PART, Writes, measured

MACHINE = {"processor": "p", "cores": 2, "architecture": "a", "python": "3"}
ABOUT = {"version": "1", "code": "c", "command": "chartdraft", "date": "d"}


def _file(path: Path, *rows: dict[str, str]) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_row_that_failed_counts_as_one_of_which_nothing_was_written(tmp_path: Path) -> None:
    file = _file(tmp_path / "part.jsonl", PART, PART)
    whole = measured(tmp_path, file, Writes(PART["text"])).entries[0]
    half = measured(tmp_path, file, Writes(PART["text"], error=PermanentError("engine-model"))).entries[0]
    assert (half["rouge1"], half["section_empty"], half["drugs_recall"]) == (whole["rouge1"] / 2, 0.5, 0.5)
    (part,) = half["sections"]
    assert (part["rows"], part["empty"], part["rouge1"]) == (2, 1, whole["rouge1"] / 2)
    assert half["omission"] > whole["omission"]
    assert half["omissions_per_note"] == whole["omissions_per_note"], "of the rows that were drafted"


def test_a_share_just_beyond_a_bound_is_not_rounded_to_it(tmp_path: Path) -> None:
    good, bad = PART, PART | {"dialogue": "Doctor: Hello.\nPatient: I feel well."}
    file = _file(tmp_path / "part.jsonl", *[good] * 66, bad)
    shares = measured(tmp_path, file, Writes("Takes lisinopril.")).entries[0]["drugs_in_source"]
    assert shares == pytest.approx(66 / 67, abs=1e-6)
    assert shares != round(66 / 67, 4)


def test_two_files_of_one_name_are_two(tmp_path: Path) -> None:
    files = [_file(tmp_path / each / "valid.jsonl", *[PART] * rows) for each, rows in (("a", 1), ("b", 2))]
    corpora = [read_draft_corpus(file) for file in files]
    entries = [measured(tmp_path, file, Writes(each)).entries[0] for file, each in zip(files, ("No.", PART["text"]), strict=True)]  # fmt: skip
    report = as_data(Outcome(entries), corpora, MACHINE, ABOUT)
    first, second = as_markdown(report).split("**valid.jsonl**")[1:]
    assert first.count("| one, by statement |") == 1
    assert "| 1.000 |" in second.split("##")[0]
    assert "| 1.000 |" not in first
    assert as_svg(report, "seconds").count("one, by statement") == 2


def test_a_name_that_no_file_of_a_report_could_hold_is_made_one(tmp_path: Path) -> None:
    (tmp_path / "a\udcff\x01b.jsonl").write_text(json.dumps(PART))
    assert read_draft_corpus(tmp_path / "a\udcff\x01b.jsonl").name == "ab.jsonl"


def test_rows_end_where_json_lines_end(tmp_path: Path) -> None:
    said = PART | {"dialogue": "Doctor: One.\u2028Two.\u0085Three."}
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in (said, PART))
    (tmp_path / "x").write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n\r\n")
    corpus = read_draft_corpus(tmp_path / "x")
    assert [row.dialogue for row in corpus.rows] == [said["dialogue"], PART["dialogue"]]


def test_a_line_of_endless_depth_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("[" * 200_000)
    with pytest.raises(PermanentError, match="corpus-unreadable"):
        read_draft_corpus(tmp_path / "x")


def test_what_was_measured_of_a_model_is_kept_for_the_choice_of_the_drafter(tmp_path: Path) -> None:
    part_file = _file(tmp_path / "part.jsonl", PART, PART | {"id": "M2"})
    sha256, digest = "a" * 64, hashlib.sha256(part_file.read_bytes()).hexdigest()[:8]
    outcome = measured(tmp_path, part_file, Writes("Lisinopril 10 mg daily."), kind="model", model_sha256=sha256)
    home = load_home(tmp_path / "home", None)
    home.state.mkdir(parents=True)
    remember(home, outcome.entries[0])
    remember(home, outcome.entries[0] | {"rows": 1})
    kept = [one for one in wiring.measurements(home).known().measured if one.model_sha256 == sha256]
    assert [(one.corpus, one.manner, one.rows) for one in kept] == [
        (f"part.jsonl ({digest})", "statement", 2),
        (f"part.jsonl ({digest}), first 1 rows", "statement", 1),
    ]
    assert (kept[0].quoted, kept[0].high_of_written, kept[0].fewest) == (0.0, 0.0, 0)
    assert (kept[0].statements, kept[0].drugs, kept[0].numbers, kept[0].negated, kept[0].schema_failures) == (
        2,
        1.0,
        1.0,
        1.0,
        0,
    )
