"""Every event that the code can record stands in the table of events, and what it says of people and settings is what it should be."""

from __future__ import annotations

import ast
import json
import os
import pwd
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import daemon
from daemon.adapters.audit.log import REPAIRED
from daemon.adapters.audit.reader import read_trail
from daemon.config import Home, load_home
from daemon.model.audit_chain import AuditEvent
from daemon.model.audit_events import EVENTS
from daemon.serving import beginning, caller
from daemon.serving.events import ServiceEvents
from daemon.serving.settings_seen import MAX_NAMED, SEEN, changes, digests, note_settings
from tests.fakes.audit import FakeAuditTrail

PACKAGE = Path(daemon.__file__).parent
PLACES = {"place": ("inbox", "outbox")}
"""What stands in the braces of a computed event name."""


@cache
def sources() -> list[tuple[Path, str]]:
    return [(path, path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))]


def recorded() -> Iterator[tuple[str, str]]:
    """Where the code records an event, and which: a literal, one of two, or with a place in it."""
    for path, text in sources():
        if ".record(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record"
            if is_call and node.args:
                yield from ((str(path.relative_to(PACKAGE)), name) for name in names_of(node.args[0]))


def names_of(node: ast.expr) -> list[str]:
    match node:
        case ast.Constant():
            return [str(node.value)]
        case ast.IfExp():
            return [*names_of(node.body), *names_of(node.orelse)]
        case ast.JoinedStr(values=[ast.FormattedValue(value=ast.Name(id=name)), ast.Constant(value=rest)]):
            return [f"{each}{rest}" for each in PLACES[name]]
        case ast.Name(id="event"):  # handed on: its caller names it
            return []
    raise AssertionError(f"an event name that no table can be held against: {ast.dump(node)}")


def test_every_recorded_event_is_in_the_table() -> None:
    found = list(recorded())
    assert len(found) > 25  # or the walk no longer finds them
    assert {name: where for where, name in found if name not in EVENTS} == {}
    assert REPAIRED in EVENTS


def test_every_event_of_the_table_can_be_recorded() -> None:
    spelled = "\n".join(text for path, text in sources() if path.name != "audit_events.py")
    computed = {name for _, name in recorded()}
    left = {name for name in EVENTS if name not in computed and f'"{name}"' not in spelled}
    assert left <= {"keys-changed", "vault-purged"}, left


def test_the_table_is_told_in_the_guide() -> None:
    guide = (PACKAGE.parent / "docs" / "audit-trail.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", guide.partition("### Who")[0], re.MULTILINE)
    assert dict(rows) == {name: info.meaning for name, info in EVENTS.items()}


# -- who asks -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked_by(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def ask(user: int, sudo: str = "") -> dict[str, str | int]:
        monkeypatch.setattr(os, "getuid", lambda: user)
        monkeypatch.setenv("SUDO_UID", sudo)
        caller._at_the_beginning.cache_clear()
        return caller.caller_facts()

    yield ask
    caller._at_the_beginning.cache_clear()


def test_the_account_is_the_real_users(asked_by) -> None:  # type: ignore[no-untyped-def]  # a fixture
    daemon_account = pwd.getpwnam("daemon")
    assert asked_by(daemon_account.pw_uid) == {"by": "daemon", "uid": daemon_account.pw_uid}
    assert asked_by(0) == {"by": "root", "uid": 0}
    assert asked_by(4_000_000_000) == {"by": "uid-4000000000", "uid": 4_000_000_000}


def test_who_called_sudo_stands_apart(asked_by) -> None:  # type: ignore[no-untyped-def]  # a fixture
    daemon_account = pwd.getpwnam("daemon")
    assert asked_by(0, str(daemon_account.pw_uid)) == {"by": "root", "uid": 0, "sudo_by": "daemon"}
    for word in ("", "0", "-1", "root", "1\n2", "9" * 11):
        assert "sudo_by" not in asked_by(0, word)


