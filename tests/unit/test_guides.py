"""The guides in docs/ name only what there is: settings, commands, files, and headings of each other."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.config import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
GUIDES = sorted(DOCS.glob("*.md"))
_LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")


def _settings(table: dict[str, object]) -> Iterator[str]:
    for key, value in table.items():
        yield key
        if isinstance(value, dict):
            yield from _settings(value)


def _anchors(guide: Path) -> set[str]:
    """As the common renderers make them of headings."""
    headings = re.findall(r"^#+ (.+)$", guide.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_there_are_guides_and_the_index_leads_to_each() -> None:
    """Else the tests below would look at nothing."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")

    assert len(GUIDES) >= 7
    assert [guide.name for guide in GUIDES if guide.name != "README.md" and f"]({guide.name})" not in index] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_links_lead_somewhere(guide: Path) -> None:
    """Files beside them, and headings in them."""
    for found in _LINK.finditer(guide.read_text(encoding="utf-8")):
        name, _, anchor = found["target"].partition("#")
        if name.startswith("https:"):
            continue
        target = DOCS / name if name else guide
        assert target.is_file(), found[0]
        assert not anchor or anchor in _anchors(target), found[0]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_settings_named_are_settings(guide: Path) -> None:
    """A word with an underscore is one, unless it is a directive of another program that one of our files for it has."""
    known = set(_settings(tomllib.loads((ROOT / "config.example.toml").read_text(encoding="utf-8"))))
    ftps = {"ssl_enable", "force_local_data_ssl", "force_local_logins_ssl", "rsa_cert_file"}
    audit = {"sudo_by", "checkpoint_lines", "anchored_lines", "signed_lines", "chain_lines", "in_words"}
    for code in _CODE.findall(guide.read_text(encoding="utf-8")):
        if (found := re.fullmatch(r"([a-z]+(?:_[a-z]+)+)(?:( ?= ?).*)?", code)) and found[1] not in ftps | audit:
            assert found[1] in known, code
            if found[2]:
                Settings(**tomllib.loads(code))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_files_and_commands_named_are_there(guide: Path) -> None:
    """Files of this repository, and options of the script."""
    text = guide.read_text(encoding="utf-8")
    for path in re.findall(r"(?:scripts|tests)/[\w./-]*\w", text):
        assert (ROOT / path).is_file(), path
    for command in re.findall(r"`(?:sudo )?chartdraft ([a-z]+)", text):
        assert (ROOT / "daemon" / "cli" / f"{command}.py").is_file(), command


def test_the_options_that_the_volumes_guide_names_are_the_scripts() -> None:
    """As its --help has them."""
    guide = (DOCS / "encrypted-volume.md").read_text(encoding="utf-8")
    said = subprocess.run([ROOT / "scripts" / "make-encrypted-volume", "--help"], capture_output=True, check=True)
    options = set(re.findall(r"--[a-z][a-z-]+", guide))

    assert {"--move", "--ask", "--no-keep", "--show"} <= options
    assert [option for option in options if option not in said.stdout.decode()] == []


def test_the_notes_that_guides_name_are_the_outboxes() -> None:
    """ALREADY DRAFTED and COULD NOT DRAFT are what staff see."""
    from daemon.model import outbox_name

    assert "ALREADY DRAFTED" in outbox_name.duplicate_name("a", "b")
    assert "COULD NOT DRAFT" in outbox_name.failure_name("a", "b", revision=0)
