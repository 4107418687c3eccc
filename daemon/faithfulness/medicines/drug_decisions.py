"""What a text decides on a drug: keep it, take more or less of it, begin it, stop it. Only considered or asked is not decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.faithfulness.late import late
from daemon.faithfulness.medicines.drug_kin import substances
from daemon.faithfulness.medicines.drug_status import stated
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.medicines.source_drugs import said_drugs
from daemon.faithfulness.medicines.taken_drugs import told_lines
from daemon.faithfulness.reading.lines import Line
from daemon.faithfulness.texts import Texts

Act = Literal["keep", "take", "start", "more", "less", "stop", "lapse", "never", "past", "open", "named"]
"""`take` is a state, `keep` a decision; `lapse`: it ran out or was not wanted; `past`: taken once; `open`: undecided, or for a while."""
GIVEN = frozenset({"keep", "take", "start", "more", "less"})
ENDED = frozenset({"stop", "lapse", "never"})

_STOP = late(r"\b(?:stop\w*|discontinu\w*|d/c\S*|hold\w*|held|quit|wean\w*|off|on hold)\b", re.IGNORECASE)
_NEVER = late(r"\b(?:not|never|no longer|denie[sd]|denying|no)\b|n ?['’] ?t\b", re.IGNORECASE)
_LAPSE = late(r"\b(?:declin\w+|refus\w+|ran out|run out|out of)\b", re.IGNORECASE)
_KEEP = late(
    r"\b(?:continu\w*|keep\w*|stay\w*|remain\w*|maintain\w*|unchanged|refill\w*|renew\w*|resum\w*|restart\w*)\b",
    re.IGNORECASE,
)
_MORE = late(
    r"\b(?:increas\w*|rais\w*|bump\w*|doubl\w*|up[- ]?titrat\w*|(?:go(?:ing)?|come|move|titrat\w+|put\w*) up)\b",
    re.IGNORECASE,
)
_LESS = late(
    r"\b(?:decreas\w*|reduc\w*|lower\w*|taper\w*|halv\w+|cut(?:ting)?|(?:go(?:ing)?|come|bring\w*|titrat\w+) down)\b",
    re.IGNORECASE,
)
_OTHER_NOT = late(
    r"\b(?:instead|rather|avoid\w*|contraindicat\w*|skip\w*|missed|stay away|forg[eo]t\w*|non-?complian\w*|without)\b",
    re.IGNORECASE,
)
_DENIES_STOP = late(
    r"(?:\b(?:not|never|without|no (?:need|reason|plans?)|nobody|before|rather than|instead of)|n ?['’] ?t)\b"
    r"\W*(?:[^\W\d_]+\W+){0,3}$",
    re.IGNORECASE,
)
_UNDECIDED = late(
    r"\b(?:if|unless|whether|could|might|may|would (?:you|it)|consider\w*|thinking (?:about|of)|in case|once (?:you|he|she|they|we|the|it|your|his|her)|wonder\w*|maybe|perhaps|option\w*|discuss\w*|"
    r"talk(?:ed)? about|or)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_FOR_A_WHILE = late(
    r"\b(?:before|prior to|(?:day|morning|night|evening|week|time) of|surgery|procedure|operation|scan|contrast|temporarily)\b",
    re.IGNORECASE,
)
_NEVER_BEGUN = late(
    r"(?:\bnever|n ?['’] ?t(?: ever)?) (?:\w+ ){0,1}?(?:start|started|pick(?:ed)? (?:it |that )?up|fill(?:ed)?|collect(?:ed)?|got|took|take)\b",
    re.IGNORECASE,
)
_UP_BEHIND = late(r"\W{0,2}(?:is |was |will be )?(?:(?:goes|going|went|go|put|moves?|moved) )?up (?:to|from|a bit|again)\b", re.IGNORECASE)  # fmt: skip
_DOWN_BEHIND = late(r"\W{0,2}(?:is |was |will be )?(?:(?:goes|going|went|go|cut|moves?|moved) )?(?:back )?down (?:to|from|a bit|again)\b", re.IGNORECASE)  # fmt: skip
_WAYS: tuple[tuple[Act, str], ...] = (("more", "up"), ("less", "down"))
_TURNED: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(rf"\b(?:go|going|gone|went|come|coming|move|push|nudge|take|back) (?:\w+ )?{way} (?:a (?:bit|little) )?(?:on|with) (?:\w+ ){{0,2}}$", re.IGNORECASE))
    for act, way in _WAYS
)  # fmt: skip
"""Said before the name: "go up on the"."""
_DIRECTIONS: tuple[tuple[Act, re.Pattern[str]], ...] = (("more", _UP_BEHIND), ("less", _DOWN_BEHIND))
_BEFORE_CHARS, _BEHIND_CHARS, _TURN_CHARS = 60, 90, 45
_IT = r"(?:\s+(?:taking|using|on|with|to take|giving))?\s+(?:it|that(?: one)?|this(?: one)?|them|those)\b(?!\s+(?:up|out|an?|the|my|your|if|you|i|is|was|in)\b)"
_SAID_OF_IT: tuple[tuple[Act, str], ...] = (
        ("stop", r"stop(?:ped|ping)?|discontinu(?:e|ed|ing)|hold(?:ing)?|quit|c[oa]me off(?: of)?|coming off(?: of)?|(?:get|take|took) you off(?: of)?|get off|no longer (?:on|tak(?:e|ing))"),
        ("keep", r"continu(?:e|ed|ing)|keep|stay(?:ing)?|resum(?:e|ed|ing)|restart(?:ed|ing)?|refill(?:ed|ing)?|renew(?:ed|ing)?"),
        ("more", r"increas(?:e|ed|ing)|bump(?:ed|ing)?|doubl(?:e|ed|ing)|go up on"),
        ("less", r"decreas(?:e|ed|ing)|reduc(?:e|ed|ing)|lower(?:ed|ing)?|taper(?:ed|ing)?|cut(?:ting)?|go down on"),
        ("never", r"never (?:started|took|filled|picked up|tried)"),
)  # fmt: skip
_OF_IT: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(rf"\b(?:{words}){_IT}", re.IGNORECASE))
    for act, words in _SAID_OF_IT
)  # fmt: skip
_NEAR_LINES = 2
_CARRY = late(r"\bcarry(?:ing)?\s+$", re.IGNORECASE)
"""Said before "on"."""
_MOST_SAID = 150
"""Mentions of one drug that are read, the last of them; no visit has so many."""
_ASKS_TAKING = late(r"\b(?:still|tak(?:e|en|ing)|using|use|on|start\w*|pick\w* up|fill\w*)\b", re.IGNORECASE)
_NO = late(r"\W*(?:(?:oh|um|uh|well|so)\W+)*(?:no|nope|nah|not any ?more|i do ?n ?['’] ?t|i never)\b", re.IGNORECASE)  # fmt: skip
_YES = late(r"\W*(?:(?:oh|um|uh|well|so)\W+)*(?:yes|yeah|yep|yup|i (?:am|do)|still am|mm-?hmm|correct|every day)\b", re.IGNORECASE)  # fmt: skip
_STOPPED = late(
    r"\b(?:(?:i|he|she|they|we|doctor|they)(?:['’]ve| have| had)? (?:\w+ )?(?:stopped|quit)|came off|ran out|not any ?more|no longer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is done with a drug, where a text says so (`span`, empty where nothing says it), and the passages that say it."""

    act: Act
    span: tuple[int, int] = (0, 0)
    evidence: tuple[str, ...] = ()


