"""What makes the figures of a bench less sure than they look, in words. Rules alone."""

from __future__ import annotations

from daemon.benching.figures import NOISY, Bench
from daemon.benching.machine import BUSY_LOAD

SLOWED = 0.10
"""A machine that writes slower by this part at the end than at the beginning is told of."""


def noises(bench: Bench, slowed: float | None) -> list[str]:
    """Everything that speaks against the figures. `slowed`: by what part the machine was slower at the end, None: not measured."""
    found = []
    machine = bench.machine
    if machine["daemon_running"]:
        found.append(
            "Chartdraft was at work in the background on this machine; the figures suffer from what it does. "
            "For better ones: `chartdraft service uninstall`, measure, then `chartdraft service install`."
        )
    if machine["load_average_before"] > BUSY_LOAD:
        found.append(
            f"Something else was at work before the bench began (load average {machine['load_average_before']:.1f}): "
            "speeds are too low."
        )
    if machine["on_battery"]:
        found.append("The machine ran on its battery, which may make it slower.")
    if bench.plan.quick:
        found.append(
            "Measured with --quick: few runs of a short visit, to see that it works; not figures to decide by."
        )
    if slowed is not None and slowed > SLOWED:
        found.append(
            f"At the end the first model wrote {slowed:.0%} slower than at the beginning: heat, or other work that began meanwhile."
        )
    wide = [
        f"{model.name}, {what}: {spread.noise:.0%}"
        for model in bench.models
        for what, spread in model.spreads()
        if spread.noise > NOISY
    ]
    if wide:
        found.append(f"Some runs lie far apart (the most less the least, in parts of the median): {'; '.join(wide)}.")
    return found
