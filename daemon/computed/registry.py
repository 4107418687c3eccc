"""The computed sections by the name that a document's TOML gives them."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.computed.actions import actions
from daemon.computed.allergies import allergies
from daemon.computed.checklist import documented, missing, visit_kind
from daemon.computed.contradictions import contradictions
from daemon.computed.form_gaps import blank_fields, unreadable
from daemon.computed.glossary import glossary
from daemon.computed.handouts import handout, unplaced
from daemon.computed.identity import identity
from daemon.computed.material import Compute
from daemon.computed.medications import medications

REGISTRY: Mapping[str, Compute] = {
    "actions": actions,
    "allergies": allergies,
    "blank-fields": blank_fields,
    "contradictions": contradictions,
    "documented": documented,
    "glossary": glossary,
    "handout": handout,
    "identity": identity,
    "medications": medications,
    "missing": missing,
    "unplaced": unplaced,
    "unreadable": unreadable,
    "visit-kind": visit_kind,
}
