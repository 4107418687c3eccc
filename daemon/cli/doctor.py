"""`chartdraft doctor`: what is unsafe or missing, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import typer

from daemon.cli.context import AsJson, home_of, put, put_json
from daemon.model.preflight_check import Check

SHOWN = ("code", "level", "sentence", "mend")
"""What `--json` has of each check: a contract."""
_ORDER = ("refuse", "warn", "ok")


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check everything that must hold before patients' files come in."""
    from daemon.keeping import readiness

    checks = readiness.preflight(home_of(context), thorough=True)
    if as_json:
        put_json({"checks": [{name: getattr(check, name) for name in SHOWN} for check in checks]})
    else:
        for line in report(checks):
            put(line)
    raise typer.Exit(readiness.EXIT_CODE if any(check.level == "refuse" for check in checks) else 0)


def report(checks: Sequence[Check]) -> Iterator[str]:
    """For people: what is refused first, each with what mends it, and how much there is to do in the last line."""
    width = max((len(check.code) for check in checks), default=0)
    for level in _ORDER:
        for check in checks:
            if check.level == level:
                yield f"{level:<6}  {check.code:<{width}}  {check.sentence}"
                if check.mend:
                    yield f"{'':<{width + 10}}mend: {check.mend}"
    yield ""
    refused, warned = (sum(check.level == level for check in checks) for level in _ORDER[:2])
    yield f"{refused} to mend, {warned} to look at" if refused or warned else "Ready"
