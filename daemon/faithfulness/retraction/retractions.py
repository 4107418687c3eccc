"""What somebody said and then took back: "no, make that 20", "scratch that", "actually, let's hold off on the MRI"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from daemon.faithfulness.late import late
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.retraction.items import Item, items
from daemon.faithfulness.texts import Texts

_EDGE = r"(?=\s*(?:[,.;:!-]|$|no\b|and\b|make\b|start\b|let\b|let's\b|we\b|we'll\b|i'll\b|it\b|it's\b|the\b|that\b|use\b|do\b|order\b|give\b|put\b|she\b|he\b|\d))"
_OF_INSULIN = (
    r"(?: (?:factor|insulin|scale|sliding|dos(?:e|es|ing)|bolus|ratio|coverage|formula|lens(?:es)?|glasses)\b|[ ,:-]*(?:[a-z]+ ){0,2}(?:\d[\d.]*|[a-z]+) ?(?:units?|u)\b"
    r"[^.;!?]{0,20}\b(?:per|each|every|above|greater than) (?:\d+|[a-z]+ty)\b(?! ?(?:h|hours?|hrs?|days?|minutes?|weeks?)\b))"
)
""""correction 2 units for every 50 above 150", "correction lenses": nothing is taken back."""
_SCRATCH = late(
    r"(?<!can )(?<!could )(?<!always )(?<!to )(?<!not )(?<!n't )(?<!would )(?<!the )(?<!cat )"
    rf"\b(?:(?:scratch|strike|delete|disregard|ignore|erase|omit|cancel|forget|belay) (?:that|it|this|what i (?:just )?said|the last (?:sentence|line|part|one|bit|statement|order)|"
    r"that last (?:sentence|line|part|one|bit|statement)|the previous (?:sentence|line|statement))"
    rf"{_EDGE}|(?:i )?take that back|let me (?:rephrase|restate|correct (?:that|myself)|start over|start again|back up|redo that|say that again)|"
    r"(?:i )?misspoke|on second thoughts?|i changed my mind)\b[ ,.:;-]*"
    r"|(?:^|(?<=[.,;!?] )|(?<=[.,;!?]))(?:no,? |actually,? |oh,? |well,? |and )?never ?mind(?=\s*(?:[,.;!]|$|that\b[ ,.]))(?: that)?[ ,.;!]*"
    rf"|(?:^|(?<=[.,;!?-] )|(?<=[.,;!?-])|(?:(?<=\dmg )|(?<= mg )|(?<=mcg )|(?<=milligrams )|(?<=micrograms ))(?=correction \d[\d.,]* ?m))correction\b(?! (?:of|to|in|with|for|was|is|using)\b)(?!{_OF_INSULIN})[ ,.:;-]*",
    re.IGNORECASE,
)
"""Takes back the sentence before, whatever it says."""
_INSTEAD = late(
    r"(?P<plain>\b(?:hang|hold) on[ ,.]+(?:no[ ,]+)?(?:(?:we|i|they)(?:['’]ve| have)? changed (?:that|it)|(?=it's|that's))(?:[ ,.]+(?:it|that)['’]s(?: now)?)?|\b(?:(?:no|sorry|wait|oops|actually|or)[ ,.]+){0,3}(?:make (?:that|it)|change (?:that|it) to|(?:that|it|this) should (?:say|read)|should have said|i meant(?: to say)?|"
    r"or rather|oops|i'm sorry(?! to| about| for| you| that| if)|i am sorry(?! to| about| for| you| that| if)|pardon me|my mistake|my apologies|wait,? no|no,? wait|no,? hang on(?:,? we've changed that)?|hang on,? no|(?:we've|we have|i've) changed that(?: to)?|actually,? no|actually,? it's|actually,? that's))\b[ ,.:;-]*"
    r"|(?P<mean>\b(?:i mean|excuse me))\b[ ,.:;-]*"
    r"|(?P<start>(?:^|(?<=[.;] ))(?:no,? )?(?:oh,? )?(?:rather|sorry|apologies|wait|no wait|that should be))[ ,]+(?:no[ ,]+)?(?:it's |that's )?"
    r"|(?P<bare>(?<=[,-] )(?:no(?= ?,| \d)|sorry|rather|wait|actually))[ ,]+|(?P<spoken>(?<= )(?:no wait|sorry))[ ,]+",
    re.IGNORECASE,
)
"""Replaces one thing of a kind by another of the same kind; `bare` only next to both."""
_TURN = r"(?:actually|on second thoughts?|you know what|never ?mind|wait|no|changed my mind|hmm|instead|scratch that|well|thinking about it|come to think of it|but)"
_HOLD = late(
    rf"\b(?P<turn>{_TURN})\b[ ,.]+(?:(?:yeah|um|uh|no|well|wait|actually|you know what|i think|maybe|then|so|okay)[ ,.]+){{0,3}}"
    r"(?:let's|let us|we'll|i'll|we will|i will|we should|i think we should|we can|i'd|i would|we|i|you)(?: just| rather| probably)? "
    r"(?:hold off on|hold off|hold|not do|not start|not order|not get|not use|not give|not schedule|not|skip|wait on|wait with|cancel|forget about|forget|leave off|leave out|"
    r"do(?: not|n't| n't) (?:think (?:you|we|she|he) )?need|do(?: not|n't| n't) have to do|do(?: not|n't| n't) want to do|drop|put off|postpone|defer)\b(?P<object>[^.;!?]{0,80})",
    re.IGNORECASE,
)
"""Puts off or drops what was planned; only with a turn of speech before it."""
_IN_PLACE = late(
    r"\binstead of (?P<object>[^.,;!?]{1,60}?),? (?:we'll|i'll|we will|i will|let's|we're going to|i'm going to|i am going to|we are going to|we're gon na|i'm gon na)\b"
    r"(?P<new>[^.;!?]{1,120})",
    re.IGNORECASE,
)
_PLANNED = late(
    r"\b(?:will|we'll|i'll|order|start|get|schedule|refer|let's|try|like|write|prescribe|plan|continue|recommend|can|should|obtain|begin|add|"
    r"want|wan|going|gon|give|set|check|send|do|proceed|consider|book|repeat|increase|decrease|switch)\b",
    re.IGNORECASE,
)
_TURNS = (
    "scratch", "strike", "delete", "disregard", "ignore", "erase", "omit", "cancel", "forget", "belay", "take that back", "let me ", "misspoke",
    "second thought", "changed my mind", "never mind", "nevermind", "correction", "make that", "make it", "change that", "change it", "should say",
    "should read", "should have said", "that should be", "i meant", "rather", "i mean", "excuse me", "oops", "sorry", "i am sorry", "pardon me",
    "my mistake", "hang on", "changed that", "apologies", "wait", ", no,", ", no ", " no,", "- no", "actually", "instead", "you know what", "hold off", "hang on", "hold on", "skip", "come to think",
)  # fmt: skip
"""Words without which nothing is taken back: most passages hold none of them."""
_DENIED = late(r"\b(?:no|not|denie[sd]|never)\b|n't\b", re.IGNORECASE)
_ENDS_OBJECT = frozenset(["for", "because", "until", "since", "and", "as", "at", "if", "but", "now", "today", "you", "we", "i", "she", "he", "so", "of", "due", "until", "unless", "right", "just", "then", "before", "after"])  # fmt: skip
_GENERAL = frozenset(
    [
        "referr",
        "medica",
        "medici",
        "pill",
        "pills",
        "dose",
        "order",
        "appoin",
        "consul",
        "study",
        "thing",
        "idea",
        "plan",
        "new",
    ]
)
_WINDOW = 600
"""How many characters before and after a turn of speech are read for what it is about."""
_MOST, _MOST_PASSAGES = 6, 250
"""Turns of speech of one kind in a passage that are read, and passages with any: a person takes back a few things."""
_DENIES_NEAR = 40
"""How many characters before a thing a denial may stand: a dictation without a full stop denies much that is not meant."""
_FAR = 8
"""Within how many passages before a plan is looked for that is dropped. By judgement."""
_BARE_GAP, _MEANT_GAP, _PLAIN_GAP = 14, 30, 70
_GAPS = {"bare": _BARE_GAP, "spoken": _BARE_GAP, "mean": _MEANT_GAP}
"""How many characters may lie between the thing replaced and "no". By judgement, on dictations."""


@dataclass(frozen=True, slots=True)
class Retraction:
    """`old` is what was said of the thing first, `new` what instead, empty where it was only dropped.

    `replaced` are the things of `old` that no longer hold, `by` what they became. `passages` are those that say so, `said_in` is
    where `old` stands. `dropped` says that a plan was put off rather than a word corrected, `denied` that `old` denies what
    it names.
    """

    old: tuple[Item, ...]
    replaced: frozenset[tuple[str, str]]
    by: frozenset[tuple[str, str]]
    passages: tuple[str, ...]
    said_in: str
    dropped: bool = False
    denied: bool = False


def retractions(source: Texts) -> tuple[Retraction, ...]:
    """Everything that is taken back in the passages."""
    names = list(source.by_id)
    texts = [same_characters(text) for text in source.by_id.values()]
    found: list[Retraction] = []
    turns = (at for at, text in enumerate(texts) if _has_turn(text.lower()))
    for at in islice(turns, _MOST_PASSAGES):
        place = _Place(names, texts, at)
        found += _scratched(place)
        found += _replaced(place)
        found += _dropped(place)
        found += _in_place(place)
    return tuple(found)


def _has_turn(lower: str) -> bool:
    return any(word in lower for word in _TURNS)


@dataclass(frozen=True, slots=True)
class _Place:
    """A passage among the others, in their order."""

    names: Sequence[str]
    texts: Sequence[str]
    at: int

    @property
    def text(self) -> str:
        return self.texts[self.at]

    def before(self, end: int) -> tuple[str, int]:
        """The sentence before character `end`, and the index of the passage in which it stands."""
        for at in range(self.at, max(-1, self.at - 3), -1):
            text = self.text[max(0, end - _WINDOW) : end] if at == self.at else self.texts[at][-_WINDOW:]
            for start, stop in reversed(sentence_spans(text)):
                if len(text[start:stop].split()) > 1:
                    return text[start:stop], at
        return "", self.at

    def after(self, start: int) -> tuple[str, int]:
        """The sentence that begins at character `start`, or the next one, and its passage's index."""
        for at in range(self.at, min(len(self.texts), self.at + 2)):
            text = self.text[start : start + _WINDOW] if at == self.at else self.texts[at][:_WINDOW]
            for first, stop in sentence_spans(text):
                return text[first:stop], at
        return "", self.at


