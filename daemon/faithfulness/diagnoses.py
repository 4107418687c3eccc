"""Which diagnoses a text names, and how: of the patient, denied, in doubt, or about something else (a relative, a risk, a vaccine).

By rule alone, in the manner of NegEx and ConText (Chapman et al. 2001, Harkema et al. 2009): a name from the list
`diagnoses.txt`, and the last words before it in its sentence that say how it is meant. What is not in the list is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal

Status = Literal["affirmed", "denied", "uncertain", "other"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
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
    ("other", r"family history (?:is )?(?:positive |significant |notable )?(?:of|for)"),
    ("other", rf"(?:{_RELATIVE})\b(?:['’]s)?(?:\s+(?:also|both|all))?(?:\s+{_HAS})?(?:\s+(?:of|diagnosed with))?"),
    ("denied", r"no (?:[\w-]+ ){0,3}?(?:history|evidence|signs?|indication|suspicion|concern|personal history) (?:of|for)"),
    ("denied", rf"(?:do|does|did)\s?{_NOT} (?:think|believe|feel) (?:[\w-]+ ){{0,3}}?{_HAS}"),
    ("denied", rf"(?:do|does|did|has|have|had|is|are|was|were)\s?{_NOT} (?:[\w-]+ ){{0,2}}?(?:have|having|had|been diagnosed with|got)"),
    ("denied", r"never (?:had|has|have|been diagnosed with)|no longer (?:has|have)|denies(?: having| a history of)?|denied(?: having)?"),
    ("denied", r"negative for|free of|absence of|ruled out|excluded?|without|unlikely(?: to be)?|instead of|rather than"),
    ("denied", rf"(?:\bno\b|\bnot\b|\w+n['’]t\b|\bnever\b|\bneither\b|\bnor\b)"),
    ("uncertain", r"rule out|rules out|r/o|ruling out|whether(?: \w+){0,2}?(?: has| have| is| it is)?|question of|versus|vs\.?"),
    ("uncertain", rf"(?:may|might|could|can)(?: [\w-]+)? (?:be|have|represent)(?: had)?|possib(?:le|ly)|perhaps|maybe|differential"),
    ("uncertain", r"(?:concern(?:ed)?|worr(?:y|ied)|afraid|suspicious) (?:for|about|of|that)(?: \w+){0,2}?(?: has| have| is)?"),
    ("uncertain", r"(?:check|checked|checking|test|tested|testing|look|looking|evaluat\w+|assess\w*|work-?up|workup|watch|monitor\w*) (?:\w+ )?for"),
    ("other", r"(?:if|when|unless|in case) (?:you|she|he|they|someone|anyone|it)(?: \w+)? (?:have|has|had|get|gets|develop|develops|is|are)"),
    ("other", r"(?:at )?(?:higher |increased |high |low |lower )?(?:risks?|chances?|odds|likelihood) (?:of|for)(?: (?:having|getting|developing))?"),
    ("other", r"(?:prevents?|preventing|prevention of|protects?(?: \w+)? (?:against|from)|avoid|avoiding)"),
    ("other", r"(?:screen|screened|screening|screens) (?:\w+ )?for|(?:signs?|symptoms?|warning signs|types?|kinds?) of"),
    ("other", r"(?:vaccin\w+|immuniz\w+|shots?|exposed|exposure|exposures|contact) (?:\w+ )?(?:for|against|to|with)"),
    ("other", r"(?:leads?|leading) to|turns? into|(?:can|may|could|might|will|which|that) (?:also )?causes?|complications? (?:such as|like|of)"),
    ("affirmed", rf"(?:you|she|he|they|patient|who|i|we|and|also)(?:['’](?:ve|s))? (?:also |now |still |already )?(?:have|has|had)(?: been diagnosed with)?"),
    ("affirmed", r"\b(?:has|have|had)\b|your|\b(?:her|his|their)\b|diagnosed with|diagnosis (?:is|of)|history of|consistent with|due to|because of"),
    ("affirmed", r"\bbut\b|\bhowever\b|\balthough\b|\bthough\b|\bexcept\b|;|:|\byet\b|\bthis is\b|\bshe is\b|\bhe is\b|\byou are\b"),
)  # fmt: skip
_TRIGGERS = re.compile(
    "|".join(f"(?P<{status}_{number}>(?<![\\w-])(?:{words}))" for number, (status, words) in enumerate(_BEFORE)), re.IGNORECASE
)
_AFTER = re.compile(
    r"[\s,]*(?:(?P<denied>(?:(?:has|have|was|were|is|are|has been|have been|test|screen|swab|culture)\s+)+(?:now\s+)?"
    r"(?:been\s+)?(?:ruled out|excluded|unlikely|not likely|negative|not seen|not present|absent))"
    r"|(?P<other>(?:vaccin\w+|shots?|immuniz\w+|booster|screening|prevention|risk|screen|clinic|association|society)\b)"
    r"|(?P<uncertain>(?:test|swab|culture)s?\b|(?:is|was) (?:possible|suspected|in question)|versus\b|vs\b|or not\b))",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
_NO_END = re.compile(r"(?:\b(?:dr|mr|mrs|ms|st|vs|h|c)\.)$", re.IGNORECASE)


def find_diagnoses(text: str, extra_names: Sequence[str] = ()) -> tuple[Diagnosis, ...]:
    """The diagnoses that `text` names, in order. `extra_names` are looked for as well, as they stand."""
    known, concepts = _lexicon()
    extra = {name.casefold(): name for name in extra_names if not known.fullmatch(name)}
    found = [*known.finditer(text), *(_names_pattern(tuple(extra)).finditer(text) if extra else ())]
    return tuple(_diagnosis(text, mention, concepts) for mention in sorted(found, key=re.Match.start))


def concept_of(name: str) -> str:
    """The list's name for a diagnosis, or the name itself in lower case if the list does not have it."""
    known, concepts = _lexicon()
    return _concept(name, concepts) if known.fullmatch(name) else name.casefold()


