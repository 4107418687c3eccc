"""Finds the names of drugs in a text: generic names, brands, the usual abbreviations, and classes said as such ("a statin").

The list is drugs.tsv in this folder, one drug a line: generic name, kind, names parted by "|". It was drawn by
scripts/make_drug_lexicon.py; NOTICE says from where. What can also mean something else (iron and potassium in the blood, thyroid
hormones of the body) is of the kind "said", and found only where the words around it say that it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from daemon.faithfulness.late import late
from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.reading.tokens import same_characters

_WORD = late(r"[^\W_]+(?:'(?!s\b)[^\W_]+)?")
_BETWEEN = late(r"[ \t]{0,3}|[ \t]?[-/][ \t]?|\.[ \t]?|,?[ \t]?#|'")
"""What may stand between the words of one name: a blank, a hyphen, a slash."""
_LINK = late(r"[-/]")
# Salts and release forms that belong to the name they follow ("metoprolol succinate ER"), as prescriptions spell them.
_TAIL = late(
    r"(?:[ \t]+|-)(?:succinate|tartrate|hydrochloride|hcl|hctz|sodium|potassium|calcium|sulfate|acetate|maleate|besylate|fumarate|"
    r"mesylate|citrate|bitartrate|pamoate|carbonate|gluconate|oxide|mofetil|medoxomil|etexilate|axetil|disoproxil|alafenamide|dipropionate|valerate|cypionate|enanthate|decanoate|hyclate|monohydrate|trihydrate|magnesium|phosphate|mononitrate|dinitrate|furoate|propionate|er|xr|xl|sr|cr|la|ir|dr|ds|hfa|hct|odt|extended release|"
    r"extended-release|immediate release|delayed release|pm|d)(?![\w-])",
    re.IGNORECASE,
)
_NOT_TAKEN = late(
    r"[ -]?(?:levels?|resistan(?:ce|t)|deficien(?:cy|t)|receptors?|toxicity|dependen(?:t|ce)|screen(?:ing)?|binding|stud(?:y|ies)|stores?|"
    r"intake|overload|rich|naive|stones?|channels?|abuse|use disorder|withdrawal|poisoning|sensitive|secretion|producing|free|"
    r"in (?:the|your|her|his|my) (?:blood|urine|diet)|sensitizing)\b",
    re.IGNORECASE,
)
"""What follows a substance that is measured or spoken of, not taken: "lithium level", "methicillin-resistant", "insulin resistance"."""
_TAKEN_BEFORE = late(
    r"\b(?:tak(?:e|es|en|ing)|took|on|using|uses?|start(?:ed|ing|s)?|gave|given|giving|give|add(?:ed|ing)?|continue[sd]?|continuing|"
    r"stop(?:ped|ping)?|discontinue[d]?|increase[d]?|decrease[d]?|prescribed?|supplement(?:ed|al|s)? with|some|oral|iv|daily|"
    r"replaced?|received?|allergic to|allergy to|mg|milligrams?|units?|mcg|micrograms?|grams?|medications?(?: include|:)?)"
    r"(?:[ ,]+(?:the|a|an|her|his|your|my|some|any|of|more|daily|oral|iv|extra|over-the-counter|and|with|include|[\w-]+ and|[\w-]+,)){0,3}[ ,:]*$",
    re.IGNORECASE,
)
_TAKEN_AFTER = late(
    r"[ ,]*(?:supplement\w*|pills?|tablets?|capsules?|gummies|shots?|injections?|infusions?|replacement|therapy|drops|cream|gel|patch(?:es)?|daily|"
    r"once|twice|\(?\d+(?:[.,]\d+)* ?(?:mg|mcg|units?|iu|meq|milligrams?|micrograms?|g|grams?|milliequivalents?)\b(?! ?(?:/|per)))",
    re.IGNORECASE,
)
_FORMS = frozenset({"inhaler", "eye drops", "insulin", "supplement", "laxative"})
"""Classes that only say what the drug before them is: "albuterol inhaler", "Lantus insulin"."""
_MOST_BEFORE = 60


class DrugMention(NamedTuple):
    """A drug named in a text. `name` is `text[span[0]:span[1]]`; `generic` what it is called in the list.

    `is_class` says that only a class was named ("an inhaler", "insulin").
    """

    name: str
    generic: str
    span: tuple[int, int]
    is_class: bool = False


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def find_drugs(text: str) -> tuple[DrugMention, ...]:
    """All drugs named in `text`, in order, not overlapping. Linear in its length; case does not matter.

    Two names joined by a hyphen or a slash are one drug ("lisinopril-HCTZ").
    """
    plain = same_characters(text)
    found: list[DrugMention] = []
    for mention in _mentions(text, plain):
        if found and mention.generic in _FORMS and plain[found[-1].span[1] : mention.span[0]].isspace():
            continue
        if found and not mention.is_class and _LINK.fullmatch(plain[found[-1].span[1] : mention.span[0]]):
            start, end = found[-1].span[0], mention.span[1]
            found[-1] = DrugMention(text[start:end], f"{found[-1].generic}/{mention.generic}", (start, end))
        else:
            found.append(mention)
    return tuple(found)


def drug_names() -> Mapping[str, tuple[str, str]]:
    """Generic name and kind ("drug", "class", "said") by each name of the list, its words in lower case and parted by blanks."""
    return _lexicon().names


def _mentions(text: str, plain: str) -> Iterator[DrugMention]:
    lexicon = _lexicon()
    if lexicon.firsts.isdisjoint(_WORD.findall(plain.lower())):  # most sentences name no drug
        return
    words = [_Word(found[0].lower(), *found.span()) for found in _WORD.finditer(plain)]
    at = 0
    while at < len(words):
        if words[at].text not in lexicon.firsts:
            at += 1
            continue
        size, entry = _longest_at(lexicon, words, at, plain)
        mention = _mention(text, plain, words[at].start, words[at + size - 1].end, entry) if entry else None
        if mention is not None:
            yield mention
            at += size
            while at < len(words) and words[at].start < mention.span[1]:
                at += 1
        else:
            at += 1


def _longest_at(lexicon: _Lexicon, words: list[_Word], at: int, plain: str) -> tuple[int, tuple[str, str] | None]:
    """How many words the longest name at `words[at]` has, and what the list says of it."""
    key = ""
    best: tuple[int, tuple[str, str] | None] = (1, None)
    for size in range(1, lexicon.longest + 1):
        last = at + size - 1
        if last >= len(words) or (size > 1 and not _BETWEEN.fullmatch(plain[words[last - 1].end : words[last].start])):
            break
        key = f"{key} {words[last].text}".strip()
        entry = lexicon.names.get(key) or lexicon.names.get(_singular(key))
        if entry is not None:
            best = size, entry
    return best


def _singular(key: str) -> str:
    return key[:-1] if key.endswith("s") and len(key) > 5 else key


def _mention(text: str, plain: str, start: int, end: int, entry: tuple[str, str]) -> DrugMention | None:
    generic, kind = entry
    if _NOT_TAKEN.match(plain, end) or (kind == "said" and not _is_taken(plain, start, end)):
        return None
    while kind != "class" and (tail := _TAIL.match(plain, end)) is not None:
        end = tail.end()
    return DrugMention(text[start:end], generic, (start, end), kind == "class")


def _is_taken(plain: str, start: int, end: int) -> bool:
    before = plain[max(0, start - _MOST_BEFORE) : start]
    return _TAKEN_AFTER.match(plain, end) is not None or _TAKEN_BEFORE.search(before) is not None


class _Lexicon(NamedTuple):
    """Generic name and kind by the words of a name; the words that names begin with, also in the plural; the most words of one."""

    names: Mapping[str, tuple[str, str]]
    firsts: frozenset[str]
    longest: int


@cache
def _lexicon() -> _Lexicon:
    names: dict[str, tuple[str, str]] = {}
    for line in package_text("drugs.tsv").splitlines():
        generic, kind, own = line.split("\t")
        entry = (generic, kind)
        for name in own.split("|"):
            # Nine in ten names are one word, and need not be cut into words.
            names.setdefault(name if name.isalnum() else " ".join(_WORD.findall(name)), entry)
    single = [name for name in names if " " not in name]
    several = [name.split() for name in names if " " in name]
    firsts = frozenset(single).union([f"{name}s" for name in single], [words[0] for words in several])
    return _Lexicon(names, firsts, max(map(len, several)))
