"""Where the sources contradict themselves or each other."""

from __future__ import annotations

from daemon.computed.material import Computed, Material
from daemon.faithfulness.contradiction.contradictions import find_contradictions
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.finding import Caution


def contradictions(material: Material, spec: SectionSpec) -> Computed:
    """Each contradiction, with both places as evidence; its cells are what is in doubt and why. One caution points to them all."""
    found = find_contradictions([(one.id, one.text, one.anchor.source) for one in material.passages])
    statements = tuple(
        Statement(one.why, tuple(dict.fromkeys(one.passages)), "printed", cells=(one.what, one.why)) for one in found
    )
    if not found:
        return Computed()
    places = "one place" if len(found) == 1 else f"{len(found)} places"
    evidence = tuple(dict.fromkeys(name for one in found for name in one.passages))
    text = f"What was said contradicts itself in {places}: see “{spec.title}”."
    return Computed(statements, ("What", "Why"), (Caution("contradiction", "high", text, evidence),))
