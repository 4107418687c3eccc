"""A note from a file's text: plain, or JSON as scribes and records systems write it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from typing import Any

from daemon.faithfulness.reading.json_text import object_in, string_of
from daemon.faithfulness.reading.sentences import FIRST_TITLE, NoteSection, note_sections
from daemon.model.errors import PermanentError

_WHOLE = ("note", "soap_note", "clinical_note", "summary", "document")
_TITLES = ("title", "heading", "header", "name", "section", "display", "label", "key")
_BODIES = ("statements", "sentences", "text", "content", "body", "items", "value", "note")
_NO_SECTIONS = frozenset(
    {"id", "dataset", "schema", "job", "status", "date", "created", "version", "resourceType", "language", "model"}
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_MARK = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DEEPEST = 8


def read_note(text: str) -> tuple[tuple[NoteSection, ...], Any]:
    """The sections of a note, and the JSON value that it came in (None for plain text).

    `note-unreadable` for JSON of an unknown form, and for what holds no words.
    """
    data = object_in(text, "note-unreadable")
    sections = note_sections(text) if data is None else tuple(_sections(data, 0))
    if not any(section.statements for section in sections):
        raise PermanentError("note-unreadable")
    return sections, data


def _sections(data: Any, depth: int) -> Iterator[NoteSection]:
    if depth > _DEEPEST:
        return
    if isinstance(data, str):
        yield from note_sections(string_of(data))
    elif isinstance(data, list):
        yield from _listed(data, depth)
    elif isinstance(data, Mapping):
        yield from _in_object(data, depth)


def _in_object(data: Mapping[str, Any], depth: int) -> Iterator[NoteSection]:
    for key in ("sections", "section"):  # `section` is FHIR's Composition
        if isinstance(data.get(key), list | dict):
            yield from _sections(data[key], depth + 1)
            return
    for key in _WHOLE:
        if isinstance(data.get(key), str | list | dict):
            yield from _sections(data[key], depth + 1)
            return
    if (body := _body(data)) is not None:
        yield from _section(_title(data), body, depth)
        return
    named = {key: value for key, value in data.items() if key not in _NO_SECTIONS and value not in (None, "", [], {})}
    if all(isinstance(value, str | list | dict) for value in named.values()):
        for key, value in named.items():
            yield from _section(_CAMEL.sub(" ", string_of(key)).replace("_", " "), value, depth)


def _listed(items: Sequence[Any], depth: int) -> Iterator[NoteSection]:
    """A list of sections, or of the sentences of one."""
    if all(isinstance(item, str) for item in items):
        yield from _section(FIRST_TITLE, list(items), depth)
        return
    for item in items:
        yield from _sections(item, depth + 1)


def _section(title: str, body: Any, depth: int) -> Iterator[NoteSection]:
    """One section. Headings inside of its text become sections of their own."""
    if isinstance(body, str):
        inner = note_sections(_without_marks(string_of(body)))
        yield from (NoteSection(title, one.statements) if one.title == FIRST_TITLE else one for one in inner)
    elif isinstance(body, list) and all(isinstance(item, str) for item in body):
        texts = tuple(
            s for item in body for one in note_sections(_without_marks(string_of(item))) for s in one.statements
        )
        yield NoteSection(title, texts)
    elif isinstance(body, list) and all(
        isinstance(item, Mapping) and isinstance(item.get("text"), str) for item in body
    ):
        yield _given(title, body)
    elif isinstance(body, Mapping) and isinstance(body.get("div"), str):
        yield from _section(title, body["div"], depth)
    else:
        inside = tuple(_sections(body, depth + 1))
        yield from (
            NoteSection(title, one.statements, one.evidence) if one.title == FIRST_TITLE else one for one in inside
        )


def _given(title: str, items: Sequence[Mapping[str, Any]]) -> NoteSection:
    """Statements as they are, with the passages that they say they rest on. What a document prints of itself is none."""
    said = [item for item in items if item.get("manner") != "printed" and item["text"].strip()]
    evidence = [item.get("evidence") for item in said]
    cited = tuple(
        tuple(string_of(each) for each in ids if isinstance(each, str)) for ids in evidence if isinstance(ids, list)
    )
    return NoteSection(title, tuple(string_of(item["text"]) for item in said), cited if len(cited) == len(said) else ())


def _title(data: Mapping[str, Any]) -> str:
    return next(
        (string_of(data[key]).strip() for key in _TITLES if isinstance(data.get(key), str) and data[key].strip()),
        FIRST_TITLE,
    )


def _body(data: Mapping[str, Any]) -> Any:
    return next(
        (data[key] for key in _BODIES if isinstance(data.get(key), str | list) or _is_narrative(data.get(key))), None
    )


def _is_narrative(value: Any) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("div"), str)


def _without_marks(text: str) -> str:
    """The words of a narrative in XHTML, as FHIR has it; other text as it is."""
    if not _MARK.search(text):
        return text
    return unescape(_MARK.sub("", _BREAK.sub("\n", text)))
