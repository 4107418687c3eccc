"""Puts passages into sections: TF-IDF and a multinomial logistic regression, at run time in numpy alone.

Trained by `scripts/train_sections.py` on MTS-Dialog and ACI-Bench (CC BY 4.0) and on invented dictation.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any

from daemon.adapters.drafting.section_features import char_counts, spoken_words, word_counts
from daemon.adapters.drafting.spoken_headings import Heading, spoken_heading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

LABELS: tuple[str, ...] = (
    "FAM/SOCHX",
    "GENHX",
    "PASTMEDICALHX",
    "CC",
    "PASTSURGICAL",
    "ALLERGY",
    "ROS",
    "MEDICATIONS",
    "ASSESSMENT",
    "EXAM",
    "DIAGNOSIS",
    "DISPOSITION",
    "PLAN",
    "EDCOURSE",
    "IMMUNIZATIONS",
    "IMAGING",
    "GYNHX",
    "PROCEDURES",
    "OTHER_HISTORY",
    "LABS",
)
# The first two were chosen on a third of ACI-Bench's training notes, left out of training: accuracy 0.81 one by one, 0.89 in
# order (before MOST_STAY); MOST_STAY and the headings' odds on invented memos of eight to twenty passages.
ORDER_WEIGHT = 0.5
PRIOR_WEIGHT = 0.6
MOST_STAY = 0.8
HEADING_LOG_ODDS = 3.0
HEADING_ALONE_FACTOR = 3.0
CONCLUSIONS = frozenset({"ASSESSMENT", "DIAGNOSIS", "PLAN", "DISPOSITION"})
_LEAST = 1e-6


@dataclass(frozen=True, slots=True)
class Placement:
    """Where one passage belongs. `probability` is the classifier's own for that section, before order and headings.

    `heading`: the passage is only a spoken heading ("Objective."), not a statement.
    """

    section: str
    probability: float
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One family of features: sorted CRC-32 keys, their inverse document frequencies, and int8 weights (keys x labels)."""

    keys: NDArray[np.uint32]
    idf: Floats
    weights: NDArray[np.int8]

    def scores(self, counts: Counter[int], scale: Floats) -> Floats:
        """This block's part of the labels' logits: sublinear term frequency, idf and Euclidean norm as in scikit-learn."""
        import numpy as np

        wanted = np.fromiter(counts.keys(), np.uint32, len(counts))
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        known = self.keys[places] == wanted
        times = np.fromiter((1.0 + math.log(count) for count in counts.values()), np.float32, len(counts))
        values = times[known] * self.idf[places[known]]
        norm = float(np.sqrt(np.square(values).sum())) or 1.0
        scores: Floats = (values / norm) @ self.weights[places[known]].astype(np.float32) * scale
        return scores


