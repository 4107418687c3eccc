"""Whether a source says a number of a statement, with its unit, of the thing that the statement says it of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from daemon.faithfulness.medicines.drug_doses import DOSE_UNITS, bond, is_same
from daemon.faithfulness.quantity.lexicon import ROMAN_LEADS
from daemon.faithfulness.quantity.measures import FAMILY, measure_before
from daemon.faithfulness.quantity.mention import Mention, plain_number, word_at
from daemon.faithfulness.quantity.plausible_units import is_implausible
from daemon.faithfulness.quantity.sayings import VAGUE, Saying, drugs_said, noun_after, words_before
from daemon.faithfulness.quantity.spans_of_time import direction
from daemon.faithfulness.quantity.stated import Stated
from daemon.faithfulness.quantity.units import UNITS, compatible, dimension, in_base_unit
from daemon.faithfulness.reading.tokens import Token
from daemon.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Doubt:
    """How much speaks against a number, and the passages that do."""

    severity: Severity
    against: tuple[str, ...] = ()


_COMMON = Decimal(20)
"""Whole numbers below this are said of so many things that they say little by themselves."""
_TIMES = frozenset({"second", "minute", "hour", "day", "night", "week", "month", "year"})


def number_doubt(mention: Mention, stated: Stated) -> Doubt | None:
    """What speaks against a number (no pair, date or name); None where the source says it so."""
    assert isinstance(mention.value, Decimal)
    parts = stated.said.sayings(("part", plain_number(mention.value))) if mention.unit in {None, "mmhg"} else []
    everywhere = [*stated.said.sayings(mention.value), *parts]
    measure = measure_before(stated.tokens, mention.first)
    allowed = stated.within(everywhere)
    sayings = [one for one in allowed if _of_measure(one, measure, stated)]
    if allowed and not sayings:
        return Doubt("medium", stated.ids(allowed))
    if mention.unit is None:
        return _bare_doubt(mention, stated, sayings)
    same = [one for one in sayings if one.unit is not None and compatible(mention.unit, one.unit)]
    if base := in_base_unit(mention.value, mention.unit):
        same += stated.within(stated.said.bases.get(base, []))
    if same:
        return _time_doubt(mention, stated, same) or _bound_doubt(mention, stated, same)
    free = [one for one in sayings if one.unit is None and _is_free(one, mention, stated)]
    if free and _may_lack_unit(mention, stated, free) and not _is_other_unit(mention, stated, sayings):
        if is_implausible(mention.unit, stated.tokens, mention, stated.drug_of(mention)):
            return Doubt("medium", stated.ids(free))
        return _other_strength(mention, stated, free) or _bound_doubt(mention, stated, free)
    return _unsaid(mention, stated, sayings)


def _is_other_unit(mention: Mention, stated: Stated, sayings: Sequence[Saying]) -> bool:
    """Whether the number was said of the same thing in another unit of the same kind: miles, not feet."""
    kind = dimension(mention.unit)
    return kind is not None and any(
        one.unit is not None and dimension(one.unit) == kind and stated.fits(one) for one in sayings
    )


def _of_measure(saying: Saying, measure: str | None, stated: Stated) -> bool:
    """Not so a pulse of 88 where 88 is the lower blood pressure."""
    if measure is None:
        return True
    theirs = measure_before(stated.said.passages[saying.place].tokens, saying.mention.first)
    if theirs is None:
        return saying.unit is not None or stated.fits(saying) or _is_spoken_of(measure, saying, stated)
    return theirs == measure or any({theirs, measure} <= alike for alike in _ALIKE)


def _is_spoken_of(measure: str, saying: Saying, stated: Stated) -> bool:
    """Whether a passage just before names the measure: "your sugars?" "it's one sixty to one ninety"."""
    before = stated.said.passages[max(0, saying.place - _SPOKEN_BEFORE) : saying.place]
    return any(FAMILY.get(token.text) == measure for one in before for token in one.tokens[-_QUESTION:])


_SPOKEN_BEFORE = 5
_ALIKE = ({"hemoglobin", "A1c"}, {"cholesterol", "HDL", "LDL", "triglycerides"})


def _time_doubt(mention: Mention, stated: Stated, same: Sequence[Saying]) -> Doubt | None:
    """A span of time that was said only of what has been, where the statement speaks of what is to come, or the other way."""
    if (mention.unit or "") not in _TIMES:
        return None
    ours = direction(stated.tokens, mention)
    theirs = {direction(stated.said.passages[one.place].tokens, one.mention) for one in same}
    if (ours is None or ours in theirs or None in theirs) and any(
        stated.fits(one)
        or (ours is not None and direction(stated.said.passages[one.place].tokens, one.mention) == ours)
        for one in same
    ):
        return None
    return Doubt("medium", stated.ids(same))


def _unsaid(mention: Mention, stated: Stated, sayings: Sequence[Saying]) -> Doubt:
    """The number stands nowhere, or always of something else."""
    if _is_vague(mention, stated):
        return Doubt("low")
    return Doubt("high", stated.ids(one for one in sayings if one.unit is not None and stated.fits(one)))


def _bare_doubt(mention: Mention, stated: Stated, sayings: Sequence[Saying]) -> Doubt | None:
    if not sayings:
        return Doubt("low" if _is_vague(mention, stated) else "high")
    assert isinstance(mention.value, Decimal)
    rare = mention.value >= _COMMON or mention.value != mention.value.to_integral_value()
    if any(_same_thing(one, mention, stated, rare=rare) for one in sayings):
        return None
    return Doubt("medium", stated.ids(one for one in sayings if stated.fits(one)))


def _same_thing(saying: Saying, mention: Mention, stated: Stated, *, rare: bool) -> bool:
    """Whether the number counts, or is measured of, the same thing in both."""
    tokens = stated.said.passages[saying.place].tokens
    ours, theirs = noun_after(stated.tokens, mention.end), noun_after(tokens, saying.mention.end)
    if rare:
        return (saying.unit is None or not ours) and (saying.unit not in _TIMES or stated.fits(saying))
    if word_at(stated.tokens, mention.end) == "+":
        return bool({"+", "plus"} & {word_at(tokens, saying.mention.end), word_at(tokens, saying.mention.end + 2)})
    if saying.unit is not None and saying.unit.split("/")[0] in _TIMES | DOSE_UNITS:
        return False
    if (ours and ours == theirs) or _is_same_measure(saying, mention, stated):
        return True
    leads = _LEADS & set(words_before(stated.tokens, mention.first))
    if leads & set(words_before(tokens, saying.mention.first)):
        return True
    if leads & set(words_before(stated.tokens, mention.first, 2)):
        return False
    return _counts_the_same(ours, theirs, saying, stated)


def _is_same_measure(saying: Saying, mention: Mention, stated: Stated) -> bool:
    measure = measure_before(stated.tokens, mention.first)
    tokens = stated.said.passages[saying.place].tokens
    return measure is not None and measure == measure_before(tokens, saying.mention.first)


def _counts_the_same(ours: str, theirs: str, saying: Saying, stated: Stated) -> bool:
    """Of the nouns after the two numbers: none in the source, and ours near it, or none of another kind."""
    if ours:
        near = stated.said.stems_near(saying)
        return not theirs and (
            ours in near or (_is_a_day(saying, stated) and bool(_DONE_WITH.get(ours, frozenset()) & near))
        )
    return (not theirs or theirs in stated.stems) and saying.mention.counted and stated.fits(saying)


def _is_a_day(saying: Saying, stated: Stated) -> bool:
    tokens, end = stated.said.passages[saying.place].tokens, saying.mention.end
    return saying.unit is None and word_at(tokens, end) in {"a", "per"} and word_at(tokens, end + 1) == "day"


_DONE_WITH = {"cigar": frozenset({"smoke", "smoki"})}
"""What tells what "ten a day" are ten of."""
_LEADS = ROMAN_LEADS - {"level"} | {"number", "gravida", "para", "g", "p"}


def _bound_doubt(mention: Mention, stated: Stated, sayings: Sequence[Saying]) -> Doubt | None:
    """The number is said with its unit; whether of the same drug."""
    drug = stated.drug_of(mention) if (mention.unit or "") in DOSE_UNITS else None
    if drug is None:
        return None
    drugs = stated.source.learn(drugs_said)
    if not any(is_same(one.generic, drug) for each in drugs for one in each):
        return None
    bonds = [bond(stated.said, drugs, one, drug) for one in sayings]
    if "same" in bonds or "none" in bonds:
        return None
    return Doubt("high" if "far" not in bonds else "medium", stated.ids(sayings))


def _other_strength(mention: Mention, stated: Stated, free: Sequence[Saying]) -> Doubt | None:
    """A number said by itself, and not with the drug, is not its dose where the source gives the drug another one."""
    drug = stated.drug_of(mention) if (mention.unit or "") in DOSE_UNITS else None
    if drug is None:
        return None
    drugs = stated.source.learn(drugs_said)
    if any(bond(stated.said, drugs, one, drug) == "same" for one in free):
        return None
    strengths = [
        saying
        for place, named in enumerate(drugs)
        if any(is_same(one.generic, drug) for one in named)
        for found in stated.said.passages[place].found
        for saying in [Saying(found.unit, place, found)]
        if found.unit in DOSE_UNITS and bond(stated.said, drugs, saying, drug) == "same"
    ]
    return Doubt("high", stated.ids(strengths)) if strengths else None


def _is_free(saying: Saying, mention: Mention, stated: Stated) -> bool:
    """Whether a number said without a unit may be meant in the statement's unit: not "this one", "two kids", "type two"."""
    if not saying.mention.counted or (isinstance(saying.mention.value, tuple) and saying.mention.value[0] != "pair"):
        return False
    tokens = stated.said.passages[saying.place].tokens
    if measure_before(tokens, saying.mention.first) not in {None, "pain"}:
        return measure_before(stated.tokens, mention.first) is not None
    noun = noun_after(tokens, saying.mention.end)
    if noun and noun not in stated.stems:
        return False
    return not ROMAN_LEADS & set(words_before(tokens, saying.mention.first, 1))


