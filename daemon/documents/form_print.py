"""What the practice printed and nobody filled in: letterheads, titles, instructions, consent texts, scales and drawings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.documents.form_entries import Row
from daemon.documents.form_lines import CHOICE_OPEN, GAP, LABEL_END
from daemon.documents.form_words import (
    BOILERPLATE,
    CONSENT,
    DRAWING,
    LETTERHEAD,
    TITLE,
    FieldIndex,
    Match,
    heading_number,
)

_LETTERHEAD_BOTTOM = 0.2  # of the page's height
_LETTERHEAD_ROWS = 6
_CALL_US = re.compile(r"\W*(?:tele)?(?:phone|tel|fax|e-?mail|address)\b", re.IGNORECASE)
_SCALE_ENDS = re.compile(
    r"\W*(?:(?:no|least|mild|moderate|severe|worst|unbearable|extreme)(?: possible| imaginable)? (?:pain|problem|difficulty)"
    r"(?: possible| imaginable)?|not at all|very much)\W*",
    re.IGNORECASE,
)
_DRAWN_SIDES = re.compile(r"\W*(?:front|back|left|right|(?:left|right) side)\W*", re.IGNORECASE)


@dataclass(slots=True)
class Print:
    """Tells print from answers on one form; it remembers whether a consent text, a scale or a drawing came before."""

    index: FieldIndex
    consent: bool = False
    scaled: bool = False
    drawn: bool = False

    def asks_for_marks(self, text: str) -> bool:
        """Whether the answer is a circle or a mark on a drawing, which text does not show."""
        scaled, drawn = CHOICE_OPEN.search(text) is not None, DRAWING.search(text) is not None
        self.scaled |= scaled
        self.drawn |= drawn
        return scaled or drawn

    def holds(self, row: Row, number: int, *, begun: bool) -> bool:
        """Whether a line is no answer. `number` counts the form's rows; `begun`: the patient's part has."""
        if BOILERPLATE.match(row.text) or self._belongs_to_marks(row.text):
            return True
        prose = len(row.text.split()) > 3
        if prose and (CONSENT.search(row.text) or (self.consent and not LABEL_END.search(row.text))):
            self.consent = True
            return True
        self.consent = False
        if begun or not _is_at_top(row, number):
            return False
        label, colon, _ = row.text.partition(":")
        answered = colon and self.index.whole(label) is not None and not _CALL_US.match(label)
        return not answered and LETTERHEAD.search(row.text) is not None

    def heading(self, text: str, following: str) -> Match | None:
        """What a line is the heading of, if it is one; `following` is the line after it."""
        if GAP in text or LABEL_END.search(text[:-1]):
            return None
        match = self.index.heading(text)
        if match is None or not text.endswith((":", "?")) or heading_number(text) is not None:
            return match
        # "Medications:" is a heading over a list, but a blank over the next label.
        answered_below = following and not LABEL_END.search(following) and self.index.heading(following) is None
        return match if match.exact and answered_below and not BOILERPLATE.match(following) else None

    def is_title(self, row: Row, number: int, following: str) -> bool:
        """The form's own name above the patient's: "Patient history" is no heading over it."""
        who, below = self.index.whole("name"), self.index.leading(following.partition(":")[0])
        names = who is not None and below is not None and who.section == below.section
        return names and _is_at_top(row, number) and TITLE.search(row.text) is not None

    def _belongs_to_marks(self, text: str) -> bool:
        """The words at the ends of a scale ("no pain") and below a drawing ("back")."""
        scale = self.scaled and _SCALE_ENDS.fullmatch(text) is not None
        return scale or (self.drawn and _DRAWN_SIDES.fullmatch(text) is not None)


def _is_at_top(row: Row, number: int) -> bool:
    return number < _LETTERHEAD_ROWS and row.page == 1 and row.box[1] <= _LETTERHEAD_BOTTOM
