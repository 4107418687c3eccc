"""Partial transcripts of long recordings: sealed in the vault, and found again by what they are of and how they were made.

The vault names a blob by its content, so a small file beside it says which blob belongs to which recording. It holds MACs and
names of blobs: nothing of what was said, and not which file it was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.atomic_file import publish_bytes
from daemon.adapters.small_json import parse_small, read_small
from daemon.model.errors import ChartdraftError
from daemon.model.partial_transcript import Window, window_from_bytes, window_to_bytes
from daemon.ports import Vault

# Raised when what is heard, or how it is cut, is no longer what it was: nothing from before is gone on with.
WAY_OF_LISTENING = "1"

Entries = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PartialTranscripts:
    """Partial transcripts by the SHA-256 of their recording. `index` is the small file. A failure to keep one is no failure of the
    reading: then the next try begins at the beginning."""

    vault: Vault
    index: Path

    def find(self, sha256: str, settings: Iterable[str]) -> Window | None:
        """What was heard so far, with the same settings; one that was made with others, or cannot be opened, is removed."""
        entry = self._entries().get(self._name(sha256))
        if entry is None:
            return None
        bound, blob = entry
        if bound == self._bound(sha256, settings):
            with suppress(ChartdraftError):
                return window_from_bytes(self.vault.open(blob))
        self.forget([sha256])
        return None

    def keep(self, sha256: str, settings: Iterable[str], window: Window) -> None:
        """Seal what was heard so far; what was kept before of the same recording is removed once this is durable."""
        with suppress(ChartdraftError):
            name, entries = self._name(sha256), self._entries()
            before = entries.get(name)
            blob = self.vault.seal_bytes(window_to_bytes(window)).blob
            self._write(entries | {name: [self._bound(sha256, settings), blob]})
            if before is not None and before[1] != blob:
                self.vault.remove(before[1])

    def forget(self, sha256: Iterable[str]) -> None:
        """The job of these recordings has been read, or has failed. Safe to repeat."""
        with suppress(ChartdraftError):
            names, entries = [self._name(each) for each in sha256], self._entries()
            for name in names:
                if name in entries:
                    self.vault.remove(entries[name][1])
            if not entries.keys().isdisjoint(names):
                self._write({name: entry for name, entry in entries.items() if name not in names})

    def _name(self, sha256: str) -> str:
        return self.vault.content_id("partial-transcript", [sha256])

    def _bound(self, sha256: str, settings: Iterable[str]) -> str:
        said = hashlib.sha256(json.dumps([WAY_OF_LISTENING, *settings]).encode()).hexdigest()
        return self.vault.content_id("partial-transcript", [sha256, said])

    def _entries(self) -> Entries:
        try:
            found = parse_small(read_small(self.index))
        except (OSError, ValueError):
            return {}
        if not isinstance(found, dict):
            return {}
        return {
            name: entry
            for name, entry in found.items()
            if isinstance(entry, list) and len(entry) == 2 and all(isinstance(each, str) for each in entry)
        }

    def _write(self, entries: Entries) -> None:
        publish_bytes(self.index, json.dumps(entries, sort_keys=True).encode(), replace=True)
