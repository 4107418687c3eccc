"""What all tests share: system programs that only tests need may be missing, but never unnoticed."""

from __future__ import annotations

import shutil
from collections import Counter

import pytest

_MISSING: Counter[str] = Counter()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs("age")` skips a test, by name, on a machine without that program."""
    needed = [str(program) for marker in item.iter_markers("needs") for program in marker.args]
    missing = [program for program in needed if shutil.which(program) is None]
    if missing:
        _MISSING.update(missing)
        pytest.skip(f"needs {', '.join(missing)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each test that was skipped, then say in one line how many for the lack of which program."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if isinstance(report, pytest.TestReport)]
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        terminalreporter.write_line(f"skipped {report.nodeid}: {reason.removeprefix('Skipped: ')}")
    if _MISSING:
        count = sum("needs " in str(report.longrepr) for report in skipped)
        programs = ", ".join(sorted(_MISSING))
        terminalreporter.write_line(f"{count} tests skipped because these programs are missing: {programs}")
