"""What is said never to be, and said to be: "takes no medications" beside a dose, "never smoker" beside pack-years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.contradiction.contradiction import (
    FAMILY,
    HYPOTHETICAL,
    Contradiction,
    Sentence,
    contradiction,
    pairs,
)
from daemon.faithfulness.medicines.drugs import find_drugs


@dataclass(frozen=True, slots=True)
class _Topic:
    """`never` and `ever` are two states that exclude each other; a sentence with `aside` is of neither."""

    what: str
    reason: str
    never: re.Pattern[str]
    ever: re.Pattern[str]
    aside: re.Pattern[str]


def _topic(what: str, reason: str, never: str, ever: str, aside: str = r"(?!)") -> _Topic:
    return _Topic(what, reason, *(re.compile(rf"\b(?:{words})\b") for words in (never, ever, aside)))


_TOPICS = (
    _topic(
        "Tobacco",
        "The patient is said never to have smoked, and to smoke or have smoked",
        "never[- ]smoker|never smoked|nonsmoker|non-smoker|has never used tobacco|lifelong non-?smoker|does not smoke|doesn't smoke|never tobacco",
        r"(?:smokes|smoked|smoking)(?: about| half| one| two| three| \d+| a)* packs?|smokes \w+ cigarettes|pack[- ]years?|packs? (?:a|per) day|current smoker|"
        r"former smoker|current every ?day smoker|ex-smoker|quit smoking",
        r"secondhand|second-hand|exposure|quit \w+ ago|until|no pack",
    ),
    _topic(
        "Alcohol",
        "The patient is said to drink no alcohol, and to drink",
        r"(?:no|denies|never drinks|does not drink|doesn't drink|never uses) (?:any )?alcohol(?: use)?|no etoh|does not drink|never drinks|denies drinking|abstinent from alcohol",
        r"drinks (?:about |up to |one |two |three |four |five |six |a |\d+ |several |some )+(?:glass(?:es)?|beers?|drinks?|bottles?|glasses of|shots)|"
        r"(?:beers?|drinks?|glass(?:es)? of wine|alcoholic drinks) (?:a|per|each|every) (?:day|night|week)|drinks (?:wine|beer|alcohol) (?:daily|every|on|socially|occasionally)",
        "water|milk|juice|coffee|formula|soda|used to|quit|sober",
    ),
    _topic(
        "Operations",
        "Operations are said to be none, and one is named",
        r"no (?:prior |previous |past )?(?:surgeries|surgery|surgical history|operations)|(?:denies|never had) (?:any )?(?:prior |previous |past )?(?:surgery|surgeries|operations)|"
        r"surgical history[: ,-]+(?:none|negative)",
        r"(?:had|underwent|status post|s/p)(?: an?| her| his| the| left| right)* (?:appendectomy|cholecystectomy|hysterectomy|c-section|cesarean|tonsillectomy|"
        r"knee replacement|hip replacement|bypass|hernia repair|colectomy|mastectomy|splenectomy|thyroidectomy|laminectomy|surgery)|"
        r"(?:appendectomy|cholecystectomy|hysterectomy|tonsillectomy|hernia repair|mastectomy|thyroidectomy)(?: in| at age)? (?:19|20)?\d\d",
        "recommend|no surgery needed|planned|no need|refer|avoid",
    ),
    _topic(
        "Diabetes",
        "Diabetes is said to be there and not to be",
        r"(?:no|denies|without) (?:a |any )?(?:history of |known |personal history of )?diabetes|(?:is )?not diabetic|does not have diabetes|doesn't have diabetes",
        r"(?:has|with|history of|known) (?:poorly controlled |well controlled |well-controlled |uncontrolled )?(?:type (?:1|2|one|two|i|ii) )?diabetes(?: mellitus)?|is diabetic",
        "insipidus|gestational|prediabetes|screen|complications|retinopathy|risk",
    ),
    _topic(
        "High blood pressure",
        "High blood pressure is said to be there and not to be",
        r"(?:no|denies|without) (?:a |any )?(?:history of |known )?(?:hypertension|high blood pressure)",
        r"(?:has|history of|known) (?:poorly controlled |well controlled |well-controlled |uncontrolled |essential )?(?:hypertension|high blood pressure)",
        "pulmonary|portal|intracranial|white coat|screen",
    ),
)  # fmt: skip
_NO_MEDICATIONS = re.compile(
    r"\b(?:(?:takes?|taking|on) no (?:daily |regular |current |prescription |other )?(?:medications?|medicines?|meds)|no (?:current |daily |regular |home )?(?:medications|medicines|meds)|"
    r"(?:not|isn't|is not|denies) (?:taking|on) any (?:daily |regular |current )?(?:medications?|medicines?|meds)|(?:medications|meds)[: ,-]+none)\b"
)
_NOT_NONE = re.compile(
    r"\b(?:except|other than|besides|apart from|aside from|new|other|changes?|needed|allerg\w*|pain|today|started|prescribed|over-the-counter)\b"
)
_TAKES = re.compile(
    r"\b(?:takes|taking|is on|currently on|medications (?:are|include)|current medications|home medications)\b"
)
_NOT_TAKES = re.compile(
    r"\b(?:no|not|never|denies|stopped|tried|took|was|were|ago|start\w*|will|begin|prescribe\w*|as needed|prn|occasional\w*|plan|allerg\w*|used to|had)\b"
)


def contradicting_habits(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    """Habits, histories and lists that one sentence rules out altogether and another states."""
    own = [one for one in sentences if not FAMILY.search(one.plain) and not HYPOTHETICAL.search(one.plain)]
    for topic in _TOPICS:
        told = [one for one in own if not topic.aside.search(one.plain)]
        never = [one for one in told if topic.never.search(one.plain)]
        ever = [one for one in told if topic.ever.search(topic.never.sub(" ", one.plain)) and one not in never]
        for one, other in pairs(never, ever):
            yield contradiction("habit", topic.what, topic.reason, one, other)
            break
    yield from _no_medications(own)


def _no_medications(sentences: Sequence[Sentence]) -> Iterator[Contradiction]:
    none = [one for one in sentences if _NO_MEDICATIONS.search(one.plain) and not _NOT_NONE.search(one.plain)]
    if not none:
        return
    taken = [one for one in sentences if _TAKES.search(one.plain) and not _NOT_TAKES.search(one.plain)]
    for one, other in pairs(none, [one for one in taken if find_drugs(one.text)]):
        yield contradiction("habit", "Medications", "Medications are said to be none, and one is named", one, other)
        return