def test_an_administrator_stays_the_one_who_asked(asked_by, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # a fixture
    assert asked_by(0)["by"] == "root"
    monkeypatch.setattr(os, "getuid", lambda: 501)  # as after the command became the owner's
    assert caller.caller_facts()["by"] == "root"


@pytest.mark.parametrize("name", ["PRACTICE\\alice b", "Åsa", "x" * 300, 'a,b"c'])
def test_any_accounts_name_may_stand_in_the_trail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", lambda user: type("Entry", (), {"pw_name": name}))
    from datetime import UTC, datetime

    AuditEvent("opened", "k", datetime.now(UTC), facts={"by": caller.account_code(1)})


# -- settings -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def told(tmp_path: Path):  # type: ignore[no-untyped-def]  # a function
    trail = FakeAuditTrail()
    (tmp_path / "state").mkdir()

    def start(text: str) -> list[tuple[str, dict[str, str | int]]]:
        (tmp_path / "config.toml").write_text(text)
        before = len(trail.events)
        note_settings(load_home(tmp_path, None), trail)
        said = list(trail.events.values())[before:]
        return [(each.event, {k: v for k, v in each.facts.items() if not k.startswith("file_")}) for each in said]

    start.trail, start.seen = trail, tmp_path / "state" / SEEN  # type: ignore[attr-defined]  # for the test
    return start


def test_settings_that_changed_are_named_and_their_values_are_not(told) -> None:  # type: ignore[no-untyped-def]  # a fixture
    assert told("settle_seconds = 3.0\n") == [("settings-noted", {})]
    assert told("settle_seconds = 3.0\n") == []
    quatermass = 'settle_seconds = 4.0\n[practice]\nname = "Dr Quatermass"\n'
    assert told(quatermass) == [("settings-changed", {"changed": 2, "s1": "practice.name", "s2": "settle_seconds"})]
    assert told("settle_seconds = 3.0\n")[0][1]["changed"] == 2
    assert told(quatermass)[0][1]["changed"] == 2  # there and back again is a change each time
    assert "Quatermass" not in repr(told.trail.events) + told.seen.read_text()


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"number": 1}', b'{"number": "x", "digests": {}}', b"\xff"])
def test_a_damaged_memory_of_settings_begins_anew(told, damage: bytes) -> None:  # type: ignore[no-untyped-def]  # a fixture
    told("settle_seconds = 3.0\n")
    told.seen.write_bytes(damage)
    assert told("settle_seconds = 4.0\n") == [("settings-noted", {})]
    assert told("settle_seconds = 5.0\n") == [("settings-changed", {"changed": 1, "s1": "settle_seconds"})]


def test_a_crash_before_the_memory_is_written_tells_a_change_once(told) -> None:  # type: ignore[no-untyped-def]  # a fixture
    told("settle_seconds = 3.0\n")
    before = told.seen.read_bytes()
    assert len(told("settle_seconds = 4.0\n")) == 1
    told.seen.write_bytes(before)
    assert told("settle_seconds = 4.0\n") == []