def unnamed_diagnoses(text: str, sources: Iterable[str], extra_names: Sequence[str] = ()) -> tuple[Diagnosis, ...]:
    """The diagnoses of `text` that `sources` do not name.

    One that the text gives to the patient must be given to the patient by a source: where it is only denied, doubted or a
    relative's there, it is unnamed. One that the text itself denies or doubts must only be spoken of.
    """
    spoken_of = [each for source in sources for each in find_diagnoses(source, extra_names)]
    affirmed = {each.concept for each in spoken_of if each.status == "affirmed"}
    mentioned = {each.concept for each in spoken_of}
    return tuple(
        each
        for each in find_diagnoses(text, extra_names)
        if not is_named(each.concept, affirmed if each.status == "affirmed" else mentioned)
    )


def is_named(concept: str, among: Iterable[str]) -> bool:
    """Whether a concept or a narrower one ("breast cancer" for "cancer") is among those given."""
    broader = _broader()
    return any(
        concept == each or f" {concept} " in f" {each} " or concept in broader.get(each, ()) for each in among
    )


def _diagnosis(text: str, mention: re.Match[str], concepts: dict[str, str]) -> Diagnosis:
    return Diagnosis(_concept(mention.group(), concepts), mention.group(), mention.span(), _status(text, *mention.span()))


def _concept(words: str, concepts: dict[str, str]) -> str:
    plain = " ".join(words.replace("’", "'").casefold().split())
    for form in (plain, plain.removesuffix("s"), plain.removesuffix("es"), plain.removesuffix("ies") + "y"):
        if form in concepts:
            return concepts[form]
    return next((concept for pattern, concept in _open_names() if pattern.fullmatch(plain)), plain)


def _status(text: str, start: int, end: int) -> Status:
    begin, stop = _sentence(text, start, end)
    after = _AFTER.match(text, end, stop)
    if after is not None:
        return _as_status(after.lastgroup or "")
    last: Status = "affirmed"
    for trigger in _TRIGGERS.finditer(text, begin, start):
        last = _as_status((trigger.lastgroup or "").partition("_")[0])
    asked = text[stop : stop + 1] == "?"
    return "uncertain" if asked and last == "affirmed" else last


def _as_status(name: str) -> Status:
    return name if name in {"denied", "uncertain", "other"} else "affirmed"  # type: ignore[return-value]  # just tested


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """From the end of the sentence before to the mark that ends this one."""
    begin = 0
    for mark in _SENTENCE_END.finditer(text):
        if mark.start() >= end:
            return begin, mark.start()
        if mark.end() <= start and not _NO_END.search(text, max(begin, mark.end() - 5), mark.end()):
            begin = mark.end()
    return begin, len(text)


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Each line's names and its broader names."""
    content = (resources.files("daemon.faithfulness") / "diagnoses.txt").read_text(encoding="utf-8")
    lines = (line.partition(" > ") for line in content.splitlines() if line.strip() and not line.startswith("#"))
    return tuple((tuple(names.split(" | ")), tuple(broader.split(", ")) if broader else ()) for names, _, broader in lines)


def _lines() -> tuple[tuple[str, ...], ...]:
    return tuple(names for names, _ in _rows())


@lru_cache(maxsize=1)
def _broader() -> dict[str, tuple[str, ...]]:
    return {names[0]: broader for names, broader in _rows() if broader}


@lru_cache(maxsize=1)
def _lexicon() -> tuple[re.Pattern[str], dict[str, str]]:
    """The pattern of all names, the longest first, and from each name in lower case to its concept."""
    names = [name for line in _lines() for name in line]
    concepts = {name.casefold(): line[0] for line in reversed(_lines()) for name in reversed(line)}
    return _names_pattern(tuple(names)), concepts


@lru_cache(maxsize=1)
def _open_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((_names_pattern((name,)), line[0]) for line in _lines() for name in line if "*" in name)


@lru_cache(maxsize=64)
def _names_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    spelled = "|".join(_spelled(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<![\w-])(?:{spelled})(?![\w-])")


def _spelled(name: str) -> str:
    words = [r"(?:\w+ ){0,2}?\w+" if word == "*" else re.escape(word).replace("'", "['’]") for word in name.split()]
    pattern = r"[\s]+".join(words)
    if name.isupper() and len(name) <= 5:
        return f"{pattern}s?"
    return f"(?i:{pattern}(?:e?s)?)"


def names_patient(text: str, diagnosis: Diagnosis) -> bool:
    """Whether the words before a mention give it to whoever reads them: "your asthma", "you have asthma"."""
    before = text[: diagnosis.span[0]]
    return diagnosis.status == "affirmed" and bool(_YOURS.search(before))


_YOURS = re.compile(r"\byou(?:r|['’]ve|\s+(?:have|had|were diagnosed with))(?:\s+[\w-]+){0,3}\s+$", re.IGNORECASE)


def concepts_affirmed(texts: Iterable[str], extra_names: Sequence[str] = ()) -> frozenset[str]:
    """The diagnoses that texts give to the patient."""
    return frozenset(each.concept for text in texts for each in find_diagnoses(text, extra_names) if each.status == "affirmed")


def say(found: Iterable[Diagnosis]) -> Iterator[str]:
    """The words of each, once."""
    yield from dict.fromkeys(each.text for each in found)
