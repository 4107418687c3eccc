"""Named places at which tests let the process die: one at every step that is durable, so that death at each can be tried.

`CHARTDRAFT_CRASH_AT=claim-sealed` in the environment has the process end with SIGKILL when it comes to that place, `claim-sealed:3` when
it comes there for the third time. Outside tests the variable is not set, and a place costs a look at a global.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

CRASH_AT = "CHARTDRAFT_CRASH_AT"

CRASH_POINTS: tuple[str, ...] = ()
"""Every name there is."""

_name, _, _times = os.environ.get(CRASH_AT, "").partition(":")
_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Here a step is durable, or is about to be."""
    if _name:
        _pass(name)


def _pass(name: str) -> None:
    _passed[name] += 1
    if name == _name and _passed[name] >= int(_times or 1):
        os.kill(os.getpid(), signal.SIGKILL)
