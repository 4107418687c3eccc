"""All that the vault holds, sealed anew under new keys: what rests there afterwards, no older key opens.

1. Each day gets a new key, which waits beside the old one as `days/2026-11-22.original.next.age`.
2. Each blob is decrypted with whichever key opens it, and published in its own place, sealed to the new one.
3. Each blob is opened with the new keys alone, and its content is held against its name.
4. Only then each day's new key takes the old one's name.

A death at any instant leaves each blob whole, under the old key or under the new one, and both of them there: doing it all again
goes on where it stopped. Nobody else may work on the vault meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from daemon.adapters import age
from daemon.adapters.atomic_file import disk_errors, part_in, sweep_parts, sync_folder
from daemon.adapters.keys import Keys
from daemon.adapters.vault.age_vault import BLOB
from daemon.adapters.vault.day_keys import KEY, DayKeys
from daemon.adapters.vault.hashing import HashingSink, HashingSource, Nowhere
from daemon.adapters.vault.names import Names
from daemon.adapters.vault.unsealing import unsealed
from daemon.model.blob_reference import BlobReference, VaultDay, parse_day, parse_reference
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError

NEXT = ".next.age"


class Rekeying:
    """One vault on its way to new keys; `older` are the machine's identities that may still open something."""

    def __init__(self, folder: Path, keys: Keys, older: Sequence[age.Identity], now: datetime) -> None:
        self._blobs, self._folder, self._now = folder / "blobs", folder / "days", now
        self._keys, self._older = keys, tuple(older)
        self._names = Names(keys.content_id_key)
        self._days = DayKeys(self._folder, keys)

    def blobs(self) -> Sequence[BlobReference]:
        """Every blob there is, but for what lies under a key that was destroyed."""
        return [each for each in self._found() if each.day is None or not self._days.is_ended(each.day)]

    def convert(self, told: Callable[[], None]) -> None:
        """Steps 1 and 2; `told` is called after each blob. What cannot be opened stays as it is. RetryableError."""
        self._sweep()
        days = {day: self._coming(day) for day in self._days.days() if not self._days.is_ended(day)}
        for reference in self.blobs():
            machine = (self._keys.identity, self._older)
            new, olds = machine if reference.day is None else days.get(reference.day, (None, ()))
            if new is not None:
                recipients = (new.recipient,) if reference.day else self._keys.recipients
                self._seal_anew(reference, new, olds, recipients)
            told()

    def unreadable(self, told: Callable[[], None]) -> Sequence[BlobReference]:
        """Step 3: the blobs that the new keys do not open, or that are not what their name says."""
        found = []
        for reference in self.blobs():
            if not self._opens(reference):
                found.append(reference)
            told()
        return found

    def remove(self, unreadable: Sequence[BlobReference]) -> None:
        """Unlink what nobody can open whole; RetryableError."""
        with disk_errors():
            for reference in unreadable:
                self._path(reference).unlink(missing_ok=True)
                sync_folder(self._path(reference).parent)

    def settle(self) -> None:
        """Step 4. Keys that nobody can open, and those of days that were ended, go. RetryableError."""
        with disk_errors():
            for day in self._days.days():
                coming = self._folder / f"{day}{NEXT}"
                if coming.exists():
                    coming.replace(self._folder / f"{day}{KEY}")
                    sync_folder(self._folder)
                    crash_point("rekey-day-key-named")
                elif self._days.is_ended(day) or self._read(day, KEY) is None:
                    self._days.destroy(day)
            for left in self._folder.glob(f"*{NEXT}"):
                left.unlink()

    def _coming(self, day: VaultDay) -> tuple[age.Identity | None, tuple[age.Identity, ...]]:
        """A day's new key, and the one that its blobs may still be sealed to; none where its old one cannot be opened."""
        settled = self._read(day, KEY)
        if settled is not None:
            return settled, ()
        old = self._read(day, KEY, *self._older)
        if old is None:
            return None, ()
        if self._read(day, NEXT) is None:
            (self._folder / f"{day}{NEXT}").unlink(missing_ok=True)
            self._days.publish(day, age.generate_identity(), self._now, f"{day}{NEXT}")
            crash_point("rekey-day-key")
        return self._read(day, NEXT), (old,)

    def _read(self, day: VaultDay, kind: str, *identities: age.Identity) -> age.Identity | None:
        """A day's key, with the new machine identity unless others are given."""
        for identity in identities or (self._keys.identity,):
            try:
                return DayKeys(self._folder, replace(self._keys, identity=identity)).read(day, f"{day}{kind}")
            except (PermanentError, FileNotFoundError):
                continue
        return None

    def _seal_anew(
        self, reference: BlobReference, new: age.Identity, olds: Sequence[age.Identity], recipients: Sequence[str]
    ) -> None:
        path = self._path(reference)
        with disk_errors(), path.open("rb") as file:
            if age.is_for(file, new):
                return
        try:
            with path.open("rb") as file, part_in(self._blobs) as part:
                with (
                    unsealed(file, *olds, unreadable="vault-unreadable") as (plain, finish),
                    HashingSource(plain) as source,
                ):
                    age.encrypt(source, part.file, recipients)
                    finish()
                    if self._names.of_blob(source.digest()) != reference.id:
                        return
                crash_point("rekey-blob-sealed")
                part.publish(path, replace=True)
                crash_point("rekey-blob")
        except PermanentError:
            return  # found again by step 3

    def _opens(self, reference: BlobReference) -> bool:
        key: age.Identity | None = self._keys.identity
        if reference.day is not None:
            key = self._read(reference.day, NEXT) or self._read(reference.day, KEY)
        try:
            with disk_errors(), self._path(reference).open("rb") as file, HashingSink(Nowhere()) as sink:
                if key is None:
                    return False
                age.decrypt(file, sink, key, unreadable="vault-unreadable")
                return self._names.of_blob(sink.digest()) == reference.id
        except PermanentError:
            return False

    def _found(self) -> Iterator[BlobReference]:
        if not self._blobs.is_dir():
            return
        with disk_errors():
            folders = sorted(path for path in self._blobs.iterdir() if path.is_dir())
            for folder in folders:
                day = parse_day(folder.name)
                for path in sorted(folder.glob(f"*{BLOB}")):
                    parsed = parse_reference(path.stem)
                    if parsed is not None and parsed.day is None and (day or folder.name == parsed.id[:2]):
                        yield BlobReference(parsed.id, day)

    def _sweep(self) -> None:
        for folder in (self._blobs, self._folder):
            if folder.is_dir():
                sweep_parts(folder)

    def _path(self, reference: BlobReference) -> Path:
        folder = reference.id[:2] if reference.day is None else str(reference.day)
        return self._blobs / folder / f"{reference.id}{BLOB}"
