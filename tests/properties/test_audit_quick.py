"""The quick verification says that a trail is whole exactly where the thorough one does."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.adapters.audit.different import all_different
from daemon.model import audit_quick
from daemon.model.audit_chain import AuditEvent, ChainHead, line_hash, parse_line
from daemon.model.audit_proof import TrailFile, verify_files
from daemon.model.audit_quick import LINES_AT_ONCE, extend_quickly, quick_report
from daemon.model.merkle import Frontier, leaf_hash
from daemon.model.signed_note import Checkpoint
from tests.properties.test_audit_chain import EVENTS

NOW = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)


def different(keys: array[int]) -> bool:
    return len(set(keys)) == len(keys)


def trail(count: int) -> list[bytes]:
    head = ChainHead()
    return [head.append(event(n)) + b"\n" for n in range(count)]


def event(n: int) -> AuditEvent:
    return AuditEvent("item-read", f"read:{n}", NOW + timedelta(hours=n), "abc", {"a": n, "b": "x:y", "c": -n})


def checkpoint_over(lines: list[bytes]) -> Checkpoint:
    tree = Frontier()
    tree.extend([leaf_hash(line[:-1]) for line in lines])
    return Checkpoint("test", tree.size, tree.root())


def both(lines: list[bytes], checkpoint: Checkpoint | None = None, also: tuple[Checkpoint, ...] = ()) -> bool:
    """Whether the trail is whole, on which both agree to the last field."""
    quick = quick_report([TrailFile("", lines)], different, checkpoint, also=also)
    thorough = verify_files([TrailFile("", lines)], checkpoint, also=also)
    assert quick == (thorough if thorough.ok else None)
    return thorough.ok


LONG = trail(LINES_AT_ONCE * 2 + 40)
WHOLE = b"".join(LONG[:9])


@given(st.integers(0, len(LONG)), st.integers(0, len(LONG)), st.integers(0, len(LONG)))
@example(LINES_AT_ONCE, 0, len(LONG))
def test_a_whole_trail_is_whole_to_both_under_any_checkpoints(size: int, one: int, two: int) -> None:
    marks = checkpoint_over(LONG[:one]), checkpoint_over(LONG[:two])
    assert both(LONG[:size], marks[0], (marks[1],)) == (max(one, two) <= size)
    wrong = Checkpoint("test", one, leaf_hash(b"another"))
    assert not both(LONG, marks[1], (wrong,))
    assert not both(LONG, wrong, (marks[1],))


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_one_changed_byte_is_the_same_to_both(at: int, value: int) -> None:
    edited = WHOLE[:at] + bytes([value]) + WHOLE[at + 1 :]
    assert both(split(edited)) == (edited == WHOLE)


@given(st.data())
def test_an_edit_with_its_hash_made_good_is_the_same_to_both(data: st.DataObject) -> None:
    """What a forger with patience would write: the line's own hash is right again, so that its spelling alone can be wrong."""
    line = data.draw(st.sampled_from(LONG[:3]))[:-1]
    at = data.draw(st.integers(0, len(line)))
    length = data.draw(st.integers(0, 12))
    put_in = data.draw(st.text(alphabet='0123456789abcdefeE"{}:,.-+TZ \\\tn', max_size=8)).encode()
    both([rehashed(line[:at] + put_in + line[at + length :]) + b"\n"])


FIELDS = {
    b'"c":0': [b'"c":-0', b'"c":00', b'"c":1e3', b'"c":1.0', b'"c":true', b'"c":9007199254740991', b'"c":9007199254740992'],
    b'"a":0,"b"': [b'"b":0,"b"', b'"z":0,"b"', b'"a":0, "b"', b'"a":0,"a":0,"b"', b'"A":0,"b"'],
    b"2026-11-21T09": [b"2026-02-30T09", b"2026-13-01T09", b"2026-11-21T24", b"0000-11-21T09", b"20261121--T09", b"2028-02-29T09"],
    b":15:00.000Z": [b":60:00.000Z", b":15:60.000Z", b":15:00.0000Z", b":15:00.000z", b":15000.000Z", b"15::00.000Z"],
    b'"job":"abc"': [b'"job":""', b'"job":"a c"', b'"job":"' + b"x" * 128 + b'"', b'"job":"' + b"x" * 129 + b'"'],
    b'"key":"read:0"': [b'"key":""', b'"key":"\\u0061"'],
    b'"seq":0': [b'"seq":00', b'"seq":-0', b'"seq":1'],
    b'"event":"item-read"': [b'"event":"Item-read"', b'"event":""', b'"event":"' + b"x" * 65 + b'"'],
}  # fmt: skip


