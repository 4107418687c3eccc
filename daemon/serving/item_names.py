"""What items are called, for the page that people read: out of their sealed manifests, and in memory alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from daemon.model.codec import manifest_from_bytes
from daemon.model.errors import ChartdraftError
from daemon.model.job import JobRow
from daemon.ports import Vault


class ItemNames:
    """The clean names of the jobs that are listed, each decrypted once; those that are not listed any more are forgotten."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, str] = {}

    def of(self, rows: Iterable[JobRow]) -> Mapping[str, str]:
        """Names by job. A job whose manifest the vault has lost has none."""
        blobs = {row.id: row.manifest for row in rows}
        self._known = {blob: self._known.get(blob) or self._read(blob) for blob in blobs.values()}
        return {job: self._known[blob] for job, blob in blobs.items() if self._known[blob]}

    def _read(self, blob: str) -> str:
        try:
            return manifest_from_bytes(self._vault.open(blob)).stem
        except ChartdraftError:
            return ""
