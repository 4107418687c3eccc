"""Counts, for each term, how often it was carried from a conversation into its note, and how often a note's term had been said.

    python scripts/make_carried_terms.py MTS_DIALOG_TRAIN.jsonl ACI_BENCH_TRAIN.jsonl

Writes daemon/faithfulness/words/carried_terms.tsv: the term, in how many conversations it was said, in how many of their notes it stands,
in how many notes it stands, and in how many of their conversations it was said. Numbers are counted together. MTS-Dialog and ACI-Bench
are both under CC BY 4.0 (NOTICE); only counts of single terms are kept, and of those that stand in few encounters none.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from daemon.evaluation.corpus import Encounter, read_corpus
from daemon.faithfulness.vocabulary.terms import Term, kind_of, terms

OUT = Path(__file__).parent.parent / "daemon" / "faithfulness" / "words" / "carried_terms.tsv"
LEAST_ENCOUNTERS = 4
"""Fewer say little, and could be a single person's words."""
HEAD = """\
# How often terms of conversations are carried into their notes. Made by scripts/make_carried_terms.py from MTS-Dialog and ACI-Bench
# (train), both CC BY 4.0, see NOTICE. term, conversations that say it, of these notes that hold it; notes that hold it, of these
# conversations that say it.
"""


def main() -> None:
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("said", "carried", "written", "grounded")}
    for file in sys.argv[1:]:
        for encounter in read_corpus(Path(file)):
            said, written = _terms(encounter.source.by_id.values()), _terms(_statements(encounter))
            _count(counts["said"], counts["carried"], said, written)
            _count(counts["written"], counts["grounded"], written, said)
    names = sorted(
        name for name in counts["said"] | counts["written"]
        if max(counts["said"][name], counts["written"][name]) >= LEAST_ENCOUNTERS
    )  # fmt: skip
    rows = ["\t".join([name, *(str(each[name]) for each in counts.values())]) for name in names]
    OUT.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


def _statements(encounter: Encounter) -> Iterator[str]:
    return (text for _, text in encounter.statements())


def _terms(texts: Iterable[str]) -> dict[str, Term]:
    return {term.key: term for text in texts for term in terms(text)}


def _count(all_: Counter[str], kept: Counter[str], these: dict[str, Term], those: dict[str, Term]) -> None:
    known = {key for term in those.values() for key in term.keys}
    for term in these.values():
        name = kind_of(term)
        all_[name] += 1
        kept[name] += not known.isdisjoint(term.keys)


if __name__ == "__main__":
    main()
