"""What a check of the machine and the home says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warn", "refuse"]


@dataclass(frozen=True, slots=True)
class Check:
    """One matter that was looked at. `refuse` keeps the daemon from starting. `mend` is the command or the step that mends it.

    `code` names the matter and is the same whatever was found; `error` is the error catalog's code for what was found, where
    there is one.
    """

    code: str
    level: Level
    sentence: str
    mend: str = ""
    error: str = ""
