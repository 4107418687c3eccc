"""What a line of the log may hold: whatever is logged, by whomever, the file has allow-listed keys and one JSON object a line."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.adapters.machine.log_file import LogFile
from daemon.event_log import EventLog
from daemon.model.error_catalog import CATALOG
from daemon.model.log_line import ALLOWED, EVENTS, UNSAID, class_said, clean, why_fields
from daemon.serving.logs import json_lines, readable_lines

CANARY = "Zebulon Quatermass"
JOB = "abcdefghijklmnopqrstuvwx23"
PATIENTS = st.sampled_from(
    [CANARY, f"x\n{CANARY}", CANARY * 5000, f'"}}\n{{"{CANARY}', f"\u2028{CANARY}\x00", "\ud800" + CANARY]
)


class Awkward:
    """Says a patient's name however it is asked."""

    def __repr__(self) -> str:
        return CANARY

    __str__ = __repr__


def error(message: str) -> Exception:
    """One that was raised, with a cause that was raised."""
    try:
        try:
            raise KeyError(message)
        except KeyError as cause:
            raise ValueError(message, {"name": message}) from cause
    except ValueError as raised:
        raised.add_note(message)
        return raised


SAID = st.recursive(
    st.one_of(PATIENTS, PATIENTS.map(error), st.builds(Awkward), PATIENTS.map(lambda text: text.encode("utf-8", "replace")),
              st.floats(), st.integers(), st.none(), st.booleans(), st.just(type(CANARY, (Exception,), {}))),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(PATIENTS, inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(sorted(ALLOWED.keys() - {"event"})),
    PATIENTS,
    st.sampled_from(["exc_info", "stack_info", "extra", "msg"]),
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, LogFile]]:
    """A log file that gets what is logged below `chartdraft`, and what other libraries log."""
    folder = tmp_path_factory.mktemp("state")
    handler = LogFile(folder / "log", most_bytes=10**9)
    handler.setFormatter(json_lines())
    logger = logging.getLogger("chartdraft.tested")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield folder / "log" / "daemon.log", handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)
    handler.close()


def added(file: Path, before: int) -> list[str]:
    return file.read_text(encoding="ascii")[before:].splitlines()


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(KEYS, SAID, max_size=6), event=st.one_of(PATIENTS, st.sampled_from(sorted(EVENTS))))
def test_whatever_is_logged_is_one_line_of_allowed_keys(
    kept: tuple[Path, LogFile], fields: dict[str, object], event: str
) -> None:
    file, _ = kept
    before = size(file)
    EventLog("tested").warning(event, **fields)
    (line,) = added(file, before)
    said = json.loads(line)
    assert said["level"] == "warning"
    assert ALLOWED["time"](said["time"])
    assert said.keys() <= ALLOWED.keys()
    assert all(ALLOWED[key](value) or value == UNSAID for key, value in said.items())
    assert CANARY.split(maxsplit=1)[0] not in line
    assert said.get("dropped", 0) == len(fields.keys() - ALLOWED.keys())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=PATIENTS, arguments=st.lists(SAID, max_size=2), failed=st.booleans())
def test_what_others_log_is_counted_and_not_quoted(
    kept: tuple[Path, LogFile], text: str, arguments: list[object], failed: bool
) -> None:
    file, handler = kept
    before = size(file)
    raised = error(text)
    for name in ("hypothesis.core", "chartdraft.tested"):
        info = (type(raised), raised, raised.__traceback__) if failed else None
        handler.handle(logging.LogRecord(name, logging.WARNING, text, 1, text, tuple(arguments), info, text, text))
    lines = [json.loads(line) for line in added(file, before)]
    assert [line["event"] for line in lines] == ["library-warns", "foreign-record"]
    assert lines[0]["library"] == "hypothesis"
    assert [line.get("error") for line in lines] == (["ValueError"] * 2 if failed else [None] * 2)
    assert "Zebulon" not in str(lines)
    assert all(line.keys() <= ALLOWED.keys() for line in lines)


def test_what_is_allowed_is_said_and_an_exception_by_its_class_and_its_way() -> None:
    fields = {"job": JOB, "code": "disk-full", "step": "reading", "document": "prior-auth", "seconds": 1.5, "count": 3}
    assert clean({"event": "job-waits", **fields}) == {"event": "job-waits", **fields}
    told = clean({"error": error(CANARY)})
    line = error.__code__.co_firstlineno + 6
    assert told == {"error": "ValueError", "at": f"{__name__}:{line}"}


def test_an_exception_that_came_a_long_way_fits_a_line() -> None:
    def deep(left: int) -> None:
        if left:
            deep(left - 1)
        raise ValueError(CANARY)

    with pytest.raises(ValueError, match=CANARY) as raised:
        deep(500)
    told = clean({"error": raised.value})
    assert ALLOWED["at"](told["at"])
    assert str(told["at"]).count(" ") == 11


