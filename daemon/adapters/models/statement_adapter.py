"""The trained adapter (LoRA) that comes with Chartdraft: which model it was trained for, and the SHA-256 it must have.

Its card `adapters/NAME.json` lies beside `adapters/NAME.gguf` in the package. It belongs to whichever installed model has the
weights that it was trained on, whatever that model is called here; on other weights its numbers mean nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from daemon.adapters.models.fetch import sha256_of
from daemon.model.document import Form
from daemon.model.errors import RetryableError

ADAPTERS = Path(__file__).with_name("adapters")
"""The package's own adapters. They lie below the package, which every child may read and none may write."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StatementAdapter:
    """One adapter as its card states it. `forms` are the documents that it was trained to write; others are not its to write."""

    name: str
    path: Path
    base_sha256: str
    sha256: str
    forms: frozenset[str]
    least_sureness: float
    """What a model wrote with it less surely than this is not to stand: the mean of the tokens' natural log-probabilities."""
    least_in_new_words: float
    """The same of what it wrote in words that were not said."""

    def check(self) -> None:
        """Hash the file anew: before every load. Raises RetryableError("adapter-altered")."""
        try:
            whole = not self.path.is_symlink() and sha256_of(self.path) == self.sha256
        except OSError:
            whole = False
        if not whole:
            raise RetryableError("adapter-altered")


def adapter_for(base_sha256: str) -> StatementAdapter | None:
    """The adapter for these weights, if one came with Chartdraft. Raises RetryableError("adapter-altered") for a broken card."""
    return next((each for each in _shipped(ADAPTERS) if each.base_sha256 == base_sha256), None)


def _shipped(folder: Path) -> Iterator[StatementAdapter]:
    for card in sorted(folder.glob("*.json")):
        yield _read_card(card)


def _read_card(card: Path) -> StatementAdapter:
    try:
        untrusted = json.loads(card.read_text(encoding="utf-8"))
        base, own, forms = untrusted["base_sha256"], untrusted["sha256"], frozenset(untrusted["forms"])
        least = [float(untrusted.get(name, -math.inf)) for name in ("least_sureness", "least_in_new_words")]
        whole = all(_SHA256.fullmatch(each) for each in (base, own)) and forms and forms <= set(get_args(Form))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RetryableError("adapter-altered") from error
    if not whole:
        raise RetryableError("adapter-altered")
    return StatementAdapter(card.stem, card.with_suffix(".gguf"), base, own, forms, *least)