def test_what_a_short_value_is_cannot_be_tried_out_with_the_trail(told, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # a fixture
    """Two homes with the same settings, which somebody guessed: nothing in the one's trail or digests is as in the other's."""
    told('[practice]\nphone = "555-0100"\n')
    here = json.loads(told.seen.read_text())
    told.seen.unlink()
    told('[practice]\nphone = "555-0100"\n')
    there = json.loads(told.seen.read_text())
    assert here["digests"].keys() == there["digests"].keys()
    assert not {*here["digests"].values()} & {*there["digests"].values()}
    assert len({*here["digests"].values()}) == len(here["digests"])  # nor are two settings of one value the same
    assert len({each.key for each in told.trail.events.values()}) == 2
    assert here["secret"] not in repr(told.trail.events)


def test_a_crash_after_the_first_note_tells_it_once(told, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]  # a fixture
    from daemon.serving import settings_seen

    keep, kept = settings_seen._keep, list[object]()

    def dies_at_the_second(file: Path, seen: settings_seen.Seen) -> None:
        kept.append(seen)
        if len(kept) == 2:
            raise KeyboardInterrupt
        keep(file, seen)

    monkeypatch.setattr(settings_seen, "_keep", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        told("settle_seconds = 3.0\n")
    assert told("settle_seconds = 3.0\n") == []
    assert [each.event for each in told.trail.events.values()] == ["settings-noted"]


def test_a_setting_that_came_with_a_version_is_no_change_unless_it_is_set(told) -> None:  # type: ignore[no-untyped-def]  # a fixture
    told("settle_seconds = 3.0\n")
    known = json.loads(told.seen.read_text())
    del known["digests"]["rescan_seconds"]
    known["digests"]["gone_setting"] = "x"
    told.seen.write_text(json.dumps(known))
    assert told("settle_seconds = 3.0\n") == []
    del known["digests"]["settle_seconds"]
    told.seen.write_text(json.dumps(known))
    assert told("settle_seconds = 9.0\n") == [("settings-changed", {"changed": 1, "s1": "settle_seconds"})]


def test_however_many_settings_change_the_event_is_one_that_a_trail_takes() -> None:
    many = {f"limits.max_{n}": "a" for n in range(200)}
    facts = changes(many, dict.fromkeys(many, "b"))
    assert (facts["changed"], len(facts)) == (200, MAX_NAMED + 1)
    assert all(
        re.fullmatch(r"[A-Za-z0-9_.]{1,128}", name) for name in digests({"a": {"b_c": {"d": 1}}, "e": []}, "key")
    )


# -- how a process begins, and does not -----------------------------------------------------------------------------------
def events_of(home: Home) -> list[tuple[str, dict[str, str | int]]]:
    return [(link.event.event, dict(link.event.facts)) for link in read_trail(home.audit)]


@pytest.fixture
def made(tmp_path: Path) -> Home:
    from daemon.keeping import upkeep

    home = load_home(tmp_path, None)
    upkeep.set_up(home, tmp_path / "recovery.txt")
    return home


def test_keys_that_are_made_and_used_are_told_of_by_what_is_public(made: Home) -> None:
    from daemon import wiring

    trail = wiring.audit(made)
    beginning.tell_beginning(made, trail, ServiceEvents(trail))
    (name, facts), (used, public), (noted, _) = events_of(made)
    assert (name, used, noted) == ("keys-made", "keys-used", "settings-noted")
    assert facts["by"] == caller.account_code(os.getuid())
    keys = wiring.keys(made)
    assert (public["signing"], public["kept"]) == (keys.verifier.key_id.hex(), "file")
    assert all(len(str(public[each])) == 16 for each in ("machine", "recovery"))


def test_a_refused_start_is_told_once_a_day_with_its_codes(made: Home) -> None:
    from daemon.keeping import readiness

    made.outbox.rename(made.outbox.with_name("elsewhere"))
    made.outbox.symlink_to(made.inbox)
    for _ in range(3):
        with pytest.raises(readiness.UnsafeHomeError):
            readiness.refuse_to_run(made)
    refused = [facts for name, facts in events_of(made) if name == "start-refused"]
    assert len(refused) == 1
    assert refused[0]["codes"] == len([each for each in refused[0] if re.fullmatch("c[0-9]+", each)])
    assert "folder-outbox" in refused[0].values()
    assert refused[0]["by"] == caller.account_code(os.getuid())


def test_a_home_without_a_trail_is_refused_all_the_same(tmp_path: Path) -> None:
    beginning.tell_refusal(load_home(tmp_path, None), ["keys"])
    assert sys.exc_info() == (None, None, None)
    assert list(tmp_path.iterdir()) == []
