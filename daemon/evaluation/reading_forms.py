"""What one form was read as, held against what stands there. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from daemon.evaluation.draft_measure import Numbers
from daemon.evaluation.reading_material import FormTruth
from daemon.model.passage import Passage

_BOX = re.compile(r"\[\s*([xX✓?]?)\s*\]\s*")
_STATES = {"": "no", "?": "unclear"}
BELOW = 2
"""So many passages behind its label may hold a value: beside it, or in the line below."""


def form_numbers(form: FormTruth, passages: Sequence[Passage]) -> Numbers:
    """Counts of one form. A field is read right where its value stands, letter by letter apart from case and blanks, in a passage with its
    label, behind it, or in the next two; a handwritten one is flagged where one of these is. Other flags are of print."""
    read = [_BOX.sub("", passage.text) for passage in passages]
    page, letters = " ".join(read), [_letters(text) for text in read]
    lines = [" ".join(line.split()) for line in form.text]
    printed = [one for one in form.fields if one["how"] == "printed"]
    hands = [_near(one["label"], letters) for one in form.fields if one["how"] == "hand"]
    flagged = {at for at, passage in enumerate(passages) if passage.hand}
    boxes = _boxes(form, passages)
    return {
        "letters": sum(map(len, lines)), "letter_edits": sum(_distance_inside(line, page) for line in lines),
        "fields": [len(printed), sum(_is_right(one["label"], one["value"], letters) for one in printed)],
        "hands": [len(hands), sum(bool(flagged & set(near)) for near in hands)],
        "hands_wrong": len(flagged.difference(*hands)),
        "boxes": [len(boxes), sum(one == other for one, other in boxes), sum(other == "unclear" for _, other in boxes)],
        "boxes_missed": sum(other == "none" for _, other in boxes),
    }  # fmt: skip


def _is_right(label: str, value: str, letters: Sequence[str]) -> bool:
    name, wanted = _letters(label), _letters(value)
    for at, text in enumerate(letters):
        found = text.find(name)
        if found >= 0 and wanted in text[found + len(name) :] + "".join(letters[at + 1 : at + 1 + BELOW]):
            return True
    return False


def _near(label: str, letters: Sequence[str]) -> list[int]:
    """The passages that have a label, and those behind it where it stands alone."""
    name = _letters(label)
    found: list[int] = []
    for at, text in enumerate(letters):
        if name in text:
            alone = not text[text.find(name) + len(name) :].strip(":_.")
            found += [at, *(range(at + 1, min(at + 1 + BELOW, len(letters))) if alone else ())]
    return found


def _letters(text: str) -> str:
    return "".join(text.lower().split())


def _boxes(form: FormTruth, passages: Sequence[Passage]) -> list[tuple[str, str]]:
    """Each box's state and the one it was read with; of several with one label ("Yes") the first stands for the first."""
    states, seen = _states(passages), Counter[str]()
    found: list[tuple[str, str]] = []
    for one in form.boxes:
        label = _letters(one["label"])
        read = states.get(label, [])
        found.append((one["state"], read[seen[label]] if seen[label] < len(read) else "none"))
        seen[label] += 1
    return found


def _states(passages: Sequence[Passage]) -> dict[str, list[str]]:
    """The states of tick boxes by the label behind them, up to the next box."""
    found: dict[str, list[str]] = {}
    for passage in passages:
        matches = list(_BOX.finditer(passage.text))
        for at, match in enumerate(matches):
            end = matches[at + 1].start() if at + 1 < len(matches) else len(passage.text)
            found.setdefault(_letters(passage.text[match.end() : end]), []).append(_STATES.get(match[1], "yes"))
    return found


def _distance_inside(line: str, page: str) -> int:
    """The fewest edits from a line to any stretch of the page (Sellers 1980)."""
    row = [0] * (len(page) + 1)
    for at, letter in enumerate(line, 1):
        before, row[0] = row[0], at
        for column, other in enumerate(page, 1):
            before, row[column] = row[column], min(before + (letter != other), row[column] + 1, row[column - 1] + 1)
    return min(row)
