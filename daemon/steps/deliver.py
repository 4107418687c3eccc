"""Deliver: a draft, or the note why there is none, into the folder that people pick it up from."""

from __future__ import annotations

from daemon.model.draft import Draft
from daemon.model.job import Manifest
from daemon.ports import Outbox


def deliver(draft: Draft, manifest: Manifest, revision: int, outbox: Outbox) -> tuple[str, ...]:
    """Publish a checked draft; the file names, which hold the item's own name: PHI, not for logs or the workflow store.

    Harmless to repeat. `disk-full`, `outbox-unwritable`.
    """
    names = outbox.publish_draft(
        draft, stem=manifest.stem, short=manifest.short, revision=revision, folder=manifest.deliver_to
    )
    return tuple(names)


def deliver_failure(code: str, manifest: Manifest, revision: int, outbox: Outbox) -> tuple[str, ...]:
    """Publish the note for people; the file names (PHI as above). Harmless to repeat."""
    names = outbox.publish_failure(
        code,
        job=manifest.job,
        stem=manifest.stem,
        short=manifest.short,
        revision=revision,
        folder=manifest.deliver_to,
    )
    return tuple(names)
