"""What a doubtful word of a recording may have been, by its sound: a name of the practice's own, or a drug.

Suggestions stand beside a word and never in its place. They are looked for only where recognition was not sure, since most words
that sound like a drug are English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from daemon.faithfulness.medicines.dosed_words import dosed_words
from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.misheard_drugs import is_english, misheard_drugs, shown
from daemon.faithfulness.medicines.sound_alike import SoundAlike, likeness, sound_key, sounding_like, sounds_alike
from daemon.model.doubtful_words import LOW_CONFIDENCE, is_marked
from daemon.model.passage import Passage, TimeAnchor, Word
from daemon.model.speech_names import SpeechNames

MOST = 3
"""Suggestions of one word: more are no help."""
_LEAST_LETTERS = 5
_LEAST_SCORE = 0.8
"""Of a drug that stands beside no dose. Set on the words of conversations: `tests/unit/test_suggested_words.py` has the counter-examples."""
_LEAST_BRAND_LETTERS = 6
_LEAST_BRAND_SCORE = 0.85
_LEAST_USUAL_LETTERS = 7
_LEAST_USUAL_SCORE = 0.6
_LEAST_NAME_KEY = 3
_LEAST_PLAIN_KEY = 4
"""Consonants that a name must have to be suggested for a word without a capital: "meals" are no Dr. Mills."""
_LEAST_PLAIN_SCORE = 0.8
_NEARLY_AS_LIKE = 0.1
_MOST_RUN = 3
"""Words that one name may have been heard as: "oak for" for Okafor."""
_ENGLISH_ENDING = re.compile(r"(?:ly|ing|ed|[ts]ions?|ness|ments?|i[sz]e[srd]?|ably|able|icate|ful)$")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "prof", "st", "the", "and", "of", "clinic", "hospital", "center", "street", "road"}
)


def suggested(passages: Sequence[Passage], names: SpeechNames | None = None) -> tuple[Passage, ...]:
    """The passages with suggestions at the doubtful words of those that were spoken. `names`: what recognition was told of.

    Texts, confidences and all other words stay as they are.
    """
    names = names or SpeechNames()
    own = tuple(_parts_of(names.own))
    usual = tuple(name for name in (*names.own, *names.usual) if name.lower() in drug_names())
    return tuple(_with_suggestions(passage, own, usual) for passage in passages)


def _parts_of(names: Iterable[str]) -> Iterator[str]:
    """The words of names that may be misheard by themselves."""
    seen: set[str] = set()
    for name in names:
        for part in _LETTERS.findall(name):
            key = part.casefold()
            if key not in _TITLES and key not in seen and len(part) > _LEAST_NAME_KEY:
                seen.add(key)
                yield part


def _with_suggestions(passage: Passage, own: Sequence[str], usual: Sequence[str]) -> Passage:
    if not isinstance(passage.anchor, TimeAnchor) or not any(map(is_marked, passage.words)):
        return passage
    beside_doses, before_doses = _beside_doses(passage.words), _before_doses(passage.words)
    words = tuple(
        replace(
            word,
            suggestions=_once(
                [
                    *_names(passage.words, at, own),
                    *beside_doses[at],
                    *_drugs(word.text),
                    *_usual(word.text, usual),
                    *before_doses[at],
                ]
            ),
        )
        if is_marked(word) and not word.suggestions
        else word
        for at, word in enumerate(passage.words)
    )
    return replace(passage, words=words)


def _beside_doses(words: Sequence[Word]) -> list[tuple[str, ...]]:
    """For each word the drugs that it, or the run of words it stands in, sounds like beside a dose or a word of taking."""
    text = " ".join(word.text for word in words)
    starts = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    found: list[tuple[str, ...]] = [()] * len(words)
    for one in misheard_drugs(text):
        for at in range(len(words)):
            if one.span[0] < starts[at + 1] - 1 and starts[at] < one.span[1]:
                found[at] = tuple(each.shown for each in one.names)
    return found


def _before_doses(words: Sequence[Word]) -> list[tuple[str, ...]]:
    """For each word of a doubted run before a dose the prescribed drugs that it may be."""
    found: list[tuple[str, ...]] = [()] * len(words)
    for dosed in dosed_words(words, LOW_CONFIDENCE):
        near = tuple(name for name, score in dosed.names if score >= dosed.names[0][1] - _NEARLY_AS_LIKE)
        for at in range(dosed.first, dosed.last + 1):
            found[at] = near
    return found


def _drugs(text: str) -> tuple[str, ...]:
    """Drugs that a word by itself sounds like; of a word that is a drug's name, others."""
    said = _bare(text).lower()
    if len(said) < _LEAST_LETTERS or is_english(said):
        return ()
    own = drug_names().get(said, ("", ""))[0]
    return tuple(shown(one) for one in sounding_like(said) if _is_near(one, len(said)) and one.generic != own)


def _is_near(one: SoundAlike, letters: int) -> bool:
    """Brands are short and many, so that much English sounds like one."""
    if one.name == one.generic:
        return one.score >= _LEAST_SCORE
    return letters >= _LEAST_BRAND_LETTERS and one.score >= _LEAST_BRAND_SCORE


def _usual(text: str, usual: Sequence[str]) -> tuple[str, ...]:
    """Of the drugs that are usual here those that a word sounds like from further off: "listenopro" for lisinopril."""
    said = _bare(text).lower()
    if len(said) < _LEAST_USUAL_LETTERS or said in drug_names() or is_english(said) or _ENGLISH_ENDING.search(said):
        return ()
    near = [(likeness(said, name), name) for name in usual if _begin_alike(said, name)]
    return tuple(name for score, name in sorted(near, key=lambda one: -one[0]) if score >= _LEAST_USUAL_SCORE)


def _begin_alike(said: str, name: str) -> bool:
    return sound_key(said)[:2] == sound_key(name)[:2]


def _names(words: Sequence[Word], at: int, names: Sequence[str]) -> tuple[str, ...]:
    """The practice's names that the word at this place, or a run of words with it, sounds like."""
    if not names:
        return ()
    single = [name for name in names if _is_heard_as(_bare(words[at].text), name)]
    runs = [_run(words, first, size) for size in range(2, _MOST_RUN + 1) for first in range(at - size + 1, at + 1)]
    joined = [name for name in names for run in runs if run and _is_heard_as(run, name)]
    return tuple(sorted(single, key=lambda name: -likeness(_bare(words[at].text), name)) + joined)


def _run(words: Sequence[Word], first: int, size: int) -> str:
    """Words as one, if none of them is a whole sentence's end and the first has a capital: a name in pieces."""
    if first < 0 or first + size > len(words):
        return ""
    pieces = [word.text for word in words[first : first + size]]
    if any(piece.rstrip()[-1:] in ".,;:?!" for piece in pieces[:-1]) or not _bare(pieces[0])[:1].isupper():
        return ""
    return "".join(map(_bare, pieces)).capitalize()


def _is_heard_as(said: str, name: str) -> bool:
    if said.casefold() == name.casefold() or not sounds_alike(said, name):
        return False
    if said[:1].isupper() == name[:1].isupper():
        return True
    return len(sound_key(said)) >= _LEAST_PLAIN_KEY and likeness(said, name) >= _LEAST_PLAIN_SCORE


def _bare(text: str) -> str:
    found = _LETTERS.search(text)
    return re.sub(r"['’-]", "", found[0].removesuffix("'s").removesuffix("’s")) if found else ""


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold(): name for name in reversed(list(names))}.values())[::-1][:MOST]
