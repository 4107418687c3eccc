"""The engine child reaches for no network and looks up no name, whatever its libraries would like to report."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from daemon.adapters.reading.engine_process import child_environment
from daemon.adapters.sandbox.command import EngineCommand, child_command
from daemon.config import load_home
from daemon.model.source import Source
from daemon.wiring import reader

ASSETS = Path(__file__).parent.parent / "assets"


@pytest.mark.engines
@pytest.mark.needs("strace")
@pytest.mark.parametrize(("kind", "name"), [("recording", "memo.m4a"), ("scan", "form.jpg")])
def test_reading_reaches_for_no_network(kind: str, name: str, tmp_path: Path) -> None:
    trace = tmp_path / "trace"

    def traced(command: EngineCommand) -> list[str]:
        return ["strace", "-f", "-e", "trace=network", "-o", str(trace), *child_command(command)]

    data = (ASSETS / name).read_bytes()
    traced_reader = replace(reader(load_home(tmp_path, None)), command_line=traced)
    reading = traced_reader.read(Source("s1", kind, "0" * 64), name, data)  # type: ignore[arg-type]

    assert reading.passages
    calls = trace.read_text()
    assert "exited with" in calls
    # One of the OCR's libraries binds a port of the loopback address for a moment, to learn whether there is IPv6.
    assert not re.search(r"^\d+ (?:connect|send\w*)\(.*AF_INET", calls, re.MULTILINE)


def test_onnx_runtime_is_told_not_to_report() -> None:
    # Whether it reports depends on time and chance, so that the trace above need not show it.
    assert child_environment(EngineCommand("scan", 1))["ORT_DISABLE_TELEMETRY"] == "1"
