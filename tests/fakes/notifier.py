"""A notifier that keeps what it is told."""

from __future__ import annotations


class FakeNotifier:
    """`told` are the calls that had something to say."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int, str]] = []

    def tell(self, attention: int, delivered: int, code: str = "") -> None:
        """Kept, if there is anything to tell."""
        if attention > 0 or delivered > 0 or code:
            self.told.append((attention, delivered, code))
