"""What a name that is in no list may have been, by its sound: a hint for whoever checks it, never a correction."""

from __future__ import annotations

from daemon.faithfulness.medicines.misheard_drugs import shown
from daemon.faithfulness.medicines.sound_alike import sounding_like

_MOST = 2


def sounds_like(name: str) -> str:
    """ "; it sounds like metoprolol or metaproterenol", or nothing."""
    alike = [shown(one) for one in sounding_like(name)[:_MOST]]
    return f"; it sounds like {' or '.join(alike)}" if alike else ""
