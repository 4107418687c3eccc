"""The proof that nobody edited the audit trail: the verification of its lines, over all of its files as one.

The trail is written to one file; when that has grown, it is closed under a signed checkpoint and becomes an archive, and the next
one goes on with the same chain and the same tree. So the files in order are one trail, and each archive is also held by its own
checkpoint: what is missing, changed, cut or in another's place can be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from daemon.model.audit_chain import MAX_LINE_BYTES, ChainHead, LineFault, key_digest
from daemon.model.signed_note import Checkpoint

FaultCode = (
    LineFault
    | Literal[
        "checkpoint-signature",
        "tail-torn",
        "key-repeated",
        "checkpoint-beyond-end",
        "checkpoint-root",
        "archive-missing",
        "archive-unsigned",
        "archive-changed",
    ]
)

FirstTime = Callable[[bytes], bool]
"""Whether a key's digest was not asked for before: what remembers the keys of a whole trail."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a verification found. `code` None: nothing wrong. `line` counts from 1; None if no one line is to blame.

    `lines` is how many were good before the fault, `root` the RFC 6962 root over those (hex), `checkpoint_lines` how
    many of them the checkpoint vouches for (0 without one), `file` the file in which the fault lies, if it is one file's.
    """

    code: FaultCode | None
    line: int | None
    lines: int
    root: str
    checkpoint_lines: int = 0
    file: str = ""

    @property
    def ok(self) -> bool:
        """Whether the trail is whole and unedited as far as could be checked."""
        return self.code is None


@dataclass(frozen=True, slots=True)
class TrailFile:
    """One file of the trail. `there`: False for one whose place in the order is empty.

    `closing`: of an archive, the checkpoint that it was closed with; None if there is none that this machine signed.
    """

    name: str
    untrusted_lines: Iterable[bytes] = ()
    archived: bool = False
    closing: Checkpoint | None = None
    there: bool = True


def verify_lines(untrusted_lines: Iterable[bytes], checkpoint: Checkpoint | None = None) -> AuditReport:
    """`verify_files` for a trail of one file, given as its lines with their newlines."""
    return verify_files([TrailFile("", untrusted_lines)], checkpoint)


def verify_files(
    files: Iterable[TrailFile], checkpoint: Checkpoint | None = None, first_time: FirstTime | None = None
) -> AuditReport:
    """Verify a whole trail, given as its files, oldest first, against a checkpoint whose signature is checked.

    1. The checkpoint is one that this machine signed (`signed_note.open_checkpoint`, by the caller).
    2. Each line ends in a newline (the last one: `tail-torn`) and is an event in its one canonical spelling.
    3. Its `hash` is that of its content.
    4. Its `seq` is its place.
    5. Its `prev` is the hash of the line before.
    6. Its `key` was not used before.
    7. Each archive is there, and ends at exactly the lines and the RFC 6962 root of the checkpoint that it was closed with.
    8. There are at least as many lines as the checkpoint counts: else the trail was cut off.
    9. The RFC 6962 root over that many lines is the checkpoint's: else it was rewritten from some line on.

    Memory is that of `first_time`: a set, unless one that keeps less is given.
    """
    going = _Verification(checkpoint, first_time or _set())
    for file in files:
        if report := going.take(file):
            return report
    return going.end()


def _set() -> FirstTime:
    seen: set[bytes] = set()

    def first_time(digest: bytes) -> bool:
        known = digest in seen
        seen.add(digest)
        return not known

    return first_time


@dataclass(slots=True)
class _Verification:
    checkpoint: Checkpoint | None
    first_time: FirstTime
    head: ChainHead = field(default_factory=ChainHead)
    root_then: bytes = ChainHead().tree.root()

    def take(self, file: TrailFile) -> AuditReport | None:
        """Steps 2 to 7 for one file; a report if it does not hold."""
        if not file.there:  # 7
            return self._fault("archive-missing", self.head.seq + 1, file)
        for line in file.untrusted_lines:
            code = self._line_fault(line)
            if code is not None:
                return self._fault(code, self.head.seq + (code != "key-repeated"), file)
            if self.checkpoint is not None and self.head.seq == self.checkpoint.size:
                self.root_then = self.head.tree.root()
        return self._closing_fault(file) if file.archived else None

    def _closing_fault(self, file: TrailFile) -> AuditReport | None:
        closing = file.closing
        if closing is None:  # 7
            return self._fault("archive-unsigned", None, file)
        if (closing.size, closing.root) == (self.head.seq, self.head.tree.root()):
            return None
        return self._fault("archive-changed", self.head.seq + 1 if closing.size > self.head.seq else None, file)

    def end(self) -> AuditReport:
        """Steps 8 and 9."""
        checkpoint, head = self.checkpoint, self.head
        root = head.tree.root().hex()
        if checkpoint is None:
            return AuditReport(None, None, head.seq, root)
        if checkpoint.size > head.seq:  # 8
            return AuditReport("checkpoint-beyond-end", head.seq + 1, head.seq, root)
        if checkpoint.root != self.root_then:  # 9
            return AuditReport("checkpoint-root", None, head.seq, root)
        return AuditReport(None, None, head.seq, root, checkpoint.size)

    def _fault(self, code: FaultCode, line: int | None, file: TrailFile) -> AuditReport:
        lines = self.head.seq - (code == "key-repeated")
        return AuditReport(code, line, lines, self.head.tree.root().hex(), file=file.name)

    def _line_fault(self, untrusted_line: bytes) -> FaultCode | None:
        if not untrusted_line.endswith(b"\n"):
            return "tail-torn" if len(untrusted_line) < MAX_LINE_BYTES else "line-malformed"
        link = self.head.accept(untrusted_line[:-1])
        if isinstance(link, str):
            return link
        return None if self.first_time(key_digest(link.event.key)) else "key-repeated"  # 6
