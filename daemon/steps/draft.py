"""Draft: from what was read to a document's sections, with those that code writes and no drafter may."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.computed.material import Computed, Material
from daemon.computed.registry import REGISTRY
from daemon.documents.form import read_form
from daemon.model.document import Document, SectionSpec, suits
from daemon.model.draft import Draft, Routing, Section
from daemon.model.errors import PermanentError
from daemon.model.finding import Caution
from daemon.model.handout import Handout
from daemon.model.passage import EngineInfo, Reading
from daemon.ports import Adapted, Clock, Drafter, Labeller

_IDENTITY = SectionSpec("patient", "Patient", "", computed="identity")


def draft(
    job: str,
    document: Document,
    reading: Reading,
    drafter: Drafter,
    clock: Clock,
    *,
    routing: Routing | None = None,
    handouts: Sequence[Handout] = (),
) -> Draft:
    """The draft of one job. `document-unsuitable` if no source is of a kind that the document accepts."""
    if not suits(document, [source.kind for source in reading.sources]):
        raise PermanentError("document-unsuitable")
    material = _material(document, reading, drafter, handouts)
    made = [(spec, _computed(spec, material)) for spec in document.sections if not spec.feeds]
    return Draft(
        job=job,
        document=document.key,
        title=document.title,
        sections=tuple(
            _section(spec, computed, material) for spec, computed in made if not (computed and computed.absent)
        ),
        passages=reading.passages,
        sources=reading.sources,
        engines=tuple(sorted((*reading.engines, *_drafting(drafter, material)), key=lambda engine: engine[0])),
        drafted_at=clock.now(),
        unreadable=reading.unreadable,
        unread=reading.unread,
        cautions=(
            *_of_two_patients(document, material),
            *(caution for _, computed in made if computed for caution in computed.cautions),
        ),
        routing=routing or Routing(),
        form=document.form,
        opening=document.opening,
        closing=document.closing,
        measures=tuple(measure for _, computed in made if computed for measure in computed.measures),
    )


def _material(document: Document, reading: Reading, drafter: Drafter, handouts: Sequence[Handout]) -> Material:
    """All that computed sections rest on. Where code writes every section, the drafter has nothing to do."""
    drafts = any(not spec.computed for spec in document.sections)
    sections = drafter.draft(document, reading.passages) if drafts else ()
    labels = drafter.labels(reading.passages) if document.expects and isinstance(drafter, Labeller) else {}
    return Material(
        document,
        reading,
        read_form(document, reading.passages),
        {section.key: section.statements for section in sections},
        dict(labels),
        handouts,
    )


def _drafting(drafter: Drafter, material: Material) -> tuple[tuple[str, EngineInfo], ...]:
    """What drafted. An adapter is named where something was written with it; where all is quoted, it had no part in that."""
    wrote = any(each.manner == "written" for statements in material.written.values() for each in statements)
    adapter = drafter.adapter if wrote and isinstance(drafter, Adapted) else None
    return (drafter.engine, ("adapter", adapter)) if adapter else (drafter.engine,)


def _of_two_patients(document: Document, material: Material) -> tuple[Caution, ...]:
    """What speaks for two people in the sources, of a document that has no section to say it in.

    Another name in one source alone is a relative's more often than not; beside a second source it may be another patient's.
    """
    if any(spec.computed == _IDENTITY.computed for spec in document.sections):
        return ()
    several = len(material.reading.sources) > 1
    doubts = REGISTRY[_IDENTITY.computed](material, _IDENTITY).cautions
    return tuple(doubt for doubt in doubts if several or doubt.severity == "high")


def _computed(spec: SectionSpec, material: Material) -> Computed | None:
    return REGISTRY[spec.computed](material, spec) if spec.computed else None


def _section(spec: SectionSpec, computed: Computed | None, material: Material) -> Section:
    return (computed or Computed(material.written.get(spec.key, ()))).as_section(spec)
