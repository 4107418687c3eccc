"""The proof that nobody edited the audit trail: the verification of its lines, over all of its files as one.

The trail is written to one file; when that has grown, it is closed under a signed checkpoint and becomes an archive, and the next
one goes on with the same chain and the same tree. So the files in order are one trail, and each archive is also held by its own
checkpoint: what is missing, changed, cut or in another's place can be named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    files: Iterable[TrailFile],
    checkpoint: Checkpoint | None = None,
    first_time: FirstTime | None = None,
    *,
    also: Sequence[Checkpoint] = (),
) -> AuditReport:
    """Verify a whole trail, given as its files, oldest first, against checkpoints whose signatures are checked.

    `checkpoint` is the one that the report counts lines under; `also` are others that must hold as well.

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
    going = Verification(checkpoint, also, first_time or _set())
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
class Verification:
    """A verification under way: to be given one file after the other, then to be ended."""

    checkpoint: Checkpoint | None
    also: Sequence[Checkpoint]
    first_time: FirstTime
    head: ChainHead = field(default_factory=ChainHead)
    roots: dict[int, bytes] = field(default_factory=dict)
    """The roots over as many lines as the checkpoints count, as far as the trail was read."""

    def __post_init__(self) -> None:
        self.roots = {each.size: b"" for each in self._checkpoints()}
        self.note_root()

    def take(self, file: TrailFile) -> AuditReport | None:
        """Steps 2 to 7 for one file; a report if it does not hold."""
        if not file.there:  # 7
            return self._fault("archive-missing", self.head.seq + 1, file)
        for line in file.untrusted_lines:
            code = self._line_fault(line)
            if code is not None:
                return self._fault(code, self.head.seq + (code != "key-repeated"), file)
            self.note_root()
        return self.closing_fault(file) if file.archived else None

    def note_root(self) -> None:
        """Remember the root over the lines so far, if a checkpoint is about just as many."""
        if self.head.seq in self.roots:
            self.roots[self.head.seq] = self.head.tree.root()

    def _checkpoints(self) -> list[Checkpoint]:
        return [*([] if self.checkpoint is None else [self.checkpoint]), *self.also]

    def closing_fault(self, file: TrailFile) -> AuditReport | None:
        """Step 7 at the end of an archive; a report if it does not hold."""
        closing = file.closing
        if closing is None:  # 7
            return self._fault("archive-unsigned", None, file)
        if (closing.size, closing.root) == (self.head.seq, self.head.tree.root()):
            return None
        return self._fault("archive-changed", self.head.seq + 1 if closing.size > self.head.seq else None, file)

    def end(self) -> AuditReport:
        """Steps 8 and 9."""
        head = self.head
        root = head.tree.root().hex()
        for each in self._checkpoints():
            if each.size > head.seq:  # 8
                return AuditReport("checkpoint-beyond-end", head.seq + 1, head.seq, root)
            if each.root != self.roots[each.size]:  # 9
                return AuditReport("checkpoint-root", None, head.seq, root)
        return AuditReport(None, None, head.seq, root, self.checkpoint.size if self.checkpoint else 0)

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
