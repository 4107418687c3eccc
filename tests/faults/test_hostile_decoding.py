"""Every hostile file through the real guard and decoders in a child that has no models: a code in time, and little memory."""

from __future__ import annotations

import dataclasses
import socket
from pathlib import Path

import psutil
import pytest

from daemon.adapters.reading.engine_process import EngineProcess
from daemon.adapters.reading.text_reader import read_text
from daemon.model.errors import ChartdraftError
from daemon.model.limits import Limits
from daemon.model.source import Source, source_kind
from tests.fakes.hostile_files import ACCEPTED, TIME_BOMBS, Hostile, hostile_files

# The two hours and 40 megapixels of the settings, so that what is measured is what they cost.
LIMITS = Limits(max_wall_seconds=120.0, max_resident_bytes=1_500_000_000)
IMPATIENT = dataclasses.replace(LIMITS, max_wall_seconds=8.0)
# 230 MB for two hours of samples, twice while a buffer grows; 120 MB for 40 megapixels, in three forms; libraries.
MOST_MEGABYTES = 900
# What needs an engine after it was decoded ends with the engine's lack.
DECODED = "model-missing"


@dataclasses.dataclass
class Ending:
    """How one file ended: its code, "" for text that needed no engine, and the most memory its child ever had."""

    code: str
    megabytes: float


def ask(child: EngineProcess, file: Hostile) -> Ending:
    kind = source_kind(file.name)
    limits = IMPATIENT if file.name in TIME_BOMBS else LIMITS
    asked = {
        "do": kind,
        "suffix": Path(file.name).suffix,
        "limits": dataclasses.asdict(limits),
        "model": "/nonexistent",
    }
    code = ""
    try:
        child.call(asked | {"language": "en", "hotwords": []}, file.data, timeout_seconds=limits.max_wall_seconds)
    except ChartdraftError as error:
        code = error.code
    ending = Ending(code, high_water(child.pid))
    if code == "engine-timeout":
        child.close()  # it is about to end by itself; the next call starts another
    return ending


def high_water(pid: int | None) -> float:
    """The most memory that a process ever had, in MB (proc(5), VmHWM); what it has now where that is not told."""
    if pid is None or not psutil.pid_exists(pid):
        return 0.0
    try:
        (line,) = [each for each in Path(f"/proc/{pid}/status").read_text().splitlines() if each.startswith("VmHWM")]
    except (OSError, ValueError):
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    return int(line.split()[1]) * 1024 / 1e6


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Hostile, Ending]]:
    """One child for all recordings and one for all scans: a child serves as many requests as come."""
    found: dict[str, tuple[Hostile, Ending]] = {}
    children = {kind: EngineProcess(kind, limits=LIMITS, threads=1) for kind in ("recording", "scan")}  # type: ignore[arg-type]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for file in hostile_files(tmp_path_factory.mktemp("canary") / "canary.wav", listener.getsockname()[1]):
            kind = source_kind(file.name)
            found[file.name] = (file, of_text(file) if kind == "text" else ask(children[str(kind)], file))
    for child in children.values():
        child.close()
    return found


def of_text(file: Hostile) -> Ending:
    try:
        read_text(Source("s1", "text", ""), file.data)
    except ChartdraftError as error:
        return Ending(error.code, 0.0)
    return Ending("", 0.0)


def test_each_ends_with_a_code_that_tells_a_person_what_to_do(endings: dict[str, tuple[Hostile, Ending]]) -> None:
    wrong = {}
    for name, (file, ending) in endings.items():
        code = ending.code if ending.code != DECODED else ""
        needs_engine = ending.code == DECODED and file.codes & {"speech-none", "page-unreadable"}
        if code not in file.codes and not needs_engine:
            wrong[name] = ending.code
    assert wrong == {}


def test_what_only_takes_time_is_ended_by_the_clock(endings: dict[str, tuple[Hostile, Ending]]) -> None:
    codes = {name: endings[name][1].code for name in TIME_BOMBS}
    assert "engine-timeout" in codes.values()
    assert set(codes.values()) <= {"engine-timeout", "engine-memory", DECODED}


def test_none_takes_more_memory_than_the_largest_harmless_file(endings: dict[str, tuple[Hostile, Ending]]) -> None:
    most = {name: round(ending.megabytes) for name, (_, ending) in endings.items() if ending.megabytes > MOST_MEGABYTES}
    assert most == {}


def test_every_accepted_kind_is_there_cut_short(endings: dict[str, tuple[Hostile, Ending]]) -> None:
    assert {f"cut{suffix}" for suffix in ACCEPTED} <= set(endings)
    whole_until_here = {
        ".txt",
        ".md",
        ".mp3",
        ".aac",
        ".opus",
        ".ogg",
    }  # streams and texts, of which any part can be read
    codes = {suffix: endings[f"cut{suffix}"][1].code for suffix in ACCEPTED - whole_until_here}
    assert set(codes.values()) == {"media-truncated"}


def test_programs_and_pointers_in_a_pdf_are_left_alone(endings: dict[str, tuple[Hostile, Ending]]) -> None:
    """Its text layer is read as it is, but where a form may lie over it: that is drawn."""
    codes = {name: ending.code for name, (file, ending) in endings.items() if file.kind == "PDF with a program"}
    assert codes == dict.fromkeys(codes, "") | {"xfa.pdf": DECODED}
