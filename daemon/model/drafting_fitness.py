"""Whether a language model may write drafts by itself, and in which manner: by what was measured, and by nothing else.

Quoting is the floor: its statements are the passages' own words. A model takes its place only where its drafts were measured to be
as faithful, within the bounds below. Nobody's word for a model's size or fame counts; a person's word who installed it does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

WritingManner = Literal["statement", "section"]
"""One statement at a time, each from a few passages and checked against them; or a whole section from a whole visit (DESIGN 4)."""

IN_WORDS: Mapping[WritingManner, str] = {"statement": "statement by statement", "section": "section by section"}

WAY = 2
"""The version of the way from passages to a draft: raise it when groups, requests or checks change, and measure again.
A test holds them against what they were (`tests/assets/drafting_way.json`)."""

MOST_HIGH_RATE = 0.01
"""The share of a draft's statements that may have a high finding."""
LEAST_STANDING = 0.98
"""The share of a draft's drugs, of its numbers and of its negated findings that must stand in the source."""
LEAST_STATEMENTS = 300
"""Of n statements without a fault, 3/n is the 95 % bound of the rate of faults (Hanley, Lippman-Hand, JAMA 1983;249:1743): 300 for 1 %."""
LEAST_ROWS = 20
"""Visits or sections: statements of one visit are alike. ACI-Bench's validation set has 20."""
LEAST_OF_EACH = 20
"""Drugs, numbers and denied findings that the drafts must have held: of fewer, one more or less is five hundredths."""
MOST_QUOTED = 0.9
"""Of the statements. A model that is quoted more often drafts what quoting drafts, later; and little was seen of what it writes."""
LARGE_BYTES = 3_000_000_000
"""At 4 to 5 bits a weight, a model of 5 to 6 billion weights: it keeps the 7B and 8B models, the smallest that drafted whole sections
usably (DESIGN 4), and leaves out those of 3B (about 2 GB)."""

_FIRST = ", first "
REMEMBER = "chartdraft eval drafts --data FILE --remember"


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one model's drafts in one manner on one corpus; rates and shares are fractions of 1.

    `adapter_sha256` is "" without an adapter. `statements` are all of the drafts, those that were quoted in the end too. `drugs`,
    `numbers` and `negated` are the shares of the draft's own that stand in the source, and `fewest` is how many there were of the rarest
    of the three (None: not counted). `quoted` is the share of the statements that were, `high_of_written` the share with a high finding
    of those that were not. `rows` is how many visits or sections.
    """

    model_sha256: str
    adapter_sha256: str
    manner: WritingManner
    corpus: str
    rows: int
    statements: int
    high_rate: float
    drugs: float
    numbers: float
    negated: float
    schema_failures: int
    way: int = WAY
    quoted: float = 0.0
    high_of_written: float = 0.0
    fewest: int | None = None

    @property
    def about(self) -> tuple[str, str, str, str]:
        """What it was measured of: a later measurement of the same takes its place."""
        return self.model_sha256, adapter_in(self.manner, self.adapter_sha256), self.manner, self.corpus


def adapter_in(manner: WritingManner, adapter_sha256: str) -> str:
    """The adapter that counts in a manner: those that there are write statements, and no sections."""
    return adapter_sha256 if manner == "statement" else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The language model that is asked about. `said` is what whoever installed it said of its fitness; None: nothing."""

    model_sha256: str
    adapter_sha256: str
    size_bytes: int
    said: bool | None = None

    @property
    def manners(self) -> tuple[WritingManner, ...]:
        """In the order they are thought of: a small model is not given a whole visit before it has shown that it may be."""
        return ("section", "statement") if self.size_bytes >= LARGE_BYTES else ("statement", "section")


@dataclass(frozen=True, slots=True)
class Fitness:
    """Whether a model may write drafts in a manner, and why, as words for people. `can_measure`: nobody has, as it is now."""

    manner: WritingManner
    fit: bool
    reason: str
    can_measure: bool = False


def within_bounds(measured: Measured) -> bool:
    """Whether the drafts that were measured are as faithful as quotes, within the bounds."""
    return not list(_too_bad(measured))


def enough(measured: Measured) -> bool:
    """Whether so much was measured that it says something."""
    of_each = measured.fewest is None or measured.fewest >= LEAST_OF_EACH
    return measured.statements >= LEAST_STATEMENTS and measured.rows >= LEAST_ROWS and of_each


def first_rows(corpus: str, rows: int) -> str:
    """What a corpus is called of which only the first rows were measured."""
    return f"{corpus}{_FIRST}{rows} rows"


def _widest(measurements: Iterable[Measured]) -> list[Measured]:
    """Without those of the first rows of a corpus of which more rows were measured: these hold what they say."""
    found: dict[str, Measured] = {}
    for each in measurements:
        whole = each.corpus.partition(_FIRST)[0]
        if whole not in found or each.rows >= found[whole].rows:
            found[whole] = each
    return list(found.values())


def fitness(model: Candidate, manner: WritingManner, measurements: Iterable[Measured]) -> Fitness:
    """Whether this model may write in this manner. Of several corpora each must be within the bounds."""
    if model.said is not None:
        word = "fit" if model.said else "not fit"
        return Fitness(manner, model.said, f"whoever installed it said that it is {word} for drafting")
    mine = (model.model_sha256, adapter_in(manner, model.adapter_sha256), manner)
    known = [each for each in measurements if each.about[:3] == mine]
    current = _widest(each for each in known if each.way == WAY)
    if not current:
        return Fitness(manner, False, _unmeasured(known), can_measure=True)
    bad = [each for each in current if not within_bounds(each)]
    if bad:
        return Fitness(manner, False, "; ".join(f"measured on {each.corpus}: {_faults(each)}" for each in bad))
    sound = [each for each in current if enough(each)]
    if not sound:
        return Fitness(manner, False, "; ".join(_too_little(each) for each in current), can_measure=True)
    return Fitness(manner, True, "; ".join(_well(each) for each in sound))


