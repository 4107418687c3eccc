"""What of a text can be found again in another one: its drugs, numbers, negations and words, each with its place.

With it a passage's words that support a statement are set apart, and the words that matter most are known: a drug, a number or
a negation that was misheard or misread changes what is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.quantity.mention import Mention, Reading, plain_number
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.reading.tokens import Token

Span = tuple[int, int]
Key = tuple[str, str]

_STEM = 6  # "medication" and "medications", "smoke" and "smoking" meet in their beginnings
_NEGATIONS = frozenset(
    ["no", "not", "never", "none", "without", "nor", "neither", "cannot", "deny", "denies", "denied", "denying", "negative",
     "non", "nothing", "nobody", "nowhere"]
)  # fmt: skip
# Whose number follows the name of a drug, also where the name was misheard and is in no list.
_DOSE_UNITS = frozenset(["mg", "mcg", "g", "meq", "ml", "unit", "puff", "spray", "drop", "tablet"])
_EACH = frozenset(["each", "every"])
# Words that support nothing by themselves; between two that do, they belong to the same stretch.
_SMALL_WORDS = """
a an and are as at be been but by did do does for from had has have he her him his i if in is it its just me my of on or our
she so than that the their them then there they this to up us was we were what when where which who will with would you your
also okay ok oh um uh well patient reports states says said
"""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Terms:
    """`keys` are what a text says; `places` where each of them stands, in order; `vital` those of drugs, numbers and negations.

    `words` are all words and numbers with their spans, in order.
    """

    keys: frozenset[Key]
    places: tuple[tuple[Span, frozenset[Key]], ...]
    vital: tuple[tuple[Span, frozenset[Key]], ...]
    words: tuple[tuple[Span, str], ...]


def terms(text: str) -> Terms:
    """All terms of `text`. Linear in its length."""
    tokens, found = mentions(text)
    vital = [*_drugs(text), *_numbers(tokens, found), *_dosed(tokens, found), *_negations(tokens)]
    words = [((token.start, token.end), token.text) for token in tokens if token.kind != "symbol"]
    stems = [
        (span, frozenset([("word", word[:_STEM])])) for span, word in words if word not in _SMALL and len(word) > 1
    ]
    places = sorted([*vital, *stems], key=lambda one: one[0])
    keys = frozenset(key for _, some in places for key in some)
    return Terms(keys, tuple(places), tuple(sorted(vital, key=lambda one: one[0])), tuple(words))


def shared(here: Terms, there: Terms) -> tuple[Span, ...]:
    """The stretches of `here` that say what `there` says, apart from each other; small words between them are within."""
    hits = _joined(span for span, keys in here.places if keys & there.keys)
    small = {word for _, word in there.words if word in _SMALL}
    soft = {span for span, word in here.words if word in small}
    found: list[Span] = []
    at = 0
    for span in hits:
        between = []
        while at < len(here.words) and here.words[at][0][0] < span[0]:
            if not found or here.words[at][0][0] >= found[-1][1]:
                between.append(here.words[at][0])
            at += 1
        if found and all(each in soft for each in between):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return tuple(found)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _drugs(text: str) -> Iterator[tuple[Span, frozenset[Key]]]:
    for drug in find_drugs(text):
        yield drug.span, frozenset(("drug", name) for name in drug.generic.split("/"))


def _numbers(tokens: list[Token], found: list[Mention]) -> Iterator[tuple[Span, frozenset[Key]]]:
    """A number with its unit, and how often something is done; "a day ago" and "the last week" count nothing and are words."""
    for mention in found:
        often = (mention.unit or "").startswith("times") or tokens[mention.first].text in _EACH
        readings = [one for one in mention.readings if mention.counted or (often and _is_rate(one))]
        if readings and mention.end > mention.first:
            yield (tokens[mention.first].start, tokens[mention.end - 1].end), frozenset(map(_number_key, readings))


def _number_key(reading: Reading) -> Key:
    """Numbers are the same in whatever unit, but "twice a day" is not "two weeks"."""
    value = reading[0]
    number = plain_number(value) if isinstance(value, Decimal) else "/".join(value)
    return ("number", f"{number} {reading[1]}" if _is_rate(reading) else number)


def _is_rate(reading: Reading) -> bool:
    return (reading[1] or "").startswith("times")


def _dosed(tokens: list[Token], found: list[Mention]) -> Iterator[tuple[Span, frozenset[Key]]]:
    """The word before a dose."""
    for mention in found:
        before = tokens[mention.first - 1] if mention.first else None
        if before and mention.unit in _DOSE_UNITS and before.kind == "word" and before.text not in _SMALL:
            yield (before.start, before.end), frozenset([("word", before.text[:_STEM])])


def _negations(tokens: list[Token]) -> Iterator[tuple[Span, frozenset[Key]]]:
    for token in tokens:
        if token.text in _NEGATIONS or token.text.endswith("n't"):
            yield (token.start, token.end), frozenset([("negation", "")])
