"""A run of text on a page and its box.

Coordinates are fractions of the page's height (both axes, so that a page's aspect does not distort distances) with the
origin at the top left.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text and its box. `slope` is its baseline's, so that a crooked scan still has rows."""

    text: str
    confidence: float
    left: float
    top: float
    right: float
    bottom: float
    slope: float = 0.0

    @property
    def height(self) -> float:
        """The box's height."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The height of the middle of the line above the page's slope: rows share it."""
        return (self.top + self.bottom) / 2 - self.slope * (self.left + self.right) / 2
