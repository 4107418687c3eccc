"""Where the sources contradict themselves or each other."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.faithfulness.contradictions import find_contradictions
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement


def contradictions(material: Material, spec: SectionSpec) -> Computed:
    """Each contradiction, with both places as evidence; its cells are what is in doubt and why."""
    found = find_contradictions([(one.id, one.text, one.anchor.source) for one in material.passages])
    return Computed(
        tuple(
            Statement(one.why, tuple(dict.fromkeys(one.passages)), "printed", cells=(one.what, one.why))
            for one in found
        ),
        ("What", "Why"),
    )
