"""Reads the documents: those in this package, then a practice's own, which add to them or take their place.

A practice's file is refused whole if anything in it is not understood: a misspelt key would otherwise silently change
what a draft holds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from daemon.documents.plain_reasons import plain_key, plain_reason
from daemon.model.document import Audience, Document, Expected, Form, Layout, SectionSpec, VisitKind
from daemon.model.errors import PermanentError
from daemon.model.finding import OMISSION_KINDS
from daemon.model.source import SourceKind

_LABELS_WORDS = (
    "FAM/SOCHX GENHX PASTMEDICALHX CC PASTSURGICAL ALLERGY ROS MEDICATIONS ASSESSMENT EXAM DIAGNOSIS DISPOSITION PLAN "
    "EDCOURSE IMMUNIZATIONS IMAGING GYNHX PROCEDURES OTHER_HISTORY LABS"
)
LABELS = frozenset(_LABELS_WORDS.split())
"""The section headers of MTS-Dialog (Ben Abacha et al., EACL 2023, table 1), which the section classifier tells apart."""
RULES = frozenset({"no-exam-findings", "unnamed-diagnosis"})
"""Faithfulness rules special to a section: those that `steps.verify` applies. A document must not promise a check that is not made."""
COMPUTED = frozenset(
    {
        "actions",
        "allergies",
        "blank-fields",
        "contradictions",
        "documented",
        "glossary",
        "handout",
        "identity",
        "medications",
        "missing",
        "unplaced",
        "unreadable",
        "visit-kind",
    }
)
"""What code writes into a section instead of a drafter: the names of the package `computed`."""
MAX_FILE_BYTES = 256 * 1024  # the longest packaged document has 10 KB

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Cue = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7fA-Z]{3,80}$")]
"""A phrase in lower case. `*` stands for up to three words; `…` at its end: what follows, to the end of the sentence, is kept."""
Field_ = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7fA-Z]{1,80}$")]


class DocumentError(PermanentError):
    """A document's file is not valid: which file, which key, and why. A TOML is configuration, so it may be quoted."""

    CODE: ClassVar[str] = "document-invalid"

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(self.CODE)
        self.file = file
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return f"{super().__str__()}\n  {self.file}: {self.key}: {self.reason}"

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str, str]]:  # type: ignore[override]  # one more fact
        return type(self), (self.file, self.key, self.reason)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: Key
    title: Line
    ask: Text = ""
    labels: list[str] = []
    fields: list[Field_] = []
    rules: list[str] = []
    computed: str = ""
    cues: list[Cue] = []
    headings: list[Field_] = []
    layout: Layout = "list"
    placeholder: Line | Literal[""] = ""
    group: Key | Literal[""] = ""
    audience: Audience = "reader"
    feeds: Key | Literal[""] = ""
    until: list[Field_] = []


