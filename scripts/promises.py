"""The promises of SECURITY.md, each with the tests that show it: listed, or run one by one.

A promise is a heading `### 3. What is promised`; the line below it that begins with `Shown by:` names the tests.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "SECURITY.md"
_PROMISE = re.compile(r"^### (\d+)\. (.+)$")
_TEST = re.compile(r"`(tests/[^`]+)`")


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, and the pytest ids of what shows it."""

    number: int
    title: str
    tests: tuple[str, ...]


def promises(page: str) -> list[Promise]:
    """Those of the page, in its order."""
    found: list[Promise] = []
    for line in page.splitlines():
        if match := _PROMISE.match(line):
            found.append(Promise(int(match[1]), match[2], ()))
        elif found and line.startswith("Shown by:"):
            last = found[-1]
            found[-1] = Promise(last.number, last.title, last.tests + tuple(_TEST.findall(line)))
    return found


def main(arguments: list[str]) -> int:
    """List, or run; 0 if all that was asked for holds, 1 if something does not, 2 for a number that is none."""
    known = promises(PAGE.read_text(encoding="utf-8"))
    if not arguments:
        for each in known:
            print(f"{each.number:>3}  {each.title}")
        return 0
    asked = [each for each in known if arguments == ["all"] or str(each.number) in arguments]
    if not asked:
        print(f"There is no such promise; there are 1 to {len(known)}.", file=sys.stderr)
        return 2
    return max([_show(each) for each in asked])


def _show(promise: Promise) -> int:
    print(f"\nPromise {promise.number}: {promise.title}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-vv", "-rs", "--no-header", "-n", "0", f"--junitxml={report}"]
        failed = subprocess.run([*command, *promise.tests], cwd=ROOT, check=False).returncode
        # Our own file, just written by pytest.
        ran = list(ET.parse(report).getroot().iter("testcase")) if report.exists() else []
    skipped = sum(case.find("skipped") is not None for case in ran)
    if failed or not ran:
        print(f"\nPromise {promise.number} DOES NOT HOLD here.")
        return 1
    if skipped == len(ran):
        print(f"\nPromise {promise.number} could NOT BE SHOWN here: the reasons stand above.")
        return 1
    rest = f" {skipped} could not be tried here: the reasons stand above." if skipped else ""
    print(f"\nPromise {promise.number} holds: {len(ran) - skipped} tests passed.{rest}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