def _may_lack_unit(mention: Mention, stated: Stated, free: Sequence[Saying]) -> bool:
    """Whether people leave this unit out: hardly that of a time, but "he's forty five", and "how many weeks?" "two"."""
    unit = (mention.unit or "").split("/")[0]
    assert isinstance(mention.value, Decimal)
    if unit in _TIMES:
        if unit == "year" and (mention.value >= _COMMON or any(_is_age(one, stated) for one in free)):
            return True
        return any(_asks_for(unit, one, stated) for one in free)
    return mention.value >= _COMMON or any(stated.fits(one) or _is_same_measure(one, mention, stated) for one in free)


def _is_age(saying: Saying, stated: Stated) -> bool:
    """ "I was fourteen", "when she turned nine"."""
    tokens = stated.said.passages[saying.place].tokens
    return bool(_AGES & set(words_before(tokens, saying.mention.first, 2)))


_AGES = frozenset({"was", "is", "am", "i'm", "he's", "she's", "age", "aged", "turned", "turning", "at"})


def _asks_for(unit: str, saying: Saying, stated: Stated) -> bool:
    """Whether the unit stands right beside the number, or in the question that a few words with the number answer."""
    tokens, mention = stated.said.passages[saying.place].tokens, saying.mention
    beside = tokens[max(0, mention.first - _BESIDE) : mention.end + _BESIDE]
    if len(tokens) <= _BESIDE and saying.place:
        beside = [*beside, *stated.said.passages[saying.place - 1].tokens[-_QUESTION:]]
    return any(token.text == unit + "s" for token in beside)


_BESIDE, _QUESTION = 6, 60


def _is_vague(mention: Mention, stated: Stated) -> bool:
    """Whether the source says "a couple of" or "a few" where the statement says how many."""
    assert isinstance(mention.value, Decimal)
    passages = stated.said.passages
    places = range(len(passages)) if stated.anywhere else stated.near_cited
    thing = noun_after(stated.tokens, mention.end)
    return any(
        _is_vague_at(passages[place].tokens, at, mention, thing)
        for place in places
        if 0 <= place < len(passages)
        for at in passages[place].vague
    )


def _is_vague_at(tokens: list[Token], at: int, mention: Mention, thing: str) -> bool:
    assert isinstance(mention.value, Decimal)
    low, high = VAGUE[tokens[at].text]
    words = {token.text for token in tokens[at + 1 : at + _VAGUE_REACH]}
    same = (
        any(UNITS.get(word) == mention.unit for word in words)
        if mention.unit
        else bool(thing and any(word.startswith(thing) for word in words))
    )
    return low <= mention.value <= high and same


_VAGUE_REACH = 5
"""Words: "a couple of more days"."""
