#!/usr/bin/env python3
"""Makes daemon/faithfulness/words/heard_word_weights.tsv: how far to trust each word that was heard.

Usage: train_heard_words.py HEARD.jsonl      (needs numpy)

A row: {"said": text, "heard": [[[word, probability, first heard], ...], ...]}, a recording of which is known what was said, and its passages
after the second hearing: `first heard` is what a word stands for that was taken over there, or empty. Those are not learned from, they are
always doubted. A word counts as wrong where it differs from what was said (Levenshtein) and a drug, number, unit, side, negation or medical
term stands beside the place. Logistic regression with a ridge, by Newton's method; wrong words weigh more, small words less: so much
that what is doubted at 0.5 is about eight words of a hundred.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from daemon.evaluation.reading_measure import aligned
from daemon.evaluation.reading_words import tokens
from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.reading import heard_words
from daemon.faithfulness.vocabulary.terms import terms
from daemon.model.doubtful_words import FIRST_HEARD, is_small, is_taken
from daemon.model.passage import Word

TARGET = Path(heard_words.__file__).parent.parent / "words" / "heard_word_weights.tsv"
HEAD = "# Made by scripts/train_heard_words.py; reading/heard_words.py tells what the signs are."
RIDGE, STEPS = 2.0, 60
MOST_WRONG = 0.4
"""A recording of which more was misheard teaches nothing of single words."""
WRONG, SMALL = 1.4, 0.3
"""How much a wrong word weighs, and a small one that is right."""
FACTS = heard_words._UNITS | heard_words._TURNING


def main() -> None:
    signs: list[dict[str, float]] = []
    wrong: list[bool] = []
    weight: list[float] = []
    for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passages = [[_word(*each) for each in passage] for passage in row["heard"]]
        words = [word for passage in passages for word in passage]
        is_wrong = wrong_words(row["said"], words)
        if sum(is_wrong) > MOST_WRONG * len(words):
            continue
        heard = [each for passage in passages for each in heard_words.signs(passage)]
        for word, bad, sign in zip(words, is_wrong, heard, strict=True):
            if not is_taken(word):
                signs.append(dict(sign))
                wrong.append(bad)
                weight.append(WRONG if bad else SMALL if is_small(word.text) else 1.0)
    names = list(signs[0])
    table = np.array([[one[name] for name in names] for one in signs])
    found = regression(table, np.array(wrong, float), np.array(weight), names.index("always"))
    print(f"{len(wrong)} words, {sum(wrong)} wrong about a fact")
    lines = [f"{name}\t{value:.3f}" for name, value in zip(names, found, strict=True)]
    TARGET.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")


def _word(text: str, probability: float, first_heard: str) -> Word:
    return Word(text, probability, suggestions=(f"{FIRST_HEARD}{first_heard}",) if first_heard else ())


def wrong_words(said: str, words: Sequence[Word]) -> list[bool]:
    """Which heard words are wrong, beside a clinical fact of what was said."""
    truth, place, text = tokens(said), [], ""
    for word in words:
        place.append((len(text), len(text) + len(word.text)))
        text += word.text + " "
    heard = tokens(text)
    pairs = aligned([one.text for one in truth], [one.text for one in heard])
    wrong = [False] * len(words)
    for at, (one, other) in enumerate(pairs):
        if other is None or (one is not None and truth[one].text == heard[other].text):
            continue
        near = [pair[0] for pair in pairs[max(at - 1, 0) : at + 2] if pair[0] is not None]
        if any(is_fact(truth[each].text) for each in near):
            for nth, (start, end) in enumerate(place):
                wrong[nth] |= start < heard[other].end and heard[other].start < end
    return wrong


def is_fact(word: str) -> bool:
    """Whether a word of what was said carries a clinical fact."""
    low = word.lower()
    return any(letter.isdigit() for letter in low) or low in FACTS or low in drug_names() or bool(list(terms(low)))


def regression(table: Any, wrong: Any, weight: Any, bias: int) -> Any:
    """The weights of the signs (columns of `table`) for `wrong` (0 or 1), on the signs' own scale."""
    scale = table.std(axis=0)
    scale[scale == 0] = 1
    scaled, ridge = table / scale, RIDGE * np.eye(table.shape[1])
    ridge[bias, bias] = 1e-6
    found = np.zeros(table.shape[1])
    for _ in range(STEPS):
        share = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (weight * (share - wrong)) + ridge @ found
        found -= np.linalg.solve((scaled * (weight * share * (1 - share))[:, None]).T @ scaled + ridge, slope)
    return found / scale


if __name__ == "__main__":
    main()
