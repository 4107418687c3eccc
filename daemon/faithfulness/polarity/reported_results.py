"""What a text reports of a test by a word: "the COVID test came back positive", "normal EKG", "nitrites and leukocytes negative"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from daemon.faithfulness.persons.people import RELATIVES
from daemon.faithfulness.persons.sides import body_parts
from daemon.faithfulness.polarity.result_words import (
    DENIES,
    DIETS,
    FINE,
    HEADS,
    HINTS,
    JOINS,
    LINKS,
    NO_RESULT,
    NO_TEST,
    ORDINARY,
    PARTS,
    RAISED,
    SIGNS,
    UNSURE,
    VALUES,
    VERBS,
)
from daemon.faithfulness.quantity.little_words import LITTLE_WORDS
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.vocabulary.concepts import lines_of, stem

_TOKEN = re.compile(r"(?<![\w+-])[+-]ve\b|[^\W_]+(?:['-][^\W_]+)*|[:,]")
_SENTENCE = re.compile(r"(?:[^.;!?\n]|\.(?=\w))+")
_MOST_BETWEEN = 6
_REGION = 4
"""How many words lie at most between a test and its result, and between a picture and the part of the body. By judgement."""


class Token(NamedTuple):
    """A word or mark in lower case and where it stands."""

    text: str
    start: int
    end: int


class Test(NamedTuple):
    """A test that is named: tokens `first` up to `end`."""

    name: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Report:
    """The result of a `test`: `value` is "raised", "lowered" or "fine"; `start` to `end` are the words for it.

    `places` are the sides and parts of the body named with it.
    """

    test: str
    value: str
    start: int
    end: int
    places: frozenset[str] = frozenset()


def reports(text: str, before: str = "") -> Iterator[Report]:
    """The results that `text` reports for sure, of no relative. Linear in its length.

    `before` is what was said right before: "It was negative" is the result of the only test that its last sentence names.
    """
    plain = same_characters(text)
    lower = plain.lower()
    if not any(word in lower for word in HINTS):
        return
    yield from _groups(plain)
    if _PRONOUN.match(plain):
        plain_before = same_characters(before[-_LAST:])
        asked = [found.group().lower() for found in _TOKEN.finditer(plain_before)]
        yield from _of_pronoun(plain, asked)
    for found in _SENTENCE.finditer(plain):
        piece = found.group().lower()
        if (
            plain[found.end() : found.end() + 1] != "?"
            and any(word in piece for word in HINTS)
            and ORDINARY.search(piece)
        ):
            tokens = [Token(one.group().lower(), *one.span()) for one in _TOKEN.finditer(plain, *found.span())]
            for start in range(0, len(tokens), _LONGEST):
                yield from _in_sentence(tokens[start : start + _LONGEST])


_GROUP = re.compile(
    r"\b(?:AB|A(?<!^A)(?<![.!?] A)|B|O)[ -]?(?P<value>[Pp]ositive|[Nn]egative|[Pp]os|[Nn]eg|POS|NEG)\b"
    r"|\b(?:A|B|AB|O) (?P<first>positive|negative|pos|neg)(?= blood)"
)

_SPOKEN_GROUP = re.compile(
    r"\bblood (?:group|type)(?: is| was|:|,)* (?:ab|a|b|o)[ -]?(?P<value>positive|negative|pos|neg)\b|\bo (?P<bare>positive|negative)\b",
    re.IGNORECASE,
)


def _groups(text: str) -> Iterator[Report]:
    """Blood groups; a small "a" is an article unless a blood group is spoken of."""
    for found in (*_GROUP.finditer(text), *_SPOKEN_GROUP.finditer(text)):
        name = next(name for name, value in found.groupdict().items() if value)
        yield Report("Rh", VALUES[found[name].lower()], *found.span(name))


_LAST, _LONGEST = 160, 200
"""How many characters before an answer are read, and how many words of a sentence at once: nobody ties a result to a test farther off."""
_PRONOUN = re.compile(
    r"\W*(?:(?:yeah|yes|no|so|well|um|uh|and|oh|okay|yep|nope)\W+){0,3}(?:it|that|they|those|this)(?:'s|\W+(?:is|was|came back|were|are|have come back|has come back))\W+"
    r"(?:(?:all|both|also|actually|just|completely|quite|a little|slightly|not|back|come back) )*(?P<value>[+\w-]+)",
    re.IGNORECASE,
)


def _of_pronoun(text: str, asked: Sequence[str]) -> Iterator[Report]:
    """The result that an answer begins with, of the only test of the sentence before it."""
    tests, answer = {test.name for test in _tests(asked)}, _PRONOUN.match(text)
    if len(tests) != 1 or answer is None or any(word in RELATIVES for word in asked):
        return
    words = [Token(found.group().lower(), *found.span()) for found in _TOKEN.finditer(text, 0, answer.end())]
    spoken = [one.text for one in words]
    if words and _is_value(spoken, len(words) - 1):
        value, start, end = _value(spoken, len(words) - 1, words)
        yield Report(tests.pop(), value, start, end)


def _in_sentence(tokens: Sequence[Token]) -> Iterator[Report]:
    words = [one.text for one in tokens]
    at = [place for place, word in enumerate(words) if _is_value(words, place)]
    if not at or any(word in RELATIVES for word in words):
        return
    found = _tests(words)
    for index, place in enumerate(at):
        since = at[index - 1] + 1 if index else 0
        until = at[index + 1] if index + 1 < len(at) else len(words)
        if UNSURE & set(words[max(0, place - 2 * _MOST_BETWEEN) : place]):
            continue
        named = _of_value(words, found, place, since, until)
        value, start, end = _value(words, place, tokens)
        for test in named:
            yield Report(test.name, value, start, end, _places(words, test, place))


def _is_value(words: Sequence[str], at: int) -> bool:
    after = words[at + 1] if at + 1 < len(words) else ""
    if words[at] == "limits":
        return at > 1 and words[at - 1] == "normal" and words[at - 2] == "within"
    return words[at] in VALUES and after not in NO_RESULT and after != "limits"


def _value(words: Sequence[str], at: int, tokens: Sequence[Token]) -> tuple[str, int, int]:
    """Which way the result came out, and where it says so: "not detected" is one."""
    value = VALUES.get(words[at], FINE)
    before = [place for place in range(max(0, at - 3), at) if words[place] in DENIES or words[place].endswith("n't")]
    before = [place for place in before if set(words[place + 1 : at]) <= LINKS]
    if not before:
        first = at - 2 if words[at] == "limits" else at
        return value, tokens[first].start, tokens[at].end
    first = before[0] if words[before[0]] in {"not", "never"} else at
    return (FINE if value != FINE else RAISED), tokens[first].start, tokens[at].end


def _of_value(words: Sequence[str], found: Sequence[Test], at: int, since: int, until: int) -> Sequence[Test]:
    """The tests whose result the word at `at` is."""
    if words[at + 1 : at + 2] == ["for"]:
        return _listed(words, [one for one in found if at + 1 < one.first < until], at + 2)
    before = [one for one in found if since <= one.first and one.end <= at]
    if before and _linked(words[before[-1].end : at]):
        return _together(words, before)
    behind = [one for one in found if one.first == at + 1 and words[at] not in DIETS]
    if behind:
        return behind
    named = _unlisted(words, at, since)
    return [named] if named and not before else ()


def _linked(between: Sequence[str]) -> bool:
    """Whether nothing else comes between a test and its result, or only what tells which test it is: "that they drew today was"."""
    if len(between) > _MOST_BETWEEN:
        return False
    verb = max((place for place, word in enumerate(between) if word in VERBS), default=-1)
    tail = between[verb + 1 :]
    free = verb > 0 and not PARTS & set(between[:verb])
    return all(_is_between(word) or word in HEADS for word in (tail if free else between))


def _together(words: Sequence[str], before: Sequence[Test]) -> list[Test]:
    """The last test before a result, and those that are listed with it."""
    kept = [before[-1]]
    for one in reversed(before[:-1]):
        if not set(words[one.end : kept[-1].first]) <= JOINS:
            break
        kept.append(one)
    return kept


def _listed(words: Sequence[str], behind: Sequence[Test], at: int) -> list[Test]:
    """The tests of a list that begins at `at`."""
    kept: list[Test] = []
    for one in behind:
        if not set(words[at : one.first]) <= JOINS:
            break
        kept.append(one)
        at = one.end
    return kept


def _unlisted(words: Sequence[str], at: int, since: int) -> Test | None:
    """A test that no list names: the word before "test" or "screen", or right before "positive"."""
    if words[at] not in SIGNS:
        return None
    place = at - 1
    while place >= since and at - place < _MOST_BETWEEN and _is_between(words[place]):
        place -= 1
    head = place if place >= since and words[place] in HEADS else -1
    named = place - 1 if head >= 0 else place
    if (
        named < since
        or words[named] in NO_TEST
        or words[named] in LITTLE_WORDS
        or words[named] in LINKS
        or not words[named][0].isalnum()
    ):
        return None
    return Test(f"?{stem(words[named])}", named, at) if len(words[named]) > 1 else None


def _is_between(word: str) -> bool:
    return (
        (word in LINKS and word not in HEADS)
        or word in DENIES
        or word.endswith("n't")
        or word in {":", ",", "normal", "left", "right"}
        or word.isdecimal()
        or word in body_parts()
    )


def _places(words: Sequence[str], test: Test, at: int) -> frozenset[str]:
    near = words[max(0, test.first - _REGION) : max(test.end, at) + _REGION + 1]
    sides = {word for word in near if word in {"left", "right"}}
    return frozenset(sides | {body_parts()[word][0] for word in near if word in body_parts()})


def _tests(words: Sequence[str]) -> list[Test]:
    known, found, at = _names(), [], 0
    stems = [stem(word) for word in words]
    while at < len(words):
        best = max(
            (
                (len(rest), name)
                for rest, name in known.get(stems[at], ())
                if tuple(stems[at + 1 : at + 1 + len(rest)]) == rest
            ),
            default=None,
        )
        if best is None:
            at += 1
            continue
        found.append(Test(best[1], at, at + 1 + best[0]))
        at += 1 + best[0]
    return found


@lru_cache(maxsize=1)
def _names() -> Mapping[str, list[tuple[tuple[str, ...], str]]]:
    """First stem of a name → the stems after it, and the test."""
    names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for line in lines_of("result_tests.txt"):
        forms = [form.strip() for form in line.lstrip("~^ ").split(" | ")]
        for form in forms:
            first, *rest = (stem(found.group().lower()) for found in _TOKEN.finditer(form) if found.group() != ".")
            names.setdefault(first, []).append((tuple(rest), forms[0]))
    return names


@lru_cache(maxsize=1)
def marks() -> Mapping[str, str]:
    """Test → the mark it has in the list, or "": "~" where low is as good as normal, "^" where the part of the body tells two apart."""
    rows = [(line.lstrip("~^ ").split(" | ")[0], line) for line in lines_of("result_tests.txt")]
    return {name: line[0] if line[0] in "~^" else "" for name, line in rows}
