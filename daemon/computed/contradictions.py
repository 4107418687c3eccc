"""Where the sources contradict themselves or each other."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def contradictions(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
