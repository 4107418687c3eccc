"""Whether a part of a conversation says anything for a note: a small classifier, and a rule that overrides it.

A linear classifier of hashed words, trained by `scripts/train_selection.py` on what the notes of MTS-Dialog and ACI-Bench
(CC BY 4.0) took up of their conversations. It is asked only where a model writes: what is quoted loses nothing but filler.

Two rules stand around it. What tells a fact stays whatever the classifier thinks; what has no word but courtesies, or asks what
nobody answers, goes. In a package without the weights these two decide alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING
from zlib import crc32

from daemon.adapters.drafting.conversation_groups import PLAIN, Talk
from daemon.adapters.drafting.section_classifier import Block
from daemon.adapters.drafting.section_features import NUMBER, spoken_words, word_counts
from daemon.adapters.drafting.statement_check import Heard, has_clinical_fact

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST_KEPT = 0.35
"""Below it a group is left out, unless it tells a fact. By cross-validation on the train sets (`train_selection.py --threshold`) 0.87 of
what notes took up lies above it and 0.67 of all groups; the area under the curve is 0.77. With facts kept, 0.92 of it stays in the validation sets."""
_LENGTHS = (3, 6, 10, 16, 25, 40)
_NEGATIONS = frozenset({"no", "not", "never", "none", "nothing", "denies", "without", "nor", "neither"})
_FIRST = 0.1
_COURTESIES = frozenset(
    [
        "hello",
        "hi",
        "hey",
        "dragon",
        "dax",
        "perfect",
        "great",
        "excellent",
        "awesome",
        "wonderful",
        "fine",
        "sounds",
        "nice",
        "meet",
        "bye",
        "goodbye",
        "welcome",
        "please",
        "sir",
        "maam",
        "doctor",
        "nurse",
        "interesting",
        "understand",
        "worries",
        "problem",
        "absolutely",
        "course",
        "deal",
        "plan",
        "question",
        "questions",
        "finalize",
        "note",
        "cool",
        "fun",
        "lets",
        "us",
        "our",
        "wanna",
        "wan",
        "na",
        "gon",
        "gonna",
        "sorry",
        "glad",
        "ready",
        "appreciate",
        "guess",
        "suppose",
        "exactly",
        "correct",
        "hope",
    ]
)
WEIGHTS = "selection.npz"


@dataclass(frozen=True, slots=True)
class Selector:
    """The classifier: words and signs, each with its weights, of one label."""

    words: Block
    signs: Block
    scale: NDArray[np.float32]
    bias: float

    @classmethod
    def load(cls) -> Selector:
        """From the package's weights."""
        import numpy as np

        stored = (resources.files("daemon.adapters.drafting") / "weights" / WEIGHTS).read_bytes()
        with np.load(BytesIO(stored), allow_pickle=False) as arrays:
            blocks = [
                Block(arrays[f"{name}_keys"], arrays[f"{name}_idf"].astype(np.float32), arrays[f"{name}_weights"])
                for name in ("word", "sign")
            ]
            return cls(blocks[0], blocks[1], arrays["scale"].astype(np.float32), float(arrays["bias"]))

    def probabilities(self, talks: Sequence[Talk]) -> list[float]:
        """How likely a note takes up something of each; `talks` are a whole conversation, in order."""
        import numpy as np

        found = []
        for at, talk in enumerate(talks):
            words, signs = talk_counts(talk, at / len(talks))
            logit = self.words.scores(words, self.scale) + self.signs.scores(signs, self.scale) + self.bias
            found.append(float(1 / (1 + np.exp(-logit[0]))))
        return found


def keeps(talks: Sequence[Talk]) -> list[bool]:
    """Whether each part of a conversation, in order, stays in a draft that is written.

    Always with a fact (`statement_check.has_clinical_fact`): a drug, a number with its unit, a symptom also if denied, an illness, an
    allergy, a side, an order, a follow-up. So what is left out is chatter, courtesies, and explanations without any of these.
    """
    folder = resources.files("daemon.adapters.drafting") / "weights"
    trained = (folder / WEIGHTS).is_file()
    likely = Selector.load().probabilities(talks) if trained and talks else [1.0] * len(talks)
    return [
        (each >= LEAST_KEPT and not _says_nothing(talk)) or has_clinical_fact(Heard.of(talk.lines))
        for each, talk in zip(likely, talks, strict=True)
    ]


def _says_nothing(talk: Talk) -> bool:
    """Courtesies, and questions without an answer. A number is no courtesy."""
    words = spoken_words(talk.text)
    return talk.said[-1].asks or (NUMBER not in words and all(word in PLAIN or word in _COURTESIES for word in words))


def talk_counts(talk: Talk, position: float) -> tuple[Counter[int], Counter[int]]:
    """The features: words and pairs of words, and signs (who speaks, whether it only asks, how long, where, numbers, denials).

    `position` is the share of the conversation that lies before it.
    """
    words = spoken_words(talk.text)
    return word_counts(words), Counter(crc32(sign.encode()) for sign in _signs(talk, words, position))


def _signs(talk: Talk, words: Sequence[str], position: float) -> list[str]:
    first, last = talk.said[0], talk.said[-1]
    length = sum(len(words) > most for most in _LENGTHS)
    answer = sum(one.size for one in talk.said if one.role != first.role)
    signs = [
        "any",
        f"first {first.role}",
        f"length {length}",
        f"place {int(position * 5)}",
        f"answer {min(answer // 4, 5)}",
    ]
    signs += ["asks"] if first.asks else []
    signs += ["asks only"] if last.asks else []
    signs += ["beginning"] if position < _FIRST else []
    signs += ["number"] if NUMBER in words else []
    signs += ["denies"] if not _NEGATIONS.isdisjoint(words) else []
    return signs
