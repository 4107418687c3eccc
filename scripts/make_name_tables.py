"""Draws the tables of names that a command would take long to make anew each time, from the lists that people edit.

    python scripts/make_name_tables.py

Writes into daemon/faithfulness/words: term_names.tsv (from terms.txt, diagnoses.txt and drugs.tsv: the first word of names, then of each
name its key and the rest of its words, the longest first) and drug_sounds.tsv (from drugs.tsv: a sound, and the names that have it).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.sound_alike import LONGEST, sound_key
from daemon.faithfulness.vocabulary.terms import plain_word

FOLDER = Path(__file__).parent.parent / "daemon" / "faithfulness" / "words"
PARTS = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\*")
LEAST_LETTERS = 5
HEAD = "# Made by scripts/make_name_tables.py; not to be edited by hand."


def main() -> None:
    for name, content in tables().items():
        (FOLDER / name).write_text(content, encoding="utf-8")


def tables() -> dict[str, str]:
    """What the files have to hold."""
    return {"term_names.tsv": _file(term_names()), "drug_sounds.tsv": _file(drug_sounds())}


def term_names() -> dict[str, str]:
    """By its first word the key and the rest of each name. Of names that are the same the first counts."""
    names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    known: set[tuple[str, ...]] = set()
    for name, key in rows():
        words = tuple(part if part == "*" else plain_word(part) for part in PARTS.findall(name.lower()))
        if words and words not in known and (len(words) > 1 or len(words[0]) > 1):
            known.add(words)
            names.setdefault(words[0], []).append((words[1:], key))
    return {
        first: "\t".join(
            f"{key}\t{' '.join(rest)}" for rest, key in sorted(those, key=lambda each: len(each[0]), reverse=True)
        )
        for first, those in names.items()
    }


def rows() -> Iterator[tuple[str, str]]:
    """Names with their keys: of words that mean the same, then of diagnoses, then of drugs."""
    for file, mark in (("terms.txt", "="), ("diagnoses.txt", "+")):
        for line in _lines(file):
            if line.strip() and not line.startswith("#"):
                names = line.partition(" > ")[0].split(" | ")
                yield from ((name, mark + names[0].lower()) for name in names)
    for line in _lines("drugs.tsv"):
        cells = line.split("\t")
        if len(cells) > 2 and cells[1] != "said":
            yield from ((name, "&" + cells[0].lower()) for name in (cells[0], *cells[2].split("|")))


def drug_sounds() -> dict[str, str]:
    """By their sound the names of drugs that have one."""
    found: dict[str, list[str]] = {}
    for name, (_, kind) in drug_names().items():
        spoken = name.isascii() and name.replace(" ", "").isalpha()
        if kind == "drug" and LEAST_LETTERS <= len(name) <= LONGEST and spoken:
            found.setdefault(sound_key(name), []).append(name)
    return {key: "|".join(names) for key, names in found.items()}


def _lines(file: str) -> list[str]:
    return (FOLDER / file).read_text(encoding="utf-8").splitlines()


def _file(rows_: Mapping[str, str]) -> str:
    return "".join(f"{line}\n" for line in (HEAD, *(f"{name}\t{rest}" for name, rest in sorted(rows_.items()))))


if __name__ == "__main__":
    main()
