"""One patient with two ages, two birth dates, two names, two sexes, or an organ or a state that cannot be theirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from typing import TypeVar

from daemon.faithfulness.contradiction.contradiction import (
    FAMILY,
    HYPOTHETICAL,
    Contradiction,
    Sentence,
    contradiction,
    pairs,
)
from daemon.faithfulness.quantity.quantities import quantities

_V = TypeVar("_V")
_AGED = r"(?P<age>\d{1,3}|[a-z]+(?:[- ][a-z]+)?)[- ]years?[- ]old"
_WOMAN = re.compile(
    rf"\b(?:{_AGED}[, ]+(?:\w+ ){{0,2}}?(?:woman|female|girl|lady)|sex: ?(?:f|female)|gender: ?(?:f|female)|(?:she|patient) is a (?:\w+ ){{0,2}}(?:woman|female|girl)|mrs\.)(?!\w)"
)
_MAN = re.compile(
    rf"\b(?:{_AGED}[, ]+(?:\w+ ){{0,2}}?(?:man|male|boy|gentleman)|sex: ?(?:m|male)|gender: ?(?:m|male)|(?:he|patient) is a (?:\w+ ){{0,2}}(?:man|male|boy))(?!\w)"
)
_HERS = re.compile(
    r"\b(?:uterus|uterine|cervix|ovary|ovaries|ovarian|vagina|vaginal|hysterectomy|menopaus\w*|menses|menstrual|last menstrual period|pap smear|is pregnant|weeks pregnant)\b"
)
_HIS = re.compile(
    r"\b(?:prostates?|prostatic|testicles?|testicular|scrotum|scrotal|penis|penile|erectile|vasectomy|prostatectomy|psa)\b"
)
_OTHERS = re.compile(
    r"\b(?:transgender|trans|assigned|gender[- ]affirming|transition|nonbinary|intersex|donor|partner|wife|husband|denies|no|not|n/a|exposure)\b"
)
_DOES = (
    r"(?:denies|reports|complains|states|has|had|takes|presents|smokes|lives|drinks|notes|is allergic|was|feels|comes)"
)
_HE = re.compile(rf"^(?:on exam(?:ination)?,? )?he (?:also |then |now )?{_DOES}\b")
_SHE = re.compile(rf"^(?:on exam(?:ination)?,? )?she (?:also |then |now )?{_DOES}\b")
_AGE = re.compile(rf"\b{_AGED}\b|\bage:? (?P<other>\d{{1,3}})\b|\bis (?P<third>\d{{1,3}}) years old\b")
_NOT_AGE = re.compile(
    r"\b(?:at|when|since|at age|died|onset|diagnosed|first|was|until|by age|turned|after age|before|started|began|had|ago|from age|(?:have|has|had) an? [\w-]+(?: \w+)?[- ]years?)\b"
)
_BORN = re.compile(r"\b(?:date of birth|birth ?date|d\.?o\.?b\.?|born(?: on)?)(?: is| was)?[ :,=-]*$")
_WORD = r"[A-Z][\w'’-]+"
_FULL_NAME = rf"(?P<name>{_WORD}(?:,? (?:[A-Z]\.|{_WORD})){{1,3}})"
_NAMED = re.compile(
    rf"(?:(?i:\bpatient(?:'s)? name|\bname of patient|^\W*name|^\W*patient)\s*:|(?i:\bpatient is|\bthis is|"
    rf"\b(?:visit|letter|note|authorization|handout|referral|intake|form|packet) for))\s+{_FULL_NAME}(?=\s*[,.;(]|\s*$|\s+(?i:date|dob|born|age|sex|mrn|is))"
)
_NOT_IN_NAMES = frozenset({"date", "dob", "born", "age", "sex", "mrn", "mr", "mrs", "ms", "dr"})
_PREGNANT = re.compile(
    r"\b(?:is|currently|she's) (?:currently )?(?:\w+ weeks )?pregnant\b|\b(?:weeks|months) pregnant\b|\bintrauterine pregnancy\b|\bweeks gestation\b"
)
_NOT_PREGNANT = re.compile(
    r"\b(?:not pregnant|denies pregnancy|pregnancy test (?:is |was )?negative|negative pregnancy test|postmenopausal|post-menopausal|after menopause|"
    r"(?:had|underwent|status post|s/p) (?:an? |total )*hysterectomy)\b"
)
_ALIKE = 0.7
"""Names that recognition or handwriting may have made of one: "Delgado", "Delgato". By judgement."""


def contradicting_persons(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """What is said of who the patient is: age, birth date, name, sex, pregnancy."""
    own = [one for one in sentences if not FAMILY.search(one.plain)]
    yield from _two("Age", "Two ages are given", [(one, age) for one in own for age in _ages(one)], lambda a, b: a != b)
    yield from _two(
        "Date of birth", "Two dates of birth are given", [(one, day) for one in own for day in _births(one)], _other_day
    )
    yield from _two("Name", "Two names are given", [(one, name) for one in own for name in _names(one)], _other_name)
    yield from _sexes(own)
    pregnant = [
        one
        for one in own
        if _PREGNANT.search(one.plain) and not _NOT_PREGNANT.search(one.plain) and not HYPOTHETICAL.search(one.plain)
    ]
    never = [one for one in own if _NOT_PREGNANT.search(one.plain) and not HYPOTHETICAL.search(one.plain)]
    for one, other in pairs(pregnant, never):
        yield contradiction("person", "Pregnancy", "A pregnancy is stated, and ruled out", one, other)
        return


def _two(
    what: str, reason: str, told: Sequence[tuple[Sentence, _V]], differ: Callable[[_V, _V], bool]
) -> Iterator[Contradiction]:
    first: dict[_V, Sentence] = {}
    for sentence, value in told:
        first.setdefault(value, sentence)
    for one, other in combinations(first, 2):
        if first[one].place != first[other].place and differ(one, other):
            yield contradiction("person", what, reason, first[one], first[other])
            return


def _ages(sentence: Sentence) -> Iterator[int]:
    text = sentence.plain
    if _NOT_AGE.search(text) or re.search(r"\b(?:month|week|day)s?[- ]old\b", text):
        return
    for found in _AGE.finditer(text):
        said = next(group for group in found.groups() if group)
        numbers = [one.value for one in quantities(f"{said} years") if one.unit == "year"]
        if len(numbers) == 1 and not isinstance(numbers[0], tuple) and 0 < numbers[0] < 120:
            yield int(numbers[0])


def _births(sentence: Sentence) -> Iterator[tuple[str, ...]]:
    for one in quantities(sentence.text) if re.search(r"birth|born|d\.?o\.?b", sentence.plain) else ():
        if isinstance(one.value, tuple) and one.value[0] == "date" and _BORN.search(sentence.plain[: one.span[0]]):
            yield one.value


def _other_day(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    years = one[1][-2:], other[1][-2:]
    full = len(one[1]) == len(other[1]) and one[1] != other[1]
    return one[2:] != other[2:] or (all(years) and (years[0] != years[1] or full))


def _names(sentence: Sentence) -> Iterator[tuple[str, ...]]:
    for found in _NAMED.finditer(sentence.text):
        words = [word.strip(".,'’").lower() for word in found["name"].replace(",", " ").split()]
        full = [word for word in words if len(word) > 1 and word not in _NOT_IN_NAMES]
        if len(full) > 1:
            yield tuple(sorted(full))


def _other_name(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a word of the shorter name is like none of the longer one: order, initials and spelling do not matter."""
    short, long = sorted((one, other), key=len)
    return any(max(SequenceMatcher(None, word, each).ratio() for each in long) < _ALIKE for word in short)


