"""What seems left out because a statement tells it wrongly: the finding says so already, so that the omission is but a hint.

A dose that was changed is not also a dose that is missing; a drug that was swapped is not also one that nobody wrote down.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.model.finding import Finding, Omission

Judged = tuple[Sequence[str], Sequence[Finding]]
"""The passages that a statement rests on, and what speaks against it."""

_AMOUNTS = frozenset({"quantity-unsupported", "frequency-unsupported"})
_DRUGS = frozenset({"medication-unsupported", "medication-misheard"})
_WORD = re.compile(r"[^\W_]{2,}")


def hinted(omissions: Iterable[Omission], judged: Iterable[Judged]) -> tuple[Omission, ...]:
    """The omissions, in their order; low are those that a finding (medium or high) about the same explains."""
    doubts = [(evidence, one) for evidence, found in judged for one in found if one.severity != "low"]
    amounts = [
        (frozenset((*one.evidence, *evidence)), _words(one.detail)) for evidence, one in doubts if one.code in _AMOUNTS
    ]
    drugs = frozenset(name.casefold() for _, one in doubts if one.code in _DRUGS for name in one.suggestions)
    return tuple(
        replace(one, severity="low") if _is_wrong_amount(one, amounts) or _is_swapped(one, drugs) else one
        for one in omissions
    )


def _is_wrong_amount(omission: Omission, amounts: Sequence[tuple[frozenset[str], frozenset[str]]]) -> bool:
    """Whether an amount that is in doubt rests on the same passage, and has a unit or a number of what is left out."""
    if omission.kind != "number":
        return False
    said = _words(omission.text)
    return any(passages & set(omission.evidence) and words & said for passages, words in amounts)


def _is_swapped(omission: Omission, drugs: frozenset[str]) -> bool:
    text = omission.text.casefold()
    return omission.kind == "medication" and any(name in text for name in drugs if name)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(text.casefold()))
