"""The verification of a long trail that is whole, fast: the steps of `audit_proof.verify_files`, for many lines at once.

It only ever says that everything holds. Whatever it does not like, even a line that is good but unusual, is left to `verify_files`, which
takes its time and names what it finds. So every rule here may be stricter than there, and none laxer.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from hashlib import sha256
from itertools import islice

from daemon.model.audit_chain import EVENT_TEXT, HASH_TEXT, MAX_FACTS, MAX_LINE_BYTES, NAME_TEXT, VALUE_CHARS, ChainHead
from daemon.model.audit_proof import AuditReport, TrailFile, Verification
from daemon.model.signed_note import Checkpoint

LINES_AT_ONCE = 256
MOST_LINES = 8_000_000
"""What is remembered of a key takes eight bytes: with more lines, `verify_files` needs less memory."""

AllDifferent = Callable[["array[int]"], bool]
"""Whether no number occurs twice among them."""

# As in `audit_chain`, but numbers have at most 15 digits, which are less than 2**53 without looking.
_COUNT = "(?:0|[1-9][0-9]{0,14})"
_FACT = f'"{NAME_TEXT}":(?:"{VALUE_CHARS}{{0,128}}+"|{_COUNT}|-[1-9][0-9]{{0,14}})'
_TIME = "((?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{3}Z"
_LINE = re.compile(
    f'{{"event":"{EVENT_TEXT}","facts":{{((?:{_FACT}(?:,{_FACT})*)?)}},("hash":"({HASH_TEXT})",)"job":"{VALUE_CHARS}{{1,128}}+",'
    f'"key":"({VALUE_CHARS}{{1,128}}+)","prev":"({HASH_TEXT})","seq":({_COUNT}),"time":"{_TIME}"}}\n'.encode()
)
_NAMES = re.compile(f'"({NAME_TEXT})":'.encode())
_LEAF = b"\x00"  # RFC 6962 2.1, as `merkle.leaf_hash`


def quick_report(
    files: Iterable[TrailFile],
    all_different: AllDifferent,
    checkpoint: Checkpoint | None = None,
    *,
    also: Sequence[Checkpoint] = (),
) -> AuditReport | None:
    """What `verify_files` would report of a trail that is whole; None if it is not, or if that cannot be said so quickly."""
    going, keys = Verification(checkpoint, also, lambda _: True), array("q")
    for file in files:
        if not (file.there and _take(going, file, keys)) or (file.archived and going.closing_fault(file)):
            return None
    # The same key has the same hash; those that share one by chance are told apart by `verify_files`.
    if not all_different(keys):
        return None
    report = going.end()
    return report if report.ok else None


def _take(going: Verification, file: TrailFile, keys: array[int]) -> bool:
    lines, marks = iter(file.untrusted_lines), sorted(going.roots)
    while True:
        seq = going.head.seq
        until = next((mark for mark in marks if mark > seq), seq + LINES_AT_ONCE)
        some = list(islice(lines, min(until - seq, LINES_AT_ONCE)))
        if not some:
            return True
        if len(keys) > MOST_LINES or not extend_quickly(going.head, some, keys):
            return False
        going.note_root()


def extend_quickly(head: ChainHead, untrusted_lines: Sequence[bytes], keys: array[int]) -> bool:
    """Steps 2 to 5 for lines with their newlines, and moving on; False if one does not hold: the head is then of no more use."""
    seq, last, day = head.seq, head.last_hash.encode(), b""
    leaves: list[bytes] = []
    match_line = _LINE.fullmatch
    for line in untrusted_lines:
        match = match_line(line)
        if match is None or len(line) > MAX_LINE_BYTES:  # 2
            return False
        facts, _, digest, key, prev, number, on = match.groups()
        if (facts.count(b":") > 1 and not _in_order(facts)) or (on != day and not _is_day(on)):
            return False
        start, end = match.span(2)
        if sha256(line[:start] + line[end:-1]).hexdigest().encode() != digest:  # 3
            return False
        if int(number) != seq or prev != last:  # 4, 5
            return False
        seq, last, day = seq + 1, digest, on
        leaves.append(sha256(_LEAF + line[:-1]).digest())
        keys.append(hash(key))
    head.last_hash = last.decode()
    head.tree.extend(leaves)
    return True


def _in_order(facts: bytes) -> bool:
    names = _NAMES.findall(facts)
    return len(names) <= MAX_FACTS and all(map(bytes.__lt__, names, names[1:]))


def _is_day(text: bytes) -> bool:
    try:
        date.fromisoformat(text.decode())
    except ValueError:
        return False
    return True