class _Expected(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    item: Line
    why: Line
    cues: list[Cue] = []
    labels: list[str] = []
    visits: list[Key] = []
    group: Key | Literal[""] = ""
    aside: list[Cue] = []
    given: Line | Literal[""] = ""


class _Visit(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: Key
    title: Line
    cues: Annotated[list[Cue], Field(min_length=1)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    key: Key
    title: Line
    accepts: Annotated[list[SourceKind], Field(min_length=1)]
    default_for: SourceKind | None = None
    spoken_cues: list[Line] = []
    instructions: Text = ""
    form: Form = "note"
    omissions: list[str] = []
    opening: Line | Literal[""] = ""
    closing: Line | Literal[""] = ""
    section: Annotated[list[_Section], Field(min_length=1)]
    expect: list[_Expected] = []
    visit: list[_Visit] = []


def load_documents(extra_dir: Path | None) -> dict[str, Document]:
    """All documents by key: the packaged ones, then those of `extra_dir`. Raises `DocumentError`.

    A practice's document takes the place of the packaged one of the same key, and its `default_for` that of a packaged
    one. Afterwards there must be one default for recordings and one for scans.
    """
    packaged = _collect((entry.name, entry.read_bytes()) for entry in _packaged())
    documents = {key: replace(document, file="") for key, document in packaged.items()}
    own = _collect(_own_files(extra_dir)) if extra_dir is not None else {}
    taken = {document.default_for for document in own.values()} - {None}
    kept = {k: replace(d, default_for=None) if d.default_for in taken else d for k, d in documents.items()}
    merged = kept | own
    for kind in ("recording", "scan"):  # a text has no default: what it is for is said by the folder it is put into
        if all(document.default_for != kind for document in merged.values()):
            raise DocumentError(str(extra_dir), "default_for", f"no document is the default for a {kind} any more")
    return merged


def parse_document(file: str, untrusted_toml: bytes) -> Document:
    """One document from its TOML. Raises `DocumentError` with the file's name, the key and the reason."""
    if len(untrusted_toml) > MAX_FILE_BYTES:
        raise DocumentError(file, "-", "the file is too large for a document")
    untrusted: dict[str, Any] = {}
    try:
        untrusted = tomllib.loads(untrusted_toml.decode())
        parsed = _Document.model_validate(untrusted)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise DocumentError(file, "-", f"not TOML: {error}") from None
    except ValidationError as error:
        # A misspelt key is at fault for the one that is then missing.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        raise DocumentError(file, plain_key(first["loc"], untrusted), plain_reason(first)) from None
    for key, reason in _faults(parsed):
        raise DocumentError(file, key, reason)
    return Document(
        key=parsed.key,
        title=parsed.title,
        accepts=tuple(parsed.accepts),
        sections=tuple(_section(section) for section in parsed.section),
        default_for=parsed.default_for,
        spoken_cues=tuple(parsed.spoken_cues),
        instructions=parsed.instructions,
        form=parsed.form,
        opening=parsed.opening,
        closing=parsed.closing,
        omissions=tuple(parsed.omissions),
        expects=tuple(map(_expected, parsed.expect)),
        visits=tuple(VisitKind(visit.key, visit.title, tuple(visit.cues)) for visit in parsed.visit),
        file=file,
    )


def _section(parsed: _Section) -> SectionSpec:
    lists = (tuple(parsed.labels), tuple(parsed.fields), tuple(parsed.rules))
    return SectionSpec(
        parsed.key,
        parsed.title,
        parsed.ask,
        *lists,
        computed=parsed.computed,
        cues=tuple(parsed.cues),
        headings=tuple(parsed.headings),
        layout=parsed.layout,
        placeholder=parsed.placeholder,
        group=parsed.group,
        audience=parsed.audience,
        feeds=parsed.feeds,
        until=tuple(parsed.until),
    )


def _expected(parsed: _Expected) -> Expected:
    lists = (tuple(parsed.cues), tuple(parsed.labels), tuple(parsed.visits))
    return Expected(parsed.item, parsed.why, *lists, parsed.group, tuple(parsed.aside), parsed.given)


def _faults(parsed: _Document) -> Iterator[tuple[str, str]]:
    """What the shape alone does not show, as (key, reason)."""
    if parsed.default_for is not None and parsed.default_for not in parsed.accepts:
        yield "default_for", "is not among what the document accepts"
    yield from (("omissions", f"there is no kind “{x}”") for x in parsed.omissions if x not in OMISSION_KINDS)
    for name in ("key", "labels", "fields"):
        yield from ((f"section.{name}", f"“{value}” stands there twice") for value in _repeated(parsed, name))
    for section in parsed.section:
        where = f"section “{section.key}”"
        yield from ((f"{where}: labels", f"there is no label “{x}”") for x in section.labels if x not in LABELS)
        yield from ((f"{where}: rules", f"there is no rule “{x}”") for x in section.rules if x not in RULES)
        if section.computed and section.computed not in COMPUTED:
            yield f"{where}: computed", f"there is no “{section.computed}”; there are {', '.join(sorted(COMPUTED))}"
        if bool(section.ask) == bool(section.computed):
            yield where, "needs either an ask (a model writes it) or a computed (code does)"
    computed = {section.key for section in parsed.section if section.computed}
    for section in parsed.section:
        if section.feeds and (section.computed or section.feeds not in computed):
            yield f"section “{section.key}”: feeds", f"there is no computed section “{section.feeds}” for it to feed"
    visits = {visit.key for visit in parsed.visit}
    for expected in parsed.expect:
        where = f"expect “{expected.item}”"
        yield from ((f"{where}: labels", f"there is no label “{x}”") for x in expected.labels if x not in LABELS)
        yield from ((f"{where}: visits", f"there is no visit “{x}”") for x in expected.visits if x not in visits)
        if expected.given and expected.given not in {one.item for one in parsed.expect if one is not expected}:
            yield f"{where}: given", f"there is no item “{expected.given}”"


def _repeated(parsed: _Document, name: str) -> list[str]:
    found: list[str] = []
    for section in parsed.section:
        value = getattr(section, name)
        found.extend([value] if isinstance(value, str) else value)
    return sorted({value for value in found if found.count(value) > 1})


def _packaged() -> list[resources.abc.Traversable]:
    entries = resources.files("daemon.documents").iterdir()
    return sorted((entry for entry in entries if entry.name.endswith(".toml")), key=lambda entry: entry.name)


def _own_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    try:
        for path in sorted(folder.glob("*.toml")):
            if not path.name.startswith("."):
                yield str(path), path.read_bytes()
        if not folder.is_dir():
            raise DocumentError(str(folder), "-", "the folder is not there")
    except OSError as error:
        raise DocumentError(str(error.filename or folder), "-", error.strerror or "cannot be read") from None


def _collect(files: Iterable[tuple[str, bytes]]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    defaults: set[SourceKind] = set()
    for file, content in files:
        document = parse_document(file, content)
        if document.key in documents:
            raise DocumentError(file, "key", f"another file has the key “{document.key}” as well")
        if document.default_for in defaults:
            raise DocumentError(
                file, "default_for", f"another file is the default for a {document.default_for} as well"
            )
        documents[document.key] = document
        if document.default_for is not None:
            defaults.add(document.default_for)
    return documents
