"""`quantity-unsupported`: a number, with its unit, that stands in no passage the statement rests on, or of something else only.

High where the number stands nowhere, never in that unit, or as the dose of another drug only; medium where it is said, but hardly
of the same thing; low where the source is less exact ("a couple of weeks", a month without its year). Which unit may be left
unsaid, and what a number is bound to, is told in `daemon.faithfulness.quantity.support`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from daemon.faithfulness.quantity.frequencies import hourly_at
from daemon.faithfulness.quantity.lexicon import SAME_NAMES
from daemon.faithfulness.quantity.little_words import words
from daemon.faithfulness.quantity.mention import Mention, word_at
from daemon.faithfulness.quantity.stated import MOST_JUDGED, Stated
from daemon.faithfulness.quantity.support import Doubt, number_doubt
from daemon.faithfulness.quantity.tuples import tuple_doubt
from daemon.faithfulness.texts import Claim, Texts
from daemon.model.finding import Finding


def quantity_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Each number that the source does not say so. How often something is taken is the matter of another rule."""
    stated = Stated(claim, source, anywhere=claim.inferred)
    if stated.is_quote:
        return
    for mention in stated.found[:MOST_JUDGED]:
        if (
            not mention.counted
            or _is_rate(mention, stated)
            or _is_known_name(mention, stated)
            or _is_stock(mention, stated)
        ):
            continue
        doubt = _doubt(mention, stated) or _range_doubt(mention, stated)
        if doubt is not None and doubt.severity == "high" and not claim.inferred:
            doubt = _of_wrong_citation(mention, stated, doubt)
        if doubt is not None:
            start, end = stated.span(mention)
            yield Finding("quantity-unsupported", doubt.severity, claim.text[start:end], (start, end), doubt.against)


def _doubt(mention: Mention, stated: Stated) -> Doubt | None:
    return (tuple_doubt if isinstance(mention.value, tuple) else number_doubt)(mention, stated)


def _range_doubt(mention: Mention, stated: Stated) -> Doubt | None:
    """ "3 to 3 mm", "60 to 8 weeks": a range goes up."""
    tokens = stated.tokens
    after = next((one for one in stated.found if one.first == mention.end + 1), None)
    if after is None or word_at(tokens, mention.end) not in {"to", "-"} or mention.unit != after.unit:
        return None
    if not isinstance(mention.value, Decimal) or not isinstance(after.value, Decimal) or mention.value < after.value:
        return None
    falls = mention.value > after.value and bool(_FALLS & {token.text for token in tokens})
    return None if falls or after.value > _MOST_OF_RANGE else Doubt("medium")


_FALLS = words(
    "from decrease decreased decreasing reduce reduced reducing drop dropped lower lowered taper tapered down went fell"
)
_MOST_OF_RANGE = 1000
"""Two longer numbers are rather parts of an identifier."""


def _of_wrong_citation(mention: Mention, stated: Stated, doubt: Doubt) -> Doubt:
    """Less grave where the number is said of the same, but in a passage that the statement does not cite."""
    return doubt if _doubt(mention, stated.elsewhere) else Doubt("medium", doubt.against)


def _is_rate(mention: Mention, stated: Stated) -> bool:
    """ "twice daily", "every 6 hours", "q8h", "8-hourly"."""
    if (mention.unit or "").startswith("times/") or hourly_at(stated.tokens, mention.end):
        return True
    return word_at(stated.tokens, mention.first - 1) in {"every", "q", "each"} or (
        mention.first > 0 and stated.tokens[mention.first - 1].text in {"every", "q"}
    )


def _is_known_name(mention: Mention, stated: Stated) -> bool:
    """ "PHQ 9" where the source says "PHQ-9"."""
    tokens = stated.tokens
    if not mention.first or mention.unit or tokens[mention.first - 1].kind != "word" or mention.end - mention.first > 1:
        return False
    key = tokens[mention.first - 1].text + tokens[mention.first].text
    return SAME_NAMES.get(key, key) in stated.said.names


def _is_stock(mention: Mention, stated: Stated) -> bool:
    """What stands in every examination and is not said: "all 4 quadrants", "oriented x3"."""
    words = {token.text for token in stated.tokens[max(0, mention.first - 4) : mention.end + 2]}
    if mention.value == 4 and {"quadrants", "extremities", "4/4"} & words:
        return True
    return (
        mention.value in {3, 4}
        and bool({"oriented", "ox"} & words)
        and bool({"x", "times"} & words or mention.unit == "times")
    )
