"""A real child under the filter of system calls: what it is refused, and what it still has. Linux."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from daemon.adapters.reading.engine_process import child_environment
from daemon.adapters.sandbox import system_calls
from daemon.adapters.sandbox.command import EngineCommand

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how Linux shuts a child in")
ENVIRONMENT = child_environment(EngineCommand("llm", 1))

_CALLS = """
import ctypes, errno, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
told = {}
for name, number in json.loads(sys.argv[1]).items():
    libc.syscall(number, 0, 0, 0, 0, 0, 0)
    told[name] = errno.errorcode.get(ctypes.get_errno(), "none")
print(json.dumps(told), flush=True)
"""


def _in_the_filter(script: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    first = "from daemon.adapters.sandbox import enter; enter.shut_in(['seccomp'], 4_000_000_000, [])\n"
    command = [sys.executable, "-P", "-s", "-B", "-c", first + script, *arguments]
    return subprocess.run(command, capture_output=True, timeout=60, env=ENVIRONMENT, check=False)


def test_every_call_of_the_list_is_refused() -> None:
    which = list(system_calls._ARCHITECTURES).index(os.uname().machine)
    numbers = {name: both[which] for name, both in system_calls._REFUSED.items() if both[which] is not None}
    told = json.loads(_in_the_filter(_CALLS, json.dumps(numbers)).stdout)
    assert told == dict.fromkeys(numbers, "EPERM")


def test_what_is_newer_than_the_list_is_not_there() -> None:
    numbers = {"clone3": 435, "openat2": 437, "newer": system_calls._LAST_KNOWN + 1}
    assert set(json.loads(_in_the_filter(_CALLS, json.dumps(numbers)).stdout).values()) == {"ENOSYS"}


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="this machine has one way to make a call")
def test_a_call_made_in_another_machines_way_ends_it() -> None:
    done = _in_the_filter("import ctypes; ctypes.CDLL(None).syscall(0x40000000 + 39)")
    assert done.returncode == -signal.SIGSYS


def test_it_has_threads_and_its_own_signals_and_no_others() -> None:
    script = (
        "import os, signal, threading\n"
        "got = []\nsignal.signal(signal.SIGUSR1, lambda *_: got.append(1))\n"
        "thread = threading.Thread(target=lambda: got.append(2)); thread.start(); thread.join()\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\n"
        "for number in (0, -1, 1, os.getppid()):\n"
        "    try: os.kill(number, 0)\n"
        "    except PermissionError: got.append(3)\n"
        "import fcntl\n"
        "try: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid())\n"
        "except PermissionError: got.append(4)\n"
        "print(got)\n"
    )
    assert _in_the_filter(script).stdout == b"[2, 1, 3, 3, 3, 3, 4]\n"


def test_it_cannot_allocate_without_bound() -> None:
    script = "try: bytearray(6_000_000_000)\nexcept MemoryError: print('bounded')"
    assert _in_the_filter(script).stdout == b"bounded\n"
