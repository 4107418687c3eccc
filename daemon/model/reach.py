"""What the child that reads hostile files may see of the disk. Rules alone; Linux and macOS each put them into their own words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

View = Literal["readable", "hidden"]


@dataclass(frozen=True, slots=True)
class Reach:
    """Real paths (no links in them), folders or files. Of two that hold for a file the longer one counts; of two alike, `hidden`.

    What lies below neither is hidden on Linux, where only what is listed is there. On macOS it can be read: Metal needs more
    of the system than can be listed.
    """

    readable: tuple[Path, ...] = ()
    hidden: tuple[Path, ...] = ()

    def views(self) -> tuple[tuple[Path, View], ...]:
        """Each path that changes what holds, after those that it lies below: for rules of which the last one counts."""
        said: dict[Path, View] = dict.fromkeys(self.readable, "readable")
        said |= dict.fromkeys(self.hidden, "hidden")
        found: dict[Path, View] = {}
        for path, view in sorted(said.items(), key=lambda each: (len(each[0].parts), each[0])):
            if _at(path, found) != view:
                found[path] = view
        return tuple(found.items())

    def view(self, path: Path) -> View | None:
        """What holds for a path; None if nothing was said of it."""
        return _at(path, dict(self.views()))


def _at(path: Path, views: Mapping[Path, View]) -> View | None:
    return next((views[place] for place in (path, *path.parents) if place in views), None)


def carve(reach: Reach, children: Callable[[Path], Iterable[Path]]) -> tuple[Path, ...]:
    """The readable paths for a system that knows no exceptions: a folder with something hidden in it is replaced by the rest of
    what it holds. `children` lists a folder."""
    found: list[Path] = []
    for path, view in reach.views():
        if view == "readable":
            found += _without(path, reach, children)
    return tuple(dict.fromkeys(found))


def _without(path: Path, reach: Reach, children: Callable[[Path], Iterable[Path]]) -> list[Path]:
    if path in reach.hidden:
        return []
    if not any(hidden.is_relative_to(path) for hidden in reach.hidden):
        return [path]
    return [each for child in sorted(children(path)) for each in _without(child, reach, children)]
