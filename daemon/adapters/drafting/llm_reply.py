"""What a language model replied, until it is checked: nothing of it is believed for having been asked for.

Every id must exist, every text is cleaned, and a statement must share words with what it cites. Pure rules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from daemon.faithfulness.quantity.quantities import unsupported_quantities
from daemon.model.draft import Statement

LEAST_SUPPORT = 0.25
"""The share of a statement's content words that its evidence must hold.

Measured over the 4,150 sentences of MTS-Dialog's training notes: 86 % have it from their own conversation, 6 % from another
one. It tells what is about something else, not what is wrong in detail: that is for the faithfulness rules.
"""
LEAST_KEPT = 0.5
"""The share of a statement's content words that must still be there where it was merged: with less, it was dropped."""
MAX_STATEMENT_CHARS = 400

_CONTENT = re.compile(r"[^\W_]+(?:[.,]\d+)?")
_CONTENT_LETTERS = 4
_STEM_LETTERS = 5
# Short words that turn a statement around; the support of its longer ones does not see them.
_TURNING = (
    (
        "not",
        re.compile(r"\b(?:no|not|never|none|nor|den(?:y|ies|ied)|without|negative|cannot)\b|n['’]t\b", re.IGNORECASE),
    ),
    ("left", re.compile(r"\bleft\b", re.IGNORECASE)),
    ("right", re.compile(r"\bright\b", re.IGNORECASE)),
)


def read_reply(
    untrusted_reply: Mapping[str, Any], keys: set[str], texts: Mapping[str, str]
) -> dict[str, tuple[Statement, ...]]:
    """The sections of a reply that hold: known keys, existing ids, clean texts with support. Others are left out.

    One bad statement fails its section: without it the section would read as if nothing had been said there.
    """
    read: dict[str, tuple[Statement, ...]] = {}
    untrusted_sections = untrusted_reply.get("sections")
    for untrusted in untrusted_sections if isinstance(untrusted_sections, list) else ():
        match untrusted:
            case {"key": str() as key, "statements": list() as statements} if key in keys:
                parsed = [_statement(statement, texts) for statement in statements]
                good = tuple(statement for statement in parsed if statement is not None)
                if len(good) == len(parsed):
                    read[key] = good
    return read


def read_merged(
    untrusted_reply: Mapping[str, Any], key: str, merging: Sequence[Statement], texts: Mapping[str, str]
) -> tuple[Statement, ...] | None:
    """One section's statements merged, citing what the merged ones cited; None if anything of them is lost or new.

    The reply cites `merging` by `merge_ids`. 1. It holds as any reply does. 2. Each statement has support in the passages
    (`texts` by id) that those it merges cite. 3. Its quantities, sides and negations stand in what it merges. 4. Of each
    statement merged the words, and all quantities, sides and negations, are still there in what cites it.
    """
    by_id = dict(zip(merge_ids(merging), merging, strict=True))
    read = read_reply(untrusted_reply, {key}, {name: statement.text for name, statement in by_id.items()}).get(key)
    if read is None:
        return None
    merged = [_with_evidence(statement, by_id, texts) for statement in read]
    kept = all(_kept(old, [new.text for new in read if name in new.evidence]) for name, old in by_id.items())
    good = tuple(statement for statement in merged if statement is not None)
    return good if kept and len(good) == len(merged) else None


def merge_ids(merging: Sequence[Statement]) -> list[str]:
    """What statements are called while they are merged: m1, m2, …"""
    return [f"m{number}" for number in range(1, len(merging) + 1)]


def _with_evidence(new: Statement, by_id: Mapping[str, Statement], texts: Mapping[str, str]) -> Statement | None:
    cited = [by_id[name] for name in new.evidence]
    evidence = tuple(dict.fromkeys(name for statement in cited for name in statement.evidence))
    merged = "\n".join(statement.text for statement in cited)
    if unsupported_quantities(new.text, merged) or not _turns(new.text) <= _turns(merged):
        return None
    if support(new.text, " ".join(texts[name] for name in evidence)) < LEAST_SUPPORT:
        return None
    return replace(new, evidence=evidence)


def _kept(old: Statement, new: Sequence[str]) -> bool:
    text = "\n".join(new)
    held = support(old.text, text) >= LEAST_KEPT and _turns(old.text) <= _turns(text)
    return held and not unsupported_quantities(old.text, text)


def _turns(text: str) -> set[str]:
    return {name for name, pattern in _TURNING if pattern.search(text)}


def without_repeats(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """What a model wrote more than once in the very same words stands once, with the evidence of all; quotes stay."""
    found: dict[object, Statement] = {}
    for number, statement in enumerate(statements):
        same = " ".join(statement.text.casefold().split()) if statement.manner == "written" else number
        if same in found:
            evidence = (*found[same].evidence, *statement.evidence)
            found[same] = replace(found[same], evidence=tuple(dict.fromkeys(evidence)))
        else:
            found[same] = statement
    return tuple(found.values())


def _statement(untrusted: object, texts: Mapping[str, str]) -> Statement | None:
    match untrusted:
        case {"text": str() as untrusted_text, "evidence": [_, *_] as ids}:
            text = clean(untrusted_text)
            evidence = tuple(dict.fromkeys(name for name in ids if isinstance(name, str)))
            if not 0 < len(text) < MAX_STATEMENT_CHARS or any(name not in texts for name in evidence) or not evidence:
                return None
            cited = " ".join(texts[name] for name in evidence)
            return Statement(text, evidence, "written") if support(text, cited) >= LEAST_SUPPORT else None
    return None


def clean(untrusted_text: str) -> str:
    """A text on one line, without control, format or unassigned characters (Unicode category C)."""
    kept = (" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in untrusted_text)
    return " ".join("".join(kept).split())


def support(text: str, cited: str) -> float:
    """The share of a text's content words that stand in what it cites, 0 to 1 (coverage as in Grusky et al., NAACL 2018).

    Content words have a digit or at least four letters and are compared by their first five, so that "takes" meets "take".
    """
    words, held = _content(text), set(_content(cited))
    return sum(word in held for word in words) / len(words) if words else 1.0


def _content(text: str) -> list[str]:
    found = _CONTENT.findall(text.lower())
    return [w[:_STEM_LETTERS] for w in found if len(w) >= _CONTENT_LETTERS or any(letter.isdigit() for letter in w)]
