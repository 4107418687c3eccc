#!/usr/bin/env python3
"""Makes daemon/faithfulness/words/plain_words.txt: words that are spelled as words are, by which a misheard one stands out.

Usage: make_plain_words.py ENGLISH CORPUS.jsonl ...

ENGLISH: a word list of SCOWL, one word a line (Debian: wamerican-small, /usr/share/dict/american-english-small). CORPUS: rows of visits and
notes (ACI-Bench, MTS-Dialog); words of two rows and more count, so that one typist's slip does not.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "daemon" / "faithfulness" / "words" / "plain_words.txt"
HEAD = "# Made by scripts/make_plain_words.py; not to be edited by hand. English from SCOWL, medical words from ACI-Bench and MTS-Dialog (NOTICE)."
LEAST_ROWS = 2
WORD = re.compile(r"[a-z]{2,}")


def main() -> None:
    english, *corpora = (Path(name) for name in sys.argv[1:])
    words = {word for word in english.read_text(encoding="utf-8").lower().split() if WORD.fullmatch(word)}
    for corpus in corpora:
        rows: Counter[str] = Counter()
        for line in corpus.read_text(encoding="utf-8").splitlines():
            texts = [value for value in json.loads(line).values() if isinstance(value, str)]
            rows.update(set(WORD.findall(" ".join(texts).lower())))
        words |= {word for word, count in rows.items() if count >= LEAST_ROWS}
    TARGET.write_text("\n".join([HEAD, *sorted(words)]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
