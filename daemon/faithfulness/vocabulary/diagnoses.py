"""Which diagnoses a text names, and how: of the patient, denied, in doubt, or about something else (a relative, a risk, a vaccine).

By rule alone, in the manner of NegEx and ConText (Chapman et al. 2001, Harkema et al. 2009): a name from the list
`diagnoses.txt`, or a word built like one ("Kawasaki disease"), and the last words before it in its sentence that say how it is
meant. What is neither ("a cold") is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from daemon.faithfulness.package_data import package_text
from daemon.model.remembered import remembered

Status = Literal["affirmed", "denied", "uncertain", "other"]


_Index = Mapping[str, Sequence[tuple[str, str]]]


class Diagnosis(NamedTuple):
    """One mention. `concept` is the list's name for it ("hypertension"), `text` the words found, `span` where they stand."""

    concept: str
    text: str
    span: tuple[int, int]
    status: Status


_RELATIVE = (
    r"(?:grand)?(?:mother|father|parent)s?|moms?|dads?|sisters?|brothers?|siblings?|sons?|daughters?|aunts?|uncles?|cousins?|"
    r"husband|wife|spouse|relatives?|family|roommate"
)
_HAS = r"(?:has|have|had|with|was|were|is|are|got|gets|died)"
_NOT = r"(?:not|n['’]t)"
_BEFORE: tuple[tuple[Status, str], ...] = (
    ("other", r"(?:family (?:medical )?(?:history|hx)|fhx?)\s*[:=-]"),
    ("other", r"family history (?:is )?(?:positive |significant |notable )?(?:of|for)"),
    ("other", rf"(?:{_RELATIVE})\b(?:['’]s)?(?:\s+(?:also|both|all))?(?:\s+{_HAS})?(?:\s+(?:of|diagnosed with))?"),
    ("denied", r"(?:no|denies|denied|denying|without|negative for) (?:[\w-]+ ){0,3}?(?:history|evidence|signs?|indication|suspicion|concern|personal history) (?:of|for)"),
    ("denied", rf"(?:do|does|did)\s?{_NOT} (?:think|believe|feel) (?:[\w-]+ ){{0,3}}?{_HAS}"),
    ("denied", rf"(?:do|does|did|has|have|had|is|are|was|were)\s?{_NOT} (?:[\w-]+ ){{0,2}}?(?:have|having|had|been diagnosed with|got)"),
    ("denied", r"never (?:had|has|have|been diagnosed with)|no longer (?:has|have)|denies(?: having| a history of)?|denied(?: having)?"),
    ("denied", r"negative for|free of|absence of|ruled out|excluded?|without|unlikely(?: to be)?|instead of|rather than"),
    ("denied", r"(?:\bno\b|\bnot\b|\w+n['’]t\b|\bnever\b|\bneither\b|\bnor\b)"),
    ("uncertain", r"rule out|rules out|r/o|ruling out|whether(?: \w+){0,2}?(?: has| have| is| it is)?|question of|versus|vs\.?"),
    ("uncertain", r"(?:may|might|could|can)(?: [\w-]+)? (?:be|have|represent)(?: had)?|possib(?:le|ly)|perhaps|maybe|differential"),
    ("uncertain", r"(?:concern(?:ed)?|worr(?:y|ied)|afraid|suspicious) (?:for|about|of|that)(?: \w+){0,2}?(?: has| have| is)?"),
    ("uncertain", r"(?:check|checked|checking|test|tested|testing|look|looking|evaluat\w+|assess\w*|work-?up|workup|watch|monitor\w*) (?:\w+ )?for"),
    ("other", r"(?:if|when|unless|in case) (?:you|she|he|they|someone|anyone|it)(?: \w+)? (?:have|has|had|get|gets|develop|develops|is|are)"),
    ("other", r"(?:at )?(?:higher |increased |high |low |lower )?(?:risks?|chances?|odds|likelihood) (?:of|for)(?: (?:having|getting|developing))?"),
    ("other", r"(?:prevents?|preventing|prevention of|protects?(?: \w+)? (?:against|from)|avoid|avoiding)"),
    ("other", r"(?:screen|screened|screening|screens) (?:\w+ )?for|(?:signs?|symptoms?|warning signs|types?|kinds?) of"),
    ("other", r"(?:vaccin\w+|immuniz\w+|shots?|exposed|exposure|exposures|contact) (?:\w+ )?(?:for|against|to|with)"),
    ("other", r"(?:leads?|leading) to|turns? into|(?:can|may|could|might|will|which|that) (?:also )?causes?|complications? (?:such as|like|of)"),
    ("affirmed", r"(?:you|she|he|they|patient|who|i|we|and|also)(?:['’](?:ve|s))? (?:also |now |still |already )?(?:have|has|had)(?: been diagnosed with)?"),
    ("affirmed", r"\b(?:has|have|had)\b|your|\b(?:her|his|their)\b|diagnosed with|diagnosis (?:is|of)|history of|consistent with|due to|because of"),
    ("affirmed", r"\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\bexcept\b|;|:|\byet\b|\bthis is\b|\bshe is\b|\bhe is\b|\byou are\b"),
)  # fmt: skip
_TRIGGERS = re.compile(
    "|".join(f"(?P<{status}_{number}>(?<![\\w-])(?:{words}))" for number, (status, words) in enumerate(_BEFORE)),
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[\s,]*(?:(?P<denied>(?:(?:has|have|was|were|is|are|has been|have been|test|screen|swab|culture)\s+)+(?:now\s+)?"
    r"(?:been\s+)?(?:ruled out|excluded|unlikely|not likely|negative|not seen|not present|absent))"
    r"|(?P<other>(?:vaccin\w+|shots?|immuniz\w+|booster|screening|prevention|risk|screen|clinic|association|society)\b)"
    r"|(?P<uncertain>(?:test|swab|culture)s?\b|(?:is|was) (?:possible|suspected|in question)|versus\b|vs\b|or not\b))",
    re.IGNORECASE,
)
_YOURS = re.compile(r"\byou(?:r|['’]ve|\s+(?:have|had|were diagnosed with))(?:\s+[\w-]+){0,3}\s+$", re.IGNORECASE)
# What the list does not have, by its build: "Kawasaki disease", "myositis". Words that are built so and mean something else are not.
_UNLISTED = re.compile(
    r"(?!(?:an?|the|this|that|these|those|any|all|no|and|or|of|for|with|your|her|his|their|our|its|some|many|most|such|each|every|"
    r"another|other|serious|severe|chronic|acute|rare|common|certain|infectious|underlying|genetic|new|same|which|what|diagnosis|"
    r"prognosis|hypnosis|osmosis|coma|aroma|diploma|stoma|empathy|sympathy|apathy)\b)"
    r"(?:[^\W\d_][\w'’-]+\s+(?:disease|syndrome|disorder)|[^\W\d_]{3,}(?:itis|osis|emia|pathy|oma))(?![\w-])",
    re.IGNORECASE,
)
_MAY_BE_UNLISTED = re.compile(r"disease|syndrome|disorder|(?:itis|osis|emia|pathy|oma)(?![\w-])", re.IGNORECASE)
_WORD = re.compile(r"(?<![\w-])[^\W_]+")
_ENDING = r"(?:e?s)?(?![\w-])"
_PLURAL, _PLURAL_IN_SMALL = re.compile(_ENDING, re.IGNORECASE), re.compile(_ENDING)
_ODD_BLANKS = re.compile(r"\s\s|[^\S ]")
LONGEST_ACRONYM = 5
LOOK_BACK_CHARS = 240
"""How far before a mention a word may stand that says how it is meant: some forty words, more than any list in a memo."""
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_NO_END = re.compile(r"(?:\b(?:dr|mr|mrs|ms|st|vs|h|c)\.)$", re.IGNORECASE)


class Named(NamedTuple):
    """What sources name: diagnoses that they give to the patient, and all that they speak of, denied or of others."""

    affirmed: frozenset[str]
    mentioned: frozenset[str]


def find_diagnoses(text: str, extra_names: Sequence[str] = ()) -> tuple[Diagnosis, ...]:
    """The diagnoses that `text` names, in order. `extra_names` are looked for as well, as they stand."""
    return tuple(_mentions(text, _index(tuple(extra_names))))


def concept_of(name: str) -> str:
    """The list's name for a diagnosis, or the name itself in lower case if the list does not have it."""
    found = find_diagnoses(name)
    return found[0].concept if found and found[0].span == (0, len(name)) else name.casefold()


def named_in(sources: Iterable[str], extra_names: Sequence[str] = ()) -> Named:
    """What the sources name, each by itself."""
    found = [each for source in sources for each in find_diagnoses(source, extra_names)]
    affirmed = frozenset(each.concept for each in found if each.status == "affirmed")
    return Named(affirmed, frozenset(each.concept for each in found))


def unnamed_diagnoses(text: str, named: Named) -> tuple[Diagnosis, ...]:
    """The diagnoses of `text` that the sources do not name.

    One that the text gives to the patient must be given to the patient by a source: where it is only denied, doubted or a
    relative's there, it is unnamed. One that the text itself denies or doubts must only be spoken of.
    """
    return tuple(
        each
        for each in find_diagnoses(text)
        if not is_named(each.concept, named.affirmed if each.status == "affirmed" else named.mentioned)
    )


def is_named(concept: str, among: Iterable[str]) -> bool:
    """Whether a concept or a narrower one ("breast cancer" for "cancer") is among those given."""
    broader = _broader()
    return any(concept == each or f" {concept} " in f" {each} " or concept in broader.get(each, ()) for each in among)


def _mentions(text: str, index: _Index) -> Iterator[Diagnosis]:
    unlisted = _MAY_BE_UNLISTED.search(text) is not None
    if not unlisted and index.keys().isdisjoint(map(str.casefold, _WORD.findall(text))):
        return  # most sentences name none
    stops, begin, done = _stops(text), 0, 0
    stop = next(stops)
    for word in _WORD.finditer(text):
        while word.start() >= stop:
            begin, stop = stop, next(stops)
        begins = unlisted or word.group().casefold() in index
        found = _name_at(text, word, index) if begins and word.start() >= done else None
        if found is not None:
            concept, done = found
            span = (word.start(), done)
            yield Diagnosis(concept, text[slice(*span)], span, _status(text, begin, span, stop))


def _name_at(text: str, word: re.Match[str], index: _Index) -> tuple[str, int] | None:
    """The concept of the name that begins at a word, and where the name ends."""
    for name, concept in index.get(word.group().casefold(), ()):
        end = _end_of(name, text, word.start())
        if end:
            return concept, end
    unlisted = _UNLISTED.match(text, word.start())
    return (" ".join(unlisted.group().casefold().split()), unlisted.end()) if unlisted else None


def _status(text: str, begin: int, span: tuple[int, int], stop: int) -> Status:
    """How a mention in the sentence from `begin` to `stop` is meant."""
    after = _AFTER.match(text, span[1], max(stop, span[1]))
    if after is not None:
        return _as_status(after.lastgroup or "")
    last: Status = "affirmed"
    for trigger in _TRIGGERS.finditer(text, max(begin, span[0] - LOOK_BACK_CHARS), span[0]):
        last = _as_status((trigger.lastgroup or "").partition("_")[0])
    asked = text[stop - 1 : stop] == "?"
    return "uncertain" if asked and last == "affirmed" else last


def _as_status(name: str) -> Status:
    return name if name in {"denied", "uncertain", "other"} else "affirmed"  # type: ignore[return-value]  # just tested


def _stops(text: str) -> Iterator[int]:
    """Where the sentences end, behind their marks, and last the end of the text."""
    for mark in _SENTENCE_END.finditer(text):
        if not _NO_END.search(text, max(0, mark.end() - 5), mark.end()):
            yield mark.end()
    yield len(text) + 1


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Each line's names and its broader names."""
    content = package_text("diagnoses.txt")
    lines = (line.partition(" > ") for line in content.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(
        (tuple(names.split(" | ")), tuple(broader.split(", ")) if broader else ()) for names, _, broader in lines
    )


@lru_cache(maxsize=1)
def _broader() -> dict[str, tuple[str, ...]]:
    return {names[0]: broader for names, broader in _rows() if broader}


@remembered(16)
def _index(extra_names: tuple[str, ...]) -> _Index:
    """All names and their concepts by the first word of the name, the longest name first."""
    pairs = [(name, names[0]) for names, _ in _rows() for name in names]
    known = {name.casefold() for name, _ in pairs}
    pairs += [(" ".join(name.split()), name.casefold()) for name in extra_names if name.casefold() not in known]
    index: dict[str, list[tuple[str, str]]] = {}
    for name, concept in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
        first = _WORD.search(name)
        if first is not None:
            index.setdefault(first.group().casefold(), []).append((name, concept))
    return _with_plurals(index)


def _with_plurals(index: _Index) -> _Index:
    """The names by all words that they may begin with: "polyps" begins what "polyp" does, after its own."""
    forms: dict[str, list[tuple[str, str]]] = {word: list(names) for word, names in index.items()}
    for ending in ("s", "es"):
        for word, names in index.items():
            forms.setdefault(word + ending, []).extend(names)
    return forms


def _end_of(name: str, text: str, at: int) -> int:
    """Where a name ends that stands in a text at a place; 0 if it does not. Nearly always its letters can just be compared."""
    if "*" not in name and text.isascii():
        capitals = _is_acronym(name)
        here = text[at : at + len(name)]
        if here == name or (not capitals and here.lower() == name.lower()):
            found = (_PLURAL_IN_SMALL if capitals else _PLURAL).match(text, at + len(name))
            return found.end() if found else 0
        if " " not in name or _ODD_BLANKS.search(text, at, at + len(name) + 1) is None:
            return 0
    found = _pattern(name).match(text, at)
    return found.end() if found else 0


def _is_acronym(name: str) -> bool:
    return name.isupper() and len(name) <= LONGEST_ACRONYM


@remembered(4096)
def _pattern(name: str) -> re.Pattern[str]:
    """How a name may stand in a text; made when its first word is met: most names are never met, and a thousand take long."""
    words = [r"(?:\w+\s+){0,2}?\w+" if word == "*" else re.escape(word).replace("'", "['’]") for word in name.split()]
    return re.compile(r"\s+".join(words) + _ENDING, re.NOFLAG if _is_acronym(name) else re.IGNORECASE)


def names_patient(text: str, diagnosis: Diagnosis) -> bool:
    """Whether the words before a mention give it to whoever reads them: "your asthma", "you have asthma"."""
    return diagnosis.status == "affirmed" and _YOURS.search(text[: diagnosis.span[0]]) is not None
