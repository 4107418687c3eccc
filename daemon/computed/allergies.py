"""Allergies with their reactions, as a list."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def allergies(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
