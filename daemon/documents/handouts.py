"""Reads the handouts for patients: those in this package, then a practice's own, which add to them or take their place.

A handout is a Markdown file. Between two lines of `+++` at its beginning stand a few facts as TOML: `title`, `topics` (words by
which it is chosen, written like a document's cues), `names` (the diagnoses that its text names). A file that is not understood is
refused when the daemon starts, not when a patient waits for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from daemon.documents.handout_text import blocks, faults
from daemon.documents.loader import DocumentError
from daemon.model.document import Document
from daemon.model.handout import Handout

MAX_FILE_BYTES = 64 * 1024  # some twenty printed pages
FENCE = "+++"
CATCH_ALL = "other"
"""The section that a drafter uses for what fits nowhere. It is no slot: nobody has looked at what would be printed there."""

_Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
]
_Words = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7fA-Z]{3,80}$")]


class HandoutError(DocumentError):
    """A handout's file is not valid; its key is the place, such as "line 12". It is the practice's own text, so it may be quoted."""

    CODE: ClassVar[str] = "handout-invalid"


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    title: _Line
    topics: list[_Words] = []
    names: list[_Line] = []


def slots_of(documents: Mapping[str, Document]) -> frozenset[str]:
    """The names of the slots that some document fills: the drafted sections that feed a handout, but for the one for all else."""
    return frozenset(
        section.key
        for document in documents.values()
        for section in document.sections
        if section.key != CATCH_ALL
        and any(other.key == section.feeds and other.computed == "handout" for other in document.sections)
    )


def load_handouts(extra_dir: Path | None, slots: Collection[str]) -> tuple[Handout, ...]:
    """All handouts, a practice's own first, each by its file's name. Raises `HandoutError`."""
    packaged = {each.key: each for each in _parsed(_packaged(), slots)}
    own = {each.key: each for each in _parsed(_own_files(extra_dir), slots)} if extra_dir is not None else {}
    return (*own.values(), *(each for key, each in packaged.items() if key not in own))


def parse_handout(file: str, untrusted_markdown: bytes, slots: Collection[str]) -> Handout:
    """One handout from its file's content. Raises `HandoutError` with the file's name, the line and the reason."""
    if len(untrusted_markdown) > MAX_FILE_BYTES:
        raise HandoutError(file, "-", "the file is too large for a handout")
    try:
        text = untrusted_markdown.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = untrusted_markdown.count(b"\n", 0, error.start) + 1
        raise HandoutError(file, f"line {line}", "the text is not UTF-8") from None
    lines = text.splitlines()
    end = _fence(file, lines)
    facts = _facts(file, "\n".join(lines[1:end]))
    body = "\n".join(lines[end + 1 :])
    for number, reason in faults(body, slots):
        raise HandoutError(file, f"line {end + 1 + number}", reason)
    if not blocks(body):
        raise HandoutError(file, f"line {end + 2}", "the handout has no text")
    return Handout(Path(file).stem, facts.title, body, tuple(facts.topics), tuple(facts.names))


def _fence(file: str, lines: list[str]) -> int:
    """Where the second line of `+++` stands, from 0."""
    if not lines or lines[0].strip() != FENCE:
        raise HandoutError(file, "line 1", f"a handout begins with {FENCE}, its title, and {FENCE} again")
    for number, line in enumerate(lines[1:], 1):
        if line.strip() == FENCE:
            return number
    raise HandoutError(file, "line 1", f"the second {FENCE} is missing")


def _facts(file: str, untrusted_toml: str) -> _Facts:
    try:
        return _Facts.model_validate(tomllib.loads(untrusted_toml))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise HandoutError(file, f"between the {FENCE}", f"not TOML: {error}") from None
    except ValidationError as error:
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise HandoutError(file, ".".join(map(str, first["loc"])), first["msg"]) from None


def _parsed(files: Iterable[tuple[str, bytes]], slots: Collection[str]) -> Iterator[Handout]:
    return (parse_handout(file, content, slots) for file, content in files)


def _packaged() -> Iterator[tuple[str, bytes]]:
    folder = resources.files("daemon.documents") / "handouts"
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".md"):
            yield entry.name, entry.read_bytes()


def _own_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    try:
        for path in sorted(folder.glob("*.md")):
            if not path.name.startswith("."):
                yield str(path), path.read_bytes()
        if not folder.is_dir():
            raise HandoutError(str(folder), "-", "the folder is not there")
    except OSError as error:
        raise HandoutError(str(error.filename or folder), "-", error.strerror or "cannot be read") from None
