"""What every measurement of a bench is given."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.benching.figures import Plan
from daemon.model.document import Document
from daemon.model.passage import Passage

if TYPE_CHECKING:
    from daemon.adapters.models.measurements import Measurements
    from daemon.adapters.models.store import ModelStore
    from daemon.adapters.reading.engine_process import CommandLine
    from daemon.config import Settings

VISIT = Path(__file__).parent / "visit"
"""An invented visit as it is dictated: `visit.txt` the words, `visit.opus` a synthetic voice that says them. `form.jpg` is one
page of a filled form that was drawn. Nobody in them exists."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What is measured with. No folder of a home is among it, so that none can be touched; `measurements` only say which manner
    of drafting a model is used in.
    """

    settings: Settings
    store: ModelStore
    measurements: Measurements
    command_line: CommandLine
    document: Document
    passages: Sequence[Passage]
    plan: Plan
    say: Callable[[str], None]
    asked_by_name: bool = False
    """Whether the models were named: then one is tried that memory does not seem enough for."""


def out_of_the_cache(files: Sequence[Path]) -> bool:
    """Have the system forget what it holds of these files, so that they are read from the disk again; whether it could be asked.

    Only Linux can be asked without being root (posix_fadvise(2)); what another process has mapped stays.
    """
    if sys.platform == "darwin":
        return False
    for file in files:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)
    return True
