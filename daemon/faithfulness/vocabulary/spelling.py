"""British spellings in the American way: "oedema" is "edema", "anaemia" "anemia", "tumour" "tumor", "mobilise" "mobilize"."""

from __future__ import annotations

import re

_MAY = re.compile(r"ae|oe|our|is(?:e|ing|ation)|yse|tre|lled|lling|ogue")
"""Without one of these a word is spelled alike."""
_FOLDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ae(?=m(?!on)|di|col|cum|cal|sth|tiol|mato|morr)", "e"),
        (r"(?<![ir])oe(?=dem|soph|str|lia|t(?:al|us))", "e"),
        (r"(n|rrh)oe(?=a|ic)", r"\1e"),
        (r"(tum|col|lab|hum|fav|vap|od|behavi|neighb)our", r"\1or"),
        (r"(al|il|er|un|at)is(?=(?:e|ed|es|ing|ations?)$)", r"\1iz"),
        (r"(al)ys(?=(?:e|ed|es|ing)$)", r"\1yz"),
        (r"(cent|lit|met)re(?=s?$)", r"\1er"),
        (r"(ns|nc|av|ab|od)ell(?=(?:ed|ing|or)$)", r"\1el"),
    )
)


def american(word: str) -> str:
    """A word in lower case as it is spelled in America; any other word as it is."""
    if _MAY.search(word) is None:
        return word
    for pattern, replacement in _FOLDS:
        word = pattern.sub(replacement, word)
    return word
