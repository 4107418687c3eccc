"""What reading is measured by: recordings with what was said in them, and forms with what stands on them."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from daemon.model.errors import PermanentError

_FACT = re.compile(r"\{(\w+) ([^}]*)\}")
_TURN = re.compile(r"(?:^| \| )[AB]: ")

_Each = TypeVar("_Each")
Fact = tuple[str, int, int]
"""A clinical fact: its kind (drug, dose, number, side, duration, negated) and its span of the text."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording. `text` is what a reader should find, commands carried out; empty where nobody speaks."""

    file: Path
    kind: str
    way: str
    voice: str
    text: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class FormTruth:
    """A form: its printed lines, its fields ({label, value, how}) and its tick boxes ({label, state})."""

    file: Path
    way: str
    text: tuple[str, ...]
    fields: tuple[dict[str, str], ...]
    boxes: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All of a folder, and what its files are known by."""

    clips: tuple[Clip, ...]
    forms: tuple[FormTruth, ...]
    sha256: str


def read_material(folder: Path, limit: int = 0) -> Material:
    """The material of a folder: scripts.tsv, speech.json, forms.json and the files that they name. With `limit`, that many
    recordings with speech, without, and forms. Raises PermanentError("reading-material-missing")."""
    try:
        with (folder / "scripts.tsv").open(encoding="utf-8", newline="") as table:
            scripts = {one["id"]: one for one in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)}
        clips = [_clip(folder, one, scripts) for one in _listed(folder / "speech.json")]
        forms = [_form(folder, one) for one in _listed(folder / "forms.json")]
    except (OSError, ValueError, KeyError, TypeError):
        raise PermanentError("reading-material-missing") from None
    spoken, silent = [one for one in clips if one.text], [one for one in clips if not one.text]
    chosen = [*_some(spoken, limit), *_some(silent, limit)]
    return Material(tuple(chosen), tuple(_some(forms, limit)), _sha256(folder))


def _some(all_of: Sequence[_Each], limit: int) -> Sequence[_Each]:
    """So many, from all over."""
    if not limit or limit >= len(all_of):
        return all_of
    return [all_of[at * len(all_of) // limit] for at in range(limit)]


def _sha256(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def _listed(path: Path) -> list[dict[str, Any]]:
    return list(json.loads(path.read_text(encoding="utf-8")))


def _clip(folder: Path, one: dict[str, Any], scripts: dict[str, dict[str, str]]) -> Clip:
    script = scripts.get(one["script"], {"kind": "nobody", "text": "", "written": ""})
    text, facts = plain(script["written"] or script["text"])
    return Clip(folder / one["file"], script["kind"], one["way"], one["voice"], text, facts)


def plain(marked: str) -> tuple[str, tuple[Fact, ...]]:
    """A text in which facts are marked ("{dose 20 milligrams}") without the marks and without who is speaking, and its facts."""
    marked = _TURN.sub(" ", marked).strip()
    text, facts, done = "", [], 0
    for match in _FACT.finditer(marked):
        text += marked[done : match.start()]
        facts.append((match[1], len(text), len(text) + len(match[2])))
        text, done = text + match[2], match.end()
    return text + marked[done:], tuple(facts)


def known_by(one: Clip | FormTruth) -> str:
    """A hash of a file and of what is in it: rows that were kept of another are not its own."""
    truth = [one.text, *(one.facts if isinstance(one, Clip) else (one.fields, one.boxes))]
    return hashlib.sha256(one.file.read_bytes() + json.dumps(truth).encode()).hexdigest()


def _form(folder: Path, one: dict[str, Any]) -> FormTruth:
    return FormTruth(folder / one["file"], one["way"], tuple(one["text"]), tuple(one["fields"]), tuple(one["boxes"]))
