"""The section classifier's label of each passage, for checklists: what a sentence is about, whatever the document's sections are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from daemon.adapters.drafting.section_classifier import LABELS
from daemon.adapters.drafting.spoken_pieces import spoken_pieces
from daemon.documents.filler import is_filler
from daemon.model.passage import PageAnchor, Passage

if TYPE_CHECKING:
    from daemon.adapters.drafting.quoting_drafter import Placer

LEAST_PROBABILITY = 0.5
"""Below it another label is as likely, and a checklist would call documented what is not."""

_SECTIONS = {label: (label,) for label in LABELS}


def passage_labels(classifier: Placer, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
    """The labels by passage id, of a passage's pieces in order. Headings, filler and what is not clear have none."""
    told = [passage for passage in passages if not is_filler(passage.text)]
    found: dict[str, tuple[str, ...]] = {}
    for on_page in (False, True):
        some = [passage for passage in told if isinstance(passage.anchor, PageAnchor) == on_page]
        texts = [passage.text for passage in some]
        cut = [[text] for text in texts] if on_page else [[p.placed_as for p in row] for row in spoken_pieces(texts)]
        flat = [(passage.id, text) for passage, row in zip(some, cut, strict=True) for text in row]
        places = classifier.place([text for _, text in flat], _SECTIONS, order_matters=not on_page) if flat else []
        for (name, _), place in zip(flat, places, strict=True):
            if not place.heading and place.probability >= LEAST_PROBABILITY:
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), place.section)))
    return found
