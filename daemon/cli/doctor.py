"""`chartdraft doctor`: what is unsafe or missing, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from daemon.cli.context import AsJson, home_of, put, put_json

REFUSED_EXIT_CODE = 5


def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check everything that must hold before patients' files come in."""
    from daemon import upkeep

    checks = upkeep.preflight(home_of(context), thorough=True)
    if as_json:
        put_json({"checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            put(f"{check.level:<7} {check.code:<20} {check.sentence}")
    raise typer.Exit(REFUSED_EXIT_CODE if any(check.level == "refuse" for check in checks) else 0)
