"""How far "no", "denies" or "possible" reach: triggers with scope and terminators.

After ConText: Chapman et al., "A simple algorithm for identifying negated findings and diseases in discharge summaries"
(J Biomed Inform 2001), and Harkema et al., "ConText" (J Biomed Inform 2009). The triggers are our own, for dictated, written and
spoken English; so is the reach in words, which stands in for the sentence's end where speech has no full stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from daemon.faithfulness.polarity.words import Word

AFFIRMED, DENIED, UNCERTAIN, ASKED, KIN, OTHER = "affirmed", "denied", "uncertain", "asked", "kin", "other"
"""What is said of a word: it is so, it is not so, it may be so, it was asked, it is so of a relative, or nothing is said of it."""

_SHORT, _LONG = 12, 45  # words that a "not" and a "denies" reach at most
_DENYING = {
    "no": _SHORT, "not": _SHORT, "n't": _SHORT, "cannot": _SHORT, "never": _SHORT, "denies": _LONG, "denied": _LONG, "denying": _LONG,
    "deny": _LONG, "without": _SHORT, "w/o": _SHORT, "negative for": _LONG, "absence of": _SHORT, "free of": _SHORT, "free from": _SHORT,
    "none of": 6, "neither": _SHORT, "nor": _SHORT, "lack of": 5, "lacks": 6, "lacking": 6, "no evidence of": _SHORT, "no signs of": _SHORT,
    "no sign of": _SHORT, "no history of": _SHORT, "no complaints of": _LONG, "non": 2, "nothing": 5, "nobody": 6, "rules out": _SHORT,
    "no known": _SHORT, "did n't": _SHORT, "unable to": 6, "absent": 3, "could n't": _SHORT, "could not": _SHORT, "would n't": _SHORT, "would not": _SHORT, "resolved": 0, "unremarkable for": _SHORT, "hardly": 5, "barely": 5,
    "rather than": 4, "instead of": 4, "refuses": 6, "refused": 6, "declines": 6, "declined": 6, "nope": 0, "no more": _SHORT, "no longer": 6,
    "negative": 5, "not any": _SHORT, "n't any": _SHORT, "nor any": _SHORT, "no other": _SHORT,
}  # fmt: skip
_DOUBTING = {
    "possible": 6, "possibly": 6, "probable": 6, "probably": 6, "likely": 6, "may": 8, "might": 8, "maybe": 8, "perhaps": 8, "could": 8,
    "suspect": 8, "suspected": 6, "suspicion for": 8, "suspicion of": 8, "suspicious for": 8, "concern for": 8, "concerning for": 8,
    "concerned for": 8, "rule out": 8, "r/o": 8, "evaluate for": 10, "consider": 8, "considering": 8, "if": 14, "unless": 14, "in case": 14,
    "should you": 14, "should she": 14, "should he": 14, "i think": 8, "worried about": 8, "screen for": 8, "screening for": 8,
    "risk of": _LONG, "risk": 20, "risk for": 8, "prevent": 8, "potential": 6, "potentially": 6, "question of": 8, "appears to": 4,
    "signs such as": 8, "watch for": 10, "look for": 10, "presumed": 6, "versus": 5, "vs": 5, "whether": 10, "would": 8, "until": 8,
    "to avoid": 8, "to help": 8, "unsure": 8, "wish": 8, "risks": _LONG, "risk include": _LONG, "avoid": 6, "complications": 10,   "can cause": 8, "make sure": 10, "sometimes people": 10,
}  # fmt: skip
_HUSHED = {
    "no increase": 6, "no increased": 6, "no change": 8, "no changes": 8, "not change": 6, "no worsening": 6, "no doubt": 0, "not only": 0,
    "not just": 0, "no wonder": 0, "gram negative": 0, "negative effect": 2, "negative effects": 2, "negative thoughts": 2, "no improvement": 8, "no relief": 8, "no further": 8, "not certain": 8,
    "not sure": 8, "n't sure": 8, "not know": 8, "n't know": 8, "no idea": 8, "n't tell": 6, "not cause": 6, "not rule": 8, "n't only": 0,
    "n't just": 0, "not necessarily": 8, "no problem": 0, "no matter": 0, "no worries": 0, "stopped": 4, "quit": 4, "not until": 8,
    "n't forget": 0, "not forget": 0, "why n't": 8, "do n't you": 0, "is n't it": 0, "are n't you": 0, "have n't you": 0, "did n't you": 0,
    "does n't it": 0, "was n't it": 0, "do n't they": 0, "no one": 0, "non - weight": 3, "non - operative": 1, "non - surgical": 1, "stop": 4, "worsening of": 0, "n't worry": 8,
}  # fmt: skip
_ASKING = {
    "do you have": 10, "have you had": 10, "have you noticed": 10, "did you have": 10, "are you having": 10, "do you get": 10,
    "have you been": 10, "are you taking": 10, "do you take": 10, "did you notice": 10, "have you ever": 10, "do you feel": 10,
    "any other": 10, "do you still": 8, "are you still": 8, "have you felt": 8, "how about": 8, "and any": 10, "okay any": 10,
    "does it": 8, "is there any": 10, "are there any": 10, "are you": 8, "do you": 8, "did you": 8,
}  # fmt: skip
_RELATIVES = frozenset(
    [
        "mother",
        "father",
        "sister",
        "brother",
        "mom",
        "dad",
        "grandfather",
        "grandmother",
        "aunt",
        "uncle",
        "cousin",
        "grandma",
        "grandpa",
        "daughter",
        "son",
        "wife",
        "husband",
        "parents",
        "siblings",
        "family",
        "friend",
        "coworker",
        "grandparents",
    ]
)
_AFTERWARDS = (
    ("is", "negative"), ("are", "negative"), ("was", "negative"), ("were", "negative"), ("came", "back", "negative"), ("all", "negative"), ("both", "negative"), ("ruled", "out"),
    ("is", "absent"), ("are", "absent"), ("is", "denied"), ("are", "denied"), ("was", "denied"), ("is", "unlikely"), ("not", "present"),
    ("not", "seen"), ("not", "noted"), ("not", "appreciated"), ("not", "identified"), ("went", "away"), ("is", "gone"), ("are", "gone"),
    ("has", "resolved"), ("have", "resolved"), (":", "none"), (":", "no"), (":", "negative"), (":", "denies"), (":", "denied"),
    ("-", "none"),
)  # fmt: skip
"""What says of the words before it that they are not so."""
_AFTER: dict[str, list[tuple[str, ...]]] = {}
for _after in _AFTERWARDS:
    _AFTER.setdefault(_after[0], []).append(_after)
_UNMARKED = {"cant": "can't", "dont": "don't", "didnt": "didn't", "doesnt": "doesn't", "havent": "haven't"}
_BACK = 6  # words that such a phrase reaches back
_ENDS = frozenset(
    [".", "?", "!", ";", "but", "however", "except", "although", "though", "because", "since", "which", "aside", "besides", "apart", "whereas", "yet", "otherwise", "okay", "ok", "alright\n", "", "", "", "endorses", "reports", "admits", "positive", "\n"]
) | {"\n"}  # fmt: skip
_SUBJECTS = frozenset(
    [
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "i'm",
        "you're",
        "he's",
        "she's",
        "it's",
        "we're",
        "they're",
        "i've",
        "you've",
        "we've",
        "i'd",
        "i'll",
        "there",
        "there's",
    ]
)
_CROSSING = frozenset(
    [
        "if",
        "whether",
        "unless",
        "until",
        "case",
        "think",
        "believe",
        "see",
        "feel",
        "notice",
        "know",
        "recall",
        "remember",
        "suspect",
        "denies",
        "denied",
        "denying",
        "deny",
        "evidence",
    ]
)
_BEGINNINGS = frozenset(
    ["is", "are", "was", "were", "looks", "appears", "shows", "has", "have", "does", "do", "some", "mostly", "just"]
)
_OTHERWISE = frozenset(["just", "some", "only", "mostly"])
_BEFORE_THE = frozenset(
    ["in", "on", "of", "to", "with", "for", "at", "from", "or", "and", "by", "over", "along", "during", "down"]
)
_TRIGGERS: dict[str, list[tuple[tuple[str, ...], str, int]]] = {}
for _kind, _phrases in ((OTHER, _HUSHED), (DENIED, _DENYING), (UNCERTAIN, _DOUBTING), (ASKED, _ASKING)):
    for _phrase, _reach in _phrases.items():
        _parts = tuple(_phrase.split())
        _TRIGGERS.setdefault(_parts[0], []).append((_parts, _kind, _reach))
for _entries in _TRIGGERS.values():
    _entries.sort(key=lambda entry: -len(entry[0]))


@dataclass(slots=True)
class Scopes:
    """For each word what is said of it, the number of the stretch it belongs to, and the triggers as (first, last, kind)."""

    polarity: list[str]
    unit: list[int]
    triggers: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _State:
    kind: str = AFFIRMED
    left: int = 0
    unit: int = 0
    crossing: bool = False
    nominal: bool = False
    kin: bool = False

    def end(self) -> None:
        """What was said before reaches no farther."""
        self.kind, self.left, self.crossing, self.nominal = AFFIRMED, 0, False, False
        self.unit += 1


def scopes(words: Sequence[Word]) -> Scopes:
    """What is said of each of `words`. Linear in their number."""
    found = Scopes([AFFIRMED] * len(words), [0] * len(words))
    state = _State()
    texts = [_plain(word.text) for word in words]
    at = 0
    while at < len(texts):
        at = _step(texts, at, state, found)
    _look_back(texts, found)
    return found


def _step(texts: Sequence[str], at: int, state: _State, found: Scopes) -> int:
    """Read the word at `at`, and tell where the next one begins."""
    text = texts[at]
    trigger = _trigger(texts, at) if text in _TRIGGERS or text.endswith("n't") else None
    if trigger is not None and not (trigger[1] == ASKED and state.kind != AFFIRMED and state.left > 0):
        parts, kind, reach = trigger
        if state.kind == UNCERTAIN and state.left > 0 and kind == DENIED:
            kind = UNCERTAIN
        state.end()
        state.kind, state.left, state.crossing = kind, reach, parts[-1] in _CROSSING
        state.nominal = parts[0] in ("no", "without")
        found.triggers.append((at, at + len(parts) - 1, kind))
        for one in range(at, at + len(parts)):
            found.polarity[one], found.unit[one] = kind, state.unit
        return at + len(parts)
    if text in _ENDS or (text == ":" and state.kind == AFFIRMED):
        state.end()
        state.kin = state.kin and text not in ".?!\n"
    elif text in _SUBJECTS and not (state.crossing or _crossing(texts, at)):
        state.end()
        state.kin = False
    elif text in _CROSSING and state.kind == DENIED:
        state.crossing = True
    elif (state.kind == DENIED and text in _OTHERWISE and texts[at - 1] == ",") or (
        state.nominal and (text in _BEGINNINGS or (text == "the" and texts[at - 1] not in _BEFORE_THE))
    ):
        state.end()
    state.kin = state.kin or text in _RELATIVES
    if state.kind != AFFIRMED and state.left <= 0:
        state.end()
    state.left -= 1
    found.polarity[at] = KIN if state.kin and state.kind == AFFIRMED else state.kind
    found.unit[at] = state.unit
    return at + 1


def _trigger(texts: Sequence[str], at: int) -> tuple[tuple[str, ...], str, int] | None:
    for parts, kind, reach in _TRIGGERS.get(texts[at], ()):
        if tuple(texts[at : at + len(parts)]) == parts:
            return None if parts == ("no",) and _only_answers(texts, at) else (parts, kind, reach)
    if texts[at].endswith("n't"):
        return (texts[at],), DENIED, _SHORT
    return None


def _only_answers(texts: Sequence[str], at: int) -> bool:
    """Whether "no" at `at` is an answer by itself: nothing follows that it could deny."""
    after = texts[at + 1] if at + 1 < len(texts) else "."
    return after in ",.?!;:" or after in _SUBJECTS or after in ("no", "yes", "not", "nothing", "yeah", "that's", "and")


def _crossing(texts: Sequence[str], at: int) -> bool:
    """Whether the subject at `at` stands within what is denied: "denies that she …"."""
    return at > 0 and texts[at - 1] in ("that", *_CROSSING)


def _look_back(texts: Sequence[str], found: Scopes) -> None:
    for at, text in enumerate(texts):
        for phrase in _AFTER.get(text, ()):
            if tuple(texts[at : at + len(phrase)]) != phrase:
                continue
            if text == ":" and len(texts) > at + 2 and texts[at + 2] not in ".;,\n":
                continue
            found.triggers.append((at, at + len(phrase) - 1, DENIED))
            for one in range(at - 1, max(-1, at - 1 - _BACK), -1):
                if texts[one] in _ENDS:
                    break
                found.polarity[one] = DENIED


def _plain(text: str) -> str:
    return _UNMARKED.get(text, text)
