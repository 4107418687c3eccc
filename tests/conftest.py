"""What all tests share: system programs that only tests need may be missing, but never unnoticed."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# How long an example takes is the machine's matter, and no test's.
# The same examples each time, so that what is red on one machine is red on all; HYPOTHESIS_PROFILE=search looks for new ones.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

NEEDS = "needs "
SLOW_FIRST = ("faults", "e2e")  # the kill suites wait more than they work, so what works hard runs beside them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the folders that take longest: at the end no worker waits for another."""
    items.sort(
        key=lambda item: next((n for n, part in enumerate(SLOW_FIRST) if part in item.path.parts), len(SLOW_FIRST))
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """`@pytest.mark.needs("age")` skips a test, by name, on a machine without that program."""
    needed = [str(program) for marker in item.iter_markers("needs") for program in marker.args]
    missing = [program for program in needed if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{NEEDS}{', '.join(missing)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each test that was skipped, then say in one line how many for the lack of which program."""
    # From the reports alone: the tests themselves run in other processes than this.
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if isinstance(report, pytest.TestReport)]
    reasons = [_reason(report) for report in skipped]
    for report, reason in zip(skipped, reasons, strict=True):
        terminalreporter.write_line(f"skipped {report.nodeid}: {reason}")
    lacking = [reason.removeprefix(NEEDS) for reason in reasons if reason.startswith(NEEDS)]
    if lacking:
        programs = ", ".join(sorted({program for each in lacking for program in each.split(", ")}))
        terminalreporter.write_line(f"{len(lacking)} tests skipped because these programs are missing: {programs}")


def _reason(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return reason.removeprefix("Skipped: ")
