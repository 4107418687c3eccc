"""The section classifier's figures over S/O/A/P, with numpy alone.

The sentences are those of the validation notes of MTS-Dialog and ACI-Bench, as they are written and as they would be spoken,
and of the dictation in tests/assets, which was never trained on; the blind one was written before the training sentences were
extended, and its errors were never looked at one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from section_data import Sentence, aci_sentences, mts_sentences

from daemon.adapters.drafting.section_classifier import LABELS, SectionClassifier

ROOT = Path(__file__).resolve().parent.parent
SOAP = dict.fromkeys(LABELS, "S") | {
    **dict.fromkeys(("ASSESSMENT", "DIAGNOSIS"), "A"),
    **dict.fromkeys(("PLAN", "DISPOSITION", "EDCOURSE"), "P"),
    **dict.fromkeys(("EXAM", "IMAGING", "LABS", "PROCEDURES"), "O"),
}
SECTIONS = {side: [label for label in LABELS if SOAP[label] == side] for side in "SOAP"}
_ONES = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
)
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def as_spoken(text: str) -> str:
    """The text in lower case, without punctuation, its numbers in words as a clinician says them (138/84, 12.5 mg)."""
    said = re.sub(r"(?<=\d)/(?=\d)", " over ", re.sub(r"(?<=\d)\.(?=\d)", " point ", text))
    said = re.sub(r"\d+", lambda number: f" {_in_words(number[0])} ", said)
    return " ".join(re.sub(r"[^\w\s']", " ", said).lower().split())


def _in_words(digits: str) -> str:
    value = int(digits)
    if value < 20:
        return _ONES[value]
    if value < 100:
        return _TENS[value // 10] + (f" {_ONES[value % 10]}" if value % 10 else "")
    if len(digits) <= 4:
        tail = int(digits[-2:])
        return f"{_in_words(digits[:-2])} {'hundred' if not tail else 'oh ' * (tail < 10) + _in_words(digits[-2:])}"
    return " ".join(_ONES[int(digit)] for digit in digits)


def dictation(name: str = "dictation_sections") -> list[Sentence]:
    """The dictation's passages in tests/assets; `label` is the side, `note` the memo."""
    path = ROOT / "tests" / "assets" / f"{name}.tsv"
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [Sentence(passage, side, memo) for memo, side, passage in rows]


def placed(model: SectionClassifier, data: Sequence[Sentence], *, order_matters: bool) -> list[str]:
    """The side of each sentence, note by note."""
    return [
        placement.section
        for _, note in groupby(data, key=lambda one: one.note)
        for placement in model.place([one.text for one in note], SECTIONS, order_matters=order_matters)
    ]


def score(truth: Sequence[str], guess: Sequence[str]) -> dict[str, Any]:
    """Accuracy, macro-F1 over the four sides, and for each side precision, recall, F1 and count."""
    pairs = Counter(zip(truth, guess, strict=True))
    sides: dict[str, dict[str, float]] = {}
    for side in "SOAP":
        right, named, there = pairs[side, side], list(guess).count(side), list(truth).count(side)
        precision, recall = right / max(named, 1), right / max(there, 1)
        harmonic = 2 * right / max(named + there, 1)
        sides[side] = {"precision": precision, "recall": recall, "f1": harmonic, "count": there}
    return {
        "accuracy": sum(pairs[side, side] for side in "SOAP") / len(truth),
        "macro_f1": sum(one["f1"] for one in sides.values()) / 4,
        "sides": sides,
    }


def print_figures(data: Path) -> dict[str, Any]:
    """Print a table for each set, and return the figures rounded to three places."""
    mts = list(mts_sentences(data / "mts-dialog-valid.jsonl"))
    aci = list(aci_sentences(data / "aci-bench-valid.jsonl"))
    dictated = dictation()
    model = SectionClassifier.load()
    figures = {}
    sets = {
        "both": [*mts, *aci],
        "both, by headings alone": [*mts, *aci_sentences(data / "aci-bench-valid.jsonl", by_content=False)],
        "mts": mts,
        "aci": aci,
        "both, as spoken": [Sentence(as_spoken(one.text), one.label, one.note) for one in (*mts, *aci)],
        "dictation": dictated,
        "blind dictation": dictation("dictation_blind"),
    }
    for name, sentences in sets.items():
        truth = [SOAP.get(one.label, one.label) for one in sentences]
        for order_matters in (False, True):
            result = score(truth, placed(model, sentences, order_matters=order_matters))
            figures[f"{name}; {'in order' if order_matters else 'one by one'}"] = result
    for name, result in figures.items():
        print(f"{name}: accuracy {result['accuracy']:.3f}, macro-F1 {result['macro_f1']:.3f}")
        for side, line in result["sides"].items():
            print(f"    {side}  " + "  ".join(f"{key} {value:.3g}" for key, value in line.items()))
    return {
        name: {"accuracy": round(one["accuracy"], 3), "macro_f1": round(one["macro_f1"], 3)}
        for name, one in figures.items()
    }
