"""Landlock: from here on this process reads what is listed, and writes nothing but /dev/null (Linux 5.13 and later).

Numbers from <linux/landlock.h>; they are the same on every machine. No library is needed, and nobody's permission.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Sequence
from contextlib import suppress

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_FILE_BITS = {1: 13, 2: 14, 3: 15, 5: 16}
"""From which version on how many of the rights to files exist. What is handled and not granted is denied."""
_TRUNCATE = 1 << 14
_ALL_NET = 0b11  # binding and connecting TCP, since version 4
_ALL_SCOPES = 0b11  # abstract unix sockets and signals, since version 6
_ON_A_FILE = _WRITE_FILE | _READ_FILE | _TRUNCATE

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The version of Landlock that this kernel has; 0 if none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, _VERSION_FLAG)))


def restrict(readable: Sequence[str]) -> None:
    """Shut this process in, and all it starts. What is not there is left out. OSError; needs no_new_privs."""
    abi = version()
    handled = (1 << max(bits for since, bits in _FILE_BITS.items() if since <= max(abi, 1))) - 1
    attributes = struct.pack("=QQQ", handled, _ALL_NET if abi >= 4 else 0, _ALL_SCOPES if abi >= 6 else 0)
    # An older kernel knows only the first of the three, or two.
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = _checked(_libc.syscall(_CREATE_RULESET, attributes, size, 0))
    try:
        for path in readable:
            _grant(ruleset, path, _READ_FILE | _READ_DIR)
        _grant(ruleset, os.devnull, (_READ_FILE | _WRITE_FILE | _TRUNCATE) & handled)
        _checked(_libc.syscall(_RESTRICT_SELF, ruleset, 0))
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: str, rights: int) -> None:
    with suppress(FileNotFoundError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            if not stat.S_ISDIR(os.fstat(place).st_mode):
                rights &= _ON_A_FILE
            _checked(_libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, place), 0))
        finally:
            os.close(place)


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return answer
