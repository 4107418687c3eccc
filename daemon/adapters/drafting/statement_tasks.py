"""What the model is asked for: a group or a part of one, with what was heard in it and the words of the request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from daemon.adapters.drafting.statement_check import Heard
from daemon.adapters.drafting.statement_groups import Group
from daemon.adapters.drafting.statement_voice import VOICES
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.statement_request import MAX_REQUEST_WORDS, Subject, request_text


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A group that the model is asked for, by its place among the groups; of a part, by that of its group."""

    at: int
    group: Group
    spec: SectionSpec
    heard: Heard
    request: str

    @classmethod
    def of(cls, at: int, group: Group, spec: SectionSpec, subject: Subject) -> Task | None:
        """None for a group of more words than may be asked for, or none."""
        if not 0 < sum(len(line.split()) for line in group.lines) <= MAX_REQUEST_WORDS:
            return None
        request = request_text(VOICES.get(group.label, spec.title.lower()), subject, group.lines)
        return cls(at, group, spec, Heard.of(group.lines), request)

    def parts(self, subject: Subject) -> Iterator[Task]:
        """One for each part of the group."""
        for part in self.group.parts:
            task = Task.of(self.at, replace(part, label=self.group.label), self.spec, subject)
            if task is not None:
                yield task


def together(parts: Sequence[Task], written: Mapping[Task, tuple[Statement, ...]]) -> tuple[Statement, ...]:
    """The statements of a group that was asked for in parts, in order; each part of which none stands is quoted."""
    return tuple(one for part in parts for one in written.get(part, part.group.quotes))
