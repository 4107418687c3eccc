"""Where an identity of this machine lies: in a file, or in the Keychain, with a file beside that says which entry it is."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from daemon.adapters import age
from daemon.adapters.key_files import publish_key, read_text, remove_key
from daemon.adapters.keychain import Keychain
from daemon.model.errors import PermanentError

KeptIn = Literal["file", "keychain"]


class IdentityPlace:
    """One identity, in either place. `slot` "" is the one in use, ".next" the one that a change of keys brings."""

    def __init__(self, keys_dir: Path, keychain: Keychain, slot: Literal["", ".next"] = "") -> None:
        self._keychain = keychain
        self._files: dict[KeptIn, Path] = {
            "file": keys_dir / f"identity{slot}.txt",
            "keychain": keys_dir / f"identity{slot}.keychain",
        }

    def found(self) -> tuple[KeptIn, ...]:
        """In which places it lies: one, or none; both only while a change of keys moves it."""
        return tuple(kept for kept in get_args(KeptIn) if self._files[kept].exists())

    def read(self, kept_in: KeptIn) -> age.Identity:
        """It, from there; `keys-elsewhere` if it lies in the other place, `keys-missing`, `keys-open`, `keychain-…`."""
        if kept_in not in self.found() and self.found():
            raise PermanentError("keys-elsewhere")
        if kept_in == "keychain":
            return self._keychain.read(self._pointed())
        identity = age.parse_identity(read_text(self._files["file"]))
        if identity is None:
            raise PermanentError("keys-missing")
        return identity

    def make(self, kept_in: KeptIn) -> None:
        """A new identity there, unless there is one already."""
        if self.found():
            return
        identity = age.generate_identity()
        if kept_in == "keychain":
            self._keychain.write(identity)
        publish_key(self._files[kept_in], _content(kept_in, identity))
        if kept_in == "keychain" and self._pointed() != identity.recipient:  # somebody else was first
            self._keychain.delete(identity.recipient)

    def adopt(self, kept_in: KeptIn, identity: age.Identity) -> None:
        """Put this one in the other's stead, which is then gone. Safe to repeat.

        An entry of the Keychain goes before what points to it: nothing else would remember that it is there.
        """
        if "keychain" in self.found() and self._pointed() != identity.recipient:
            self._keychain.delete(self._pointed())
        publish_key(self._files[kept_in], _content(kept_in, identity), replace=True)
        for other in set(self._files) - {kept_in}:
            remove_key(self._files[other])

    def forget(self) -> None:
        """Remove what says where it lies; an entry of the Keychain stays, since the one in use may be the same."""
        for path in self._files.values():
            remove_key(path)

    def _pointed(self) -> str:
        recipient = read_text(self._files["keychain"]).strip()
        if not age.is_recipient(recipient):
            raise PermanentError("keys-missing")
        return recipient


def _content(kept_in: KeptIn, identity: age.Identity) -> bytes:
    return (
        f"{identity.recipient}\n".encode() if kept_in == "keychain" else age.identity_text(identity, datetime.now(UTC))
    )
