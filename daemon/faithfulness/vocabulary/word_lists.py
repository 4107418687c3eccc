"""Lists of words too long to stand in code, from word_lists.tsv in this folder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from daemon.faithfulness.package_data import package_text


def word_list(name: str) -> frozenset[str]:
    """The words of the list `name`, in lower case. Raises KeyError where there is no such list."""
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    lists: defaultdict[str, set[str]] = defaultdict(set)
    text = package_text("word_lists.tsv")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, words = line.split("\t")
            lists[name].update(words.split())
    return {name: frozenset(words) for name, words in lists.items()}
