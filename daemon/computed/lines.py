"""The sentences of what was spoken or written as text, a question with its answer; what stands on a form is read apart."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.documents.filler import is_filler
from daemon.faithfulness.reading.lines import Line, lines_of, with_answers
from daemon.model.passage import PageAnchor, Passage


def spoken_lines(passages: Sequence[Passage]) -> list[Line]:
    """The sentences of all passages that do not stand on a form, in order."""
    told = ((passage.id, passage.text) for passage in passages if not isinstance(passage.anchor, PageAnchor))
    return with_answers(lines_of(told), is_filler)
