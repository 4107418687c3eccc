"""Medications with dose and frequency, as a list."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def medications(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
