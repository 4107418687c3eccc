"""What the grammar of a statement tells of a denial that was lost or doubled, and conditions that were turned round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from daemon.faithfulness.polarity.polarity import Reading
from daemon.faithfulness.polarity.scope import AFFIRMED, DENIED, KIN
from daemon.faithfulness.polarity.words import Word, stem, words_of
from daemon.faithfulness.texts import Texts

_HAVING = frozenset(
    ["is", "are", "am", "was", "were", "has", "have", "had", "do", "does", "did", "can", "could", "been"]
)
_TELLING = frozenset(["endorses", "endorsed", "reports", "reported", "admits", "notes", "noted", "needs", "need", "want", "wants", "feels", "takes", "uses"])  # fmt: skip
_LICENSING = frozenset(
    [
        "difficulty",
        "trouble",
        "before",
        "too",
        "than",
        "avoid",
        "hard",
        "call",
        "contact",
        "should",
        "prior",
        "event",
        "not",
        "never",
    ]
)
"""Words after which "any" says nothing of a denial: "difficulty lifting any objects", "call with any questions"."""
_LOOK_BACK = 4  # words between "has had" and "any"
_CLAUSE = 8  # words of a clause that are looked through for what licenses
_CONDITION = 14  # words that a condition reaches at most
_MOST_PASSAGES = 5  # that are told to speak against a condition
_SOON = 7  # words between "denies that she" and the second denial
_PRONOUNS = frozenset(["he", "she", "they", "it", "i", "that", "there"])
_NEGATING = frozenset(
    ["not", "no", "without", "fails", "fail", "never", "cannot", "isn't", "doesn't", "don't", "aren't", "n't", "lack"]
)
_BETTER = frozenset([stem("improve"), stem("help"), stem("resolve"), stem("subside")])
_WORSE = frozenset([stem("worse"), stem("persist"), stem("continue"), stem("fail")])


@dataclass(frozen=True, slots=True)
class Condition:
    """ "If it improves": from which word to which, whether it is for the worse, and in which passage."""

    first: int
    last: int
    worse: bool
    passage: str = ""


def lost_denials(reading: Reading) -> Iterator[tuple[int, int]]:
    """The first and last words of what stands only with a denial, and stands without: "has had any", "is longer seeing"."""
    texts = [word.text for word in reading.words]
    for at, text in enumerate(texts):
        if reading.scopes.polarity[at] not in (AFFIRMED, KIN):
            continue
        before, after = texts[max(0, at - _LOOK_BACK) : at], texts[at + 1 : at + 3]
        first = _trace(text, before, after)
        if first is not None and _LICENSING.isdisjoint(texts[max(0, at - _CLAUSE) : at]):
            yield max(0, at - first), min(at + 1, len(texts) - 1)


def _trace(text: str, before: Sequence[str], after: Sequence[str]) -> int | None:
    """How many words before the one read the trace begins; None where it is none."""
    last = before[-1] if before else ""
    follows = after[0] if after else "."
    if text in ("any", "ever", "yet"):
        if follows in ("since", "so", "to", "of") or last in ("in", "at", "for", "with", "than"):
            return None
        near = [back for back, word in enumerate(reversed(before), 1) if word in _HAVING or word in _TELLING]
        return near[0] if near else None
    if text == "longer":
        return 1 if last in _HAVING - {"been"} and follows not in ("than", ".", ",", "in") else None
    if text in ("sure", "certain"):
        return 1 if last in _HAVING and follows in ("if", "whether") else None
    if text == "limited":
        return 1 if last == "but" and follows == "to" else None
    return 0 if text == "anymore" else None


def doubled_denials(reading: Reading) -> Iterator[tuple[int, int]]:
    """The first and last words of a denial of a denial: "denies that he no longer …"."""
    denials = [(first, last) for first, last, kind in reading.scopes.triggers if kind == DENIED]
    texts = [word.text for word in reading.words]
    for (first, last), (begins, ends) in pairwise(denials):
        between = texts[last + 1 : begins]
        if (
            texts[first].startswith("den")
            and len(between) <= _SOON
            and _PRONOUNS.intersection(between)
            and "," not in between
        ):
            yield first, ends


def conditions(words: Sequence[Word], passage: str = "") -> Iterator[Condition]:
    """What is made to depend on getting better or worse."""
    for at, word in enumerate(words):
        if word.text not in ("if", "unless"):
            continue
        denied = word.text == "unless"
        for place in range(at + 1, min(len(words), at + _CONDITION)):
            text = words[place].text
            if text in ".?!;\n" or (text == "," and place > at + 1):
                break
            denied ^= text in _NEGATING or text.endswith("n't")
            if stem(text) in _BETTER or stem(text) in _WORSE:
                yield Condition(at, place, denied == (stem(text) in _BETTER), passage)
                break


def read_conditions(source: Texts) -> list[Condition]:
    """The conditions of all passages. For `Texts.learn`; linear in their length."""
    return [
        one
        for key, text in source.by_id.items()
        if "if" in text or "nless" in text
        for one in conditions(words_of(text), key)
    ]


def turned_conditions(reading: Reading, source: Texts) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    """The conditions of a statement that the source has only the other way round, and in which passages."""
    said = source.learn(read_conditions)
    kinds = {one.worse for one in said}
    passages = tuple(dict.fromkeys(one.passage for one in said[:_MOST_PASSAGES]))
    for one in conditions(reading.words):
        if kinds == {not one.worse}:
            yield one, passages