@pytest.mark.parametrize(("field", "spelling"), [(f, s) for f, spellings in FIELDS.items() for s in spellings])
def test_every_odd_spelling_is_the_same_to_both(field: bytes, spelling: bytes) -> None:
    assert LONG[0].count(field) == 1
    line = rehashed(LONG[0][:-1].replace(field, spelling)) + b"\n"
    thorough = verify_files([TrailFile("", [line])])
    quick = quick_report([TrailFile("", [line])], different)
    assert quick == (thorough if thorough.ok else None) or (quick is None and b"9007199254740991" in line)


def rehashed(line: bytes) -> bytes:
    """The line with the hash that it should have, if it still has the field of one."""
    from hashlib import sha256

    start = line.find(b'"hash":"')
    if start < 0:
        return line
    digest = sha256(line[:start] + line[start + 74 :]).hexdigest().encode()
    return line[: start + 8] + digest + line[start + 72 :]


def test_a_hash_made_good_is_good() -> None:
    assert rehashed(LONG[0][:-1]) == LONG[0][:-1]
    link = parse_line(LONG[0][:-1])
    assert link is not None
    assert line_hash(LONG[0][:-1], link) == link.hash


@given(st.lists(st.integers(0, 8), max_size=12))
def test_lines_deleted_swapped_or_doubled_are_the_same_to_both(order: list[int]) -> None:
    assert both([LONG[n] for n in order]) == (order == list(range(len(order))))


@given(st.lists(EVENTS, max_size=12))
def test_any_events_are_the_same_to_both(events: list[AuditEvent]) -> None:
    head = ChainHead()
    lines = [head.append(each) + b"\n" for each in events]
    quick, thorough = quick_report([TrailFile("", lines)], different), verify_files([TrailFile("", lines)])
    assert quick in (None, thorough)
    assert thorough.ok == (len({each.key for each in events}) == len(events))
    if not thorough.ok:
        assert quick is None


def test_usual_lines_are_taken_quickly() -> None:
    """Else everything would be left to the thorough verification, and nothing would tell."""
    assert extend_quickly(ChainHead(), LONG, array("q"))
    assert quick_report([TrailFile("", LONG)], different) is not None


def test_a_key_used_twice_is_left_to_be_named() -> None:
    head = ChainHead()
    lines = [head.append(event(n % 5)) + b"\n" for n in range(6)]
    assert quick_report([TrailFile("", lines)], different) is None
    assert verify_files([TrailFile("", lines)]).code == "key-repeated"


def test_a_trail_too_long_to_remember_is_left_to_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_quick, "MOST_LINES", 5)
    assert quick_report([TrailFile("", LONG)], different) is None


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), max_size=60))
def test_numbers_are_all_different_or_not(numbers: list[int]) -> None:
    assert all_different(array("q", numbers)) == (len(set(numbers)) == len(numbers))


def test_many_numbers_are_all_different_or_not() -> None:
    many = array("q", range(100_001))
    assert all_different(many)
    many[70_000] = 5
    assert not all_different(many)


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=80), st.integers(0, 80))
def test_leaves_added_together_give_the_tree_of_leaves_added_one_by_one(hashes: list[bytes], cut: int) -> None:
    one, many = Frontier(), Frontier()
    for each in hashes:
        one.append_hash(each)
    many.extend(hashes[:cut])
    many.extend(hashes[cut:])
    assert (one.size, one.nodes, one.root()) == (many.size, many.nodes, many.root())


def split(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
