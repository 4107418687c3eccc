"""Groups: the few passages that are written, or quoted, as one statement of a draft."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.model.draft import Statement


@dataclass(frozen=True, slots=True)
class Group:
    """What was said of one matter, where it belongs, and how it is quoted.

    `passages` are the ids it rests on, in order. `lines` are what was said: in a conversation each begins with "Doctor: ",
    "Patient: " or "Other: ", in a dictation with nothing. `section` is the key of the document's section, `label` the most
    likely one of the section classifier's labels (`section_classifier.LABELS`) that belong there; "" for what is not `rewritable`.
    `quotes` are the statements that stand in the draft where nothing is written instead. What is not `rewritable` (a form's
    entries, a line of an address) is always quoted.
    """

    passages: tuple[str, ...]
    lines: tuple[str, ...]
    section: str
    label: str
    quotes: tuple[Statement, ...]
    rewritable: bool = True
