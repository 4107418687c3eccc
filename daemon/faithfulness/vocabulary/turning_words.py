"""Words that turn a clinical fact round, or are its number, side or time: no guess at what stands beside them may do away with one."""

from __future__ import annotations

from typing import Final

from daemon.faithfulness.quantity.lexicon import FRACTIONS, ORDINALS, SCALES, SMALL

_DENIALS = "no not never none nor neither without cannot deny denies denied denying negative absent resolved"
_SIDES = "left right both bilateral bilaterally"
_CHANGES = (
    "start starts started starting stop stops stopped stopping hold holds held holding increase increased increasing decrease decreased "
    "decreasing raise raised lower lowered reduce reduced double doubled halve halved continue continued continuing discontinue discontinued "
    "resume resumed restart restarted taper tapered tapering switch switched change changed add added adding avoid avoided refuse refused "
    "missed off instead replace replaced"
)
_HARM = "allergic allergy allergies intolerant intolerance reaction reactions rash anaphylaxis"
_CONDITIONS = "if unless until except before after since ago only"
_TIMES = (
    "once twice thrice daily nightly weekly monthly hourly day days night nights week weeks month months year years hour hours minute minutes "
    "morning evening noon bedtime today tomorrow yesterday half quarter"
)  # fmt: skip
_TURNING: Final = frozenset(" ".join((_DENIALS, _SIDES, _CHANGES, _HARM, _CONDITIONS, _TIMES)).split()).union(
    SMALL, SCALES, ORDINALS, FRACTIONS
)


def turns_a_fact(word: str) -> bool:
    """Whether a word, in lower case and without the marks around it, does so. Of a word with hyphens each part counts ("twenty-five")."""
    return any(part in _TURNING for part in word.split("-")) or word.endswith("n't")
