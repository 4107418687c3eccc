"""The filter of system calls, read as the kernel reads it: for both machines, wherever this runs."""

from __future__ import annotations

import errno
import struct
from pathlib import Path

import pytest

from daemon.adapters.sandbox import system_calls

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
PID = 4711


def _verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What classic BPF (<linux/filter.h>) makes of one call."""
    arch = system_calls._ARCHITECTURES[machine] if architecture is None else architecture
    data = struct.pack("=IIQ6Q", number, arch, 0, *arguments, *([0] * (6 - len(arguments))))
    code = system_calls.assemble(machine, PID)
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, value = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        if operation == 0x06:
            return int(value)
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, value)
        else:
            holds = {
                0x15: accumulator == value,
                0x25: accumulator > value,
                0x35: accumulator >= value,
                0x45: bool(accumulator & value),
            }[operation]
            at += if_true if holds else if_false


MACHINES = pytest.mark.parametrize(("machine", "which"), [("x86_64", 0), ("aarch64", 1)])


@MACHINES
def test_each_call_of_the_list_is_refused_and_others_are_not(machine: str, which: int) -> None:
    refused = {both[which] for both in system_calls._REFUSED.values() if both[which] is not None}
    special = {system_calls._CLONE[which], *(both[which] for both in system_calls._TO_PROCESS.values())}
    special |= {system_calls._PRLIMIT[which], 435, 437}
    for number in range(system_calls._LAST_KNOWN + 1):
        if number in refused:
            assert _verdict(machine, number) == EPERM, number
        elif number not in special:
            assert _verdict(machine, number) == ALLOW, number
    assert _verdict(machine, system_calls._LAST_KNOWN + 1) == ENOSYS
    assert _verdict(machine, 435) == _verdict(machine, 437) == ENOSYS


@MACHINES
def test_calls_are_judged_by_what_they_ask_for(machine: str, which: int) -> None:
    clone, prlimit = system_calls._CLONE[which], system_calls._PRLIMIT[which]
    assert _verdict(machine, clone, 0x3D0F00) == ALLOW  # what glibc's threads are made with
    assert _verdict(machine, clone, 0x11) == _verdict(machine, clone, 0x10000000) == EPERM
    for both in system_calls._TO_PROCESS.values():
        assert _verdict(machine, both[which], PID) == ALLOW
        assert {_verdict(machine, both[which], pid) for pid in (0, 1, PID + 1, 0xFFFFFFFF)} == {EPERM}
    assert _verdict(machine, prlimit, 0) == _verdict(machine, prlimit, PID) == ALLOW
    assert _verdict(machine, prlimit, 1) == EPERM
    assert _verdict(machine, system_calls._IOCTL[which], 0, 0x5412) == EPERM
    assert _verdict(machine, system_calls._IOCTL[which], 0, 0x5401) == ALLOW
    assert [_verdict(machine, system_calls._FCNTL[which], 0, what) for what in (2, 8, 10, 15)] == [ALLOW] + [EPERM] * 3


@MACHINES
def test_another_machines_call_ends_the_process(machine: str, which: int) -> None:
    assert _verdict(machine, 39, architecture=0x40000003) == KILL
    assert _verdict(machine, 0x40000000 + 39) == KILL


def test_a_machine_without_a_filter_is_not_taken_for_one_with_it() -> None:
    assert not system_calls.known_machine("riscv64")
    with pytest.raises(KeyError):
        system_calls.assemble("riscv64", PID)


@pytest.mark.skipif(not Path("/usr/include/asm-generic/unistd.h").is_file(), reason="needs the kernel's headers")
def test_the_numbers_are_those_of_the_headers() -> None:
    generic = Path("/usr/include/asm-generic/unistd.h").read_text().split("\n")
    numbers = {parts[1]: parts[2] for line in generic if len(parts := line.split()) == 3 and parts[0] == "#define"}
    compared = 0
    for name, (_, number) in system_calls._REFUSED.items():
        told = numbers.get(f"__NR_{name}") or numbers.get(f"__NR3264_{name}")
        if told is not None and told.isdecimal():
            assert number == int(told), name
            compared += 1
    assert compared > 80
