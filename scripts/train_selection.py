"""Trains the weights by which groups of a conversation are selected for a written draft, or prints their figures.

    python scripts/train_selection.py                train on the train sets, write daemon/adapters/drafting/weights/selection.npz
    python scripts/train_selection.py --evaluate     print the figures of the weights as they are (needs numpy alone)
    python scripts/train_selection.py --threshold    print what keeps how much, by cross-validation on the train sets

Needs `requirements/train.txt` to train and the two public data sets (`--data`, see `selection_data.py`). The validation sets serve the
figures only: `selection.LEAST_KEPT` goes by the cross-validation. There is no chance in it: the same data give the same weights.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from section_figures import SECTIONS, SOAP  # noqa: E402 - needs the path above
from selection_data import Visit, rarity, taken_up, visits  # noqa: E402

from daemon.adapters.drafting.section_classifier import SectionClassifier  # noqa: E402
from daemon.adapters.drafting.selection import LEAST_KEPT, Selector, keeps, talk_counts  # noqa: E402
from daemon.evaluation.baselines import best_for  # noqa: E402
from daemon.evaluation.rouge import rouge  # noqa: E402
from daemon.model.draft import Statement  # noqa: E402

WEIGHTS = ROOT / "daemon" / "adapters" / "drafting" / "weights"
SETS = ("mts-dialog", "aci-bench")
INVERSE_REGULARISATION = 1.0
LEAST_DOCUMENTS = 3
FOLDS = 5
RECALLS = (0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Examples:
    """The groups of the train sets: their features, whether a note took them up, and the visit that each is of."""

    matrix: Any
    columns: list[tuple[list[int], Any]]
    kept: list[bool]
    visit: list[int]


def examples(data: Path) -> Examples:
    """All of both train sets."""
    from scipy.sparse import csr_matrix

    known = [visit for name in SETS for visit in visits(data / f"{name}-train.jsonl")]
    rare = rarity(known)
    kept = [one is not None for visit in known for one in taken_up(visit, rare)]
    rows = [talk_counts(talk, at / len(visit.talks)) for visit in known for at, talk in enumerate(visit.talks)]
    columns = [_vocabulary([row[number] for row in rows]) for number in (0, 1)]
    entries, places = [], [{key: at for at, key in enumerate(keys)} for keys, _ in columns]
    for number, row in enumerate(rows):
        for block in (0, 1):
            entries += _unit(number, row[block], places[block], columns[block][1], len(columns[0][0]) * block)
    at_row, at_column, values = zip(*entries, strict=True)
    shape = (len(rows), len(columns[0][0]) + len(columns[1][0]))
    matrix = csr_matrix((values, (at_row, at_column)), shape=shape)
    return Examples(matrix, columns, kept, [number for number, visit in enumerate(known) for _ in visit.talks])


def train(data: Path) -> None:
    """Fit the logistic regression, and write its weights with eight bits each."""
    all_of = examples(data)
    model = _fitted(all_of.matrix, all_of.kept)
    _write(model, all_of.columns, {"groups": len(all_of.kept), "taken_up": sum(all_of.kept), "data": _hashes(data)})


def _fitted(matrix: Any, kept: Sequence[bool]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=INVERSE_REGULARISATION, max_iter=300).fit(matrix, kept)


def thresholds(data: Path) -> dict[str, Any]:
    """Each group judged by weights that saw no group of its visit: the area, and what is kept at each threshold."""
    all_of = examples(data)
    visit, truth = np.array(all_of.visit), np.array(all_of.kept)
    likely = np.zeros(len(truth))
    for fold in range(FOLDS):
        here = visit % FOLDS == fold
        model = _fitted(all_of.matrix[np.flatnonzero(~here)], truth[~here])
        likely[here] = model.predict_proba(all_of.matrix[np.flatnonzero(here)])[:, 1]
    ordered = np.sort(likely[truth])[::-1]
    chosen = [float(ordered[math.ceil(recall * len(ordered)) - 1]) for recall in RECALLS]
    found = {"area": round(area(all_of.kept, list(likely)), 4), "taken_up": round(float(truth.mean()), 4)}
    return found | {"at": [_at(each, likely, truth) for each in sorted([*chosen, LEAST_KEPT])]}


def _at(threshold: float, likely: Any, truth: Any) -> dict[str, float]:
    keeps_it = likely >= threshold
    right = (keeps_it & truth).sum()
    figures = {"precision": right / keeps_it.sum(), "recall": right / truth.sum(), "keeps": keeps_it.mean()}
    return {"threshold": round(threshold, 3)} | {name: round(float(value), 4) for name, value in figures.items()}


def _vocabulary(counts: Sequence[Counter[int]]) -> tuple[list[int], Any]:
    documents = Counter(key for row in counts for key in row)
    keys = sorted(key for key, times in documents.items() if times >= LEAST_DOCUMENTS)
    idf = [math.log((1 + len(counts)) / (1 + documents[key])) + 1 for key in keys]
    return keys, np.array(idf, dtype=np.float16).astype(np.float64)


def _unit(
    row: int, counts: Counter[int], places: dict[int, int], idf: Any, offset: int
) -> list[tuple[int, int, float]]:
    found = [(places[key], (1 + math.log(times)) * idf[places[key]]) for key, times in counts.items() if key in places]
    norm = math.sqrt(sum(value * value for _, value in found)) or 1.0
    return [(row, offset + place, value / norm) for place, value in found]


def _write(model: Any, columns: Sequence[tuple[list[int], Any]], about: dict[str, Any]) -> None:
    weights = model.coef_.T
    scale = np.abs(weights).max(axis=0) / 127
    small, split = np.rint(weights / scale).astype(np.int8), len(columns[0][0])
    arrays: dict[str, Any] = {"scale": scale.astype(np.float32), "bias": np.float32(model.intercept_[0])}
    for name, (keys, idf), part in zip(("word", "sign"), columns, (small[:split], small[split:]), strict=True):
        arrays |= {
            f"{name}_keys": np.array(keys, np.uint32),
            f"{name}_idf": idf.astype(np.float16),
            f"{name}_weights": part,
        }
    np.savez_compressed(WEIGHTS / "selection.npz", **arrays)
    _write_about(about)


def _write_about(about: dict[str, Any]) -> None:
    (WEIGHTS / "selection.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _hashes(data: Path) -> dict[str, str]:
    return {f"{name}-train": sha256((data / f"{name}-train.jsonl").read_bytes()).hexdigest() for name in SETS}


def area(truth: Sequence[bool], values: Sequence[float]) -> float:
    """The area under the ROC curve, by ranks (Mann and Whitney 1947)."""
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(values))
    ranks[order] = np.arange(1, len(values) + 1)
    right = sum(truth)
    return float((ranks[np.array(truth)].sum() - right * (right + 1) / 2) / (right * (len(truth) - right)))


def figures(data: Path) -> dict[str, Any]:
    """Of both validation sets; ROUGE is of what was said, copied, against the note."""
    selector, classifier = Selector.load(), SectionClassifier.load()
    rare = rarity([visit for name in SETS for visit in visits(data / f"{name}-train.jsonl")])
    found = {}
    for name in SETS:
        known = list(visits(data / f"{name}-valid.jsonl"))
        found[name] = _selected(known, rare, selector) | (_placed(known, rare, classifier) if name == SETS[1] else {})
        print(name, json.dumps(found[name]))
    return found


def _selected(known: Sequence[Visit], rare: dict[str, float], selector: Selector) -> dict[str, float]:
    truth = [one is not None for visit in known for one in taken_up(visit, rare)]
    likely = [each for visit in known for each in selector.probabilities(visit.talks)]
    kept = [keeps(visit.talks) for visit in known]
    flat = [each for row in kept for each in row]
    right = sum(one and other for one, other in zip(flat, truth, strict=True))
    result = {
        "taken_up": sum(truth) / len(truth),
        "area": area(truth, likely),
        "classifier_recall": sum(a and b >= LEAST_KEPT for a, b in zip(truth, likely, strict=True)) / sum(truth),
        "classifier_keeps": sum(each >= LEAST_KEPT for each in likely) / len(likely),
        "precision": right / sum(flat),
        "recall": right / sum(truth),
        "keeps": sum(flat) / len(flat),
    }
    copies = {
        "all": [[talk.text for talk in visit.talks] for visit in known],
        "selected": [
            [talk.text for talk, keep in zip(visit.talks, row, strict=True) if keep]
            for visit, row in zip(known, kept, strict=True)
        ],
        "best": [_best(visit) for visit in known],
    }
    for name, texts in copies.items():
        scores = [rouge(visit.text, "\n".join(text)) for visit, text in zip(known, texts, strict=True)]
        result |= {f"{name}_rouge{n + 1}": sum(score[n] for score in scores) / len(scores) for n in (0, 1)}
    return {name: round(value, 4) for name, value in result.items()}


def _best(visit: Visit) -> list[str]:
    """The best choice of groups there is: an upper bound."""
    return [
        each.text for each in best_for(visit.text)([Statement(talk.text, ("p1",), "quoted") for talk in visit.talks])
    ]


def _placed(known: Sequence[Visit], rare: dict[str, float], classifier: SectionClassifier) -> dict[str, float]:
    """How many groups stand on the side (S, O, A, P) of the sentence that took them up: placed whole, and each by the side of most of
    its words, placed passage by passage with who speaks, as was done before."""
    hits = {"groups": 0, "passages": 0}
    total = 0
    for visit in known:
        gold = taken_up(visit, rare)
        total += sum(one is not None for one in gold)
        whole = classifier.place([talk.text for talk in visit.talks], SECTIONS, order_matters=True)
        each = classifier.place([one.whole for talk in visit.talks for one in talk.said], SECTIONS, order_matters=True)
        sides = iter(place.section for place in each)
        for one, talk, place in zip(gold, visit.talks, whole, strict=True):
            sizes = Counter[str]()
            for said in talk.said:
                sizes[next(sides)] += said.size
            if one is not None:
                hits["groups"] += place.section == SOAP[one.label]
                hits["passages"] += sizes.most_common(1)[0][0] == SOAP[one.label]
    return {f"side_by_{name}": round(count / total, 4) for name, count in hits.items()}


def main() -> None:
    """Train or evaluate."""
    parser = argparse.ArgumentParser(description="Train the selection of what a note takes up, or print its figures.")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--evaluate", action="store_true", help="only print the figures of the weights as they are")
    parser.add_argument("--threshold", action="store_true", help="only cross-validate on the train sets")
    options = parser.parse_args()
    if options.threshold:
        print(json.dumps(thresholds(options.data), indent=1))
        return
    if not options.evaluate:
        train(options.data)
    found = figures(options.data)
    if not options.evaluate:
        about = json.loads((WEIGHTS / "selection.json").read_text(encoding="utf-8"))
        _write_about(about | {"figures": found})


if __name__ == "__main__":
    main()