@pytest.mark.parametrize("why", ["disk-full", "OSError"])
def test_a_reason_is_a_code_or_a_class(why: str) -> None:
    assert UNSAID not in clean(why_fields(why)).values()


def test_names_that_were_made_while_running_are_not_said(kept: tuple[Path, LogFile]) -> None:
    """A class, a module or a logger that is called by what was read: a library may make any."""
    file, handler = kept
    before = size(file)
    made = type("ZebulonQuatermass", (Exception,), {"__module__": "zebulon"})
    place = {"__name__": "zebulon_quatermass", "made": made}
    try:
        exec("def fail(): raise made('Zebulon')\nfail()", place)  # as a template engine does
    except made as raised:
        caught = raised
    EventLog("tested").failure("step-failed", error=caught)
    EventLog("tested").failure("step-failed", error=made)
    handler.handle(logging.LogRecord("zebulon", logging.ERROR, "x", 1, "x", (), (made, caught, caught.__traceback__)))
    lines = added(file, before)
    assert "zebulon" not in str(lines).lower()
    assert [json.loads(line).get("error") for line in lines] == [UNSAID] * 3
    assert json.loads(lines[2])["library"] == UNSAID
    assert [class_said(each) for each in (KeyError, json.JSONDecodeError)] == ["KeyError", "JSONDecodeError"]


SIDE_WAYS = """
import asyncio, gc, sys, threading, warnings
from daemon.cli.main import keep_to_ourselves
keep_to_ourselves()
canary = "Zebulon Quatermass"
warnings.simplefilter("always")
warnings.warn(canary)
def fails(): raise ValueError(canary)
thread = threading.Thread(target=fails); thread.start(); thread.join()
class Falls:
    def __del__(self): raise ValueError(canary)
Falls()
async def later():
    asyncio.get_running_loop().create_task(fail_later(), name=canary)
    await asyncio.sleep(0)
async def fail_later(): raise ValueError(canary)
asyncio.run(later()); gc.collect()
raise type("ZebulonQuatermass", (ValueError,), {})(canary)
"""


def test_no_side_way_brings_a_text_to_stderr() -> None:
    """What a service manager keeps for ever: warnings, threads, tasks, what ends unraised, and the end itself."""
    ended = subprocess.run([sys.executable, "-c", SIDE_WAYS], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert "ebulon" not in ended.stderr + ended.stdout
    assert ended.stderr.splitlines() == [
        "chartdraft: a thread ended (ValueError)",
        "chartdraft: cleaning up failed (ValueError)",
        "chartdraft: it ended (?)",
    ]


def test_a_terminal_gets_words_on_one_line() -> None:
    record = logging.LogRecord("hypothesis", logging.WARNING, "x", 1, CANARY, (), None)
    assert readable_lines().format(record).endswith("[warning  ] library-warns library=hypothesis")


def calls() -> Iterator[tuple[Path, ast.Call]]:
    package = Path(__file__).parents[2] / "daemon"
    for path in sorted(package.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
                and node.func.attr in {"info", "warning", "failure"}
            ):
                yield path, node


def test_every_line_that_the_code_writes_is_one_that_is_allowed() -> None:
    found = list(calls())
    assert len(found) >= 15
    for path, call in found:
        where = f"{path.name}:{call.lineno}"
        assert len(call.args) == 1, where
        assert isinstance(call.args[0], ast.Constant), where
        assert call.args[0].value in EVENTS, where
        assert {word.arg for word in call.keywords if word.arg} <= ALLOWED.keys(), where


def test_no_module_logs_past_the_allow_list() -> None:
    package = Path(__file__).parents[2] / "daemon"
    own = {"event_log.py", "logs.py"}
    others = [
        path for path in package.rglob("*.py") if 'getLogger("chartdraft' in path.read_text() and path.name not in own
    ]
    assert others == []


def test_a_command_that_only_reads_does_not_pay_for_it() -> None:
    import subprocess

    command = "import sys, daemon.cli.main, daemon.event_log; sys.exit('structlog' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_every_code_of_the_catalog_can_be_said() -> None:
    assert all(clean({"code": code}) == {"code": code} for code in CATALOG)


def test_every_event_of_the_table_is_one_that_the_code_writes() -> None:
    written = {call.args[0].value for _, call in calls() if isinstance(call.args[0], ast.Constant)}
    assert written == EVENTS - {"library-warns", "foreign-record"}


def test_a_class_whose_name_is_no_name_is_not_said() -> None:
    named = type(CANARY, (Exception,), {})
    assert clean({"error": named()}) == clean({"error": named}) == {"error": UNSAID}
    assert clean({"error": CANARY.partition(" ")[0]}) == {"error": UNSAID}
