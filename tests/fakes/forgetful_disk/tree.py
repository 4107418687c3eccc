"""Files and folders in memory, live and durable. No I/O, so that it can be tested by itself."""

from __future__ import annotations

import errno
import itertools
import os
import random
import stat
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

SECTOR = 512
"""What a disk writes whole or not at all: the smallest that is sold."""
ROOT = 1


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes written at an offset."""

    offset: int
    data: bytes

    def apply(self, content: bytearray) -> None:
        """A gap before it reads as zeros."""
        if len(content) < self.offset:
            content.extend(bytes(self.offset - len(content)))
        content[self.offset : self.offset + len(self.data)] = self.data

    def sectors(self) -> list[Write]:
        """The same as one write for each sector that it touches."""
        ends = [*range(self.offset - self.offset % SECTOR + SECTOR, self.offset + len(self.data), SECTOR)]
        cuts = [0, *(end - self.offset for end in ends), len(self.data)]
        return [Write(self.offset + at, self.data[at:to]) for at, to in itertools.pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class Truncate:
    """A new size."""

    size: int

    def apply(self, content: bytearray) -> None:
        """Cut, or filled up with zeros."""
        del content[self.size :]
        content.extend(bytes(self.size - len(content)))


Piece = Write | Truncate


@dataclass(slots=True)
class Facts:
    """What stat() says besides size and links; times in nanoseconds."""

    mode: int
    uid: int = 0
    gid: int = 0
    atime: int = 0
    mtime: int = 0


@dataclass(slots=True)
class Node:
    """A file, a folder, or a symbolic link (whose target is its content)."""

    number: int
    facts: Facts
    content: bytearray = field(default_factory=bytearray)
    entries: dict[str, int] = field(default_factory=dict)
    links: int = 0
    unsynced: list[Piece] = field(default_factory=list)
    kept_facts: Facts = field(default_factory=lambda: Facts(0))
    kept_content: bytearray = field(default_factory=bytearray)
    kept_entries: dict[str, int] = field(default_factory=dict)

    @property
    def is_folder(self) -> bool:
        """Whether it holds names."""
        return stat.S_ISDIR(self.facts.mode)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of names, all of it or nothing: (folder, name, number or None) each."""

    sets: tuple[tuple[int, str, int | None], ...]

    @property
    def folders(self) -> set[int]:
        """The folders whose names it changes."""
        return {folder for folder, _, _ in self.sets}


Survivors = Callable[[random.Random, Sequence[Change]], list[Change]]
Remains = Callable[[random.Random, Sequence[Piece]], Iterable[Piece]]


def _none(_: random.Random, __: Sequence[object]) -> list[object]:
    return []


def _all(_: random.Random, found: Sequence[object]) -> list[object]:
    return list(found)


def _first(rng: random.Random, found: Sequence[object]) -> list[object]:
    return list(found[: rng.randint(0, len(found))])


def _some(rng: random.Random, found: Sequence[object]) -> list[object]:
    share = rng.random()
    return [each for each in found if rng.random() < share]


def _by_folder(rng: random.Random, found: Sequence[object]) -> list[object]:
    written: dict[int, bool] = {}
    return [
        each
        for each in found
        if isinstance(each, Change) and all(written.setdefault(folder, rng.random() < 0.5) for folder in each.folders)
    ]


def _sectors(pieces: Sequence[Piece]) -> list[Piece]:
    return [part for each in pieces for part in (each.sectors() if isinstance(each, Write) else [each])]


def _first_sectors(rng: random.Random, pieces: Sequence[Piece]) -> list[object]:
    return _first(rng, _sectors(pieces))


def _some_sectors(rng: random.Random, pieces: Sequence[Piece]) -> list[object]:
    return _some(rng, _sectors(pieces))


CUTS = {
    "nothing": (_none, _none),  # what LazyFS leaves: the least
    "everything": (_all, _all),  # no more than the processes' death
    "in-order": (_first, _first_sectors),  # a journalling file system: names up to a moment, content up to another
    "names": (_all, _none),  # delayed allocation: names of files that are empty yet, or still old
    "content": (_none, _all),  # content without the names it belongs to
    "folders": (_by_folder, _some_sectors),  # one folder was written, another not, as with blocks far from each other
    "any": (_some, _some_sectors),  # whatever happened to be written, in any order, torn
}
"""What else survives a power cut, besides what was synced: of the changes of names, and of each file's pieces."""


