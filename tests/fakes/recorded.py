"""Commands that are only written down, each answered as its test says; and a service to be installed by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from daemon.adapters.machine.commands import Ran
from daemon.model.background_service import ServicePlan

PLAN = ServicePlan(
    Path("/Users/ann/App/.venv/bin/chartdraft"), ("--home", "/Users/ann/C D"), Path("/Users/ann/C D/log/crash.log")
)
FOR_MACHINE = replace(PLAN, account="_chartdraft")


@dataclass
class Recorded:
    """A runner that answers from a list for each command's verb, the last answer again and again, and writes down what was run."""

    answers: dict[str, list[Ran]] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> Ran:
        self.ran.append(" ".join(command))
        for verb, answers in self.answers.items():
            if verb in command:
                return answers.pop(0) if len(answers) > 1 else answers[0]
        return Ran(0)