def decision(text: str, drugs: Sequence[DrugMention], at: int) -> Decision:
    """What `text` says is done with the drug `drugs[at]`; `drugs` are all that it names."""
    start, end = drugs[at].span
    if (turned := _turned(text, start, end)) is not None:
        return turned
    said = stated(text, [drug.span for drug in drugs], at)
    words = text[slice(*said.span)]
    act = _act(said.status, words)
    if act in {"past", "take", "start", "named"} and _NEVER_BEGUN.search(text, end, end + 30):
        return Decision("never", said.span)
    if act in {"named", "open"}:
        return Decision(act, said.span)
    begin = min(said.span[0], start)
    before = text[max(0, begin - _BEFORE_CHARS) : said.span[0]]
    if act == "take" and _CARRY.search(before):
        return Decision("keep", said.span)
    if act == "stop" and _DENIES_STOP.search(before):
        return Decision("keep", said.span)
    pause = act in ENDED and _FOR_A_WHILE.search(text, end, end + _BEHIND_CHARS) is not None
    return Decision("open" if pause or _UNDECIDED.search(before) else act, said.span)


def _turned(text: str, start: int, end: int) -> Decision | None:
    """More or less of it, as people say it: "goes up to forty", "go down on the"."""
    for act, pattern in _DIRECTIONS:
        if (behind := pattern.match(text, end)) is not None:
            return Decision(act, behind.span())
    for act, pattern in _TURNED:
        if (ahead := pattern.search(text, max(0, start - _TURN_CHARS), start)) is not None:
            return Decision(act, ahead.span())
    return None


