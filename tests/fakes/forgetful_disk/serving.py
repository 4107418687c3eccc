"""The process that serves a forgetful disk: `python -m tests.fakes.forgetful_disk.serving MOUNTPOINT`.

One thread answers the kernel, and the test, which asks over stdin and stdout, a JSON line each.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import select
import stat
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.fakes.forgetful_disk import wire
from tests.fakes.forgetful_disk.asked import Asked
from tests.fakes.forgetful_disk.tree import ROOT, Facts, Node, Truncate, Write

LOST = {"lost": True}
"""What is said, unasked, when the power fails at the operation that was asked for."""
SPOKEN_OF = {
    wire.LOOKUP: "lookup",
    wire.GETATTR: "stat",
    wire.SETATTR: "change",
    wire.SYMLINK: "symlink",
    wire.MKDIR: "mkdir",
    wire.UNLINK: "unlink",
    wire.RMDIR: "rmdir",
    wire.RENAME: "rename",
    wire.RENAME2: "rename",
    wire.LINK: "link",
    wire.OPEN: "open",
    wire.READ_: "read",
    wire.WRITE: "write",
    wire.FSYNC: "fsync",
    wire.FSYNCDIR: "fsync-folder",
    wire.OPENDIR: "list",
    wire.CREATE: "create",
    wire.STATFS_: "space",
}
CHANGING = {
    "change",
    "symlink",
    "mkdir",
    "unlink",
    "rmdir",
    "rename",
    "link",
    "write",
    "fsync",
    "fsync-folder",
    "create",
}


class Server(Asked):
    """Answers."""

    def __init__(self, device: int) -> None:
        super().__init__()
        self.device, self._last_handle = device, 0
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            wire.LOOKUP: lambda at, body: wire.entry(self.tree.find(at, *wire.names(body))),
            wire.GETATTR: lambda at, _: wire.attributes_answer(self._node(at)),
            wire.SETATTR: self._set,
            wire.READLINK: lambda at, _: bytes(self._node(at).content),
            wire.SYMLINK: self._symlink,
            wire.MKDIR: lambda at, body: wire.entry(self._make(at, body[8:], stat.S_IFDIR, body)),
            wire.UNLINK: lambda at, body: self._remove(at, body, a_folder=False),
            wire.RMDIR: lambda at, body: self._remove(at, body, a_folder=True),
            wire.RENAME: lambda at, body: self._rename(at, body, 8),
            wire.RENAME2: lambda at, body: self._rename(at, body, 16),
            wire.LINK: self._link,
            wire.OPEN: self._open,
            wire.READ_: self._read,
            wire.WRITE: self._write,
            wire.STATFS_: lambda _, __: wire.statfs(),
            wire.RELEASE: self._release,
            wire.FSYNC: lambda at, _: self._sync(at),
            wire.FLUSH: lambda _, __: b"",
            wire.INIT_: lambda _, body: wire.initiated(body),
            wire.OPENDIR: self._open_folder,
            wire.READDIR: self._list,
            wire.RELEASEDIR: self._release,
            wire.FSYNCDIR: lambda at, _: self._sync(at),
            wire.CREATE: self._create,
            wire.DESTROY: lambda _, __: b"",
        }

    def serve(self) -> None:
        """Until the disk is unmounted, or the test is gone."""
        asked = b""
        while True:
            ready, _, _ = select.select([self.device, 0], [], [])
            if self.device in ready and not self._answer_kernel():
                return
            if 0 in ready:
                more = os.read(0, 1 << 16)
                if not more:
                    return
                *lines, asked = (asked + more).split(b"\n")
                for line in lines:
                    say(getattr(self, "do_" + (question := json.loads(line)).pop("do"))(**question))

    def _answer_kernel(self) -> bool:
        try:
            request = os.read(self.device, wire.MAX_WRITE + 4096)
        except OSError as error:
            return error.errno in {errno.EINTR, errno.EAGAIN, errno.ENOENT}  # interrupted before we came to it
        _, opcode, unique, at, uid, gid, *_ = wire.HEADER.unpack_from(request)
        if opcode in wire.SILENT:
            return True
        self._asking = uid, gid
        code, answer = 0, b""
        try:
            answer = self._answer(opcode, at, request[wire.HEADER.size :])
        except OSError as error:
            code = -(error.errno or errno.EIO)
        with contextlib.suppress(OSError):  # whoever asked was killed
            os.write(self.device, wire.ANSWER.pack(wire.ANSWER.size + len(answer), code, unique) + answer)
        return True

    def _answer(self, opcode: int, at: int, body: bytes) -> bytes:
        answer = self._answers.get(opcode)
        if answer is None:
            raise OSError(errno.ENOSYS, "unknown here")
        if operation := SPOKEN_OF.get(opcode):
            self._come_to(operation, at)
        return answer(at, body)

    def _come_to(self, operation: str, at: int) -> None:
        """Count; let the power fail; let it fail."""
        if self._lost:
            raise OSError(errno.EIO, "no power")
        self._counts[operation] += 1
        if operation in CHANGING:
            self._until_lost -= 1
            if self._until_lost == 0:
                self._lost = True
                say(LOST)
                raise OSError(errno.EIO, "no power")
        fault = self._fault
        if fault and self._lies_under(at, fault.under) and fault.strikes(operation):
            raise OSError(fault.code, "as asked for")

    def _lies_under(self, number: int, folder: int) -> bool:
        """Whether a node lies in a folder or is it."""
        if folder in {ROOT, number}:
            return True
        return any(self._lies_under(number, each) for each in self.tree.nodes[folder].entries.values())

    def _node(self, number: int) -> Node:
        if number not in self.tree.nodes:
            raise OSError(errno.ESTALE, "gone with the power")
        return self.tree.nodes[number]

    def _remove(self, at: int, body: bytes, *, a_folder: bool) -> bytes:
        self.tree.remove(at, *wire.names(body), a_folder=a_folder)
        return b""

    def _sync(self, at: int) -> bytes:
        node = self._node(at)
        (self.tree.sync_folder if node.is_folder else self.tree.sync_file)(node)
        return b""

    def _make(self, at: int, named: bytes, kind: int, body: bytes) -> Node:
        (mode,) = struct.unpack_from("<I", body, 4 if kind == stat.S_IFREG else 0)
        (name,) = wire.names(named)
        return self.tree.make(at, name, Facts(kind | stat.S_IMODE(mode), *self._asking))

    def _symlink(self, at: int, body: bytes) -> bytes:
        name, target = wire.names(body, 2)
        node = self.tree.make(at, name, Facts(stat.S_IFLNK | 0o777, *self._asking))
        node.content[:] = node.kept_content[:] = os.fsencode(target)  # a link is one block, with its name
        return wire.entry(node)

    def _rename(self, at: int, body: bytes, skip: int) -> bytes:
        (to,) = struct.unpack_from("<Q", body)
        if skip == 16 and struct.unpack_from("<I", body, 8)[0]:
            raise OSError(errno.EINVAL, "no flags")
        name, to_name = wire.names(body[skip:], 2)
        self.tree.rename(at, name, to, to_name)
        return b""

    def _link(self, at: int, body: bytes) -> bytes:
        (number,) = struct.unpack_from("<Q", body)
        return wire.entry(self.tree.link(number, at, *wire.names(body[8:])))

    def _set(self, at: int, body: bytes) -> bytes:
        valid, _, _, size, _, *rest = wire.SET.unpack_from(body)
        atime, mtime, _, atime_rest, mtime_rest, _, mode, _, uid, gid, _ = rest
        node, now = self._node(at), time.time_ns()
        if valid & 1 << 3:
            self.tree.write(node, Truncate(size))
        if valid & 1 << 0:
            node.facts.mode = stat.S_IFMT(node.facts.mode) | stat.S_IMODE(mode)
        node.facts.uid = uid if valid & 1 << 1 else node.facts.uid
        node.facts.gid = gid if valid & 1 << 2 else node.facts.gid
        if valid & 1 << 4:
            node.facts.atime = now if valid & 1 << 7 else atime * 10**9 + atime_rest
        if valid & 1 << 5:
            node.facts.mtime = now if valid & 1 << 8 else mtime * 10**9 + mtime_rest
        return wire.attributes_answer(node)

    def _handle(self, opened: Node | list[tuple[str, Node]]) -> bytes:
        self._last_handle += 1
        self._handles[self._last_handle] = opened
        return wire.OPENED.pack(self._last_handle, 0, 0)

    def _open(self, at: int, body: bytes) -> bytes:
        node = self._node(at)
        if struct.unpack_from("<I", body)[0] & os.O_TRUNC and node.content:
            self.tree.write(node, Truncate(0))
        return self._handle(node)

    def _create(self, at: int, body: bytes) -> bytes:
        node = self._make(at, body[16:], stat.S_IFREG, body)
        return wire.entry(node) + self._handle(node)

    def _open_folder(self, at: int, _: bytes) -> bytes:
        return self._handle([(name, self._node(each)) for name, each in self._node(at).entries.items()])

    def _list(self, _: int, body: bytes) -> bytes:
        handle, offset, room, *_rest = wire.READ.unpack_from(body)
        found = self._handles[handle]
        assert isinstance(found, list)
        return wire.directory_entries(found, offset, room)

    def _read(self, at: int, body: bytes) -> bytes:
        _, offset, size, *_rest = wire.READ.unpack_from(body)
        return bytes(self._node(at).content[offset : offset + size])

    def _write(self, at: int, body: bytes) -> bytes:
        _, offset, size, *_rest = wire.READ.unpack_from(body)
        self.tree.write(self._node(at), Write(offset, body[wire.READ.size : wire.READ.size + size]))
        return struct.pack("<II", size, 0)

    def _release(self, _: int, body: bytes) -> bytes:
        self._handles.pop(struct.unpack_from("<Q", body)[0], None)
        return b""


def say(answer: Any) -> None:
    """To the test."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until the end."""
    mountpoint = Path(sys.argv[1])
    try:
        device = wire.mount(mountpoint)
    except OSError as error:
        say({"error": str(error)})
        return
    say({"mounted": True})
    try:
        Server(device).serve()
    finally:
        wire.unmount(mountpoint)


if __name__ == "__main__":
    main()
