"""A bench of the real starter models, through their children; quick."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.engines

CHARTDRAFT = Path(sys.executable).parent / "chartdraft"


def test_a_quick_bench_measures_the_small_model_and_touches_no_home(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    command = [
        str(CHARTDRAFT),
        "--home",
        str(home),
        "bench",
        "--quick",
        "--models",
        "smollm2-135m",
        "--json",
        "--report",
    ]
    done = subprocess.run(
        [*command, str(tmp_path / "out.html")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LANG": "C"},
    )
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    [model] = data["models"]
    assert model["failed"] == ""
    assert model["memory"]["fit"] == "fits"
    assert model["memory"]["cache_bytes"] == 30 * 3 * (64 + 64) * 16_384 * 2  # its config.json says so
    for measure in ("prompt_tokens_per_second", "written_tokens_per_second"):
        assert set(model[measure]) == {"idle", "busy"}
        assert all(state["least"] > 0 for state in model[measure].values())
    assert model["load_seconds"]["least"] > 0
    assert model["note_seconds"]["median"] > 0
    assert model["note_statements"] > 0
    assert model["peak_resident_bytes"] > model["file_bytes"]
    assert not home.exists()
    assert json.loads((tmp_path / "out.json").read_text()) == data
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_a_quick_bench_reads_a_form(tmp_path: Path) -> None:
    command = [str(CHARTDRAFT), "--home", str(tmp_path / "home"), "bench", "--quick", "--json", "--models"]
    done = subprocess.run([*command, "pp-ocrv6-small"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    [model] = json.loads(done.stdout)["models"]
    assert (model["kind"], model["failed"]) == ("ocr", "")
    assert model["load_seconds"]["least"] > 0
    assert model["seconds_per_form_page"]["idle"]["median"] > 0
    assert model["peak_resident_bytes"] > model["file_bytes"]
    assert not (tmp_path / "home").exists()
