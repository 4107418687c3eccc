"""Who the patient is, as the sources say it, never completed."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def identity(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
