"""Trains the section classifier's weights, or prints its figures.

    python scripts/train_sections.py                 train on the train sets, write daemon/adapters/drafting/weights, print the figures
    python scripts/train_sections.py --evaluate      print the figures of the weights as they are (needs numpy alone)

Needs `requirements/train.txt` to train and the two public data sets (`--data`, see `section_data.py`). The validation sets
serve the figures only. The features are the run time's own, so that what is trained is what runs.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from section_data import Sentence, aci_rows, aci_sentences, aligned_turns, mts_sentences  # noqa: E402 - needs the path above
from section_figures import SOAP, print_figures  # noqa: E402

from daemon.adapters.drafting.section_classifier import LABELS  # noqa: E402
from daemon.adapters.drafting.section_features import char_counts, spoken_words, word_counts  # noqa: E402

WEIGHTS = ROOT / "daemon" / "adapters" / "drafting" / "weights"
FIXTURE = ROOT / "tests" / "assets" / "section_probabilities.json"
DICTATION = ROOT / "scripts" / "dictation_sentences.tsv"
# Chosen by threefold cross-validation over the training notes. MTS_WEIGHT, since nine in ten of its sentences are Subjective:
# 1.0 gives accuracy 0.870, 0.3 gives 0.875, 0.15 gives 0.868. All else tried (C 4 to 25, BALANCE 0 to 0.6, weights of naive Bayes,
# three words in a row, pieces of six letters, four labels in place of twenty) moved it by less than 0.003.
INVERSE_REGULARISATION = 10.0
BALANCE = 0.4
FILLED_TIMES = 4
TURN_WEIGHT = 0.3
MTS_WEIGHT = 0.3
INVENTED_WEIGHT = 0.5
LEAST_DOCUMENTS = {"word": 2, "char": 3}


def invented_dictation(path: Path) -> list[Sentence]:
    """The invented sentences, each with a slot filled in `FILLED_TIMES` ways."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    slots = {name[1:]: values.split("|") for name, values in rows if name.startswith("@")}
    chance = random.Random(7)
    found = []
    for label, sentence in rows:
        for _ in range(0 if label.startswith("@") else FILLED_TIMES if "{" in sentence else 1):
            filled = re.sub(r"\{(\w+)\}", lambda slot: chance.choice(slots[slot[1]]), sentence)
            found.append(Sentence(filled, label, "invented"))
    return found


class Vocabulary:
    """One block's keys and idf, learned from counts; turns counts into a sparse matrix of unit rows."""

    def __init__(self, counts: Sequence[Counter[int]], least_documents: int) -> None:
        documents = Counter(key for row in counts for key in row)
        self.keys = sorted(key for key, times in documents.items() if times >= least_documents)
        self.place = {key: place for place, key in enumerate(self.keys)}
        smooth = [math.log((1 + len(counts)) / (1 + documents[key])) + 1 for key in self.keys]
        self.idf = np.array(smooth, dtype=np.float16).astype(np.float64)

    def matrix(self, counts: Sequence[Counter[int]]) -> Any:
        """Rows of tf-idf, as scikit-learn's TfidfVectorizer with sublinear_tf makes them."""
        from scipy.sparse import csr_matrix
        from sklearn.preprocessing import normalize

        entries = [
            (row, self.place[key], 1 + math.log(times))
            for row, found in enumerate(counts)
            for key, times in found.items()
            if key in self.place
        ]
        rows, columns, values = (np.array(column) for column in zip(*entries, strict=True))
        shape = (len(counts), len(self.keys))
        return normalize(csr_matrix((values * self.idf[columns], (rows, columns)), shape=shape))


def count_blocks(texts: Sequence[str]) -> dict[str, list[Counter[int]]]:
    """The run time's features of each text, by block."""
    seen: dict[str, tuple[int, ...]] = {}
    spoken = [spoken_words(text) for text in texts]
    return {"word": [word_counts(words) for words in spoken], "char": [char_counts(words, seen) for words in spoken]}


def sentence_weights(data: Sequence[Sentence]) -> Any:
    """Notes as a whole count most; rare sides of S/O/A/P more: a side's weight grows with (its share)^-BALANCE."""
    base = np.array([_source_weight(one.note) for one in data])
    sides = Counter[str]()
    for one, weight in zip(data, base, strict=True):
        sides[SOAP[one.label]] += weight
    weights = base * np.array([(base.sum() / sides[SOAP[one.label]]) ** BALANCE for one in data])
    return weights * len(data) / weights.sum()


def _source_weight(note: str) -> float:
    if note.startswith("mts"):
        return MTS_WEIGHT
    return {"turns": TURN_WEIGHT, "invented": INVENTED_WEIGHT}.get(note, 1.0)


