"""The FUSE protocol as the kernel speaks it, version 7.31: include/uapi/linux/fuse.h. Only what the disk needs."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from pathlib import Path

from tests.fakes.forgetful_disk.tree import Node

HEADER = struct.Struct("<IIQQIIIHH")  # fuse_in_header: length, opcode, unique, node, uid, gid, pid
ANSWER = struct.Struct("<IiQ")  # fuse_out_header: length, -errno, unique
ATTRIBUTES = struct.Struct("<QQQQQQIIIIIIIIII")  # fuse_attr
INIT = struct.Struct("<IIII")
INITIATED = struct.Struct("<IIIIHHIIHHI7I")  # fuse_init_out
READ = struct.Struct("<QQIIQII")  # fuse_read_in and fuse_write_in: handle, offset, size, …
SET = struct.Struct("<IIQQQQQQIIIIIIII")  # fuse_setattr_in
OPENED = struct.Struct("<QIi")
STATFS = struct.Struct("<QQQQQIIII6I")
ENTRY = struct.Struct("<QQQQII")
FLAGS = {"atomic-truncate": 1 << 3, "big-writes": 1 << 5}
MAX_WRITE = 128 * 1024
VERSION = (7, 31)
BLOCK = 4096
BLOCKS, FREE = 1 << 24, 1 << 23  # 64 GB, half of it free

LOOKUP, FORGET, GETATTR, SETATTR, READLINK, SYMLINK = 1, 2, 3, 4, 5, 6
MKDIR, UNLINK, RMDIR, RENAME, LINK, OPEN, READ_, WRITE, STATFS_, RELEASE = 9, 10, 11, 12, 13, 14, 15, 16, 17, 18
FSYNC, FLUSH, INIT_, OPENDIR, READDIR, RELEASEDIR, FSYNCDIR = 20, 25, 26, 27, 28, 29, 30
CREATE, INTERRUPT, DESTROY, BATCH_FORGET, RENAME2 = 35, 36, 38, 42, 45
SILENT = {FORGET, BATCH_FORGET, INTERRUPT}  # these get no answer


def mount(mountpoint: Path) -> int:
    """Mount through Debian's setuid helper, root or not; the descriptor to serve. OSError where that cannot be.

    The helper hands /dev/fuse back over the socket that `_FUSE_COMMFD` names (libfuse, lib/mount.c).
    """
    ours, theirs = socket.socketpair()
    with ours, theirs:
        command = ["fusermount3", "-o", "fsname=forgetful,default_permissions", "--", str(mountpoint)]
        environment = {**os.environ, "_FUSE_COMMFD": str(theirs.fileno())}
        done = subprocess.run(
            command, env=environment, pass_fds=[theirs.fileno()], capture_output=True, check=False, timeout=20
        )
        if done.returncode:
            raise OSError(done.stderr.decode().strip())
        _, descriptors, _, _ = socket.recv_fds(ours, 1, 1)
        return descriptors[0]


def unmount(mountpoint: Path) -> None:
    """Take it away, whether or not anybody still has something open there."""
    command = ["fusermount3", "-u", "-z", "-q", "--", str(mountpoint)]
    subprocess.run(command, capture_output=True, check=False, timeout=20)


def attributes(node: Node) -> bytes:
    """fuse_attr."""
    facts, size = node.facts, len(node.content)
    seconds = [moment // 10**9 for moment in (facts.atime, facts.mtime, facts.mtime)]
    rests = [moment % 10**9 for moment in (facts.atime, facts.mtime, facts.mtime)]
    links = 2 if node.is_folder else node.links
    rest = (facts.mode, links, facts.uid, facts.gid, 0, BLOCK, 0)
    return ATTRIBUTES.pack(node.number, size, -(-size // 512), *seconds, *rests, *rest)


def entry(node: Node) -> bytes:
    """fuse_entry_out; nothing is cached, so that a power cut needs no new mount."""
    return ENTRY.pack(node.number, 0, 0, 0, 0, 0) + attributes(node)


def attributes_answer(node: Node) -> bytes:
    """fuse_attr_out."""
    return struct.pack("<QII", 0, 0, 0) + attributes(node)


def directory_entries(found: list[tuple[str, Node]], offset: int, room: int) -> bytes:
    """fuse_dirent after fuse_dirent from the offset on, as many as there is room for."""
    answer = b""
    for at, (name, node) in enumerate(found[offset:], offset + 1):
        encoded = os.fsencode(name)
        piece = struct.pack("<QQII", node.number, at, len(encoded), node.facts.mode >> 12) + encoded
        piece += bytes(-len(piece) % 8)
        if len(answer) + len(piece) > room:
            break
        answer += piece
    return answer


def initiated(body: bytes) -> bytes:
    """What the kernel may expect of us."""
    _, _, readahead, _ = INIT.unpack_from(body)
    flags = FLAGS["atomic-truncate"] | FLAGS["big-writes"]
    return INITIATED.pack(*VERSION, readahead, flags, 12, 9, MAX_WRITE, 1, 0, 0, 0, *([0] * 7))


def statfs() -> bytes:
    """fuse_kstatfs."""
    return STATFS.pack(BLOCKS, FREE, FREE, 1 << 20, 1 << 19, BLOCK, 255, BLOCK, *([0] * 7))


def names(body: bytes, count: int = 1) -> list[str]:
    """NUL-terminated names at the end of a request."""
    return [os.fsdecode(each) for each in body.split(b"\0")[:count]]
