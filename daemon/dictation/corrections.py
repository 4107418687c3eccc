""" "10 milligrams, correction, 20 milligrams", "make that 20", "the left knee, correction, the right knee".

The new value takes the place of the old one only where both are of one kind, stand close to the command, and are the only ones there.
"Correction" is also a word of medicine (a correction scale, 2 units for every 50 above 150): those stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from daemon.dictation.bits import Bit, Row, Said, without_mark, words_at
from daemon.dictation.sentences import is_command_place, sentence_start
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.quantity.units import UNITS

_CUES = (
    ("correction",),
    ("make", "that"),
    ("make", "it"),
    ("change", "that", "to"),
    ("scratch", "that"),
    ("strike", "that"),
    ("delete", "that"),
    ("sorry", "i", "mean"),
    ("sorry", "i", "meant"),
    ("no", "i", "mean"),
    ("no", "wait"),
    ("wait", "no"),
    ("no", "sorry"),
    ("sorry",),
    ("i", "mean"),
    ("i", "meant"),
)
# Also said of something else: with these the new value has to be of the old one's unit, and next to it.
_SPOKEN = frozenset({"no", "wait", "sorry", "i"})
_FILLERS = frozenset({"that's", "it's", "to", "the", "should", "be", "that", "is"})
_MOST_BETWEEN = 4
_QUANTITY = re.compile(r"(?P<number>\d+(?:[.,]\d+)*(?:/\d+)?)(?P<unit>[^\W\d]+|%)?")
_SIDES = frozenset({"left", "right", "bilateral"})
_RANGE = frozenset({"to", "or", "-", "and", "over"})
# "Lispro with meals, correction 2 units for every 50 above 150": a dose of its own.
_DOSED = frozenset({"per", "for", "every", "scale", "factor", "dose", "insulin", "of"})
_WEIGHTS = frozenset({UNITS[each] for each in ("mg", "mcg", "g")})
# "Start 10 mg, correction, 20 mg of lisinopril": before the old dose stands no name whose dose it may be, known or misheard.
_BEFORE_DOSE = frozenset({"start", "starts", "started", "starting", "give", "gives", "given", "giving", "take", "takes", "taking",
                          "prescribe", "prescribed", "begin", "add", "continue"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Thing:
    """What can be corrected: `kind` and `key`, at `start` to `end` of the row."""

    kind: str
    key: str
    start: int
    end: int


def corrected(said: Said, row: Row) -> Row:
    """The row with what was plainly corrected in the place of what it was."""
    index = 1
    while index < len(row):
        cue = next((one for one in _CUES if words_at(row, index, one)), None)
        changed = _exchange(said, row, index, len(cue)) if cue else None
        if changed is not None:
            row = changed
        index += 1
    return row


def _exchange(said: Said, row: Row, index: int, size: int) -> Row | None:
    first = index + size
    while first < len(row) and row[first].bare in _FILLERS and first < index + size + 3:
        first += 1
    if first >= len(row) or not said.one_voice(row[index - 1], row[index]):
        return None
    for kind in (_quantity_at, _side_at, _drug_at):
        new = kind(row, first)
        old = _before(row, index, new, kind) if new else None
        if new and old and _is_meant(said, row, index, old, new):
            return _put(row, index, old, new)
    return None


def _is_meant(said: Said, row: Row, index: int, old: _Thing, new: _Thing) -> bool:
    after = row[new.end].bare if new.end < len(row) and not row[new.end - 1].stops else ""
    apart = old.end < index and not _is_said_again(row, index, old, new)
    cut = row[index - 1].stops and not _is_all_of_a_sentence(row, index, old, new)
    if row[index].bare in _SPOKEN and (apart or _unit(new) != _unit(old) or cut):
        return False
    dosed = after in _DOSED and not (after == "of" and _is_nameless(row, old, index, new))
    if dosed or new.key.endswith(" unit") or row[new.end - 1].mark == "?":
        return False
    # Nobody sets off a correction that interrupts: "10 milligrams correction 20 milligrams".
    return is_command_place(said, row, index) or row[index].bare == "correction"


def _is_said_again(row: Row, index: int, old: _Thing, new: _Thing) -> bool:
    """ "The left side, sorry, the right side": whether what stood behind the old one is said again behind the new one, and either is all of
    its clause: not "it is on the left side, sorry, the right side is fine"."""
    between = [bit.bare for bit in row[old.end : index]]
    again = row[new.end : new.end + len(between)]
    alone = not again or again[-1].mark or again[-1].ends or new.end + len(again) == len(row)
    return [bit.bare for bit in again] == between and (bool(alone) or old.start == sentence_start(row, index))


def _is_all_of_a_sentence(row: Row, index: int, old: _Thing, new: _Thing) -> bool:
    """ "It is on the right side. Sorry. The left side.": whether the new one, with what is said again behind it, is all that its sentence has.
    Recognition ends a sentence wherever somebody stops to think."""
    end = new.end + index - old.end
    return row[index - 1].mark != "?" and end <= len(row) and row[end - 1].stops


def _is_nameless(row: Row, old: _Thing, index: int, new: _Thing) -> bool:
    """Whether both are weights of one unit, and the old one stands before the name of what it is of, as the new one does."""
    weights = _unit(new) in _WEIGHTS and _unit(old) == _unit(new) and old.end == index
    return weights and old.start > 0 and not row[old.start - 1].mark and row[old.start - 1].bare in _BEFORE_DOSE


def _before(row: Row, index: int, new: _Thing, kind: Callable[[Row, int], _Thing | None]) -> _Thing | None:
    """The one thing of the same kind near before the command."""
    start = sentence_start(row, index)
    found = [one for at in range(max(start, index - 12), index) if (one := kind(row, at)) and one.end <= index]
    near = [one for one in found if index - one.end <= _MOST_BETWEEN]
    if not near or near[-1].key == new.key or _is_range(row, near[-1], new):
        return None
    old = near[-1]
    # Which of two is meant is plain only where the command follows one of them at once.
    if old.end < index and (len(near) > 1 or any(_unit(one) == _unit(old) for one in found if one is not old)):
        return None
    if new.kind == "number" and not _same_measure(old, new):
        return None
    if new.kind == "drug" and not _doses_fit(row, old, new, index):
        return None
    return old


def _is_range(row: Row, old: _Thing, new: _Thing) -> bool:
    """ "5 to 10 milligrams": which end of it?"""
    before = row[old.start - 1].bare if old.start > 1 and row[old.start - 2].bare[:1].isdigit() else ""
    after = row[new.end].bare if new.end < len(row) and not row[new.end - 1].stops else ""
    return before in _RANGE or after in _RANGE


def _unit(one: _Thing) -> str:
    return one.key.partition(" ")[2]


def _same_measure(old: _Thing, new: _Thing) -> bool:
    """Another number of the same unit, or of none; a blood pressure only for a blood pressure."""
    one, other = old.key.split()[0], new.key.split()[0]
    return _unit(new) in {"", _unit(old)} and one != other and ("/" in one) == ("/" in other)


def _doses_fit(row: Row, old: _Thing, new: _Thing, index: int) -> bool:
    """A dose said of the drug that is taken back is not the other drug's."""
    if old.end == index:
        return True
    dose = _quantity_at(row, old.end)
    return dose is not None and dose.end == index and _quantity_at(row, new.end) is not None


