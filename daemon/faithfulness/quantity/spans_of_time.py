"""Whether a span of time lies behind or ahead, by the words around it: "for the past two weeks", "see you in two weeks"."""

from __future__ import annotations

from typing import Literal

from daemon.faithfulness.quantity.little_words import words
from daemon.faithfulness.quantity.mention import Mention, word_at
from daemon.faithfulness.reading.tokens import Token

Direction = Literal["past", "ahead"]

_PAST = words(
    "past last since began begin started onset history prior previous previously been was were had experienced experiencing did "
    "noticed used went got lasted former quit"
)
_AHEAD = words(
    "follow followup follow-up return back see next will we'll i'll gonna gon wanna recheck repeat schedule scheduled come until reassess should "
    "appointment needed review clinic recall"
)
_REACH = 8


def direction(tokens: list[Token], mention: Mention) -> Direction | None:
    """Behind or ahead, or None where the words say neither or both."""
    if "ago" in {word_at(tokens, mention.end), word_at(tokens, mention.end + 1)}:
        return "past"
    words = {token.text for token in tokens[max(0, mention.first - _REACH) : mention.end + _REACH]}
    past, ahead = bool(words & _PAST), bool(words & _AHEAD)
    if past == ahead:
        return None
    return "past" if past else "ahead"
