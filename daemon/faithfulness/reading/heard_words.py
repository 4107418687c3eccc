"""How far each word of a recording can be trusted: from what recognition says of itself, and from what kind of word it is.

Recognition is sure of words that do not exist ("furos might" for furosemide at 0.99), and unsure of many that are right. What tells more
is whether a word is spelled as one, what stands where a drug would ("trust him 40 mg"), and how sure its neighbours are. The weights
are those of a logistic regression; `scripts/train_heard_words.py` makes them, and docs/reading.md says how well they do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Final

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.misheard_drugs import misheard_drugs
from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.reading.misheard_turning_words import misheard_as
from daemon.faithfulness.reading.teens_and_tens import LEAST_SURE, other_ten
from daemon.faithfulness.vocabulary.plain_words import is_plain_word
from daemon.model.doubtful_words import is_small, is_taken
from daemon.model.passage import Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames

LEAST, MOST = 0.01, 0.995
"""Between these an engine's probability says something."""
_GUESSED = 0.05
"""Below it a word is a guess, whatever its kind and its neighbours say: "no" and "left" at 0.03 among sure words were believed."""
_AT_EDGE = 0.9
"""How sure the neighbour of a first or last word is taken to be, and a drug that a second hearing found: what was heard there at first says
nothing of the words beside it."""
_NEAR = 2
_MOST_SLOT = 2
_EDGES = re.compile(r"^\W+|[^\w%]+$")
_DIGIT = re.compile(r"\d")
_DOSE = re.compile(r"\d[\d.,]*(mg|mcg|g|ml|units?)?")
_ODD_NUMBER = re.compile(r"\d+\.\d*0(?:mg)?|\d+\.\d{3,}|(?!(?:19|20)\d\d)\d{4,}|0\d.*|\d+\.\d+\..*")
"""Numbers as nobody says them: "8.10", "2130"; years are none."""
_PARTS = re.compile(r"\d+(?:-\d+)+(?:-?(?:mg|milligrams?|mcg|micrograms?|ml))?")
_DECIMAL = re.compile(r"\d+\.\d+(?:[ap]m)?")
_ONE_DIGIT = re.compile(r"\d")
_CLOCK: Final = ("am", "pm", "a.m", "p.m")
_TIMES: Final = frozenset({"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "minutes"})
_MOST_TRUSTED = 0.4
"""Of a word which a side or a denial may be misheard as, of two numbers in one, and where a second hearing found it likely that a drug was
said: recognition is sure of all of them."""
_END = re.compile(r"[.,;:?!]$")
_SENTENCE_END = re.compile(r"[.?!]$")
_DOSE_UNITS: Final = frozenset(
    {"mg", "milligrams", "milligram", "mcg", "micrograms", "microgram", "ml", "milliliters", "g", "grams", "gram", "units"}
)  # fmt: skip
_UNITS: Final = _DOSE_UNITS | {
    "percent",
    "%",
    "degrees",
    "kg",
    "kilograms",
    "cm",
    "centimeters",
    "mm",
    "puffs",
    "tablets",
}
_TURNING: Final = frozenset(
    {"no", "not", "denies", "denied", "without", "never", "none", "nor", "isn't", "doesn't", "hasn't", "don't", "didn't", "wasn't",
     "left", "right", "both", "bilateral"}
)  # fmt: skip
"""Words that turn a fact round: short, common, and mostly heard well."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """The words of a passage, and what is asked of them more than once."""

    words: Sequence[Word]
    bare: tuple[str, ...]
    names: frozenset[str]

    def sure(self, at: int) -> float:
        """The log-odds of the engine's probability of a word; of one beside the passage, or heard a second time, those of any good word."""
        inside = 0 <= at < len(self.words) and not is_taken(self.words[at])
        share = min(max(self.words[at].confidence if inside else _AT_EDGE, LEAST), MOST)
        return math.log(share / (1 - share))

    def is_plain(self, at: int) -> bool:
        return self.bare[at] in self.names or is_plain_word(self.bare[at])

    def is_first(self, at: int) -> bool:
        return at == 0 or _SENTENCE_END.search(self.words[at - 1].text) is not None


def weighed(passages: Sequence[Passage], names: SpeechNames | None = None) -> tuple[Passage, ...]:
    """The passages of a recording with each word's confidence (0 to 1) weighed anew; below `doubtful_words.LOW_CONFIDENCE` it is worth a
    second look. What a second hearing took over stays as it is, and what
    it suggests is doubted. `names`: the practice's own, which are words too. A word that a side or a denial may be misheard as has that as its suggestion.
    Texts, and the passages' own confidences, stay as they are."""
    own = frozenset(part.lower() for name in (names.own if names else ()) for part in name.split())
    return tuple(_weighed(one, own) if isinstance(one.anchor, TimeAnchor) else one for one in passages)


def _weighed(passage: Passage, names: frozenset[str]) -> Passage:
    texts, bare = [word.text for word in passage.words], list(map(_bare, passage.words))
    words = tuple(
        word
        if is_taken(word)
        else _doubted(word, 1 - doubt, _meant(passage.words, texts, at), two=_is_two_in_one(bare, at))
        for at, (word, doubt) in enumerate(zip(passage.words, doubts(passage.words, names), strict=True))
    )
    return replace(passage, words=words)


def _meant(words: Sequence[Word], texts: Sequence[str], at: int) -> str:
    """What a word may have been that is easily mistaken for it: a side, a denial, a number."""
    other = other_ten(texts[at].strip(".,;:?!")) if words[at].confidence < LEAST_SURE else ""
    return misheard_as(texts, at) or other


def _doubted(word: Word, sure: float, meant: str, *, two: bool) -> Word:
    """`meant`: what it may have been; `two`: whether it may be two numbers."""
    most = word.confidence if word.confidence < _GUESSED else 1.0
    suggestions = word.suggestions or ((meant,) if meant else ())
    if suggestions or two:
        most = min(most, _MOST_TRUSTED)
    return replace(word, confidence=min(round(sure, 4), most), suggestions=suggestions)


def doubts(words: Sequence[Word], names: frozenset[str] = frozenset()) -> list[float]:
    """For each word of a passage how likely it is a wrong one about a clinical fact, 0 to 1."""
    return [
        1 / (1 + math.exp(-sum(_weights()[name] * sign for name, sign in one.items()))) for one in signs(words, names)
    ]


def signs(words: Sequence[Word], names: frozenset[str] = frozenset()) -> list[Mapping[str, float]]:
    """What is known of each word, by the names of the table of weights."""
    heard = _Heard(words, tuple(map(_bare, words)), names)
    slots, misheard = _slots(heard), _misheard(words)
    return [_signs(heard, at, slots[at], misheard[at]) for at in range(len(words))]


def _signs(heard: _Heard, at: int, slot: bool, misheard: bool) -> dict[str, float]:
    bare, sure = heard.bare[at], heard.sure(at)
    plain, number, drug = heard.is_plain(at), _DIGIT.search(bare) is not None, bare in drug_names()
    found = {
        "always": True,
        "no-word": not plain,
        "small": is_small(heard.words[at].text),
        "number": number,
        "odd-number": _is_odd(heard.bare, at),
        "unit": bare in _UNITS,
        "turning": bare in _TURNING,
        "drug-place": slot and not drug,
        "drug-place-no-word": slot and not plain,
        "name-like": heard.words[at].text[:1].isupper() and not heard.is_first(at) and not number,
        "first": heard.is_first(at),
        "before-number": not drug and any(map(_DIGIT.search, heard.bare[at + 1 : at + 1 + _NEAR])),
        "like-drug": misheard,
    }
    measured = {
        "sure": sure,
        "sure-before": heard.sure(at - 1),
        "sure-after": heard.sure(at + 1),
        "sure-no-word": sure * (not plain),
        "sure-number": sure * number,
    }
    return {name: float(value) for name, value in (*found.items(), *measured.items())}


def _is_odd(bare: Sequence[str], at: int) -> bool:
    """Whether a word is a number as nobody says it."""
    return _ODD_NUMBER.fullmatch(bare[at]) is not None or _is_two_in_one(bare, at)


def _is_two_in_one(bare: Sequence[str], at: int) -> bool:
    """Two numbers that were heard as one, or one as two: "it was 1.7, six months ago" became "1.76 months ago", "8 of 10" became "8.1 pm",
    seventy-eight "7 8", "apixaban 5 milligrams" became "a big 7-5 milligrams"."""
    before, word, after = bare[at - 1] if at else "", bare[at], bare[at + 1] if at + 1 < len(bare) else ""
    if _PARTS.fullmatch(word):
        return after in _DOSE_UNITS or word[-1].isalpha()
    if _DECIMAL.fullmatch(word):
        return (word[-3] == "." and after in _TIMES) or after in _CLOCK or word.endswith(_CLOCK)
    return _ONE_DIGIT.fullmatch(word) is not None and any(map(_ONE_DIGIT.fullmatch, (before, after)))


def _slots(heard: _Heard) -> list[bool]:
    """Which words stand before a dose, where a drug would, without one among them: "trust him 40 mg"."""
    slots = [False] * len(heard.words)
    for at, bare in enumerate(heard.bare):
        dose = _DOSE.fullmatch(bare)
        if not dose or not (dose[1] or (heard.bare[at + 1 : at + 2] and heard.bare[at + 1] in _DOSE_UNITS)):
            continue
        run: list[int] = []
        for before in range(at - 1, max(at - 4, -1), -1):
            if _END.search(heard.words[before].text):
                break
            run.append(before)
        if not any(heard.bare[one] in drug_names() for one in run):
            for one in run[:_MOST_SLOT]:
                slots[one] = True
    return slots


def _misheard(words: Sequence[Word]) -> list[bool]:
    """Which words sound like a drug beside a dose or a word of taking."""
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    spans = [one.span for one in misheard_drugs(" ".join(word.text for word in words))]
    return [any(start < starts[at + 1] - 1 and starts[at] < end for start, end in spans) for at in range(len(words))]


@cache
def _weights() -> Mapping[str, float]:
    lines = package_text("heard_word_weights.tsv").splitlines()
    return {name: float(weight) for name, weight in (line.split("\t") for line in lines if not line.startswith("#"))}


def _bare(word: Word) -> str:
    return _EDGES.sub("", word.text).lower().replace("’", "'")
