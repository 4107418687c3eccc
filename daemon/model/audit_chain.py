"""The audit trail as data: events, the hash chain through their lines, and the proof that nobody edited it.

A line is one event as canonical JSON (sorted keys, no spaces, UTF-8), so that there is exactly one spelling of it. Its
`hash` is SHA-256 over the line without `hash`; its `prev` is the hash of the line before. A chain alone verifies clean
after its tail is cut off; the signed checkpoints (`signed_note`) over an RFC 6962 tree of the lines show that (`audit_proof`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from daemon.model.merkle import Frontier

Fact = str | int
LineFault = Literal["line-malformed", "hash-mismatch", "sequence-gap", "chain-broken"]

GENESIS = "0" * 64
"""The `prev` of the first line."""
MAX_LINE_BYTES = 16 * 1024
"""More than the longest line that `make_line` can make (32 facts of 32 + 128 characters)."""

# What may stand in a trail: ids, codes and counts. No space and no letter beyond ASCII, so no sentence and few names.
# None of these characters is ever escaped in JSON, so that a line's one spelling can be told by a pattern.
MAX_VALUE_CHARS, MAX_FACTS = 128, 32
VALUE_CHARS = "[A-Za-z0-9_.:+/=-]"
NAME_TEXT, EVENT_TEXT, HASH_TEXT = "[a-z][a-z0-9_]{0,31}", "[a-z][a-z0-9-]{0,63}", "[0-9a-f]{64}"
_VALUE_TEXT = f"{VALUE_CHARS}{{0,{MAX_VALUE_CHARS}}}"
_COUNT_TEXT, _TIME_TEXT = "0|[1-9][0-9]{0,15}", "[0-9-]{10}T[0-9:]{8}[.][0-9]{3}Z"
_VALUE, _NAME, _EVENT = map(re.compile, (_VALUE_TEXT, NAME_TEXT, EVENT_TEXT))
_FACT = re.compile(f'"({NAME_TEXT})":(?:"({_VALUE_TEXT})"|({_COUNT_TEXT}|-[1-9][0-9]{{0,15}}))')
_LINE = re.compile(
    f'{{"event":"({EVENT_TEXT})","facts":{{([^{{}}]*)}},"hash":"({HASH_TEXT})","job":"({_VALUE_TEXT})",'
    f'"key":"({_VALUE_TEXT})","prev":"({HASH_TEXT})","seq":({_COUNT_TEXT}),"time":"({_TIME_TEXT})"}}'
)
_MAX_INT = 2**53 - 1  # RFC 8259 6: what every JSON reader agrees on
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened. `key` says which: recording the same key again changes nothing."""

    event: str
    key: str
    time: datetime
    job: str = "-"
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what could carry a document's text: ValueError, since only a programming error brings it here."""
        if not _EVENT.fullmatch(self.event) or not (self.key and self.job):
            raise ValueError("an audit event needs a code, a key and a job")
        if not all(map(_VALUE.fullmatch, (self.key, self.job))) or self.time.utcoffset() is None:
            raise ValueError("an audit event's key and job are ids, its time has a zone")
        if len(self.facts) > MAX_FACTS or not all(_is_fact(*fact) for fact in self.facts.items()):
            raise ValueError("audit facts are ids, codes and counts")


def _is_fact(name: object, value: object) -> bool:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or isinstance(value, bool):
        return False
    if isinstance(value, int):
        return abs(value) <= _MAX_INT
    return isinstance(value, str) and _VALUE.fullmatch(value) is not None


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the trail, taken apart: its event, its place (from 0), and how it hangs in the chain."""

    event: AuditEvent
    seq: int
    prev: str
    hash: str


def key_digest(key: str) -> bytes:
    """Sixteen bytes that stand for an idempotency key: too many for two keys ever to share one by chance."""
    return sha256(key.encode()).digest()[:16]


def make_line(event: AuditEvent, *, seq: int, prev: str) -> tuple[bytes, str]:
    """The event's line, without newline, and its hash in hex."""
    fields = _fields(event, seq, prev)
    digest = sha256(_canonical(fields)).hexdigest()
    return _canonical({**fields, "hash": digest}), digest


def parse_line(untrusted_line: bytes) -> Link | None:
    """The line taken apart, if it is spelled as `make_line` spells; None otherwise. Hashes are not checked."""
    if len(untrusted_line) >= MAX_LINE_BYTES or not untrusted_line.isascii():
        return None
    match = _LINE.fullmatch(untrusted_line.decode())
    if match is None:
        return None
    event, facts_text, digest, job, key, prev, seq, time = match.groups()
    facts = _parse_facts(facts_text)
    if facts is None:
        return None
    try:
        return Link(AuditEvent(event, key, datetime.fromisoformat(time), job, facts), int(seq), prev, digest)
    except ValueError:
        return None


def _parse_facts(untrusted_text: str) -> dict[str, Fact] | None:
    facts: dict[str, Fact] = {}
    last = ""
    for piece in untrusted_text.split(",") if untrusted_text else ():  # no value holds a comma
        match = _FACT.fullmatch(piece)
        if match is None or match[1] <= last:
            return None
        last = match[1]
        facts[last] = match[2] if match[3] is None else int(match[3])
    return facts


def line_hash(line: bytes, link: Link) -> str:
    """What the hash of a line should be, given the line that `link` was parsed from: SHA-256 over it without `hash`."""
    # No value can hold a quotation mark, so this stands in the line once, where the field is.
    return sha256(line.replace(b'"hash":"' + link.hash.encode() + b'",', b"", 1)).hexdigest()


def _fields(event: AuditEvent, seq: int, prev: str) -> dict[str, object]:
    time = event.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "event": event.event, "facts": dict(event.facts), "job": event.job, "key": event.key,
        "prev": prev, "seq": seq, "time": time,
    }  # fmt: skip


def _canonical(fields: Mapping[str, object]) -> bytes:
    return _ENCODER.encode(fields).encode()


@dataclass(slots=True)
class ChainHead:
    """Where the trail ends: the hash of its last line and the tree over all of them."""

    last_hash: str = GENESIS
    tree: Frontier = field(default_factory=Frontier)

    @property
    def seq(self) -> int:
        """The number of lines, which is the next line's `seq`."""
        return self.tree.size

    def append(self, event: AuditEvent) -> bytes:
        """Make the event's line and move on; the line without newline."""
        line, self.last_hash = make_line(event, seq=self.seq, prev=self.last_hash)
        self.tree.append(line)
        return line

    def accept(self, untrusted_line: bytes) -> Link | LineFault:
        """Steps 2 to 5 of `audit_proof.verify_files`, and moving on, for one line without newline."""
        link = parse_line(untrusted_line)
        if link is None:  # 2
            return "line-malformed"
        if line_hash(untrusted_line, link) != link.hash:  # 3
            return "hash-mismatch"
        if link.seq != self.seq:  # 4
            return "sequence-gap"
        if link.prev != self.last_hash:  # 5
            return "chain-broken"
        self.last_hash = link.hash
        self.tree.append(untrusted_line)
        return link

    def copy(self) -> ChainHead:
        """The same place, to move on from apart."""
        return ChainHead(self.last_hash, self.tree.copy())
