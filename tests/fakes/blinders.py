"""Runs a command that finds system calls missing, as on an older kernel: `blinders.py NUMBER[,NUMBER…] COMMAND…`."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

ALLOW, ERRNO = 0x7FFF0000, 0x00050000


def without(numbers: list[int]) -> None:
    """From here on these calls fail with ENOSYS, in all that is started too."""
    libc = ctypes.CDLL(None, use_errno=True)
    code = struct.pack("=HBBI", 0x20, 0, 0, 0)
    for number in numbers:
        code += struct.pack("=HBBI", 0x15, 0, 1, number) + struct.pack("=HBBI", 0x06, 0, 0, ERRNO | errno.ENOSYS)
    code += struct.pack("=HBBI", 0x06, 0, 0, ALLOW)
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(kept := ctypes.create_string_buffer(code)))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, program, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")
    del kept


if __name__ == "__main__":
    without([int(number) for number in sys.argv[1].split(",")])
    os.execv(sys.argv[2], sys.argv[2:])
