"""What is made of a bench's figures: its JSON, its page, its advice, its comparison; and the process that keeps a core busy."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from typer.testing import CliRunner

from daemon.adapters.models.measurements import Measurements
from daemon.benching import files
from daemon.benching import run as bench_run
from daemon.benching.compare import changes
from daemon.benching.figures import Plan, Spread
from daemon.benching.language import shape_from
from daemon.benching.other_work import other_work
from daemon.benching.page import as_page
from daemon.benching.table import lines
from daemon.cli.main import app
from daemon.config import load_home
from daemon.model.drafting_fitness import WAY, Measured
from daemon.model.errors import PermanentError, RetryableError
from tests.fakes.bench_figures import GB, forms, language, measured, speech

LOADS = re.compile(r"https?:|src\s*=|<script|<link|url\(|@import|<iframe|<object|href", re.IGNORECASE)


def test_the_document_says_in_which_units_it_speaks() -> None:
    data = json.loads(json.dumps(measured().as_data()))
    assert data["schema"] == "chartdraft.bench/1"
    assert set(data) == {
        "schema", "measured_at", "version", "command", "machine", "settings", "visit", "models", "noise", "advice",
    }  # fmt: skip
    [model, heard] = data["models"]
    assert model["note_seconds"] == {"median": 8.0, "least": 7.92, "most": 8.16, "runs": [8.0, 8.16, 7.92]}
    assert model["written_tokens_per_second"]["busy"]["least"] == 40.0
    assert model["cold_load_seconds"] == 1.9
    assert heard["seconds_per_memo_minute"]["idle"]["median"] == 6.1
    assert set(model) == set(heard)
    assert all(row["needed_bytes"] > row["weights_bytes"] for row in data["advice"]["rows"])


def test_the_page_has_every_model_and_loads_nothing() -> None:
    models = [language("smollm2-135m", GB // 10), language("<b>llama</b>", 5 * GB, faster=0.1), speech()]
    models[0].quality, models[1].quality = {"rouge1": 0.37}, {"rouge1": 0.52}
    data = measured(models).as_data()
    page = as_page(data).decode()
    assert LOADS.findall(page) == []
    assert "default-src 'none'" in page
    for model in data["models"]:
        assert page.count(model["name"].replace("<", "&lt;").replace(">", "&gt;")) >= 3
    assert "<b>" not in page
    for words in (
        "71.0",
        "chartdraft bench --report out.html",
        "2026-11-22",
        "Quality against seconds",
        "prefers-color-scheme",
    ):
        assert words in page
    assert page.count('<svg viewBox="0 0 440') == 5
    assert "nan" not in page.lower()


def test_a_form_has_its_rows_beside_those_of_speech() -> None:
    data = json.loads(json.dumps(measured([language("a", GB), speech(), forms()]).as_data()))
    [model, _, read] = data["models"]
    assert read["seconds_per_form_page"]["idle"] == {"median": 3.1, "least": 3.0, "most": 3.3, "runs": [3.1, 3.0, 3.3]}
    assert set(read) == set(model)
    said = list(lines(data))
    of_forms = [" ".join(line.split()) for line in said[said.index("pp-ocrv6-small (forms)") :]]
    assert "a page of a form, alone 3.10 s (3.00 to 3.30)" in of_forms
    assert "most memory seen 0.6 GB" in of_forms
    assert not any("minute of memo" in line for line in of_forms)
    assert "pp-ocrv6-small reads a page of a form in 3.1 seconds." in data["advice"]["sentences"]
    page = as_page(data).decode()
    assert "Seconds for a page of a form" in page
    assert "Seconds for a page of a form" not in as_page(measured().as_data()).decode()


def test_a_slower_page_is_told_and_a_report_from_before_forms_were_measured_is_read() -> None:
    slow = forms()
    slow.seconds_per_form_page = {"idle": Spread((6.1, 6.0, 6.3))}
    found = {change.what: change for change in changes(measured([forms()]).as_data(), measured([slow]).as_data())}
    assert found["a page of a form"].better is False
    older = measured([speech()]).as_data()
    del older["models"][0]["seconds_per_form_page"]
    assert {change.better for change in changes(older, measured([speech(), forms()]).as_data())} == {None}


def test_a_page_of_models_that_failed_is_one_too() -> None:
    failed = language("broken", GB)
    failed.failed, failed.note_seconds, failed.memory = "engine-crashed", None, None
    failed.prompt_tokens_per_second, failed.written_tokens_per_second = {}, {}
    data = measured([failed]).as_data()
    assert "engine-crashed" in as_page(data).decode()
    assert any("engine-crashed" in line for line in lines(data))


def test_without_a_measurement_no_speed_is_told() -> None:
    """Sizes that are not installed: what they need, never how fast they would be."""
    sentences = measured([]).advice["sentences"]
    assert any("1B, 3B or 8B" in sentence and "not measured" in sentence for sentence in sentences)
    assert not any("second" in sentence or "minute" in sentence for sentence in sentences)
    rows = measured([]).advice["rows"]
    assert [row["measured_peak_bytes"] for row in rows] == [None] * 3


def test_a_model_that_does_not_fit_is_told_so_and_its_note_is_said_to_be_arithmetic() -> None:
    huge = language("huge", 20 * GB, needed=25 * GB)
    huge.failed, huge.note_seconds = "too-large", None
    sentences = measured([language("small", GB), huge]).advice["sentences"]
    assert any(sentence.startswith("huge needs about 25.0 GB, which does not fit") for sentence in sentences)
    [estimate] = [sentence for sentence in sentences if "a note by huge" in sentence]
    assert estimate.startswith("By arithmetic, not measured")
    assert "3 minutes" in estimate  # 8 s x 20
    huge.failed = "engine-crashed"
    sentences = measured([language("small", GB), huge]).advice["sentences"]
    assert not any("a note by huge" in sentence for sentence in sentences), (
        "of what broke nobody says how fast it would be"
    )


def test_what_speaks_against_the_figures_is_told() -> None:
    noise = " ".join(measured(quick=True, load_average_before=3.0, on_battery=True, daemon_running=True).noise)
    for words in (
        "load average 3.0",
        "battery",
        "--quick",
        "chartdraft service uninstall",
        "writing tokens, busy: 35%",
    ):
        assert words in noise
    quiet = language("quiet", GB)
    quiet.written_tokens_per_second = {"idle": Spread((70.0, 71.0))}
    assert measured([quiet]).noise == []


def test_two_reports_are_compared_and_noise_is_no_change() -> None:
    before = measured([language("a", GB), speech()]).as_data()
    after = measured([language("a", GB, faster=2.0), speech(), language("new", GB)]).as_data()
    found = {change.what: change for change in changes(before, after)}
    assert found["writing tokens"].better is True
    assert "+100%" in found["writing tokens"].sentence
    assert found["a note"].better is None
    assert "new is new" in found["new"].sentence
    assert {change.better for change in changes(before, before)} == {None}
    slower = {change.what: change for change in changes(after, before)}
    assert slower["writing tokens"].better is False
    other = measured([language("a", GB)], cores=4).as_data()
    assert changes(before, other)[0].what == "machine"


def test_a_report_is_written_with_its_figures_beside_it_and_read_again(tmp_path: Path) -> None:
    report, data = tmp_path / "out.html", measured().as_data()
    files.check_target(report)
    files.write_report(report, data, data)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.html", "out.json"]
    assert files.read_bench(tmp_path / "out.json") == json.loads(json.dumps(data))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": "chartdraft.bench/1"}', "[" * 100_000])
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "old.json").write_text(text)
    with pytest.raises(PermanentError, match="measurements-unreadable"):
        files.read_bench(tmp_path / "old.json")


@pytest.mark.parametrize(("name", "code"), [("out.json", "wrong-use"), ("none/out.html", "target-unwritable")])
def test_where_no_report_can_be_is_told_before_anything_is_measured(tmp_path: Path, name: str, code: str) -> None:
    done = CliRunner().invoke(app, ["--home", str(tmp_path / "h"), "bench", "--report", str(tmp_path / name)])
    assert isinstance(done.exception, PermanentError)
    assert done.exception.code == code
    assert not (tmp_path / "h").exists()


def test_quality_is_read_from_what_eval_wrote(tmp_path: Path) -> None:
    file = tmp_path / "quality.json"
    file.write_text(json.dumps({"models": [{"name": "a", "rouge1": 0.4, "unsupported": 7, "default": True}, 3]}))
    home = load_home(tmp_path / "h", None)
    [known] = files.read_quality(home, file)
    assert (known.names, known.manner, known.rates) == (frozenset({"a"}), "", {"rouge1": 0.4})
    file.write_text("{}")
    with pytest.raises(PermanentError, match="measurements-unreadable"):
        files.read_quality(home, file)


def test_the_quality_shown_is_that_of_the_manner_and_the_adapter_that_were_benched(tmp_path: Path) -> None:
    entries: list[dict[str, object]] = [
        {"name": "a", "manner": "section", "adapter_sha256": "", "rouge1": 0.1},
        {"name": "a", "manner": "statement", "adapter_sha256": "older", "rouge1": 0.2},
        {"name": "a", "manner": "statement", "adapter_sha256": "new", "rouge1": 0.3},
    ]
    (tmp_path / "quality.json").write_text(json.dumps({"models": entries}))
    home = load_home(tmp_path / "h", None)
    known = files.read_quality(home, tmp_path / "quality.json")
    benched = language("a", GB)
    benched.adapter_sha256 = "new"
    assert files.quality_of(benched, known) == {"rouge1": 0.3}
    assert files.quality_of(benched, known[:2]) is None
    benched.manner = "section"
    assert files.quality_of(benched, known) == {"rouge1": 0.1}
    home.state.mkdir(parents=True)
    one = Measured(benched.sha256, "", "section", "one", 20, 300, 0.01, 1.0, 1.0, 1.0, 0)
    for each in (one, replace(one, corpus="two", statements=900, high_rate=0.0), replace(one, corpus="three", statements=999, way=WAY - 1)):  # fmt: skip
        Measurements(home.measured).remember(each)
    assert (files.quality_of(benched, files.read_quality(home, None)) or {})["high_rate"] == 0.0


def test_a_report_that_cannot_be_compared_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    data = measured().as_data()
    data["models"][0]["load_seconds"] = {"median": 1.0}
    (tmp_path / "old.json").write_text(json.dumps(data))
    with pytest.raises(PermanentError, match="measurements-unreadable"):
        files.read_bench(tmp_path / "old.json")


def test_a_model_that_breaks_at_the_very_end_costs_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> float:
        raise RetryableError("engine-crashed")

    one = language("a", GB)
    tools: Any = SimpleNamespace(plan=Plan())
    models: Any = [one]
    monkeypatch.setattr(bench_run, "written_per_second", lambda *_: 35.5)
    assert bench_run._slowed(tools, models, [one]) == 0.5
    monkeypatch.setattr(bench_run, "written_per_second", breaks)
    assert bench_run._slowed(tools, models, [one]) is None


def test_the_busy_process_ends_when_the_measurement_fails() -> None:
    seen: list[psutil.Process] = []

    def fail() -> None:
        with other_work() as pid:
            seen.append(psutil.Process(pid))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    [mine] = seen
    assert mine.pid != os.getpid()
    assert not mine.is_running()


def test_a_shape_is_believed_only_where_it_makes_sense() -> None:
    said = {"layers": 30, "heads": 9, "kv_heads": 3, "key_length": 0, "value_length": 64, "embedding_length": 576}
    shape = shape_from(said, 1)
    assert shape is not None
    assert (shape.layers, shape.kv_heads, shape.key_length, shape.value_length) == (30, 3, 64, 64)
    for broken in (
        {},
        said | {"layers": 0},
        said | {"layers": "30"},
        said | {"layers": True},
        said | {"layers": 1 << 40},
    ):
        assert shape_from(broken, 1) is None


def test_the_help_says_what_it_does() -> None:
    said = CliRunner().invoke(app, ["bench", "--help"], env={"COLUMNS": "200"}).output
    said = " ".join(said.split())
    for words in (
        "--models",
        "--report",
        "--compare",
        "--quality",
        "--quick",
        "--json",
        "Nothing of your patients is touched",
    ):
        assert words in said
