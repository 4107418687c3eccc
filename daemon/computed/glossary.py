"""Plain words for the medical ones that occur."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def glossary(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
