"""Files that say that they were sealed: refused for what they are, at no price."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.adapters import age
from daemon.model.errors import PermanentError
from tests.fakes.hostile_files import age_files

MACHINE = age.generate_identity()
OPENED = {"nothing-sealed.txt.age": b"", "age-in-age.txt.age": None, "bomb-in-age.txt.age": bytes(9_000_000)}
FILES = age_files(MACHINE.recipient, b"memo")
# Work factor 23 is 8 GiB and minutes (RFC 7914: 128 * r * N bytes); 18 is 256 MiB, which must be seen to be believed.
WORK = """
import io, resource
from daemon.adapters import age
from tests.fakes.hostile_files import age_files, with_passphrase
from daemon.model.errors import PermanentError
import pyrage
def megabytes():  # ru_maxrss begins with what the process weighed that started this one
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
machine = age.generate_identity()
sealed = age_files(machine.recipient, b"memo")
before = megabytes()
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
for name in ("with-a-passphrase.txt.age", "passphrase-among-others.txt.age"):
    try:
        age.decrypt(io.BytesIO(sealed[name]), io.BytesIO(), machine, unreadable="seal-unreadable")
    except PermanentError as error:
        print(error.code)
print(megabytes() - before)
try:
    pyrage.passphrase.decrypt(with_passphrase(18), "guess")
except pyrage.DecryptError:
    print(megabytes() - before)
"""


@pytest.mark.parametrize("name", FILES)
def test_only_what_is_whole_and_for_this_machine_is_opened(name: str) -> None:
    out = io.BytesIO()
    if name in OPENED:
        age.decrypt(io.BytesIO(FILES[name]), out, MACHINE, unreadable="seal-unreadable")
        assert OPENED[name] is None or out.getvalue() == OPENED[name]
    else:
        with pytest.raises(PermanentError, match="seal-unreadable"):
            age.decrypt(io.BytesIO(FILES[name]), out, MACHINE, unreadable="seal-unreadable")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process weighed at most")
def test_a_passphrase_is_never_tried() -> None:
    """In a process of its own, whose memory and time show what was worked."""
    done = subprocess.run(
        [sys.executable, "-c", WORK], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": "scripts"},
    )  # fmt: skip
    first, second, ours, tried = done.stdout.split()
    assert (first, second) == ("seal-unreadable", "seal-unreadable")
    assert int(ours) < 20
    assert int(tried) > 100  # so it would have been seen
