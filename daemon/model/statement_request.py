"""What a model is asked when it writes one statement: a few lines of what was said, and it answers with one sentence.

A model that is asked for one statement never sees the rest of the visit, so that it cannot mix what was said of one matter into
another. The adapter that comes with Chartdraft was trained on exactly these words (`scripts/train_starter`): another wording
here needs another adapter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

NOTHING = "-"
"""The whole answer where the lines say nothing that belongs into a note."""

Subject = Literal["she", "he", "the patient"]
"""What the patient is called in the sentence: a pronoun only where the source says the patient's sex, never a guess."""

STARTER_INSTRUCTIONS = "Write what was said as one clinical sentence."
"""What the trained adapter is told; short, because its training is the instruction."""

MAX_REQUEST_WORDS = 160
"""Lines of more words are not rewritten but quoted: training has seen none so long."""


_LOOSE_MARK = re.compile(r"\s+(?=[,.;:?!](?:\s|$))|(?<=\w)\s+(?=n['’]t\b|['’](?:s|m|re|ve|ll|d)\b)")
"""A blank that some speech engines and corpora leave before a mark or a clitic ("okay .", "do n't")."""


def request_text(voice: str, subject: Subject, lines: Sequence[str]) -> str:
    """The user's turn. `voice` is the part of a note in words ("past medical history"); `lines` are as spoken, in order.

    A line of a conversation begins with "Doctor: ", "Patient: " or "Other: "; one of a dictation with nothing.
    """
    said = "\n".join(_LOOSE_MARK.sub("", " ".join(line.split())) for line in lines)
    return f"{voice}; {subject}\n{said}"