def _scratched(place: _Place) -> Iterator[Retraction]:
    for cue in islice(_SCRATCH.finditer(place.text), _MOST):
        old, said_in = place.before(cue.start())
        new, until = place.after(cue.end())
        before, after = items(old), items(new)
        gone = _gone(before, after)
        if gone:
            passages = tuple(dict.fromkeys((place.names[place.at], place.names[until])))
            yield Retraction(before, gone, _keys(after) - _keys(before), passages, place.names[said_in])


def _gone(before: Sequence[Item], after: Sequence[Item]) -> frozenset[tuple[str, str]]:
    """What of the scratched sentence no longer holds: the things of a kind that is named anew, or else all that is not repeated."""
    old, new = _keys(before), _keys(after)
    kinds = {kind for kind, _ in new if kind != "word"}
    if changed := frozenset(one for one in old - new if one[0] in kinds):
        return changed
    return frozenset() if new and new <= old else old - new


def _replaced(place: _Place) -> Iterator[Retraction]:
    for cue in islice(_INSTEAD.finditer(place.text), _MOST):
        near = _GAPS.get(cue.lastgroup or "", _PLAIN_GAP)
        old, said_in = place.before(cue.start())
        new, until = place.after(cue.end())
        apart = said_in != place.at
        if not old or until != place.at or new.endswith("?") or (apart and (near < _MEANT_GAP or old.endswith("?"))):
            continue
        yield from _exchange(place, old, new, said_in, near)


