"""README.md says what is so: its help, commands, settings, figures, links and exit codes are compared with the product."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.main import get_command

from daemon.adapters.drafting.llm_windows import MAX_WINDOWS
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.inbox.packets import MAX_PARTS
from daemon.adapters.keys import load_keys
from daemon.adapters.reading.text_reader import read_text
from daemon.adapters.vault.age_vault import AgeVault
from daemon.cli.main import app
from daemon.computed.handouts import HARDEST_GRADE
from daemon.config import load_home
from daemon.documents.handouts import parse_handout, slots_of
from daemon.documents.loader import load_documents, parse_document
from daemon.documents.spoken_request import spoken_request
from daemon.model import source
from daemon.model.error_catalog import CATALOG
from daemon.model.source import Source
from daemon.steps.draft import draft
from tests.fakes.clock import FakeClock

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "SECURITY.md", "CHANGELOG.md")}
# An option of the program stands before the command, with its value.
_CALL = re.compile(r"(?:\.venv/bin/)?chartdraft((?: --(?:home|config) \S+)?(?: .*)?)")


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def _block(containing: str) -> str:
    [found] = [block for block in _blocks("sh") if containing in block]
    return found


def _calls() -> list[str]:
    """Every call of the program in a block or between backticks, without its name."""
    lines = "\n".join(_blocks("sh") + _blocks("")).splitlines()
    without_help = [line for line in lines if not line.startswith("$ ")]
    spans = [span for page in PAGES.values() for span in re.findall(r"`([^`\n]+)`", page)]
    matches = (_CALL.fullmatch(text.split("  ")[0].split(" > ")[0].split(" || ")[0]) for text in without_help + spans)
    return sorted({match[1].strip() for match in matches if match})


def _own_document() -> str:
    [found] = [block for block in _blocks("toml") if "[[section]]" in block]
    return found


def _figures() -> list[tuple[str, str, str]]:
    return re.findall(
        r"^(\w[\w, ]*; (?:one by one|in order)): accuracy ([\d.]+), macro-F1 ([\d.]+)$", README, re.MULTILINE
    )


def test_the_help_texts_are_those_that_the_commands_print() -> None:
    assert _script("readme_help").with_help(README) == README, "please run scripts/update-readme"


def test_the_table_of_checks_is_that_of_the_code() -> None:
    assert _script("readme_help").with_checks(README) == README, "please run scripts/update-readme"


def test_one_of_the_help_texts_is_what_a_shell_sees() -> None:
    """The block is made in this process; here one command is asked as a person asks it."""
    done = subprocess.run(
        [sys.executable, "-c", "from daemon.cli.main import main; main()", "audit", "verify", "--help"],
        capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    assert done.stdout.strip() in README


@pytest.mark.parametrize("call", _calls())
def test_every_call_in_the_texts_is_one_that_the_program_takes(call: str) -> None:
    words = shlex.split(re.sub(r"^--(home|config) \S+", "", call.strip()))
    command: Any = get_command(app)
    while words and hasattr(command, "commands"):
        assert words[0] in command.commands or words[0].startswith("--"), call
        command = command.commands.get(words.pop(0), command)
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in words if word.startswith("-") and word != "-"} <= known | {"--help"}, call


def test_every_option_in_the_texts_is_one_of_some_command() -> None:
    named = {option for page in PAGES.values() for option in re.findall(r"`(--[a-z-]+)[^`\n]*`", page)}
    assert {"--home", "--fit-for-drafting"} <= named
    helped = set(re.findall(r"--[a-z-]+", _script("readme_help").help_block()))
    assert named <= helped


def test_the_texts_name_enough_calls_for_the_test_above_to_mean_something() -> None:
    assert {call.split()[0] for call in _calls() if call} >= {
        "init",
        "run",
        "doctor",
        "seal",
        "models",
        "retry",
        "open",
    }


def test_every_file_and_script_that_the_texts_name_is_there() -> None:
    for name, text in PAGES.items():
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            assert (ROOT / link).exists(), f"{name}: {link}"
    named = re.findall(
        r"`(?:\.venv/bin/python )?((?:scripts|docs|daemon|samples|requirements|tests)/[\w./-]+?)/?(?: [^`]*)?`", README
    )
    assert len(named) > 10
    for path in named:
        assert (ROOT / path).exists(), path
    for script in _blocks("sh")[:2]:
        assert os.access(ROOT / script.strip(), os.X_OK), script


def test_every_settings_snippet_loads(tmp_path: Path) -> None:
    snippets = [snippet for snippet in _blocks("toml") if snippet != _own_document()]
    assert snippets
    for snippet in snippets:
        (tmp_path / "config.toml").write_text(snippet, encoding="utf-8")
        load_home(tmp_path, None)


def test_every_exit_code_is_explained_and_none_that_does_not_exist() -> None:
    explained = {int(code) for code in re.findall(r"^\| (\d+) \| [a-z]", README, re.MULTILINE)}
    assert explained == {0} | {text.exit_code for text in CATALOG.values()}


def test_every_kind_of_file_that_is_taken_is_listed() -> None:
    listed = re.search(r"^Recordings: ([\w ]+)\. Scans: ([\w ]+)\. Texts: ([\w ]+),", README, re.MULTILINE)
    assert listed is not None
    assert {f".{kind}" for kind in listed[1].split()} == source.RECORDING_SUFFIXES
    assert {f".{kind}" for kind in listed[2].split()} == source.SCAN_SUFFIXES
    assert {f".{kind}" for kind in listed[3].split()} == source.TEXT_SUFFIXES


def test_every_document_has_its_row_with_its_title_and_what_it_is_drafted_from() -> None:
    [section] = re.findall(r"^## What goes in, what comes out$.*?(?=^## )", README, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\| `([a-z-]+)` \| ([\w -]+) \| ([a-z, ]+) \|", section, re.MULTILINE)
    known = load_documents(None).values()
    assert sorted(rows) == sorted((each.key, each.title, ", ".join(each.accepts)) for each in known)


def test_what_a_memo_or_a_scan_becomes_by_itself_is_what_the_text_says() -> None:
    known = {each.default_for: each.title for each in load_documents(None).values() if each.default_for}
    assert known == {"recording": "SOAP note", "scan": "Intake summary"}
    assert "Else a memo becomes a SOAP note and a scan an intake summary." in README


def test_each_request_that_the_text_quotes_is_heard_and_talk_about_a_letter_is_not() -> None:
    cues = [(each.key, cue) for each in load_documents(None).values() for cue in each.spoken_cues]
    [quoted] = re.findall(r"^2\. In the inbox itself.*?(?=^3\.)", README, re.MULTILINE | re.DOTALL)
    requests = [" ".join(each.split()) for each in re.findall(r'"([^"]+)"', quoted)]
    heard = [request and request.key for request in (spoken_request(each, cues) for each in requests)]
    assert heard == ["referral", "prior-auth", None]


def test_the_document_of_the_text_drafts_a_letter_without_the_diagnosis() -> None:
    own = parse_document("work-note.toml", _own_document().encode())
    said = (
        b"She should stay off work until Friday. Return to work on Monday with light duty. She has a lumbar strain.\n"
    )
    reading = read_text(Source("s1", "text", "0" * 64), said)
    sections = {each.key: each for each in draft("job", own, reading, QuotingDrafter(), FakeClock()).sections}
    assert [each.text for each in sections["absence"].statements] == [
        "She should stay off work until Friday.",
        "Return to work on Monday with light duty.",
    ]
    assert sections["other"].audience == "office"
    assert [each.text for each in sections["other"].statements] == ["She has a lumbar strain."]


def test_the_handout_of_the_text_loads_and_every_slot_is_named() -> None:
    slots = slots_of(load_documents(None))
    [markdown] = _blocks("markdown")
    assert parse_handout("own.md", markdown.encode(), slots).names == ("high blood pressure",)
    [sentence] = re.findall(r"^The slots are (.*?);", README, re.MULTILINE | re.DOTALL)
    assert {slot.replace("_", "-") for slot in re.findall(r"`(\w+)`", sentence)} == slots


def test_the_limits_of_packets_and_of_long_visits_are_those_of_the_code() -> None:
    assert f"any number up to {MAX_PARTS}." in README
    assert f"is read in parts, {MAX_WINDOWS} at most" in README
    assert f"above grade {HARDEST_GRADE:.0f} the hardest" in README


def test_the_simulated_year_is_as_long_as_the_text_says() -> None:
    year = (ROOT / "tests/faults/test_year.py").read_text(encoding="utf-8")
    [(items, days)] = re.findall(r"^ITEMS_A_DAY, DAYS = (\d+), (\d+)$", year, re.MULTILINE)
    assert f"lives through {days} days of {items} items" in " ".join(README.split())


def test_the_classifier_s_figures_are_those_of_its_weights() -> None:
    recorded = json.loads((ROOT / "daemon/adapters/drafting/weights/sections.json").read_text(encoding="utf-8"))[
        "figures"
    ]
    shown = {name: {"accuracy": float(accuracy), "macro_f1": float(f1)} for name, accuracy, f1 in _figures()}
    assert shown == recorded
    assert f"accuracy is {recorded['both; one by one']['accuracy']:.3f}" in README


def test_the_example_of_check_prints_what_the_text_shows(tmp_path: Path) -> None:
    done = _run(_block("chartdraft check"), tmp_path)
    assert done.stdout in _blocks("")
    assert done.stderr == ""


def test_the_commands_that_break_the_audit_trail_show_the_line(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ready = "".join(
        f'chartdraft --home "$home" {command}\n' for command in ("init 2>/dev/null >&2", "audit checkpoint")
    )
    done = _run(f'home="{home}"\n{ready}{_block("conv=notrunc")}', tmp_path)
    assert "ok: 1 events, 1 of them under a signed checkpoint" in done.stdout
    assert done.stdout.endswith("line 1: line-malformed\nexit code 4\n")
    assert "says `line 1: line-malformed` and ends with exit code 4" in README
    verified = _run(f'chartdraft --home "{home}" audit verify', tmp_path)
    assert verified.stdout.startswith("ok: ")


@pytest.mark.needs("age")
def test_a_blob_opens_and_a_memo_is_sealed_with_age_alone(tmp_path: Path) -> None:
    _run(f'chartdraft --home "{tmp_path}" init', tmp_path)
    (tmp_path / "visit-memo.m4a").write_bytes(b"a memo")
    (tmp_path / "RECIPIENT.txt").write_bytes((tmp_path / "inbox" / "RECIPIENT.txt").read_bytes())
    _run(_block("age -R"), tmp_path)
    clock = FakeClock()
    clock.advance(86_400)
    with (tmp_path / "visit-memo.m4a.age").open("rb") as file:
        AgeVault(tmp_path / "state" / "vault", load_keys(tmp_path / "state" / "keys"), clock).seal_age(file)
    [blob] = (tmp_path / "state" / "vault" / "blobs").glob("*/*.age")
    _run(re.sub(r"\w{26}\.age", blob.name, _block("age -d")), tmp_path)
    assert (tmp_path / "opened").read_bytes() == b"a memo"


def test_the_pictures_are_small_enough_for_a_page() -> None:
    pictures = [*(ROOT / "docs").glob("*.png")]
    assert pictures
    assert all(picture.stat().st_size < 400_000 for picture in pictures)


def test_the_example_settings_are_the_defaults_and_load(tmp_path: Path) -> None:
    example = (ROOT / "config.example.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(example, encoding="utf-8")
    loaded = load_home(tmp_path, None).settings.model_dump(mode="json")
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    assert loaded == load_home(tmp_path, None).settings.model_dump(mode="json")
    tables = {key: set(value) for key, value in tomllib.loads(example).items() if isinstance(value, dict)}
    assert set(tomllib.loads(example)) == set(loaded)
    assert all(set(loaded[name]) == keys for name, keys in tables.items())


def _run(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A block of the text in a shell, with `chartdraft` as this very Python runs it."""
    program = (
        f"chartdraft() {{ {shlex.quote(sys.executable)} -c 'from daemon.cli.main import main; main()' \"$@\"; }}\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["/bin/sh", "-c", program + script], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
