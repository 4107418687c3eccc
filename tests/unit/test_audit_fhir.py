"""Every event, as a resource that the FHIR library takes, says what the trail says and nothing else."""

from __future__ import annotations

import io
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fhir.resources.R4B.auditevent import AuditEvent as Resource
from hypothesis import given, settings

from daemon.adapters.audit.reader import export_fhir, read_trail
from daemon.config import load_home
from daemon.keeping import upkeep
from daemon.model.audit_chain import AuditEvent, ChainHead, Link
from daemon.model.audit_events import EVENTS
from daemon.model.audit_fhir import audit_event
from daemon.model.errors import PermanentError
from tests.properties.test_audit_chain import EVENTS as ANY_EVENT

NOW = datetime(2026, 11, 21, 9, 15, 0, 123000, tzinfo=UTC)
ORIGIN = "chartdraft/audit/0123456789abcdef"


def resource(event: AuditEvent) -> dict[str, object]:
    """Taken by the library, and the very same again when it gives it back."""
    head = ChainHead()
    link = head.accept(head.copy().append(event))
    assert isinstance(link, Link)
    made = audit_event(link, ORIGIN)
    taken = json.loads(Resource.model_validate(made).model_dump_json())
    assert datetime.fromisoformat(taken.pop("recorded")) == datetime.fromisoformat(str(made["recorded"]))
    assert taken == {name: value for name, value in made.items() if name != "recorded"}
    return made


@pytest.mark.parametrize("name", EVENTS)
def test_each_event_of_the_table_is_a_resource(name: str) -> None:
    info = EVENTS[name]
    made = resource(AuditEvent(name, f"{name}:1", NOW, "abc", {"code": "x", "n": 3, "nothing": ""}))
    assert made["action"] == info.action
    assert made["outcome"] == ("4" if info.failed else "0")
    assert made["subtype"][0]["code"] == name  # type: ignore[index]  # of a resource


@settings(max_examples=40)
@given(ANY_EVENT)
def test_any_event_is_a_resource(event: AuditEvent) -> None:
    resource(event)


def test_a_person_who_opened_a_draft_is_its_agent() -> None:
    facts = {"by": "alice", "uid": 501, "sudo_by": "bob", "what": "draft"}
    made = resource(AuditEvent("opened", "open:1", NOW, "abc", facts))
    person, program = made["agent"]  # type: ignore[misc]  # of a resource
    assert (person["name"], person["altId"], person["requestor"], program["requestor"]) == ("alice", "501", True, False)
    assert person["role"] == [{"text": "through sudo, called by bob"}]
    job, line = made["entity"]  # type: ignore[misc]  # of a resource
    assert (job["what"]["identifier"]["value"], job["detail"]) == ("abc", [{"type": "what", "valueString": "draft"}])
    assert {each["type"] for each in line["detail"]} == {"event", "key", "seq", "hash", "prev"}
    assert made["recorded"] == "2026-11-21T09:15:00.123Z"
    assert made["type"] == {
        "system": "http://dicom.nema.org/resources/ontology/DCM", "code": "110110", "display": "Patient Record"
    }  # fmt: skip


def test_what_the_daemon_does_it_asked_for_itself() -> None:
    made = resource(AuditEvent("item-failed", "fail:1", NOW, "abc", {"code": "media-empty"}))
    (program,) = made["agent"]  # type: ignore[misc]  # of a resource
    assert (program["requestor"], made["outcomeDesc"]) == (True, "media-empty")


def test_an_export_is_a_resource_to_a_line_and_every_line_of_the_trail_is_in_it(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    out = io.BytesIO()
    assert upkeep.export_audit(home, out, "fhir") == ""
    made = [json.loads(line) for line in out.getvalue().splitlines()]
    links = list(read_trail(home.audit))
    assert [each["id"] for each in made] == [link.hash for link in links]
    assert [link.event.event for link in links] == ["keys-made", "audit-exported"]
    assert links[1].event.facts["format"] == "fhir"
    for each in made:
        Resource.model_validate(each)


def test_a_trail_that_cannot_go_on_can_still_be_exported(tmp_path: Path) -> None:
    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    trail = home.audit / "trail.jsonl"
    trail.write_bytes(trail.read_bytes().replace(b'"job":"-"', b'"job":"x"'))
    out = io.BytesIO()
    assert upkeep.export_audit(home, out, "jsonl") == "audit-broken"
    assert out.getvalue() == trail.read_bytes()
    trail.write_bytes(b"{}\n")
    with pytest.raises(PermanentError, match="audit-broken"):
        upkeep.export_audit(home, io.BytesIO(), "fhir")


class Nowhere(io.RawIOBase):
    """A sink that keeps nothing."""

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]  # bytes


def test_an_export_takes_no_more_memory_from_a_long_trail(tmp_path: Path) -> None:
    head = ChainHead()
    (tmp_path / "trail.jsonl").write_bytes(
        b"".join(
            head.append(AuditEvent("item-read", f"read:{n}", NOW, "abc", {"pages": n})) + b"\n" for n in range(1200)
        )
    )
    tracemalloc.start()
    try:
        assert export_fhir(tmp_path, Nowhere(), ORIGIN) == 1200  # type: ignore[arg-type]  # a sink
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 400_000  # the resources are two megabytes
