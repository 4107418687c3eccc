"""Names that hold digits (B12, A1c, L5-S1, COVID-19): written as one word, often said as several ("b twelve")."""

from __future__ import annotations

from daemon.faithfulness.quantity.lexicon import (
    HEARD_LETTERS,
    NAME_ALIASES,
    ORDINAL_SUFFIXES,
    ROMAN_LEADS,
    SAME_NAMES,
    VITALS,
)
from daemon.faithfulness.quantity.mention import Mention, plain_number, word_at
from daemon.faithfulness.quantity.units import GLUED_UNITS, UNITS
from daemon.faithfulness.reading.tokens import Token

_MOST_ATOMS = 6  # "h one n one" is four, "s p o two" as well
_MOST_CHARACTERS = 12
_NOT_A_NAME = VITALS | ROMAN_LEADS | UNITS.keys() | {"x", "q", "day", "age"}
_NUMBER_SUFFIXES = (
    ORDINAL_SUFFIXES | UNITS.keys() | GLUED_UNITS.keys() | {"x", "k", "am", "pm", "s", "f", "c", "yo", "mmhg"}
)


def name_at(tokens: list[Token], index: int) -> tuple[str, int] | None:
    """The key of the name that begins at token `index`, and the index after it; None if it is a plain word or number."""
    if index and tokens[index].glued and tokens[index - 1].kind != "symbol":
        return None
    end = index + 1
    while end < len(tokens) and tokens[end].glued and tokens[end].kind != "symbol":
        end += 1
    if end - index > 1:
        return (_key(tokens[index:end]), end) if _is_name(tokens[index:end]) else None
    if _hyphened(tokens, index):
        return _key([tokens[index], tokens[index + 2]]), index + 3
    if _continues_vertebra(tokens, index):
        return tokens[index - 3].text + tokens[index].text, index + 1
    return None


def _is_name(parts: list[Token]) -> bool:
    if parts[0].kind == "number":
        return parts[1].kind == "word" and parts[1].text not in _NUMBER_SUFFIXES
    if parts[0].text in _NOT_A_NAME or not parts[0].text.isalpha():
        return False
    number = parts[1].text
    return not (len(parts) == 2 and parts[0].text in {"t", "p", "r"} and ("." in number or len(number) > 2))


def _hyphened(tokens: list[Token], index: int) -> bool:
    """COVID-19, PHQ-9, B-12; but not Day-3, BP-138 or a word before a dash."""
    if index + 2 >= len(tokens) or tokens[index].kind != "word" or tokens[index + 1].text != "-":
        return False
    if not (tokens[index + 1].glued and tokens[index + 2].glued and tokens[index + 2].text.isdecimal()):
        return False
    raw = tokens[index].raw
    capitals = sum(letter.isupper() for letter in raw)
    return tokens[index].text not in _NOT_A_NAME and (capitals > 1 or len(raw) == capitals or raw.lower() == "covid")


def _continues_vertebra(tokens: list[Token], index: int) -> bool:
    """The 5 of L4-5."""
    if index < 3 or tokens[index].kind != "number" or tokens[index - 1].text != "-" or len(tokens[index].text) > 2:
        return False
    glued = all(token.glued for token in tokens[index - 2 : index + 1])
    return glued and tokens[index - 3].text in {"c", "t", "l", "s"} and tokens[index - 2].kind == "number"


def _key(parts: list[Token]) -> str:
    key = "".join(part.text for part in parts)
    return SAME_NAMES.get(key, key)


def name_keys(tokens: list[Token], found: list[Mention]) -> set[str]:
    """Every name that could be meant in a text: letters and numbers that follow each other, in all their readings."""
    if not found and all(token.kind != "number" for token in tokens):
        return {name for token in tokens if token.text in NAME_ALIASES for name in NAME_ALIASES[token.text]}
    atoms = _atoms(tokens, found)
    keys = {mention.value[1] for mention in found if isinstance(mention.value, tuple) and mention.value[0] == "name"}
    near = _near_numbers(atoms)
    for place, (words, last, is_number) in enumerate(atoms):
        keys.update(name for word in words for name in NAME_ALIASES.get(word, ()))
        if not near[place]:
            continue
        joined, index, numbers, letters = words, last, is_number, not is_number
        for more, next_index, next_is_number in atoms[place + 1 : place + _MOST_ATOMS]:
            if not _follows(tokens, index, next_index):
                break
            joined = [a + b for a in joined for b in more if len(a) + len(b) <= _MOST_CHARACTERS][:8]
            if next_is_number and letters and len(words[0]) == 1:  # "l four five" is L4 and L5
                keys.update(words[-1] + number for number in more)
            numbers, letters, index = numbers or next_is_number, letters or not next_is_number, next_index
            if not joined:
                break
            if numbers and letters:
                keys.update(SAME_NAMES.get(key, key) for key in joined)
    return keys


def _near_numbers(atoms: list[tuple[list[str], int, bool]]) -> bytearray:
    """Where a name may begin: at the atoms that have a number among the next few."""
    near = bytearray(len(atoms))
    for place, (_, _, is_number) in enumerate(atoms):
        if is_number:
            start = max(0, place - _MOST_ATOMS + 1)
            near[start : place + 1] = b"\1" * (place + 1 - start)
    return near


def _atoms(tokens: list[Token], found: list[Mention]) -> list[tuple[list[str], int, bool]]:
    """What may be part of a name: texts in all readings, index of the last token, and whether it is a number."""
    spoken = {mention.first: mention for mention in found}
    atoms: list[tuple[list[str], int, bool]] = []
    index = 0
    while index < len(tokens):
        token, mention = tokens[index], spoken.get(index)
        readings = _whole_readings(mention) if mention and token.kind == "word" else []
        if mention and readings:
            atoms.append((readings, mention.number_end - 1, True))
            index = mention.number_end
            continue
        if token.kind != "symbol":
            words = [token.text, HEARD_LETTERS[token.text]] if token.text in HEARD_LETTERS else [token.text]
            atoms.append((words, index, token.kind == "number"))
        index += 1
    return atoms


def _whole_readings(mention: Mention) -> list[str]:
    values = [value for value, _ in mention.readings if not isinstance(value, tuple)]
    return list(dict.fromkeys(plain_number(value) for value in values if value == value.to_integral_value()))[:4]


def _follows(tokens: list[Token], index: int, after: int) -> bool:
    between = tokens[index + 1 : after]
    return all(token.text == "-" for token in between) and len(between) < 2 and bool(word_at(tokens, after))
