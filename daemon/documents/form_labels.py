"""The printed labels that every document knows: those of the packaged intake form.

A letter's TOML names a few labels ("past medical history", "insurance"), but forms hold hundreds. What is not known as a label is taken
for an answer, or worse, for a part of what stands above it: "High blood pressure" below the list of allergies is no allergy.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import lru_cache
from importlib import resources

from daemon.documents.loader import parse_document
from daemon.model.document import Document

_UNPLACED = "~"  # begins no section's key


def with_common_labels(document: Document) -> Document:
    """The document with the intake form's labels beside its own.

    Those of one section of the intake form go to the section of the document that has the most of them already, and to a section of
    no document where it has none.
    """
    own = {field: spec.key for spec in document.sections for field in spec.fields}
    common = []
    for spec in intake_form().sections:
        shared = Counter(own[field] for field in spec.fields if field in own)
        key = shared.most_common(1)[0][0] if shared else f"{_UNPLACED}{spec.key}"
        fields = tuple(field for field in spec.fields if field not in own)
        common.append(replace(spec, key=key, title=f"{_UNPLACED}{spec.key}", fields=fields))
    return replace(document, sections=(*document.sections, *common))


def is_placed(section: str | None) -> bool:
    """Whether a section is the document's, and not one of labels that it has no place for."""
    return section is not None and not section.startswith(_UNPLACED)


@lru_cache(maxsize=1)
def intake_form() -> Document:
    """The packaged intake form, whatever a practice has made of its own."""
    entry = resources.files("daemon.documents") / "intake.toml"
    return parse_document(entry.name, entry.read_bytes())