class Tree:
    """The disk. Numbers are inode numbers; they are never given twice."""

    def __init__(self) -> None:
        root = Node(ROOT, Facts(stat.S_IFDIR | 0o755, os.getuid(), os.getgid()), links=1)
        root.kept_facts = _copy(root.facts)
        self.nodes, self.last = {ROOT: root}, ROOT
        self.changes: list[Change] = []

    def find(self, folder: int, name: str) -> Node:
        """What bears this name."""
        number = self.nodes[folder].entries.get(name)
        if number is None:
            raise FileNotFoundError(errno.ENOENT, "no such name")
        return self.nodes[number]

    def make(self, folder: int, name: str, facts: Facts) -> Node:
        """A new file, folder or link."""
        if name in self.nodes[folder].entries:
            raise FileExistsError(errno.EEXIST, "taken")
        self.last += 1
        facts.atime = facts.mtime = time.time_ns()
        node = self.nodes[self.last] = Node(self.last, facts, kept_facts=_copy(facts))
        self._change((folder, name, node.number))
        return node

    def link(self, number: int, folder: int, name: str) -> Node:
        """A second name."""
        if name in self.nodes[folder].entries:
            raise FileExistsError(errno.EEXIST, "taken")
        self._change((folder, name, number))
        return self.nodes[number]

    def remove(self, folder: int, name: str, *, a_folder: bool) -> None:
        """Take a name away; what has none any more lives on for those who have it open."""
        node = self.find(folder, name)
        if a_folder and node.entries:
            raise OSError(errno.ENOTEMPTY, "not empty")
        if node.is_folder is not a_folder:
            raise OSError(errno.ENOTDIR if a_folder else errno.EISDIR, "of the other kind")
        self._change((folder, name, None))

    def rename(self, folder: int, name: str, to_folder: int, to_name: str) -> None:
        """Move a name, over another one if there is one."""
        node = self.find(folder, name)
        taken = self.nodes[to_folder].entries.get(to_name)
        if taken is not None and self.nodes[taken].entries:
            raise OSError(errno.ENOTEMPTY, "not empty")
        if taken != node.number:  # POSIX: two names of one file stay as they are
            self._change((folder, name, None), (to_folder, to_name, node.number))

    def write(self, node: Node, piece: Piece) -> None:
        """Change a file's content."""
        piece.apply(node.content)
        node.unsynced.append(piece)
        node.facts.mtime = time.time_ns()

    def sync_file(self, node: Node) -> None:
        """fsync: content, size, mode and times are durable."""
        for piece in node.unsynced:
            piece.apply(node.kept_content)
        node.unsynced.clear()
        node.kept_facts = _copy(node.facts)

    def sync_folder(self, node: Node) -> None:
        """fsync: what was done to the names in it is durable. What a change to two folders builds on is so, too."""
        touched, synced = {node.number}, set()
        for at in range(len(self.changes) - 1, -1, -1):
            if self.changes[at].folders & touched:
                touched |= self.changes[at].folders
                synced.add(at)
        self._keep([self.changes[at] for at in sorted(synced)])
        self.changes = [change for at, change in enumerate(self.changes) if at not in synced]
        node.kept_facts = _copy(node.facts)

    def power_cut(self, how: str, rng: random.Random) -> None:
        """Only what was durable is left, and what `CUTS[how]` lets survive besides. Nobody may have anything open."""
        names, pieces = CUTS[how]
        self._keep(names(rng, self.changes))
        self.changes.clear()
        for node in self.nodes.values():
            for piece in pieces(rng, node.unsynced):
                piece.apply(node.kept_content)  # type: ignore[attr-defined] # pieces in, pieces out
            node.unsynced.clear()
            node.content, node.entries = bytearray(node.kept_content), dict(node.kept_entries)
            node.facts = _copy(node.kept_facts)
        self._count_links()

    def sync_all(self) -> None:
        """As if everything had been written long ago."""
        self.power_cut("everything", random.Random(0))

    def _change(self, *sets: tuple[int, str, int | None]) -> None:
        now = time.time_ns()
        for folder, name, number in sets:
            entries = self.nodes[folder].entries
            if (gone := entries.pop(name, None)) is not None:
                self.nodes[gone].links -= 1
            if number is not None:
                entries[name] = number
                self.nodes[number].links += 1
            self.nodes[folder].facts.mtime = now
        self.changes.append(Change(sets))

    def _keep(self, changes: Iterable[object]) -> None:
        for change in changes:
            assert isinstance(change, Change)
            for folder, name, number in change.sets:
                kept = self.nodes[folder].kept_entries
                kept.pop(name, None)
                if number is not None:
                    kept[name] = number

    def _count_links(self) -> None:
        """What no name leads to is gone."""
        for node in self.nodes.values():
            node.links = 0
        reached, ahead = {ROOT}, [ROOT]
        self.nodes[ROOT].links = 1
        while ahead:
            for number in self.nodes[ahead.pop()].entries.values():
                self.nodes[number].links += 1
                if number not in reached:
                    reached.add(number)
                    ahead.append(number)
        self.nodes = {number: self.nodes[number] for number in reached}


def _copy(facts: Facts) -> Facts:
    return Facts(facts.mode, facts.uid, facts.gid, facts.atime, facts.mtime)
