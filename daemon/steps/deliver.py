"""Deliver: a draft, or the note why there is none, into the folder that people pick it up from."""

from __future__ import annotations

from contextlib import suppress

from daemon.faithfulness.vocabulary.hotwords import drugs_named
from daemon.model.draft import Draft
from daemon.model.errors import RetryableError
from daemon.model.job import Manifest
from daemon.ports import NamedDrugs, Outbox


def deliver(
    draft: Draft, manifest: Manifest, revision: int, outbox: Outbox, named: NamedDrugs | None = None
) -> tuple[str, ...]:
    """Publish a checked draft; the file names, which hold the item's own name: PHI, not for logs or the workflow store.

    Harmless to repeat; the drugs that it names are counted, once. `disk-full`, `outbox-unwritable`.
    """
    names = outbox.publish_draft(
        draft, stem=manifest.stem, short=manifest.short, revision=revision, folder=manifest.deliver_to
    )
    if named is not None:
        with suppress(RetryableError):  # a draft that is delivered does not wait for a count
            named.count(manifest.job, drugs_named(draft))
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
