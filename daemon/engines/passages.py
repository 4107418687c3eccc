"""From the words that speech recognition heard to passages: sentences, or clauses where a sentence is long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# In read-out notes the pauses between sentences are 0.7 to 1.1 s, inside clauses up to 0.5 s (own synthetic memos).
PAUSE_SECONDS = 0.75
LONG_PAUSE_SECONDS = 2.0
MAX_WORDS = 40
MIN_CLAUSE_WORDS = 4

_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "prof", "st", "vs", "e.g", "i.e", "approx", "dept"}
)  # fmt: skip
# These end a sentence only where a capital follows ("No. Lungs are clear", "No. 5").
_ABBREVIATIONS = frozenset(
    {"jr", "sr", "no", "nos", "etc", "a.m", "p.m", "b.i.d", "t.i.d", "q.i.d", "q.d", "p.r.n", "p.o", "h.s", "a.c",
     "p.c", "fig", "min", "max", "mg", "mcg", "ml", "kg", "cm", "mm", "hr", "hrs", "wk", "wks", "yr", "yrs", "mo",
     "tab", "tabs", "cap", "caps", "inj", "est", "ext", "temp", "resp", "wt", "ht"}
)  # fmt: skip
_CLAUSE_STARTS = frozenset(
    {"and", "but", "so", "because", "although", "while", "then", "also", "however", "i", "he", "she", "it", "they",
     "we", "you", "there", "this", "that", "these", "those", "the", "her", "his", "their", "my", "our", "patient",
     "assessment", "plan", "objective", "subjective", "history", "allergies", "medications", "exam", "impression",
     "follow", "return", "continue", "start", "stop", "recheck", "refer", "vitals", "labs"}
)  # fmt: skip
_CLOSERS = "\"'”’)]}"
_NUMBERISH = re.compile(
    r"^\W*(\d|(zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|"
    r"sixty|seventy|eighty|ninety|hundred|thousand|half|over|point|per|percent|milligrams?|mg)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Heard:
    """One word as heard. `text` keeps its leading space: without one it continues the word before it. `voice` is "" where nobody knows."""

    text: str
    start: float
    end: float
    confidence: float
    voice: str = ""


def split_passages(words: Sequence[Heard]) -> list[list[Heard]]:
    """Cut at the ends of sentences, at pauses, where another speaks, and inside what is still longer than `MAX_WORDS`. No word is lost."""
    passages: list[list[Heard]] = []
    current: list[Heard] = []
    for index, word in enumerate(words):
        current.append(word)
        following = words[index + 1] if index + 1 < len(words) else None
        if following is None or _ends_here(current, following):
            passages += _shortened(current)
            current = []
    return passages


def passage_text(words: Iterable[Heard]) -> str:
    """The words as they were written by the engine, on one line."""
    return " ".join("".join(word.text for word in words).split())


def _ends_here(current: Sequence[Heard], following: Heard) -> bool:
    word = current[-1]
    if not following.text.startswith(" "):
        return False
    pause = following.start - word.end
    if pause >= LONG_PAUSE_SECONDS or word.voice != following.voice or ends_sentence(word.text, following.text):
        return True
    # "Denies fever, … chest pain": a cut inside a list would lose what "denies" governs, and one before a number what
    # the number is of. So a pause cuts only where a new clause begins.
    return pause >= PAUSE_SECONDS and len(current) >= MIN_CLAUSE_WORDS and _starts_clause(following.text)


def _starts_clause(text: str) -> bool:
    return text.strip().strip(_CLOSERS + ",.;:!?").lower() in _CLAUSE_STARTS


def ends_sentence(text: str, following: str) -> bool:
    """Whether a sentence ends between two words."""
    bare = text.strip().rstrip(_CLOSERS)
    if bare.endswith(("?", "!", "。", "？", "！")):
        return True
    if not bare.endswith(".") or bare.endswith("..."):
        return False
    stem = bare.rstrip(".").lstrip("\"'“‘([").lower()
    if stem in _TITLES or (len(stem) == 1 and stem.isalpha() and stem != "i"):
        return False
    return stem not in _ABBREVIATIONS or following.strip()[:1].isupper()


def _shortened(words: list[Heard]) -> list[list[Heard]]:
    if len(words) <= MAX_WORDS:
        return [words]
    edge = MIN_CLAUSE_WORDS + 2
    places = [i for i in range(edge, len(words) - edge) if words[i].text.startswith(" ")]
    if not places:
        return [words]
    middle = len(words) / 2
    # The nearer to the middle the better, as long as nothing speaks better for another place.
    cut = max(places, key=lambda i: (_clause_mark(words[i - 1], words[i]) - abs(i - middle) / len(words), -i))
    return _shortened(words[:cut]) + _shortened(words[cut:])


def _clause_mark(before: Heard, after: Heard) -> float:
    """How much speaks for a cut between two words: punctuation, the start of a clause, a pause."""
    mark = 1.0 if before.text.rstrip().endswith((",", ";", ":", "—")) else 0.0
    mark += 0.5 if _starts_clause(after.text) else 0.0
    mark += min(max(after.start - before.end, 0.0), 1.0)
    return mark - (1.0 if _NUMBERISH.match(after.text.strip()) else 0.0)