@dataclass(frozen=True, slots=True)
class SectionClassifier:
    """A linear classifier of passages. `transitions` are the odds with which one label follows another in a note."""

    words: Block
    chars: Block
    scale: Floats
    bias: Floats
    transitions: Floats
    starts: Floats
    priors: Floats
    metadata: Mapping[str, Any]

    @classmethod
    def load(cls) -> SectionClassifier:
        """From the package's weights; a broken package raises `ValueError`."""
        import numpy as np

        folder = resources.files("daemon.adapters.drafting") / "weights"
        metadata = json.loads((folder / "sections.json").read_text(encoding="utf-8"))
        if tuple(metadata["labels"]) != LABELS:
            raise ValueError("the section weights were made for other labels")
        with np.load(BytesIO((folder / "sections.npz").read_bytes()), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        words, chars = (
            Block(arrays[f"{name}_keys"], arrays[f"{name}_idf"].astype(np.float32), arrays[f"{name}_weights"])
            for name in ("word", "char")
        )
        rest = {name: arrays[name] for name in ("scale", "bias", "transitions", "starts", "priors")}
        return cls(words=words, chars=chars, metadata=metadata, **rest)

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """The distribution over `LABELS` for each text: shape (texts, labels), rows sum to 1."""
        import numpy as np

        logits = np.tile(self.bias, (len(texts), 1))
        seen: dict[str, tuple[int, ...]] = {}
        for index, text in enumerate(texts):
            words = spoken_words(text)
            logits[index] += self.words.scores(word_counts(words), self.scale)
            logits[index] += self.chars.scores(char_counts(words, seen), self.scale)
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        result: Floats = odds / odds.sum(axis=1, keepdims=True)
        return result

    def place(
        self, texts: Sequence[str], sections: Mapping[str, Sequence[str]], *, order_matters: bool
    ) -> list[Placement]:
        """The section of each passage, in order. `sections` maps a section's key to the labels that belong to it.

        With `order_matters` the passages are one dictation: the best path through all of them is taken (Viterbi 1967), so a
        short passage takes its neighbours' side. A section without labels is never chosen; `ValueError` if none has any.
        """
        import numpy as np

        keys = [key for key, labels in sections.items() if set(labels) & set(LABELS)]
        if not keys:
            raise ValueError("no section has a label of the classifier")
        if not texts:
            return []
        groups = np.array([[label in sections[key] for key in keys] for label in LABELS], dtype=np.float32)
        shares = np.maximum(self.probabilities(texts) @ groups, _LEAST)
        shares /= shares.sum(axis=1, keepdims=True)
        headings = [spoken_heading(text) for text in texts]
        scores = np.log(shares) + _heading_scores(headings, groups, order_matters=order_matters)
        alone = [heading is not None and heading.alone for heading in headings]
        path = self._best_path(scores, groups, alone) if order_matters else scores.argmax(axis=1).tolist()
        return [
            Placement(keys[best], float(share[best]), is_heading)
            for best, share, is_heading in zip(path, shares, alone, strict=True)
        ]

    def _best_path(self, scores: Floats, groups: Floats, alone: Sequence[bool]) -> list[int]:
        """The best path over sections. The labels' prior is divided out in part, as in hybrid recognisers
        (Bourlard and Morgan 1994), because the transitions bring it in again."""
        import numpy as np

        mass = np.maximum(self.priors @ groups, _LEAST)
        steps = ORDER_WEIGHT * np.log(np.maximum(self._follow(groups, mass), 1e-4))
        local = scores - PRIOR_WEIGHT * np.log(mass)
        best = local[0] + ORDER_WEIGHT * np.log(np.maximum(self.starts @ groups, 1e-2))
        came_from = []
        for row, after_heading in zip(local[1:], alone[:-1], strict=True):
            ways = best[:, None] + (np.zeros_like(steps) if after_heading else steps)
            came_from.append(ways.argmax(axis=0))
            best = ways.max(axis=0) + row
        path = [int(best.argmax())]
        for back in reversed(came_from):
            path.append(int(back[path[-1]]))
        return path[::-1]

    def _follow(self, groups: Floats, mass: Floats) -> Floats:
        """How likely each section follows each. Staying is capped: a memo is much shorter than the notes these odds are from."""
        import numpy as np

        follow = groups.T @ (self.priors[:, None] * self.transitions) @ groups / mass[:, None]
        follow /= np.maximum(follow.sum(axis=1, keepdims=True), _LEAST)
        stay = np.diagonal(follow)
        leave = np.where(stay > MOST_STAY, (1.0 - MOST_STAY) / np.maximum(1.0 - stay, _LEAST), 1.0)
        result: Floats = follow * leave[:, None]
        np.fill_diagonal(result, np.minimum(stay, MOST_STAY))
        return result


def _heading_scores(headings: Sequence[Heading | None], groups: Floats, *, order_matters: bool) -> Floats:
    """Log-odds for the sections under the heading in force.

    A heading holds for what follows it if it stands alone or, in a dictation, opens a part of the note; one that no section
    holds ends the one before. In a dictation a broad heading also leaves free the document's later sections that no heading
    names: many say "Assessment" and go on to the plan without a word. What stands before an announced assessment or plan is none.
    """
    import numpy as np

    held = [_held(heading, groups) for heading in headings]
    named = np.max(held, axis=0)
    scores = np.zeros((len(headings), groups.shape[1]), dtype=np.float32)
    lasting: Floats = np.zeros(groups.shape[1], dtype=np.float32)
    for index, (heading, own) in enumerate(zip(headings, held, strict=True)):
        if heading is None:
            scores[index] = lasting
            continue
        scores[index] = HEADING_LOG_ODDS * own * (HEADING_ALONE_FACTOR if heading.alone else 1.0)
        if order_matters and heading.broad and heading.labels <= CONCLUSIONS:
            scores[:index] -= HEADING_LOG_ODDS * (own * (1.0 - np.max(held[:index], axis=0, initial=0.0)))
        if heading.alone or (heading.broad and order_matters):
            later = np.maximum.accumulate(own) if heading.broad and order_matters else own
            lasting = HEADING_LOG_ODDS * np.maximum(own, later * (1.0 - named))
    return scores


def _held(heading: Heading | None, groups: Floats) -> Floats:
    """Which sections (1 or 0) hold a label of the heading."""
    import numpy as np

    labels = heading.labels if heading is not None else frozenset[str]()
    member = np.array([label in labels for label in LABELS], dtype=np.float32)
    held: Floats = np.minimum(member @ groups, 1.0)
    return held
