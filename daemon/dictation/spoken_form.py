"""What was spoken into a recording, in the form in which it was meant to be written."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.dictation.bits import passages_of, row_of
from daemon.dictation.corrections import corrected
from daemon.dictation.numbers import in_digits
from daemon.dictation.punctuation import punctuated
from daemon.dictation.spelling import spelled
from daemon.dictation.symbols import with_symbols
from daemon.dictation.takebacks import taken_back
from daemon.model.passage import Passage, TimeAnchor


def spoken_form(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages of one recording with commands carried out; ids are counted anew.

    Where a passage's text differs from what was heard, `original` is what was heard, word for word, with what was taken back. Nothing that
    was heard is in no passage. A recording of which nothing would remain stays as it was.
    """
    if not passages or not all(isinstance(passage.anchor, TimeAnchor) for passage in passages):
        return tuple(passages)
    said, row = row_of(passages)
    row = in_digits(with_symbols(punctuated(said, spelled(said, row))))
    row = corrected(said, taken_back(said, row))
    return passages_of(said, row) if row else tuple(passages)
