"""Groups of number words, and the numbers that neighbouring groups make together: "one" + "thirty eight" is 138."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_JOINED_GROUPS = 12  # a telephone number is at most so many words


@dataclass(frozen=True, slots=True)
class Group:
    """One cardinal: tokens `first` to `end` (exclusive). `open` ones join their neighbours: "one" + "thirty eight"."""

    value: Decimal
    first: int
    end: int
    open: bool = False
    digits: str = ""
    cut: tuple[Decimal, ...] = ()


def plain_groups(groups: list[Group]) -> list[Group]:
    """One number where people say one number so ("one thirty eight", "nineteen eighty four"), else one for each."""
    sizes = [len(group.digits.split(".")[0]) for group in groups]
    glued = any(group.digits == "oh" for group in groups)
    pair = len(groups) == 2 and sizes[1] == 2 and sizes[0] > 0 and groups[0].value > 0
    spelt = len(groups) > 2 and all(group.value < 10 for group in groups)
    if len(groups) > 1 and groups[-1].digits and (glued or pair or spelt):
        return [Group(join(groups), groups[0].first, groups[-1].end)]
    return groups


def join(groups: list[Group]) -> Decimal:
    return Decimal("".join(group.digits for group in groups).replace("oh", "0"))


def all_readings(groups: list[Group]) -> Iterator[tuple[Decimal, bool]]:
    """Every number that neighbouring groups may form; "oh" binds both its neighbours."""
    for start in range(len(groups)):
        if groups[start].digits == "oh" or (start and groups[start - 1].digits == "oh"):
            continue
        for end in range(start + 1, min(start + _JOINED_GROUPS, len(groups)) + 1):
            part = groups[start:end]
            bound = part[-1].digits == "oh" or (end < len(groups) and groups[end].digits == "oh")
            if not bound and _may_join(part):
                yield (join(part) if len(part) > 1 else part[0].value), end == len(groups)


def _may_join(part: list[Group]) -> bool:
    if len(part) == 1:
        return True
    if not all(group.digits for group in part) or any(group.cut for group in part[:-1]):
        return False
    if any("." in group.digits for group in part[:-1]):
        return False
    return len(part) > 2 or part[1].value >= 10 or (part[0].value < 10 and part[1].value < 10)
