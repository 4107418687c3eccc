"""What the child runs first on Linux: it gives up every right that it can, for good, and then becomes the engine.

`python -m daemon.adapters.sandbox.enter LAYERS DATA_BYTES PATH… -- ROLE THREADS`: the layers that must hold, by name and joined
with `+`; the most data it may ever allocate; what it may read. If a layer cannot be had it ends, and reads nothing.
"""

from __future__ import annotations

import ctypes
import os
import resource
import runpy
import signal
import struct
import sys
from typing import NoReturn

from daemon.adapters.sandbox import landlock, system_calls

LANDLOCK, SECCOMP, NETWORK = "landlock", "seccomp", "network"
EXIT_CODE = 70
MAX_OPEN_FILES = 256

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITIES_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def main(arguments: list[str]) -> NoReturn:
    """Shut this process in, and run the engine in it."""
    end = arguments.index("--")
    layers, data_bytes, readable = arguments[0].split("+"), int(arguments[1]), arguments[2:end]
    try:
        shut_in(layers, data_bytes, readable)
    except (OSError, KeyError, ValueError):
        os._exit(EXIT_CODE)
    sys.argv = ["daemon.engines", *arguments[end + 1 :]]
    runpy.run_module("daemon.engines", run_name="__main__", alter_sys=True)
    os._exit(0)


def shut_in(layers: list[str], data_bytes: int, readable: list[str]) -> None:
    """Every layer, the narrowest last. OSError if one cannot be had."""
    bound(data_bytes)
    if NETWORK in layers:
        _checked(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET))
    _checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    # Without a daemon there is nothing to do; whoever starts children keeps the thread that did so (`engine_process`).
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    # Not to be looked into by other programs of this account, and no core dump wherever the system would send one.
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))
    _drop_capabilities()
    if LANDLOCK in layers:
        landlock.restrict(readable)
    if SECCOMP in layers:
        system_calls.refuse(os.uname().machine)


def bound(data_bytes: int) -> None:
    """Limits that the kernel keeps even if the daemon, which looks at memory and time, is gone."""
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = data_bytes if most == resource.RLIM_INFINITY else min(data_bytes, most)
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_DATA, wanted),
    ):
        resource.setrlimit(what, (value, value))


def _drop_capabilities() -> None:
    """What root and services may have; an ordinary account has none."""
    header, none = struct.pack("=Ii", _CAPABILITIES_VERSION, 0), bytes(24)
    _checked(_libc.capset(header, none))


def _checked(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), "sandbox")


if __name__ == "__main__":
    main(sys.argv[1:])