def _put(row: Row, index: int, old: _Thing, new: _Thing) -> Row:
    between, after = row[old.end : index], row[new.end :]
    fresh = list(row[new.start : new.end])
    if new.kind == "number" and " " not in new.key and " " in old.key:
        fresh, between = _with_unit(row, old, fresh, between)
    closed, repeated = fresh[-1].stops, [bit.bare for bit in after[: len(between)]] == [bit.bare for bit in between]
    if new.kind == "drug" or (repeated and not closed):
        between = []
    if between:
        mark, ends, upto = fresh[-1].mark, fresh[-1].ends, max(bit.upto for bit in fresh)
        bare = [replace(bit, text=without_mark(bit.text), ends=False) for bit in (*fresh, *between)]
        bare[-1] = replace(bare[-1], text=bare[-1].text + mark, ends=ends, upto=max(upto, bare[-1].upto))
        return [*row[: old.start], *bare, *after]
    return [*row[: old.start], *fresh, *after]


def _with_unit(row: Row, old: _Thing, fresh: Row, between: Row) -> tuple[Row, Row]:
    """ "10 milligrams, make that 20": twenty milligrams."""
    last = fresh[-1]
    number = without_mark(last.text)
    glued = _QUANTITY.fullmatch(without_mark(row[old.start].text))
    if glued and glued["unit"]:
        return [*fresh[:-1], replace(last, text=number + glued["unit"] + last.mark)], between
    unit = row[old.end - 1]
    mark, ends = last.mark, last.ends
    unit = replace(unit, text=without_mark(unit.text) + mark, ends=ends, upto=max(unit.upto, last.upto))
    return [*fresh[:-1], replace(last, text=number, ends=False), unit], between


def _quantity_at(row: Row, index: int) -> _Thing | None:
    """A number in digits, with the unit that is said of it."""
    if index >= len(row) or (found := _QUANTITY.fullmatch(row[index].bare)) is None:
        return None
    if found["unit"]:
        unit = UNITS.get(found["unit"].lower())
        return _Thing("number", f"{found['number']} {unit}", index, index + 1) if unit else None
    after = row[index + 1] if index + 1 < len(row) and not row[index].mark and not row[index].ends else None
    unit = UNITS.get(after.bare) if after else None
    return (
        _Thing("number", f"{found['number']} {unit}", index, index + 2)
        if unit
        else _Thing("number", found["number"], index, index + 1)
    )


def _side_at(row: Row, index: int) -> _Thing | None:
    here = row[index].bare
    return _Thing("side", here, index, index + 1) if here in _SIDES else None


def _drug_at(row: Row, index: int) -> _Thing | None:
    """A drug that is one word."""
    here: Bit = row[index]
    drugs = list(find_drugs(here.bare))
    if len(drugs) != 1 or drugs[0].is_class or drugs[0].name != here.bare:
        return None
    return _Thing("drug", drugs[0].generic, index, index + 1)
