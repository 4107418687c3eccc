"""Groups: the few passages that are written, or quoted, as one statement of a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from daemon.adapters.drafting.conversation_groups import Talk
from daemon.adapters.drafting.conversation_parts import parts_of
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.model.draft import Statement

_LAST_STOP = re.compile(r"(?<=\w{3})[.]$")  # "next week.": an address, a subject or an urgency is no sentence
_CUT_MARKS = " ,;:"  # what stood between a piece and the next is no part of either


@dataclass(frozen=True, slots=True)
class Group:
    """What was said of one matter, where it belongs, and how it is quoted.

    `passages` are the ids it rests on, in order. `lines` are what was said: in a conversation each begins with "Doctor: ",
    "Patient: " or "Other: ", in a dictation with nothing. `section` is the key of the document's section, `label` the most
    likely one of the section classifier's labels (`section_classifier.LABELS`) that belong there; "" for what is not `rewritable`.
    `quotes` are the statements that stand in the draft where nothing is written instead. What is not `rewritable` (a form's
    entries, a line of an address) is always quoted. `parts` are smaller groups that say the same one after the other, if it can
    be taken apart so that each is understood alone.
    """

    passages: tuple[str, ...]
    lines: tuple[str, ...]
    section: str
    label: str
    quotes: tuple[Statement, ...]
    rewritable: bool = True
    parts: tuple[Group, ...] = ()


def talk_group(talk: Talk, section: str) -> Group:
    """A part of a conversation: quoted as one statement, word for word with who speaks, so that no answer loses its question.

    What it points back to is among its lines and its passages, and quoted where it was said.
    """
    parts = parts_of(talk) if talk.before is None else []
    return replace(
        _talk(talk, section), parts=tuple(_talk(Talk(one), section) for one in parts) if len(parts) > 1 else ()
    )


def _talk(talk: Talk, section: str) -> Group:
    ids = tuple(dict.fromkeys(one.id for one in talk.said))
    quote = Statement(" ".join(one.whole for one in talk.said), ids, "quoted")
    before = (talk.before.id,) if talk.before else ()
    return Group(tuple(dict.fromkeys((*before, *ids))), talk.lines, section, "", (quote,))


def piece_group(section: str, passage: str, text: str) -> Group:
    """A piece of a dictation, quoted without the marks at its end by which it was cut off."""
    text = text.rstrip(_CUT_MARKS)
    parts = tuple(_piece(section, passage, text[start:end]) for start, end in sentence_spans(text))
    return replace(_piece(section, passage, text), parts=parts if len(parts) > 1 else ())


def _piece(section: str, passage: str, text: str) -> Group:
    return Group((passage,), (text,), section, "", (Statement(text, (passage,), "quoted"),))


def line_group(section: str, passage: str, text: str) -> Group:
    """What stands on a line by itself: a recipient, an urgency."""
    text = _LAST_STOP.sub("", text)
    return Group((passage,), (text,), section, "", (Statement(text, (passage,), "quoted"),), rewritable=False)
