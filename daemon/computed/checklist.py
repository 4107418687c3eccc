"""What of a document's checklist is documented, and what is missing, each with its reason."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.model.document import SectionSpec


def documented(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()


def missing(material: Material, spec: SectionSpec) -> Computed:
    """Not built yet."""
    return Computed()
