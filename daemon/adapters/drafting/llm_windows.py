"""How a visit that is longer than the model's context is cut into windows. Pure rules; lengths are tokens.

A context holds the instructions, a window's passages, one section's request and the room to write in. Windows end at passage
borders, are about equally long, and none ends behind a question: its answer would stand in the next one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_TOKENS = 800
"""Room to write a section in: the longest of ACI-Bench's training notes has some 450 words."""
WRITING_SHARE = 4
"""A small context keeps a fourth of itself to write in: of 100 tokens said, a section's part is 10 to 20."""
LEAST_ROOM = 128  # tokens of passages: with less in a window no sentence has its neighbours
MAX_WINDOWS = 32
"""More than these are not begun, and the visit is quoted: two hours of talk are 8 windows of a context of 4,096 tokens."""
_MAX_CARRIED = 2  # questions in a row that go along with their answer


@dataclass(frozen=True, slots=True)
class Part:
    """A passage, or a piece of a long one under its passage's id. `tokens` is what its line of the prompt costs."""

    id: str
    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Costs:
    """What the child measured. `context`: all that fits; `shared`: instructions; `request`: the longest section's.

    `passages` are the costs of the passages' lines, in order.
    """

    context: int
    shared: int
    request: int
    passages: tuple[int, ...]

    @property
    def writing(self) -> int:
        """Tokens to write one section in."""
        return min(MAX_TOKENS, self.context // WRITING_SHARE)

    @property
    def room(self) -> int:
        """Tokens of passages that fit into one window."""
        return self.context - self.shared - self.request - self.writing


def read_costs(untrusted_reply: Mapping[str, Any], passages: int) -> Costs | None:
    """The costs of so many passages; None for a reply that cannot be believed."""
    match untrusted_reply:
        case {"context_tokens": context, "shared_tokens": shared, "passages": list(lines), "sections": [*requests]}:
            numbers = [context, shared, *lines, *requests]
            if len(lines) == passages and requests and all(type(number) is int and number > 0 for number in numbers):
                return Costs(context, shared, max(requests), tuple(lines))
    return None


def windows(parts: Sequence[Part], room: int) -> list[list[Part]]:
    """The parts in order, in as few windows as hold `room` tokens each, the longest as short as that allows.

    A part that is longer than `room` gets a window of its own.
    """
    fewest = len(_filled(parts, room))
    low, high = 1, room
    while low < high:
        middle = (low + high) // 2
        if len(_filled(parts, middle)) > fewest:
            low = middle + 1
        else:
            high = middle
    found = _filled(parts, high)
    return found if len(found) <= fewest else _filled(parts, room)


def _filled(parts: Sequence[Part], limit: int) -> list[list[Part]]:
    filled: list[list[Part]] = []
    used = 0
    for part in parts:
        if filled and used + part.tokens <= limit:
            filled[-1].append(part)
            used += part.tokens
            continue
        carried = _carried(filled[-1], limit - part.tokens) if filled else []
        if carried:
            del filled[-1][-len(carried) :]
        filled.append([*carried, part])
        used = sum(each.tokens for each in filled[-1])
    return filled


def _carried(window: Sequence[Part], room: int) -> list[Part]:
    """The questions at a window's end, as long as something else stays in it and they fit before their answer."""
    carried: list[Part] = []
    for part in reversed(window[1:]):
        room -= part.tokens
        if len(carried) == _MAX_CARRIED or room < 0 or not part.text.rstrip().endswith("?"):
            break
        carried.insert(0, part)
    return carried


def cut(text: str, pieces: int) -> list[str]:
    """A long text in at most so many pieces of about equal length: behind sentences if possible, else between words, else anywhere."""
    found: list[str] = []
    rest = text.strip()
    for left in range(pieces, 1, -1):
        target = max(1, len(rest) // left)
        at = _border(rest, target)
        found.append(rest[:at].strip())
        rest = rest[at:].strip()
    return [piece for piece in [*found, rest] if piece]


def _border(text: str, target: int) -> int:
    half = target // 2
    sentence = max(text.rfind(end, half, target + 1) for end in (". ", "? ", "! "))
    if sentence >= 0:
        return sentence + 1
    space = text.rfind(" ", half, target + 1)
    return space if space > 0 else target
