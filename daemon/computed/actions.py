"""Who does what by when, as an e-mail's action list."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def actions(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
