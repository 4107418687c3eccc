"""The prompt of one section, the grammar of its answer, and the signs that a model repeats itself. Pure rules.

The prompt is a list of pieces. Only a template's pieces may become control tokens; what was dictated or scanned is text, so
`<|im_end|>` on a form stays seven or so ordinary tokens (DESIGN 5).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daemon.engines.llm_templates import Template

MAX_STATEMENT_CHARS = 400
"""Longest statement: a sentence of MTS-Dialog's training notes has 64 characters in the median and 341 at the 99.9th percentile.

One that reaches the limit was cut in the middle of a word or a dose, and is no statement."""
BEFORE_PASSAGES = 4
"""How many of `shared_pieces` stand before the first passage."""
MAX_STATEMENTS = 40
MAX_EVIDENCE = 8

_LOOP_PERIOD = 40  # tokens: the longest piece whose repetition is looked for
_LOOP_TIMES = 3
_GRAM_WORDS = 4
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a prompt. `control`: from a template, so control tokens in it are meant."""

    text: str
    control: bool


ANSWER_FORM = (
    'Answer with a JSON list. Each element is {"text": one sentence, "evidence": the ids of the passages that say it}. '
    "Answer [] if no passage belongs here."
)


def shared_pieces(template: Template, instructions: str, passages: Iterable[tuple[str, str]]) -> list[Piece]:
    """The part that all sections of a window share: instructions, then passages as (id, text), a line and a piece each.

    Pieces are tokenized one by one, so what they cost adds up: the first four are the same for any passages.
    """
    lines = (Piece(f"[{name}] {' '.join(text.split())}\n", control=False) for name, text in passages)
    return [
        Piece(template.before_system, control=True),
        Piece(f"{instructions}\n{ANSWER_FORM}", control=False),
        Piece(template.before_user, control=True),
        Piece("Passages:\n", control=False),
        *lines,
    ]


def request_pieces(template: Template, ask: str) -> list[Piece]:
    """The part that asks for one section."""
    return [Piece(f"\nRequest: {ask}\n", control=False), Piece(template.before_answer, control=True)]


def statement_pieces(template: Template, instructions: str, request: str) -> list[Piece]:
    """The whole prompt of one statement: what all requests share comes first, each its own piece."""
    return [
        Piece(template.before_system, control=True),
        Piece(instructions, control=False),
        Piece(template.before_user, control=True),
        Piece(request, control=False),
        Piece(template.before_answer, control=True),
    ]


def answer_grammar(ids: Sequence[str]) -> str:
    """GBNF of a JSON list of statements that cite only `ids` (letters, digits and hyphens; ValueError otherwise)."""
    if not ids or not all(re.fullmatch(r"[A-Za-z0-9-]{1,20}", name) for name in ids):
        raise ValueError("passage ids are not fit for a grammar")
    names = " | ".join(f'"\\"{name}\\""' for name in ids)
    return "\n".join(
        (
            f'root ::= "[" (item (", " item){{0,{MAX_STATEMENTS - 1}}})? "]"',
            f'item ::= "{{\\"text\\": \\"" char{{1,{MAX_STATEMENT_CHARS}}} "\\", \\"evidence\\": [" ids "]}}"',
            f'ids ::= id (", " id){{0,{MAX_EVIDENCE - 1}}}',
            f"id ::= {names}",
            r'char ::= [^"\\\x00-\x1F\x7F]',
        )
    )


def tail_loops(tokens: Sequence[int]) -> bool:
    """Whether the newest tokens are one piece three times over: 4 to 40 tokens long, as long as a statement."""
    return any(
        len(tokens) >= size * _LOOP_TIMES
        and tokens[-size:] == tokens[-2 * size : -size] == tokens[-3 * size : -2 * size]
        for size in range(4, _LOOP_PERIOD + 1)
    )


def statements_loop(texts: Sequence[str]) -> bool:
    """Whether two statements are the same words, or one says the same four words three times."""
    words = [tuple(_WORD.findall(text.lower())) for text in texts]
    if len(set(words)) < len(words):
        return True
    for each in words:
        grams = Counter(zip(*(each[start:] for start in range(_GRAM_WORDS)), strict=False))
        if grams and max(grams.values()) >= _LOOP_TIMES:
            return True
    return False
