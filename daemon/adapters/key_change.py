"""A change of keys, as far as the keys folder goes: begun, gone on with after a death, ended.

| file in `keys/` | what |
|---|---|
| `recovery.next.pub` | the recovery recipient to come: a new one, or the same |
| `identity.next.txt` or `identity.next.keychain` | the identity to come. While it is there, everything but `rekey` refuses to start |
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from daemon.adapters import age
from daemon.adapters.atomic_file import sweep_parts
from daemon.adapters.identity_place import IdentityPlace, KeptIn
from daemon.adapters.key_files import publish_key, read_text, remove_key
from daemon.adapters.keychain import Keychain
from daemon.adapters.keys import RECOVERY, RECOVERY_NEXT, Keys, new_recovery, read_keys
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError


class KeyChange:
    """The change of one installation's machine identity and, if asked for, of its recovery key."""

    def __init__(self, keys_dir: Path, keychain: Keychain) -> None:
        self._folder, self._keychain = keys_dir, keychain
        self._next = IdentityPlace(keys_dir, keychain, ".next")
        self._current = IdentityPlace(keys_dir, keychain)

    def is_begun(self) -> bool:
        """Whether there is a change to go on with."""
        return bool(self._next.found())

    def begin(self, kept_in: KeptIn, recovery_out: Path | None) -> None:
        """Make the identity to come; with `recovery_out` a recovery key as well, which is on the disk there before.

        `recovery-unusable` if that file cannot be written, or holds something else or the key that is to be changed.
        """
        sweep_parts(self._folder)
        current = read_text(self._folder / RECOVERY, private=False).strip()
        coming = current
        if recovery_out is not None:
            coming = new_recovery(self._folder, recovery_out)
            if coming == current:
                raise PermanentError("recovery-unusable")
        publish_key(self._folder / RECOVERY_NEXT, f"{coming}\n".encode(), replace=True)
        crash_point("rekey-recovery-next")
        self._next.make(kept_in)
        crash_point("rekey-begun")

    def keys(self) -> tuple[Keys, tuple[age.Identity, ...]]:
        """The keys to come, and the identities that still open what was not sealed to those yet."""
        (kept_in, *_) = self._next.found()
        identity = self._next.read(kept_in)
        coming = self._folder / RECOVERY_NEXT
        recovery = read_text(coming if coming.exists() else self._folder / RECOVERY, private=False).strip()
        if not age.is_recipient(recovery):
            raise PermanentError("keys-missing")
        keys = replace(read_keys(self._folder, identity), recovery=recovery)
        return keys, tuple(each for each in self._older() if each != identity)

    def adopt(self, keys: Keys) -> None:
        """The keys to come are the keys, and the old identity is gone. Safe to repeat."""
        publish_key(self._folder / RECOVERY, f"{keys.recovery}\n".encode(), replace=True)
        crash_point("rekey-recovery-changed")
        (kept_in, *_) = self._next.found()
        self._current.adopt(kept_in, keys.identity)
        crash_point("rekey-identity-changed")

    def end(self) -> None:
        """There is nothing to go on with any more. What a writer that died left may hold a secret: that goes, too."""
        sweep_parts(self._folder)
        remove_key(self._folder / RECOVERY_NEXT)
        crash_point("rekey-ending")
        self._next.forget()

    def _older(self) -> list[age.Identity]:
        found = []
        for kept_in in self._current.found():
            try:
                found.append(self._current.read(kept_in))
            except PermanentError as error:
                if error.code != "keys-missing":  # gone already, when a death came between it and what points to it
                    raise
        return found
