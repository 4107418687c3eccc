"""Questions that take their matter for granted: "how long have you had the headaches?" says that there are headaches.

A pure rule. Who asks when, where, how long or which, and is not told that it never was so, has said it himself; the rules read such a
question as they read a statement. "How about", "what about" and "any" ask whether, and stay questions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from daemon.faithfulness.polarity.answers import NO, answer_of

_OPENING = r"(?:(?:okay|ok|all right|alright|so|and|now|well|um|uh|oh|great|good|hi|hello|let me (?:see|check)[^,.?]{0,40})\b[\s,.!-]*)*"
_ASKS_MORE = re.compile(
    rf"(?P<before>(?:^|[.!?]\s+)){_OPENING}(?:when|where|since when|which|whose|how (?:long|often|bad|severe|far|many|much|old)|"
    r"what (?:kind|type|sort|dose|dosage|color|part|makes|brought|brings|helps|caused))\b(?P<matter>[^.?!]{3,200})\?",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"\b(?:any|ever|if|whether|or not|would|could|should|can|will|last)\b", re.IGNORECASE)
"""What a question still leaves open though it asks for more: "how long would …", "when did you last have any …"."""
_FIRST_WORDS = re.compile(r"^\s*(?:(?:do|does|did|have|has|had|are|is|was|were|been|it)\b\s*)+", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:no|not|never|none|nothing|n['’]t|\w+n['’]t|without|denies|denied)\b", re.IGNORECASE)


def presupposed(lines: Mapping[str, str]) -> dict[str, str]:
    """The lines, by id in order, with questions that take their matter for granted as statements, unless the answer denies."""
    names = list(lines)
    found = dict(lines)
    for name, then in zip(names, [*names[1:], ""], strict=True):
        answer = lines.get(then, "")
        if then and answer_of(answer) != NO and not _DENIES.search(answer):
            found[name] = _ASKS_MORE.sub(_as_statement, lines[name])
    return found


def _as_statement(question: re.Match[str]) -> str:
    if _WHETHER.search(question["matter"]):
        return question.group()
    return f"{question['before']}{_FIRST_WORDS.sub('', question['matter']).strip()}."
