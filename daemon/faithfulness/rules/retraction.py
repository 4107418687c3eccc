"""`plan-retracted`: what was said and then taken back ("no, make that…", "scratch that")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.late import late
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.retraction.items import Item, items
from daemon.faithfulness.retraction.retractions import Retraction, retractions
from daemon.faithfulness.retraction.takebacks import takebacks
from daemon.faithfulness.rules.takeback import taken_back_in
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding

_CODE = "plan-retracted"
_PLAN = late(
    r"\b(?:will|order(?:ed|ing)?|start(?:ed|ing)?|initiat\w+|schedul\w+|refer\w*|obtain\w*|prescrib\w+|recommend\w*|plan\w*|begin|add|get|let's|"
    r"perform\w*|continue|increase|decrease|proceed|repeat|try|write|inject\w*|give|going|gon|like|wan)\b",
    re.IGNORECASE,
)
_HELD = late(
    r"\b(?:hold|held|holding|defer\w*|not|no|n't|wait\w*|delay\w*|postpon\w*|if|consider\w*|discuss\w*|declin\w*|instead|avoid\w*|later|stop\w*|"
    r"discontinu\w+|skip\w*|cancel\w*|without|previous\w*|prior|past|history|tried|failed|denie[sd]|unless|should|may)\b|n't\b",
    re.IGNORECASE,
)
_DENIED = late(r"\b(?:no|not|denie[sd]|denying|without|never|negative)\b|n't\b", re.IGNORECASE)
# A statement repeats what was taken back if so much of it stands there, and it is of the same thing. By judgement.
_LEAST_OF_STATEMENT = 0.5
_LEAST_SHARED = 1


def retraction_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """What in the statement was taken back, where the statement does not say what it became."""
    taken_back, fallen = source.learn(retractions), source.learn(takebacks)
    if not taken_back and not fallen:
        return
    plain = same_characters(claim.text)
    stated = items(plain)
    spans: set[tuple[int, int]] = set()
    for one in taken_back:
        for item in _repeated(one, stated, plain, claim):
            if (item.start, item.end) not in spans:
                spans.add((item.start, item.end))
                span = item.start, item.end
                yield Finding(_CODE, "high", claim.text[slice(*span)], span, one.passages)
                break
    if not spans and (plan := taken_back_in(plain, claim.section, fallen)):
        yield Finding(_CODE, "high", claim.text[slice(*plan[0])], *plan)


def _repeated(one: Retraction, stated: tuple[Item, ...], plain: str, claim: Claim) -> Iterator[Item]:
    """The things of the statement that no longer hold, the one that says most first."""
    keys = {item.identity for item in stated}
    gone = [item for item in stated if item.identity in one.replaced]
    if not gone or keys & _freeing(one) or (one.denied and not _DENIED.search(plain)) or _of_another_drug(one, keys):
        return
    if one.dropped:
        if (
            one.replaced <= keys
            and not _HELD.search(plain)
            and (_PLAN.search(plain) or "PLAN" in claim.section.upper())
        ):
            yield gone[0]
        return
    shared = keys & {item.identity for item in one.old}
    if len(shared - one.replaced) < _LEAST_SHARED and len(gone) < 2 and one.said_in not in claim.evidence:
        return
    if len(shared) / len(keys) >= _LEAST_OF_STATEMENT:
        yield min(gone, key=lambda item: (item.kind == "word", item.start))


def _freeing(one: Retraction) -> frozenset[tuple[str, str]]:
    """What a statement names that keeps to what was said last: things of a kind that was replaced, not any word said after it."""
    kinds = {kind for kind, _ in one.replaced}
    return one.by if "word" in kinds else frozenset(each for each in one.by if each[0] in kinds)


def _of_another_drug(one: Retraction, keys: set[tuple[str, str]]) -> bool:
    """Whether the statement speaks of drugs, and none of them is among what was corrected."""
    stated, corrected = (
        {key for key in each if key[0] == "drug"} for each in (keys, {item.identity for item in one.old})
    )
    return bool(stated and corrected) and not stated & corrected
