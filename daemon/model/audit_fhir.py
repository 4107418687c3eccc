"""An event of the trail as a FHIR R4 (4.0.1) AuditEvent, for whoever gathers audit records of many systems.

Codes: type and subtype from DICOM PS3.16 CID 400 and 401, as FHIR's own examples have them (https://hl7.org/fhir/R4/auditevent.html);
roles and kinds from terminology.hl7.org. What is ours alone has a system that begins with `urn:chartdraft:`. The event's line proves
itself in the trail, not here: `id` is its hash, by which it is found there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from daemon.model.audit_chain import Fact, Link
from daemon.model.audit_events import EVENTS, EventInfo, Kind

_DCM = "http://dicom.nema.org/resources/ontology/DCM"
_HL7 = "http://terminology.hl7.org/CodeSystem/"
_TYPES: dict[Kind, tuple[str, str]] = {
    "application": ("110100", "Application Activity"),
    "log": ("110101", "Audit Log Used"),
    "export": ("110106", "Export"),
    "import": ("110107", "Import"),
    "records": ("110110", "Patient Record"),
    "security": ("110113", "Security Alert"),
}
_SUBTYPES = {
    "daemon-started": ("110120", "Application Start"),
    "daemon-restarted": ("110120", "Application Start"),
    "daemon-stopped": ("110121", "Application Stop"),
    "keys-made": ("110129", "Security Configuration"),
    "keys-changed": ("110129", "Security Configuration"),
    "settings-noted": ("110131", "Software Configuration"),
    "settings-changed": ("110131", "Software Configuration"),
}
_WHO = ("by", "uid", "sudo_by")
_UNKNOWN = EventInfo("an event of another version", "application", "E")
_EMPTY = "(empty)"
"""A FHIR string must not be empty; no fact can hold parentheses."""


def audit_event(link: Link, origin: str) -> dict[str, Any]:
    """The resource for one line; `origin` is the name of the key that signs this trail's checkpoints."""
    event, info = link.event, EVENTS.get(link.event.event, _UNKNOWN)
    code = event.facts.get("code")
    return {
        "resourceType": "AuditEvent",
        "id": link.hash,
        "type": _coding(_DCM, *_TYPES[info.kind]),
        "subtype": _subtypes(event.event, info),
        "action": info.action,
        "recorded": event.time.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "outcome": "4" if info.failed else "0",
        **({"outcomeDesc": str(code)} if info.failed and code else {}),
        "agent": _agents(event.facts),
        "source": {
            "observer": {"identifier": {"system": "urn:chartdraft:origin", "value": origin}, "display": "Chartdraft"},
            "type": [_coding(f"{_HL7}security-source-type", "4", "Application Server")],
        },
        "entity": _entities(link),
    }


def _coding(system: str, code: str, display: str) -> dict[str, str]:
    return {"system": system, "code": code, "display": display}


def _subtypes(event: str, info: EventInfo) -> list[dict[str, str]]:
    ours = _coding("urn:chartdraft:audit-event", event, info.meaning)
    return [ours, *([_coding(_DCM, *_SUBTYPES[event])] if event in _SUBTYPES else [])]


def _agents(facts: Mapping[str, Fact]) -> list[dict[str, Any]]:
    """The person who asked, if one did, and the program that did it."""
    person = [_person(str(facts["by"]), facts)] if facts.get("by") else []
    program = {
        "type": {"coding": [_coding(_DCM, "110150", "Application")]},
        "who": {"display": "Chartdraft"},
        "requestor": not person,
    }
    return [*person, program]


def _person(account: str, facts: Mapping[str, Fact]) -> dict[str, Any]:
    numbered = {"altId": str(facts["uid"])} if "uid" in facts else {}
    called = [{"text": f"through sudo, called by {facts['sudo_by']}"}] if facts.get("sudo_by") else []
    return {
        "type": {"coding": [_coding(f"{_HL7}extra-security-role-type", "humanuser", "human user")]},
        **({"role": called} if called else {}),
        "who": {"identifier": {"system": "urn:chartdraft:account", "value": account}, "display": account},
        **numbered,
        "name": account,
        "requestor": True,
    }


def _entities(link: Link) -> list[dict[str, Any]]:
    """The job, if the event is about one, with the event's facts; and the line of the trail, with its place in the chain."""
    facts = [_detail(name, value) for name, value in link.event.facts.items() if name not in _WHO]
    place: list[tuple[str, Fact]] = [
        ("event", link.event.event),
        ("key", link.event.key),
        ("seq", link.seq),
        ("hash", link.hash),
        ("prev", link.prev),
    ]
    line = [_detail(name, value) for name, value in place]
    if link.event.job == "-":
        return [_entity("urn:chartdraft:line", link.hash, ("13", "Security Resource"), [*line, *facts])]
    job = _entity("urn:chartdraft:job", link.event.job, ("20", "Job"), facts)
    return [job, _entity("urn:chartdraft:line", link.hash, ("13", "Security Resource"), line)]


def _entity(system: str, value: str, role: tuple[str, str], details: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "what": {"identifier": {"system": system, "value": value}},
        "type": _coding(f"{_HL7}audit-entity-type", "2", "System Object"),
        "role": _coding(f"{_HL7}object-role", *role),
        **({"detail": details} if details else {}),
    }


def _detail(name: str, value: Fact) -> dict[str, str]:
    return {"type": name, "valueString": str(value) or _EMPTY}
