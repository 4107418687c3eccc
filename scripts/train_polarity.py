"""Trains the weights by which a yes or no of a note is doubted, and writes `daemon/faithfulness/words/polarity_weights.tsv`.

    python scripts/train_polarity.py TRAIN.jsonl             print the figures of a cross-validation, and write the weights
    python scripts/train_polarity.py TRAIN.jsonl --evaluate  print the figures only

`TRAIN.jsonl` are encounters with their notes (ACI-Bench's training part). What a note says is taken to be right, what an error put
in is wrong; errors are those of `daemon.evaluation.twins` and plainer ones of this script. Both models are logistic regressions
with a quadratic penalty, fitted by Newton's method. Needs numpy alone.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.evaluation.corpus import Encounter, read_corpus  # noqa: E402 - needs the path above
from daemon.evaluation.twins import twins_of  # noqa: E402
from daemon.faithfulness.polarity.doubt import is_weighed, place_of, signs  # noqa: E402
from daemon.faithfulness.polarity.polarity import DENIED, SourceReading, read_source, read_text  # noqa: E402
from daemon.faithfulness.polarity.stretches import stretches  # noqa: E402
from daemon.faithfulness.rules.negation import certain_findings, support_of  # noqa: E402
from daemon.faithfulness.texts import Claim  # noqa: E402

WEIGHTS = ROOT / "daemon" / "faithfulness" / "words" / "polarity_weights.tsv"
PENALTY = 30.0  # chosen by cross-validation among 1 to 150, which differ by less than 0.01 of recall
STEPS = 12  # of Newton's method; it has settled after eight
FOLDS = 5
LOW, MEDIUM = 0.075, 0.05  # shares of right statements with any finding of the rule that the two cut-offs may bring
# The signs that were kept: backward elimination among some hundred, by recall in cross-validation.
KEPT = {
    True: ("mass-otherwise", "mass-alike", "here-otherwise", "whole-otherwise", "nearest-alike", "first-alike", "here-first",
           "here-heaviest", "here-asked", "here-denied", "symptom", "symptom-alike", "symptom-otherwise", "normal", "or-list", "or",
           "long", "examination"),
    False: ("mass-otherwise", "clause-spoken", "clause-not-alike", "alike-squared", "here-last", "emphasis", "here-heaviest",
            "here-unsure", "symptom-alike", "symptom-otherwise", "symptom-by-normal", "symptoms", "or-list", "licensed", "few", "long",
            "examination-not-alike", "plan-unheard"),
}  # fmt: skip
HEADER = """\
# The weights of the signs by which a denied or affirmed stretch of a statement is doubted; scripts/train_polarity.py makes them.
# Its kind, the name of the sign (polarity/doubt.py tells what it is), its weight. "low" and "medium": the sums from which it is.
"""
_LOSSES = (
    (r"\bdenie[sd]\b", "endorses"), (r"\b[Nn]o (?=\w)", ""), (r"\bnot ", ""), (r"\bwithout\b", "with"), (r"\b[Nn]egative\b", "positive"),
    (r"\bnever ", ""),
)  # fmt: skip
_GAINS = (
    (r"\b(?:reports|endorses)\b", "denies"), (r"\b(has|have|had) (?=had|been)", r"\1 not "), (r"\b[Pp]ositive\b", "negative"),
    (r"\b(is|was|are|were)\b(?! not)", r"\1 not"), (r"\bhas (?=a |some )", "has no "),
)  # fmt: skip

Row = tuple[bool, tuple[float, ...]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A statement, right or with an error in it, with the signs of the stretches that count, and whether the plain rules see it."""

    encounter: str
    wrong: bool
    seen: bool
    rows: list[Row]


def errors_in(text: str, section: str) -> Iterator[str]:
    """The statement with one yes or no turned round, in several ways."""
    yield from (twin.text for twin in twins_of(text, section) if twin.kind == "negation")
    for patterns in (_LOSSES, _GAINS):
        for pattern, other in patterns:
            if re.search(pattern, text):
                yield re.sub(pattern, other, text, count=1)
                break


