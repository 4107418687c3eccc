"""The figures by which the selection's threshold is chosen, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from train_selection import _at, area

TRUTH = [False, False, True, True]
LIKELY = [0.1, 0.4, 0.35, 0.8]


def test_the_area_is_the_share_of_pairs_in_the_right_order() -> None:
    assert area(TRUTH, LIKELY) == 0.75
    assert area(TRUTH, [1 - each for each in LIKELY]) == 0.25


@pytest.mark.parametrize(
    ("threshold", "precision", "recall", "keeps"), [(0.35, 0.6667, 1.0, 0.75), (0.5, 1.0, 0.5, 0.25), (0.1, 0.5, 1.0, 1.0)]
)  # fmt: skip
def test_what_is_kept_at_a_threshold(threshold: float, precision: float, recall: float, keeps: float) -> None:
    found = _at(threshold, np.array(LIKELY), np.array(TRUTH))
    assert found == {"threshold": threshold, "precision": precision, "recall": recall, "keeps": keeps}
