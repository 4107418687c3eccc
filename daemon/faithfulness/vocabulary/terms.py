"""The content words of a text, each by one key for all that means the same, and whether the words before it deny it.

"High blood pressure", "HTN" and "hypertension" are one term; so are "smoking" and "smoker", "seventy six" and "76".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.quantity.mention import plain_number
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.vocabulary.spelling import american
from daemon.model.remembered import remembered


class Term(NamedTuple):
    """`keys` are all ways to read it, the plain one first: more than one for a number only."""

    keys: tuple[str, ...]
    denied: bool = False

    @property
    def key(self) -> str:
        """The plain reading."""
        return self.keys[0]


_STEM_LENGTH = 6  # "diabetes" and "diabetic" meet in their beginnings
_LITTLE_WORDS = """a about all also am an and any are as at be because been being but by can could d did do does for from get
    gets getting go goes going gonna got had has have having he her here hers herself him himself his how i if in into is it its itself
    just kind know let like ll m may me mean might mm mmm much must my na now of off oh ok okay on one or our out over really right s she so
    some still t than that the their them then there these they thing think this those to too uh uhm um up us ve very wan want was way we
    well were what when where which while who will with would yeah yes yep you your re"""
_STOP_WORDS = frozenset(_LITTLE_WORDS.split()) - {"right"}
_DENIALS = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "without",
        "denies",
        "denied",
        "denying",
        "deny",
        "neither",
        "nor",
        "nope",
        "negative",
        "absent",
        "non",
        "nobody",
        "n't",
        "cannot",
    ]
)
_SHORT_DENIALS = frozenset(["not", "never", "cannot", "n't", "none"])
"""What these deny stands close behind them; "no", "denies" and "without" may begin a list."""
_SHORT_REACH_WORDS = 8
_DENIAL_ENDS = frozenset(
    ["but", "except", "however", "although", "though", "which", "who", "because", "besides", "other", "aside", "until"]
)
_WORD = re.compile(r"n't|[^\W\d_]+(?:'[^\W\d_]+)*|(?<![.;:?!])[.;:?!]++(?=\s|$)|\n")
_LETTERS_APART = re.compile(r"\b(?:[A-Za-z] ){1,4}[A-Z]\b")
_NUMBERS = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundred|thousand|half|twice|once|first|second|third|fourth|fifth"
)
_MAY_HOLD_NUMBERS = re.compile(rf"\d|\b(?:{_NUMBERS})", re.IGNORECASE)
_NO_FACTS = frozenset({"1"})  # "one" is said of anything


def terms(text: str) -> list[Term]:
    """The terms of `text`: its numbers, then its words in their order. Linear in its length; any text will do."""
    plain = same_characters(text)
    numbers, plain = _numbers(plain) if _MAY_HOLD_NUMBERS.search(plain) else ([], plain)
    return [*numbers, *_words(_LETTERS_APART.sub(_joined, plain).lower())]


def _joined(letters: re.Match[str]) -> str:
    """ "M R I" as speech is written down, in one; not "I had a C"."""
    said = letters.group()
    return said.replace(" ", "") if said.isupper() and said[0] not in "AI" else said


def _numbers(text: str) -> tuple[list[Term], str]:
    """The numbers, and the text with blanks in their places."""
    tokens, found = mentions(text)
    terms_: list[Term] = []
    pieces: list[str] = []
    done = 0
    for mention in found:
        keys = [
            f"#{plain_number(value)}" if isinstance(value, Decimal) else "#" + "/".join(value)
            for value, _ in mention.readings
        ]
        if not mention.counted or not keys or keys[0][1:] in _NO_FACTS:
            continue
        terms_.append(Term(tuple(dict.fromkeys(keys))))
        start, end = tokens[mention.first].start, tokens[mention.number_end - 1].end
        pieces += [text[done:start], " " * (end - start)]
        done = end
    return terms_, "".join([*pieces, text[done:]])


def _words(text: str) -> Iterator[Term]:
    found = list(_WORD.finditer(text))
    words = [plain_word(one.group()) for one in found]
    names, idle = _names(), _idle()
    denial, skip = -1, 0  # where the last denial stands, -1 for none
    for at, word in enumerate(words):
        if at < skip or word in idle:
            continue
        if word in _DENIAL_ENDS or not word[0].isalpha():
            denial = -1
        name, length = _longest(words, at) if word in names else ("", 1)
        skip = at + length
        if name:
            yield Term((name,), _reaches(words, denial, at))
        elif word in _DENIALS:
            denial = at
        elif len(word) > 1 and word not in _STOP_WORDS and word[0].isalpha():
            yield Term((stem(word),), _reaches(words, denial, at))


@lru_cache(maxsize=1)
def _idle() -> frozenset[str]:
    """Words that are no term, deny nothing, end no denial and begin no name: half of what is said."""
    return frozenset(_STOP_WORDS - _DENIALS - _DENIAL_ENDS - _names().keys())


def _reaches(words: list[str], denial: int, at: int) -> bool:
    return denial >= 0 and (words[denial] not in _SHORT_DENIALS or at - denial <= _SHORT_REACH_WORDS)


def _longest(words: list[str], at: int) -> tuple[str, int]:
    """The key of the longest of the names that begin with a word and stand there, and its length; "" and 1 if none does."""
    for rest, key in _begun_by(words[at]):
        length = _fits(words, at + 1, rest)
        if length >= 0:
            return key, 1 + length
    return "", 1


def _fits(words: list[str], at: int, rest: tuple[str, ...]) -> int:
    """How many words from `at` the rest of a name takes; -1 if it does not stand there. "*" takes two at most."""
    begin = at
    for place, part in enumerate(rest):
        if part == "*":
            nearest = (at + skip for skip in range(3) if words[at + skip : at + skip + 1] == [rest[place + 1]])
            at = next(nearest, len(words))
        elif words[at : at + 1] == [part]:
            at += 1
        else:
            return -1
    return at - begin


@remembered(20_000)
def plain_word(word: str) -> str:
    """Without a possessive or a plural ending."""
    if word.endswith(("'m", "'ve", "'ll", "'re", "'d")):
        return "i"
    word = american(word.removesuffix("'s"))
    if word.endswith("n't"):
        return "n't"
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@remembered(20_000)
def stem(word: str) -> str:
    """What the forms of a word have in common, after `plain_word`: "smok" of "smoking", "smoke" and "smoker"."""
    for ending in ("ingly", "edly", "ing", "ed", "ly", "er", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word[:_STEM_LENGTH]


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """By the first word of names what the table says of them, not yet read: a text needs few of ten thousand."""
    content = package_text("term_names.tsv")
    return dict([line.split("\t", 1) for line in content.splitlines()[1:]])


@remembered(4096)
def _begun_by(word: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The rest of each name that begins with a word, and its key, the longest first."""
    cells = _names()[word].split("\t")
    return tuple((tuple(rest.split()), key) for key, rest in zip(cells[::2], cells[1::2], strict=True))


@remembered(20_000)
def parts_of(key: str) -> tuple[str, ...]:
    """The terms that the words of a longer term are by themselves: who has said both has said it, and the other way round."""
    name = key[1:].split() if key[:1] in {"=", "+"} else []
    return tuple(each.key for word in name for each in _words(word)) if len(name) > 1 else ()


def kind_of(term: Term) -> str:
    """What a term is counted as where single ones are too rare: itself for a word, the kind for a number."""
    if not term.key.startswith("#"):
        return term.key
    kind = term.key[1:].partition("/")[0]
    return f"#{kind}" if kind.isalpha() else "#"