def _sexes(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    if any(
        re.search(
            r"\b(?:transgender|trans (?:man|woman|male|female)|nonbinary|intersex|gender[- ]affirming)\b", one.plain
        )
        for one in sentences
    ):
        return
    women, men = ([one for one in sentences if rule.search(one.plain)] for rule in (_WOMAN, _MAN))
    for one, other in pairs(women, men):
        yield contradiction("person", "Sex", "The patient is called a woman and a man", one, other)
        return
    for stated, rule, pronoun, word in ((women, _HIS, _HE, "a woman"), (men, _HERS, _SHE, "a man")):
        for one, other in pairs(
            stated[:1], [one for one in sentences if rule.search(one.plain) and not _OTHERS.search(one.plain)]
        ):
            yield contradiction("person", "Sex", f"The patient is called {word}, and this does not fit", one, other)
            return
        if stated and _alone(sentences):
            for one, other in pairs(stated[:1], [one for one in sentences if pronoun.match(one.plain)]):
                yield contradiction(
                    "person", "He or she", f"The patient is called {word}, and spoken of otherwise", one, other
                )
                return


def _alone(sentences: Sequence[Sentence]) -> bool:
    """Whether nobody but the patient can be meant by "he" or "she"."""
    return not any(
        re.search(r"\b(?:dr|doctor|nurse|surgeon|mr|mrs|ms|specialist|therapist|ologist)\b", one.plain)
        for one in sentences
    )