class Trained:
    """The logistic regression in float64, before it is made small."""

    def __init__(self, data: Sequence[Sentence]) -> None:
        from scipy.sparse import hstack
        from sklearn.linear_model import LogisticRegression

        counts = count_blocks([one.text for one in data])
        self.blocks = {name: Vocabulary(counts[name], LEAST_DOCUMENTS[name]) for name in ("word", "char")}
        matrix = hstack([self.blocks[name].matrix(counts[name]) for name in self.blocks]).tocsr()
        self.model = LogisticRegression(C=INVERSE_REGULARISATION, max_iter=400, tol=1e-3)
        self.model.fit(matrix, [LABELS.index(one.label) for one in data], sample_weight=sentence_weights(data))

    def probabilities(self, texts: Sequence[str]) -> Any:
        """The reference that the run time has to reproduce."""
        from scipy.sparse import hstack

        counts = count_blocks(texts)
        matrix = hstack([self.blocks[name].matrix(counts[name]) for name in self.blocks]).tocsr()
        return self.model.predict_proba(matrix)

    def arrays(self) -> dict[str, Any]:
        """What the run time loads: weights as int8 with one scale for each label."""
        weights = self.model.coef_.T
        scale = np.abs(weights).max(axis=0) / 127
        small = np.rint(weights / scale).astype(np.int8)
        split = len(self.blocks["word"].keys)
        arrays: dict[str, Any] = {"scale": scale.astype(np.float32), "bias": self.model.intercept_.astype(np.float32)}
        for name, part in (("word", small[:split]), ("char", small[split:])):
            arrays[f"{name}_keys"] = np.array(self.blocks[name].keys, dtype=np.uint32)
            arrays[f"{name}_idf"] = self.blocks[name].idf.astype(np.float16)
            arrays[f"{name}_weights"] = part
        return arrays


def label_order(notes: Sequence[Sequence[Sentence]]) -> dict[str, Any]:
    """How labels follow each other in the notes: priors, first labels and transitions, each smoothed by a twentieth of a count."""
    size = len(LABELS)
    follows, starts = np.full((size, size), 0.05), np.full(size, 0.05)
    for note in notes:
        path = [LABELS.index(one.label) for one in note]
        starts[path[0]] += 1
        np.add.at(follows, (path[:-1], path[1:]), 1)
    priors = follows.sum(axis=0)
    tables = {
        "transitions": follows / follows.sum(axis=1, keepdims=True),
        "starts": starts / starts.sum(),
        "priors": priors / priors.sum(),
    }
    return {name: table.astype(np.float32) for name, table in tables.items()}


def train(data: Path) -> None:
    """Train, write the weights and the fixture that the run time is tested against."""
    visits = [visit for visit in aci_rows(data / "aci-bench-train.jsonl") if visit[1]]
    sentences = [
        *mts_sentences(data / "mts-dialog-train.jsonl"),
        *aci_sentences(data / "aci-bench-train.jsonl"),
        *aligned_turns(visits),
        *invented_dictation(DICTATION),
    ]
    trained = Trained(sentences)
    WEIGHTS.mkdir(exist_ok=True)
    arrays = {**trained.arrays(), **label_order([note for _, note in visits])}
    np.savez_compressed(WEIGHTS / "sections.npz", **arrays)
    texts = [one.text for one in invented_dictation(DICTATION)][::37]
    reference = [[round(value, 6) for value in row] for row in trained.probabilities(texts).tolist()]
    FIXTURE.write_text(json.dumps({"texts": texts, "probabilities": reference}) + "\n", encoding="utf-8")
    write_metadata({}, len(sentences))


def write_metadata(figures: dict[str, Any], sentences: int) -> None:
    """What the weights are, where they come from, and their figures."""
    about = {
        "labels": LABELS,
        "sentences": sentences,
        "made_by": "scripts/train_sections.py",
        "data": "MTS-Dialog (Ben Abacha et al., EACL 2023) and ACI-BENCH (Yim et al., Scientific Data 2023), train sets, "
        "CC BY 4.0; and scripts/dictation_sentences.tsv",
        "figures": figures,
    }
    (WEIGHTS / "sections.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Train or evaluate."""
    parser = argparse.ArgumentParser(description="Train the section classifier, or print its figures.")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--evaluate", action="store_true", help="only print the figures of the weights as they are")
    options = parser.parse_args()
    if not options.evaluate:
        train(options.data)
    figures = print_figures(options.data)
    if not options.evaluate:
        write_metadata(figures, json.loads((WEIGHTS / "sections.json").read_text(encoding="utf-8"))["sentences"])


if __name__ == "__main__":
    main()
