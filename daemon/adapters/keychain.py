"""The macOS Keychain, for the secret of this machine's identity, through one named backend of `keyring`.

Nothing is looked up among what happens to be installed: a backend that some other package brings could keep the secret
anywhere. And nothing falls back to a file: what the Keychain does not give is an error.

An entry is the service `Chartdraft` and, as the account, the identity's public recipient. So a new identity never overwrites
an old one (keyring deletes before it adds), and which entry is ours is said by a file that is published whole.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol, TypeVar

from daemon.adapters import age
from daemon.model.errors import PermanentError, RetryableError

SERVICE = "Chartdraft"
Answer = TypeVar("Answer")


class Backend(Protocol):
    """What is used of `keyring.backend.KeyringBackend`."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret; None if there is no such entry. KeyringError."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a secret; KeyringError."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget a secret; KeyringError, also where there is none."""


def macos_backend(platform: str = sys.platform) -> Backend:
    """The login Keychain of this account; `keychain-missing` on a machine that has none.

    Imported by its name (keyring 25.7, backends/macOS). Where Apple's libraries cannot be loaded it has no `api`, and would
    fail with a NameError at its first use.
    """
    if platform != "darwin":
        raise PermanentError("keychain-missing")
    from keyring.backends import macOS

    if not hasattr(macOS, "api"):
        raise PermanentError("keychain-missing")
    return macOS.Keyring()  # type: ignore[no-untyped-call]  # it is not annotated


class Keychain:
    """Identities in the Keychain. Every method: `keychain-missing`, or `keychain-locked` while it does not answer."""

    def __init__(self, backend: Callable[[], Backend] = macos_backend) -> None:
        self._backend = backend

    def read(self, recipient: str) -> age.Identity:
        """The identity of this recipient; `keys-missing` if it is not there."""
        secret = self._ask(lambda backend: backend.get_password(SERVICE, recipient))
        identity = age.parse_identity(secret or "")
        if identity is None or identity.recipient != recipient:
            raise PermanentError("keys-missing")
        return identity

    def write(self, identity: age.Identity) -> None:
        """Keep an identity, and see that it is kept."""
        self._ask(lambda backend: backend.set_password(SERVICE, identity.recipient, identity.secret))
        self.read(identity.recipient)

    def delete(self, recipient: str) -> None:
        """Forget an identity; safe to repeat."""
        if self._ask(lambda backend: backend.get_password(SERVICE, recipient)) is not None:
            self._ask(lambda backend: backend.delete_password(SERVICE, recipient))

    def _ask(self, question: Callable[[Backend], Answer]) -> Answer:
        backend = self._backend()
        from keyring.errors import KeyringError

        try:
            return question(backend)
        except KeyringError:  # its text may name the account
            raise RetryableError("keychain-locked") from None
