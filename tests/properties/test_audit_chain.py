"""Whatever happens to a trail, it shows; whatever may stand in an event comes back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.model.audit_chain import AuditEvent, ChainHead, make_line, parse_line
from daemon.model.audit_proof import verify_lines
from daemon.model.merkle import Frontier, leaf_hash, node_hash
from daemon.model.signed_note import Checkpoint

VALUES = st.from_regex(r"[A-Za-z0-9_.:+/=-]{0,128}", fullmatch=True)
IDS = VALUES.filter(bool)
NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
COUNTS = st.integers(-(2**53) + 1, 2**53 - 1)
TIMES = st.integers(0, 7_000_000_000_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
EVENTS = st.builds(
    AuditEvent,
    st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    IDS,
    TIMES,
    IDS,
    st.dictionaries(NAMES, VALUES | COUNTS, max_size=4),
)


def make_trail(count: int) -> list[bytes]:
    head, now = ChainHead(), datetime(2026, 11, 21, tzinfo=UTC)
    return [head.append(AuditEvent("read", f"read:{n}", now, "ab", {"pages": n})) + b"\n" for n in range(count)]


TRAIL = make_trail(7)


def tree_of(lines: list[bytes]) -> Frontier:
    tree = Frontier()
    for line in lines:
        tree.append(line)
    return tree


WHOLE = Checkpoint("t", len(TRAIL), tree_of([line[:-1] for line in TRAIL]).root())


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962 2.1, word for word: split at the largest power of two smaller than n."""
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(recursive_root(leaves[:k]), recursive_root(leaves[k:]))


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70))
def test_the_tree_grown_leaf_by_leaf_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert tree_of(leaves).root() == recursive_root(leaves)


@given(st.lists(st.binary(max_size=4), max_size=40), st.lists(st.binary(max_size=4), max_size=40))
def test_a_frontier_that_was_put_away_goes_on_as_if_not(before: list[bytes], after: list[bytes]) -> None:
    kept = tree_of(before)
    resumed = Frontier(kept.size, kept.nodes)
    for leaf in after:
        resumed.append(leaf)
    assert resumed.root() == tree_of(before + after).root()
    assert kept.size == len(before)


@given(EVENTS, st.integers(0, 10**9))
def test_an_event_comes_back_from_its_line(event: AuditEvent, seq: int) -> None:
    line, digest = make_line(event, seq=seq, prev="0" * 64)
    link = parse_line(line)
    assert link is not None
    assert (link.seq, link.prev, link.hash) == (seq, "0" * 64, digest)
    assert make_line(link.event, seq=seq, prev="0" * 64)[0] == line
    parsed = json.loads(line)
    assert parsed["facts"] == event.facts
    assert line == json.dumps(parsed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@given(st.data())
def test_any_changed_byte_shows_at_its_line(data: st.DataObject) -> None:
    whole = b"".join(TRAIL)
    at = data.draw(st.integers(0, len(whole) - 1))
    value = data.draw(st.integers(0, 255))
    assume(value != whole[at])
    edited = whole[:at] + bytes([value]) + whole[at + 1 :]
    report = verify_lines(_split(edited), WHOLE)
    assert not report.ok
    assert report.line == whole[:at].count(b"\n") + 1


@given(st.data())
def test_any_run_of_bytes_cut_out_or_put_in_shows(data: st.DataObject) -> None:
    whole = b"".join(TRAIL)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    put_in = data.draw(st.binary(max_size=5))
    assume(whole[start:end] != put_in)
    edited = whole[:start] + put_in + whole[end:]
    # Without a checkpoint, only what is at the very end may have been cut or may be new.
    assert not verify_lines(_split(edited), WHOLE).ok


@given(st.data())
def test_lines_deleted_swapped_or_doubled_show(data: st.DataObject) -> None:
    order = data.draw(st.lists(st.integers(0, len(TRAIL) - 1), max_size=len(TRAIL) + 2))
    assume(order != list(range(len(TRAIL))))
    report = verify_lines([TRAIL[n] for n in order], WHOLE)
    assert not report.ok
    right = next((n for n, place in enumerate(order) if n != place), len(order))
    assert report.line == right + 1


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_parser(untrusted: bytes) -> None:
    assert parse_line(untrusted) is None


@given(st.text(max_size=140))
def test_a_fact_is_an_id_or_refused(text: str) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:+/=-")
    if set(text) <= allowed and len(text) <= 128:
        AuditEvent("read", "k", datetime(2026, 1, 1, tzinfo=UTC), facts={"fact": text})
    else:
        with pytest.raises(ValueError, match="facts"):
            AuditEvent("read", "k", datetime(2026, 1, 1, tzinfo=UTC), facts={"fact": text})


def _split(data: bytes) -> list[bytes]:
    """Lines as a file gives them: only a newline ends one."""
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