def _act(status: str, words: str) -> Act:
    if status == "stopped":
        return "stop" if _STOP.search(words) else "past"
    if status == "not-taken":
        if _OTHER_NOT.search(words):
            return "open"
        return "lapse" if _LAPSE.search(words) else "never" if _NEVER.search(words) else "open"
    if status == "changed":
        return _direction(words)
    if status == "current":
        return "keep" if _KEEP.search(words) else "take"
    return "named" if status == "named" else "open"


def _direction(words: str) -> Act:
    for act, pattern in _BY_WORDS:
        if pattern.search(words):
            return act
    return "start"


_BY_WORDS: tuple[tuple[Act, re.Pattern[str]], ...] = (("more", _MORE), ("less", _LESS), ("keep", _KEEP))


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    drugs: tuple[DrugMention, ...]
    at: int


class Decisions:
    """What a source decides on its drugs, in order; each substance is read when it is first asked for."""

    def __init__(self, lines: Sequence[Line], places: Mapping[str, Sequence[_Place]]) -> None:
        self._lines, self._places = lines, places
        self._named = frozenset(one.line for those in places.values() for one in those)
        self._read: dict[frozenset[str], tuple[Decision, ...]] = {}

    def on(self, drug: DrugMention) -> tuple[Decision, ...]:
        """All that is said of a drug with the same substances."""
        parts = substances(drug.generic)
        if parts not in self._read:
            places = {id(one): one for part in sorted(parts) for one in self._places.get(part, ())}
            ordered = sorted(places.values(), key=lambda one: (one.line, one.at))[-_MOST_SAID:]
            self._read[parts] = tuple(each for one in ordered for each in self._at(one))
        return self._read[parts]

    def _at(self, one: _Place) -> Iterable[Decision]:
        line = self._lines[one.line]
        found = _asked(line, one) if line.asks else _with_ids(decision(line.text, one.drugs, one.at), (line.id,))
        yield found
        if len(one.drugs) == 1:
            for behind in range(one.line + 1, min(one.line + 1 + _NEAR_LINES, len(self._lines))):
                if behind in self._named:
                    return
                if (later := _of_it(self._lines[behind], line)) is not None:
                    yield later


def _of_it(line: Line, named: Line) -> Decision | None:
    """What a sentence without a drug decides on the one drug that was named just before: "I'd stop it"."""
    if line.asks:
        return None
    for act, pattern in _OF_IT:
        found = pattern.search(line.text)
        if found is not None:
            before = line.text[: found.start()][-_BEFORE_CHARS:]
            ids = tuple(dict.fromkeys((named.id, line.id)))
            if _UNDECIDED.search(before):
                return Decision("open", (0, 0), ids)
            return Decision("keep" if act == "stop" and _DENIES_STOP.search(before) else act, (0, 0), ids)
    return None


def _asked(line: Line, one: _Place) -> Decision:
    """A question decides by its answer: whether what was asked about is taken."""
    said = decision(line.text, one.drugs, one.at)
    answer = " ".join(each.text for each in line.answer)
    ids = tuple(dict.fromkeys((line.id, *(each.id for each in line.answer))))
    if len(one.drugs) == 1 and _STOPPED.search(answer):
        return Decision("stop", (0, 0), ids)
    if said.act in {"take", "keep", "start", "named"} and _ASKS_TAKING.search(line.text):
        if _YES.match(answer):
            return Decision("take", (0, 0), ids)
        if len(one.drugs) == 1 and said.act == "take" and _NO.match(answer):
            return Decision("never", (0, 0), ids)
    return Decision("open", (0, 0), ids)


def _with_ids(one: Decision, ids: tuple[str, ...]) -> Decision:
    return Decision(one.act, one.span, ids)


def decisions(source: Texts) -> Decisions:
    """A reading for `Texts.learn`."""
    lines = source.learn(told_lines)
    naming = source.learn(said_drugs).mentions
    places: dict[str, list[_Place]] = {}
    for number, line in enumerate(lines):
        drugs = find_drugs(line.text) if line.id in naming else ()
        for at, drug in enumerate(drugs):
            for part in substances(drug.generic):
                places.setdefault(part, []).append(_Place(number, drugs, at))
    return Decisions(lines, places)
