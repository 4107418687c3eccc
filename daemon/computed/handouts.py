"""A practice's handout, its slots filled from the memo."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def handout(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
