"""Data to bytes and back: what is sealed in the vault, and the draft's JSON contract (DESIGN 8).

Encoding is deterministic, so that a step that runs twice seals the same bytes under the same name. Decoding is strict: a
document that does not have the expected shape raises `PermanentError("vault-unreadable")`.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar, cast

from daemon.model.draft import SCHEMA, Draft, Routing, Section, Statement
from daemon.model.errors import PermanentError
from daemon.model.finding import Caution, Finding, Omission, finding_to_dict
from daemon.model.job import Manifest
from daemon.model.passage import Anchor, EngineInfo, LineAnchor, PageAnchor, Passage, Reading, TimeAnchor, Unread, Word
from daemon.model.source import Source

T = TypeVar("T")
_PASSAGE_MORE = ("original", "voice", "hand", "cutout")


def manifest_to_bytes(manifest: Manifest) -> bytes:
    """A manifest as JSON."""
    return _dump(dataclasses.asdict(manifest))


def manifest_from_bytes(data: bytes) -> Manifest:
    """The inverse of `manifest_to_bytes`."""
    return _validate(Manifest, data)


def reading_to_bytes(reading: Reading) -> bytes:
    """A reading as JSON."""
    return _dump(dataclasses.asdict(reading))


def reading_from_bytes(data: bytes) -> Reading:
    """The inverse of `reading_to_bytes`."""
    return _validate(Reading, data)


def draft_to_bytes(draft: Draft) -> bytes:
    """A draft as the JSON of DESIGN 8."""
    return _dump(draft_to_json(draft))


def draft_from_bytes(data: bytes) -> Draft:
    """The inverse of `draft_to_bytes`."""
    try:
        return _draft_from_json(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PermanentError("vault-unreadable") from None


def draft_to_json(draft: Draft) -> dict[str, Any]:
    """A draft in the shape of DESIGN 8, `chartdraft.draft/1`; keys beyond it are additions."""
    return {
        "schema": SCHEMA,
        "job": draft.job,
        "document": draft.document,
        "title": draft.title,
        "status": draft.status,
        "form": draft.form,
        "opening": draft.opening,
        "closing": draft.closing,
        "routing": dataclasses.asdict(draft.routing),
        "sections": [_section(section) for section in draft.sections],
        "omissions": [dataclasses.asdict(omission) for omission in draft.omissions],
        "cautions": [dataclasses.asdict(caution) for caution in draft.cautions],
        "measures": dict(draft.measures),
        "passages": [_passage(passage) for passage in draft.passages],
        "unreadable": [_anchor(anchor) for anchor in draft.unreadable],
        "unread": [dataclasses.asdict(unread) for unread in draft.unread],
        "sources": [{k: v for k, v in dataclasses.asdict(s).items() if v is not None} for s in draft.sources],
        "engines": {role: dataclasses.asdict(info) for role, info in draft.engines},
        "drafted_at": draft.drafted_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def _section(section: Section) -> dict[str, Any]:
    """The key, title and statements of DESIGN 8; what only the layout needs where there is any."""
    more = {
        "layout": section.layout,
        "placeholder": section.placeholder,
        "columns": list(section.columns),
        "audience": section.audience,
    }
    plain = {"layout": "list", "placeholder": "", "columns": [], "audience": "reader"}
    return {
        "key": section.key,
        "title": section.title,
        "statements": [_statement(statement) for statement in section.statements],
    } | {name: value for name, value in more.items() if value != plain[name]}


def _statement(statement: Statement) -> dict[str, Any]:
    findings = [finding_to_dict(finding) for finding in statement.findings]
    return {
        "text": statement.text,
        "evidence": list(statement.evidence),
        "manner": statement.manner,
        "findings": findings,
    } | ({"cells": list(statement.cells)} if statement.cells else {})


def _passage(passage: Passage) -> dict[str, Any]:
    words = [{k: v for k, v in dataclasses.asdict(word).items() if v not in (None, ())} for word in passage.words]
    more = {name: getattr(passage, name) for name in _PASSAGE_MORE}
    return {
        "id": passage.id,
        "text": passage.text,
        "anchor": _anchor(passage.anchor),
        "confidence": passage.confidence,
        "words": words,
    } | {name: value for name, value in more.items() if value}


def _passage_from(data: dict[str, Any]) -> Passage:
    words = tuple(Word(**word | {"suggestions": tuple(word.get("suggestions", ()))}) for word in data["words"])
    more = {name: data[name] for name in _PASSAGE_MORE if name in data}
    return Passage(data["id"], data["text"], _anchor_from(data["anchor"]), data["confidence"], words, **more)


def _anchor(anchor: Anchor) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple) else v for k, v in dataclasses.asdict(anchor).items()}


def _anchor_from(data: dict[str, Any]) -> Anchor:
    if "page" in data:
        left, top, right, bottom = data["box"]
        return PageAnchor(data["source"], int(data["page"]), (left, top, right, bottom))
    if "line" in data:
        return LineAnchor(data["source"], int(data["line"]), int(data["last_line"]))
    return TimeAnchor(data["source"], float(data["start"]), float(data["end"]))


def _statement_from(data: dict[str, Any]) -> Statement:
    findings = tuple(map(_finding_from, data["findings"]))
    return Statement(data["text"], tuple(data["evidence"]), data["manner"], findings, tuple(data.get("cells", ())))


def _finding_from(data: dict[str, Any]) -> Finding:
    span = (data["span"][0], data["span"][1]) if "span" in data else None
    said = (tuple(data.get(key, ())) for key in ("evidence", "suggestions"))
    return Finding(data["code"], data["severity"], data["detail"], span, *said)


def _section_from(data: dict[str, Any]) -> Section:
    return Section(
        data["key"],
        data["title"],
        tuple(_statement_from(statement) for statement in data["statements"]),
        data.get("layout", "list"),
        data.get("placeholder", ""),
        tuple(data.get("columns", ())),
        data.get("audience", "reader"),
    )


def _draft_from_json(data: dict[str, Any]) -> Draft:
    return Draft(
        job=data["job"],
        document=data["document"],
        title=data["title"],
        sections=tuple(_section_from(section) for section in data["sections"]),
        passages=tuple(map(_passage_from, data["passages"])),
        sources=tuple(Source(**source) for source in data["sources"]),
        engines=tuple((role, EngineInfo(**info)) for role, info in data["engines"].items()),
        drafted_at=datetime.fromisoformat(data["drafted_at"]),
        omissions=tuple(
            Omission(o["kind"], o["text"], tuple(o["evidence"]), o.get("severity", "high")) for o in data["omissions"]
        ),
        unreadable=tuple(_anchor_from(anchor) for anchor in data["unreadable"]),
        # Drafts sealed by an older version have none of these.
        unread=tuple(Unread(**unread) for unread in data.get("unread", ())),
        cautions=tuple(
            Caution(c["code"], c["severity"], c["text"], tuple(c["evidence"])) for c in data.get("cautions", ())
        ),
        routing=Routing(**data.get("routing", {})),
        form=data.get("form", "note"),
        opening=data.get("opening", ""),
        closing=data.get("closing", ""),
        measures=tuple(data.get("measures", {}).items()),
    )


def _dump(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _validate(kind: type[T], data: bytes) -> T:
    from pydantic import ValidationError

    try:
        return cast("T", _validator(cast("Any", kind)).validate_json(data))
    except ValidationError:
        # The validator's own message quotes what it read: it must not travel.
        raise PermanentError("vault-unreadable") from None


@cache
def _validator(kind: Any) -> Any:
    # Imported late: commands that only read the job board never need it.
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    # The parser of JSON would keep the short texts that it met, 16,384 of them, for as long as the process lives, and there is no
    # way to empty that (https://docs.pydantic.dev/latest/api/config/#pydantic.config.ConfigDict.cache_strings).
    return SchemaValidator(TypeAdapter(kind).core_schema, {"cache_strings": "keys"})
