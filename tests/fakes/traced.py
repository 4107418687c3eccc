"""What a program and all that it starts ask of the network, as strace saw it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# Not `--seccomp-bpf`: a process that has shut itself in would be refused before strace saw that it asked.
STRACE = ("strace", "-f", "--pidns-translation", "-e", "trace=network,execve,clone,clone3,fork,vfork")
_LINE = re.compile(r"(?P<task>\d+) +(?P<call>.*)")
_SOCKET = re.compile(r"socket\((?P<family>AF_INET6?), (?P<kind>SOCK_\w+).*\) += (?P<result>-?\d+) ?(?P<error>E\w+)?")
_MADE = re.compile(r"(?:clone3?|v?fork)\(|<\.\.\. (?:clone3?|v?fork) resumed>")
_CHILD = re.compile(r"= (?P<inside>\d+)(?: /\* (?P<outside>\d+) in strace's PID NS \*/)?$")
_ADDRESS = re.compile(r'(?:inet_addr\(|inet_pton\(AF_INET6, )"(?P<address>[^"]+)"')


@dataclass(frozen=True, slots=True)
class Asked:
    """One socket of the internet's that was asked for; `error` is empty where it was had."""

    task: int
    family: str
    kind: str
    error: str


@dataclass
class Trace:
    """Who asked for what. A task is a thread; `program` is what its process was last started as."""

    first: int = 0
    asked: list[Asked] = field(default_factory=list)
    addresses: list[tuple[int, str, str]] = field(default_factory=list)
    """Of `bind`, `connect` and `send…`: the task, the call, the address."""
    programs: dict[int, str] = field(default_factory=dict)
    parents: dict[int, int] = field(default_factory=dict)

    def program(self, task: int) -> str:
        """The words of the command line, as far as strace prints them."""
        while task not in self.programs and task in self.parents:
            task = self.parents[task]
        return self.programs.get(task, "")


def traced(command: Sequence[str], environment: Mapping[str, str], output: Path) -> tuple[int, Trace]:
    """Run a program to its end; its exit code, and what it and its descendants did."""
    done = subprocess.run(
        [*STRACE, "-s", "400", "-o", str(output), *command],
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return done.returncode, read_trace(output.read_text())


def read_trace(text: str) -> Trace:
    """What strace wrote, line by line."""
    trace = Trace()
    for line in text.splitlines():
        found = _LINE.fullmatch(line)
        if found is not None:
            _note(trace, int(found["task"]), found["call"])
    return trace


def _note(trace: Trace, task: int, call: str) -> None:
    trace.first = trace.first or task
    if asked := _SOCKET.match(call):
        trace.asked.append(Asked(task, asked["family"], asked["kind"], asked["error"] or ""))
    elif call.startswith("execve(") and "ENOENT" not in call:
        trace.programs[task] = call
    elif _MADE.match(call) and (child := _CHILD.search(call)):
        trace.parents[int(child["outside"] or child["inside"])] = task
    elif call.startswith(("bind(", "connect(", "send")) and (address := _ADDRESS.search(call)):
        trace.addresses.append((task, call.partition("(")[0], address["address"]))