def best(model: Candidate, manners: Sequence[WritingManner], measurements: Sequence[Measured]) -> Fitness:
    """The first of the manners in which the model is fit; if it is in none, the first of them."""
    asked = [fitness(model, manner, measurements) for manner in manners]
    return next((each for each in asked if each.fit), asked[0])


@dataclass(frozen=True, slots=True)
class Choice:
    """What writes the drafts, in which manner if it is a model, and why. `fit`: what is known of the model bears it out, or the
    settings want no model. `installed`: there is one."""

    drafter: Literal["llm", "quoting"]
    manner: WritingManner
    reason: str
    fit: bool
    can_measure: bool = False
    installed: bool = True


def choose(
    drafter: Literal["auto", "llm", "quoting"],
    manner: Literal["auto", "statement", "section"],
    model: Candidate | None,
    measurements: Sequence[Measured],
) -> Choice:
    """What the settings `drafter` and `[draft] manner` come to with the language model that is installed (None: none is)."""
    if drafter == "quoting":
        return Choice("quoting", "statement", "the settings say so", fit=True)
    if model is None:
        first: WritingManner = "statement" if manner == "auto" else manner
        if drafter == "llm":
            return Choice("llm", first, "the settings say so, but it is not installed", fit=False, installed=False)
        return Choice("quoting", first, "it is not installed", fit=False, installed=False)
    found = best(model, model.manners if manner == "auto" else (manner,), measurements)
    if drafter == "llm" and not found.fit:
        reason = f"the settings say so, although it is not known to be fit: {found.reason}"
        return Choice("llm", found.manner, reason, fit=False, can_measure=found.can_measure)
    return Choice("llm" if found.fit else "quoting", found.manner, found.reason, found.fit, found.can_measure)


def is_sound(untrusted: Measured) -> bool:
    """Whether a measurement can be one at all: shares between 0 and 1, counts that are none below zero."""
    shares = (
        untrusted.high_rate, untrusted.drugs, untrusted.numbers, untrusted.negated, untrusted.quoted, untrusted.high_of_written,
    )  # fmt: skip
    counts = (untrusted.rows, untrusted.statements, untrusted.schema_failures, untrusted.way, untrusted.fewest or 0)
    known = untrusted.manner in get_args(WritingManner)
    return known and all(0 <= share <= 1 for share in shares) and all(count >= 0 for count in counts)


def _standing(measured: Measured) -> tuple[tuple[str, float], ...]:
    return ("drugs", measured.drugs), ("numbers", measured.numbers), ("negated findings", measured.negated)


def _too_bad(measured: Measured) -> Iterator[str]:
    """What is beyond its bound. Written so that a figure that is no number (NaN) is, too."""
    if not measured.high_rate <= MOST_HIGH_RATE:
        yield f"{percent(measured.high_rate, up=True)} of statements with a high finding (at most {percent(MOST_HIGH_RATE)})"
    if not measured.high_of_written <= MOST_HIGH_RATE:
        yield f"{percent(measured.high_of_written, up=True)} of what it wrote itself with a high finding (at most {percent(MOST_HIGH_RATE)})"
    if not measured.quoted <= MOST_QUOTED:
        yield f"{percent(measured.quoted, up=True)} of statements quoted in the end, so that it writes nearly nothing (at most {percent(MOST_QUOTED)})"
    for what, share in _standing(measured):
        if not share >= LEAST_STANDING:
            yield f"{percent(share)} of {what} stand in the source (at least {percent(LEAST_STANDING)})"
    if measured.schema_failures:
        yield f"{measured.schema_failures} replies that could not be read (none)"


def _faults(measured: Measured) -> str:
    return ", ".join(_too_bad(measured))


def _well(measured: Measured) -> str:
    standing = ", ".join(f"{what} {percent(share)}" for what, share in _standing(measured))
    quoted = f", {percent(measured.quoted, up=True)} of them quoted," if measured.quoted else ""
    return (
        f"measured on {measured.corpus}: {percent(measured.high_rate, up=True)} of {measured.statements} statements{quoted} with a high finding "
        f"(at most {percent(MOST_HIGH_RATE)}); in the source stand: {standing} (at least {percent(LEAST_STANDING)})"
    )


def _unmeasured(old: Sequence[Measured]) -> str:
    if old:
        where = ", ".join(each.corpus for each in old)
        return f"measured on {where} with an older way of drafting; measure again: `{REMEMBER}`"
    return f"nobody has measured it in this manner: `{REMEMBER}`"


def _too_little(measured: Measured) -> str:
    few = (
        ""
        if measured.fewest is None
        else f", with {measured.fewest} of the rarest of drugs, numbers and denied findings"
    )
    wanted = "" if measured.fewest is None else f", {LEAST_OF_EACH} of each"
    return (
        f"measured on {measured.corpus}, but on too little: {measured.statements} statements of {measured.rows} texts{few} "
        f"(at least {LEAST_STATEMENTS} of {LEAST_ROWS}{wanted}): `{REMEMBER}`"
    )


def percent(share: float, *, up: bool = False) -> str:
    """A fraction of 1 in words, rounded to what is worse: down, or `up` for faults, so that it stays on its side of a bound."""
    if not math.isfinite(share):
        return "an unknown share"
    hundredths = Decimal(repr(share)) * 10_000  # as written in decimal: 0.07 * 10_000 is a little more than 700
    whole = math.ceil(hundredths) if up else math.floor(hundredths)
    return f"{whole / 100:.2f}".rstrip("0").rstrip(".") + " %"
