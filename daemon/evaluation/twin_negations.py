"""Sentences with their yes and no swapped, in grammar that a reader would not stumble over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_NOT = r"\b(?P<verb>is|was|are|were|does|did|do|has|have|had|will|would|should|can|could) not\b(?! (?:hesitate|only))"
_CUT_AFTER = r"(?:is|are|was|were|has|have|had|with|in|of|shows?|showed|reveals?|revealed|demonstrates?|demonstrated|takes?|needs?|reports?)"
_WORDS: Sequence[tuple[str, str]] = (
    (r"\b(D|d)enies(?: any| ever)?\b", r"{r}eports"), (r"\b(D|d)enied(?: any| ever)?\b", r"{r}eported"),
    (r"\b(D|d)enying(?: any| ever)?\b", r"{r}eporting"), (r"\b(D|d)eny(?: any| ever)?\b", r"{r}eport"),
    (r"\bwithout(?: any)?\b", "with"), (r"\b(N|n)egative for\b", r"{p}ositive for"), (r"\b(P|p)ositive for\b", r"{n}egative for"),
    (r"\bdoes not have(?: any)?\b", "has"), (r"\bnever smoker\b", "current smoker"), (r"\bhas never\b", "has often"),
    (r"\b(R|r)eports(?: some)?\b(?! no\b)", r"{d}enies"), (r"\b(R|r)eported\b(?! no\b)", r"{d}enied"), (r"\b(E|e)ndorses\b", r"{d}enies"),
    (r"\b(C|c)omplains of\b", r"{d}enies"), (r"\bhas (?=(?:been|had) )(?!been (?:no|without|denying)\b|had no\b)", "has not "),
    (r"\bhas (?=(?:a|some|an) )", "does not have "),
)  # fmt: skip
_NO_PLAIN = re.compile(
    rf"(?P<before>\b{_CUT_AFTER} )no (?!longer|other|known|more|further|one)(?P<next>\w)", re.IGNORECASE
)
_NO_VERB = re.compile(
    r"(?P<before>^|[,:;] |\b(?:but|and) )no (?P<next>\w)(?=[^.,;:]{2,40} (?:are|is|was|were|has|have)\b)", re.IGNORECASE
)
_NO_LIST = re.compile(
    r"(?P<before>^|[,:;] |\b(?:but|and) )no (?!longer|other|known|more|further|one)(?P<next>\w)", re.IGNORECASE
)
_ANY = re.compile(r"(?<= )(?:any|ever) ")
_CONDITION = re.compile(r"\b(?:if|unless|whether)\b", re.IGNORECASE)


def flipped(text: str) -> Iterator[str]:
    """The sentence with one yes or no turned round. Conditions ("if she does not improve") assert nothing, and stay."""
    if _CONDITION.search(text):
        return
    for pattern, other in _WORDS:
        if found := re.search(pattern, text):
            rest = _ANY.sub("", text[found.end() :], count=1) if "eport" in other else text[found.end() :]
            yield text[: found.start()] + _in_case(found, other) + rest
    if found := re.search(_NOT, text):
        yield text[: found.start()] + found["verb"] + re.sub(r"\bany\b", "some", text[found.end() :], count=1)
    yield from _without_no(text)


def _in_case(found: re.Match[str], other: str) -> str:
    """`{r}eports` in the case of what it stands for."""
    if not found.groups():
        return other
    return re.sub(r"\{(\w)\}", lambda letter: letter[1].upper() if found[1].isupper() else letter[1], other)


def _without_no(text: str) -> Iterator[str]:
    if found := _NO_VERB.search(text):
        yield _put(text, found, found["next"].upper() if found.start() == 0 else found["next"])
    elif found := _NO_PLAIN.search(text):
        yield re.sub(r"\bevidence of any\b", "evidence of", _put(text, found, found["next"]))
    elif found := _NO_LIST.search(text):
        said = "Positive for " if found["before"] == "" else "positive for "
        yield _put(text, found, said + found["next"].lower())


def _put(text: str, found: re.Match[str], by: str) -> str:
    return text[: found.start()] + found["before"] + by + text[found.end() :]