def _exchange(place: _Place, old: str, new: str, said_in: int, near: int) -> Iterator[Retraction]:
    """The first thing after the cue in the place of the last one of its kind before it."""
    before, after = items(old), items(new)
    if near == _BARE_GAP and _keys(before) & _keys(after):  # "the left knee is swollen, sorry, the right knee"
        near = _PLAIN_GAP
    for one in after:
        if one.kind == "word" or one.start > near:
            continue
        same = [other for other in before if other.kind == one.kind and (not one.unit or other.unit in {one.unit, ""})]
        if not same or same[-1].key in one.key.split(":") or same[-1].key.count(":") != one.key.count(":"):
            continue
        if len(old) - same[-1].end <= near:
            gone, by = frozenset({same[-1].identity}), frozenset({one.identity})
            denied = _DENIED.search(old, max(0, same[-1].start - _DENIES_NEAR)) is not None
            yield Retraction(before, gone, by, (place.names[place.at],), place.names[said_in], denied=denied)
        return


def _dropped(place: _Place) -> Iterator[Retraction]:
    for cue in islice(_HOLD.finditer(place.text), _MOST):
        thing = _object(cue["object"])
        if not thing:
            continue
        for at in range(place.at, max(-1, place.at - _FAR), -1):
            text = (
                place.text[max(0, cue.start() - _WINDOW) : cue.start()]
                if at == place.at
                else place.texts[at][-_WINDOW:]
            )
            planned = items(text) if _PLANNED.search(text) or at >= place.at - 1 else ()
            if thing <= _keys(planned):
                yield Retraction(planned, thing, frozenset(), (place.names[place.at],), place.names[at], dropped=True)
                break


def _in_place(place: _Place) -> Iterator[Retraction]:
    for cue in islice(_IN_PLACE.finditer(place.text), _MOST):
        thing = frozenset(one.identity for one in items(cue["object"]) if one.kind == "drug")
        new = _keys(items(cue["new"])) - thing
        if thing and new:
            old = items(cue["object"])
            yield Retraction(old, thing, new, (place.names[place.at],), place.names[place.at], dropped=True)


def _object(text: str) -> frozenset[tuple[str, str]]:
    """What is dropped: the first words after the verb, up to where the reason begins."""
    words = text.split()
    kept: list[str] = []
    for word in words[:6]:
        if word.lower().strip(",") in _ENDS_OBJECT and kept:
            break
        kept.append(word)
        if word.endswith(","):
            break
    return frozenset(
        one.identity for one in items(" ".join(kept)) if one.kind in {"word", "drug"} and one.key not in _GENERAL
    )


def _keys(found: Sequence[Item]) -> frozenset[tuple[str, str]]:
    return frozenset(one.identity for one in found)
