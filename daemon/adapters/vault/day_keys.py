"""The keys of days: an age identity for each day and class, which rests sealed to this machine and to the recovery key.

`<vault>/days/2026-11-22.original.age` holds the identity as `age-keygen` writes it, and in a comment a MAC that says whose it is:
whoever knows the two public recipients could put a key of their own there, and read all that is sealed that day. A day that was
ended has `2026-11-22.original.ended` in its place, for ever.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from hmac import compare_digest
from pathlib import Path
from threading import Lock

from daemon.adapters import age
from daemon.adapters.atomic_file import disk_errors, make_folder, publish_bytes, sweep_parts, sync_folder
from daemon.adapters.keys import Keys
from daemon.adapters.vault.names import Names
from daemon.model.blob_reference import BlobClass, VaultDay, day_to_seal, parse_day
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError

KEY, ENDED = ".age", ".ended"
_VOUCHED = "# chartdraft: "
_MAX_FILE_BYTES = 16_384
_CACHED_DAYS = 32
_WHY = b"The key of this day was destroyed: what was sealed under it cannot be opened any more.\n"


class DayKeys:
    """The day keys of one vault. Several processes may use it at once: of two that make a day's key, the first one's is it."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.folder = folder
        self._keys = keys
        self._names = Names(keys.content_id_key)
        self._opened: OrderedDict[VaultDay, tuple[tuple[int, int], age.Identity]] = OrderedDict()
        self._durable: set[VaultDay] = set()
        self._lock = Lock()

    def to_seal(self, now: datetime, kind: BlobClass) -> tuple[VaultDay, age.Identity]:
        """The day that takes what is sealed now, and its key, which is made if there is none; RetryableError.

        A day whose key was destroyed, or cannot be opened, takes nothing more: the next one does.
        """
        day = day_to_seal(now, kind, lambda day: self._takes(day, now))
        if day not in self._durable:  # whoever made the key may have died before its name was durable
            with disk_errors():
                self._make_folder()
                sync_folder(self.folder)
            self._durable.add(day)
        return day, self.to_open(day)

    def to_open(self, day: VaultDay) -> age.Identity:
        """A day's key; `vault-purged` if it was destroyed, `vault-missing` or `vault-unreadable` if it is gone or damaged."""
        with self._lock:
            try:
                if self.is_ended(day):
                    raise PermanentError("vault-purged")
                return self._cached(day)
            except FileNotFoundError:
                raise PermanentError("vault-missing") from None
            except OSError:
                raise PermanentError("vault-unreadable") from None

    def is_ended(self, day: VaultDay) -> bool:
        """Whether the day's key was destroyed, or is about to be."""
        if not (self.folder / f"{day}{ENDED}").exists():
            return False
        self._opened.pop(day, None)
        return True

    def days(self) -> Sequence[VaultDay]:
        """Every day that has a key, also one whose ending a death interrupted; in order."""
        if not self.folder.is_dir():
            return []
        with disk_errors():
            found = list(self.folder.glob(f"*{KEY}"))
        return sorted(day for path in found if (day := parse_day(path.stem)))

    def destroy(self, day: VaultDay) -> None:
        """End a day: its key is gone when this returns, and never made again. Safe to repeat; RetryableError.

        What was sealed to it is then noise to everybody, as far as the disk forgets what is unlinked.
        """
        with disk_errors():
            self._make_folder()
        publish_bytes(self.folder / f"{day}{ENDED}", _WHY, replace=False)
        crash_point("vault-day-ending")
        with disk_errors(), self._lock:
            (self.folder / f"{day}{KEY}").unlink(missing_ok=True)
            sync_folder(self.folder)
            self._opened.pop(day, None)
        crash_point("vault-day-ended")

    def publish(self, day: VaultDay, identity: age.Identity, created: datetime, name: str = "") -> None:
        """Seal a day's key to both recipients under its name, or another; whoever is first wins."""
        note = f"{_VOUCHED}{day} {self._names.of_day_key(day, identity.recipient)}"
        sealed = io.BytesIO()
        age.encrypt(io.BytesIO(age.identity_text(identity, created, note)), sealed, self._keys.recipients)
        with disk_errors():
            self._make_folder()
        publish_bytes(self.folder / (name or f"{day}{KEY}"), sealed.getvalue(), replace=False)

    def read(self, day: VaultDay, name: str = "") -> age.Identity:
        """A day's key from its file, or from another's name; OSError, `vault-unreadable`."""
        text = io.BytesIO()
        with (self.folder / (name or f"{day}{KEY}")).open("rb") as file:
            sealed = io.BytesIO(file.read(_MAX_FILE_BYTES))
        age.decrypt(sealed, text, self._keys.identity, unreadable="vault-unreadable")
        untrusted = text.getvalue().decode(errors="replace")
        identity = age.parse_identity(untrusted)
        if identity is None or not self._vouches(day, identity, untrusted):
            raise PermanentError("vault-unreadable")
        return identity

    def sweep(self) -> int:
        """Remove what writers that died left behind; how many."""
        return sweep_parts(self.folder) if self.folder.is_dir() else 0

    def _takes(self, day: VaultDay, now: datetime) -> bool:
        if not (self.folder / f"{day}{KEY}").exists() and not self.is_ended(day):
            self.publish(day, age.generate_identity(), now)
            crash_point("vault-day-key")
        with suppress(PermanentError):
            return bool(self.to_open(day))
        return False

    def _cached(self, day: VaultDay) -> age.Identity:
        """Opened once, as long as its file is the same one. OSError, `vault-unreadable`."""
        status = (self.folder / f"{day}{KEY}").stat()
        facts = status.st_ino, status.st_mtime_ns
        known = self._opened.get(day)
        if known is None or known[0] != facts:
            self._opened.pop(day, None)
            self._opened[day] = known = facts, self.read(day)
            if len(self._opened) > _CACHED_DAYS:
                self._opened.popitem(last=False)
        self._opened.move_to_end(day)
        return known[1]

    def _vouches(self, day: VaultDay, identity: age.Identity, untrusted: str) -> bool:
        note = f"{_VOUCHED}{day} {self._names.of_day_key(day, identity.recipient)}"
        return any(compare_digest(line.encode(), note.encode()) for line in untrusted.splitlines())

    def _make_folder(self) -> None:
        make_folder(self.folder)