def cases(encounter: Encounter) -> Iterator[Case]:
    """All statements of an encounter, and all that are made of them with an error."""
    said = encounter.source.learn(read_source)
    for section, text in encounter.statements():
        right = list(_rows(text, section, said))
        plain = {(one.code, one.detail) for one in certain_findings(Claim(text, (), section, True), encounter.source)}
        yield Case(encounter.id, False, bool(plain), [row for _, row in right])
        known = {key for key, _ in right}
        for wrong in errors_in(text, section):
            found = {
                (one.code, one.detail) for one in certain_findings(Claim(wrong, (), section, True), encounter.source)
            }
            changed = [row for key, row in _rows(wrong, section, said) if key not in known]
            yield Case(encounter.id, True, bool(found - plain), changed)


def _rows(text: str, section: str, said: SourceReading) -> Iterator[tuple[tuple[str, ...], Row]]:
    reading = read_text(text)
    place = place_of(reading, said)
    for stretch in stretches(reading):
        denied, stems = stretch.polarity == DENIED, stretch.stems(reading)
        found = support_of(stretch, reading, said)
        if not is_weighed(stretch, reading, said, found):
            continue
        values = signs(stretch, reading, said, found, place, section)
        yield (str(denied), *stems), (denied, tuple(values[name] for name in KEPT[denied]))


def fitted(rows: Sequence[tuple[float, ...]], wrong: Sequence[bool]) -> Floats:
    """The weights of the signs, and last the constant."""
    signs_of, labels = np.array(rows), np.array(wrong, dtype=float)
    mean, spread = signs_of.mean(0), signs_of.std(0) + 1e-6
    scaled = np.c_[(signs_of - mean) / spread, np.ones(len(rows))]
    penalty = np.eye(scaled.shape[1]) * PENALTY
    penalty[-1, -1] = 0
    found = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (chance - labels) + penalty @ found
        found -= np.linalg.solve((scaled * (chance * (1 - chance))[:, None]).T @ scaled + penalty, slope)
    plain = found[:-1] / spread
    return np.append(plain, found[-1] - plain @ mean)


def trained(chosen: Sequence[Case]) -> dict[bool, Floats]:
    """The weights for denials (True) and affirmations."""
    found = {}
    for denied in (True, False):
        rows = [(row, case.wrong) for case in chosen for kind, row in case.rows if kind == denied]
        found[denied] = fitted([row for row, _ in rows], [wrong for _, wrong in rows])
    return found


def sum_of(case: Case, weights: dict[bool, Floats]) -> float:
    """The highest sum among the stretches of a statement."""
    return max((float(np.append(row, 1.0) @ weights[denied]) for denied, row in case.rows), default=-99.0)


def cut(sums: Sequence[tuple[Case, float]], share: float) -> float:
    """The sum that leaves findings in `share` of the right statements, those of the plain rules among them."""
    right = [99.0 if case.seen else value for case, value in sums if not case.wrong]
    return float(np.quantile(right, 1 - share))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--evaluate", action="store_true", help="print the figures only")
    options = parser.parse_args()
    every = [case for encounter in read_corpus(options.corpus) for case in cases(encounter)]
    ids = sorted({case.encounter for case in every})
    fold = {one: at % FOLDS for at, one in enumerate(ids)}
    sums = []
    for number in range(FOLDS):
        weights = trained([case for case in every if fold[case.encounter] != number])
        sums += [(case, sum_of(case, weights)) for case in every if fold[case.encounter] == number]
    wrong = [(case, value) for case, value in sums if case.wrong]
    print(f"plain rules alone: recall {np.mean([case.seen for case, _ in wrong]):.3f}")
    for share in (0.05, 0.06, 0.07, 0.08, 0.09, 0.10):
        limit = cut(sums, share)
        recall = np.mean([case.seen or value > limit for case, value in wrong])
        print(f"findings in {share:.0%} of right statements: recall {recall:.3f}")
    if not options.evaluate:
        write(trained(every), cut(sums, LOW), cut(sums, MEDIUM))


def write(weights: dict[bool, Floats], low: float, medium: float) -> None:
    """Write the table; the same cut-offs hold for both kinds."""
    lines = []
    for denied, values in weights.items():
        names = (*KEPT[denied], "constant", "low", "medium")
        for name, value in zip(names, [*values.tolist(), low, medium], strict=True):
            lines.append(f"{'denied' if denied else 'affirmed'}\t{name}\t{value:.3f}\n")
    WEIGHTS.write_text(HEADER + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
