"""The keys of one installation: made once, kept 0600, checked at every load.

| file in `keys/` | what |
|---|---|
| `recovery.pub` | the age recipient whose identity lies offline, never here |
| `identity.txt` | this machine's age identity, as `age-keygen` writes it; with `keys_in = "keychain"` there is \
`identity.keychain` in its place, the public recipient whose secret the Keychain holds |
| `content-id.key` | 32 random bytes; ids are HMACs under it, since a plain hash would let anyone who guesses a content \
check for it |
| `audit-signing.key` | the Ed25519 seed (RFC 8032) that signs checkpoints, 32 bytes |
| `audit-verifier.txt` | its verifier key, public, as C2SP signed-note tools take it; written last: it says that all are made |
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from daemon.adapters import age
from daemon.adapters.atomic_file import disk_errors, make_folder
from daemon.adapters.identity_place import IdentityPlace, KeptIn
from daemon.adapters.key_files import publish_key, read_key, read_text
from daemon.adapters.keychain import Keychain
from daemon.model.errors import PermanentError
from daemon.model.signed_note import NoteKey

RECOVERY, RECOVERY_NEXT, _CONTENT_ID = "recovery.pub", "recovery.next.pub", "content-id.key"
_AUDIT, _VERIFIER = "audit-signing.key", "audit-verifier.txt"
_KEY_BYTES = 32
_ADVICE = """\
# Chartdraft recovery key. It opens every sealed file of this installation, on any machine:
#   age -d -i THIS_FILE state/vault/days/DAY.age | age -d -i - state/vault/blobs/DAY/NAME.age
# Keep it offline, for instance on a USB stick in a safe, and remove it from this machine.
"""
_RECIPIENTS = """\
# Seal a file for this inbox, so that only the office's Chartdraft can open it:
#   age -R RECIPIENT.txt -o memo.m4a.age memo.m4a
# this machine
{machine}
# the recovery key, kept offline
{recovery}
"""


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys at hand. No secret shows in `repr`."""

    identity: age.Identity
    recovery: str
    content_id_key: bytes = field(repr=False)
    audit_seed: bytes = field(repr=False)
    verifier: NoteKey

    @property
    def recipients(self) -> tuple[str, str]:
        """Whom every blob is sealed to: this machine, and the recovery key."""
        return self.identity.recipient, self.recovery

    def recipients_text(self) -> str:
        """The content of `inbox/RECIPIENT.txt`, which `age -R` takes."""
        return _RECIPIENTS.format(machine=self.identity.recipient, recovery=self.recovery)

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of the audit key, 64 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.audit_seed).sign(message)


def check_signature(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an Ed25519 signature (RFC 8032) is the key's over the message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def init_keys(keys_dir: Path, recovery_out: Path, kept_in: KeptIn = "file", keychain: Keychain | None = None) -> Keys:
    """Make whatever key is not there yet, and load them all; safe to repeat, to interrupt and to run twice at once.

    The recovery identity is on the disk at `recovery_out` before anything says that its recipient is ours; a start
    that died in between is finished with the identity found there. Once all keys were made, a missing one is never
    made anew, since what it sealed would be lost: `keys-missing`. `recovery-unusable` if `recovery_out` holds
    something else; `keys-open`, `disk-full`, `state-unwritable`; `keychain-missing` and `keychain-locked` where the identity
    is to lie in the Keychain, `keys-elsewhere` where it lies in the other place already.
    """
    keychain = keychain or Keychain()
    with disk_errors():
        make_folder(keys_dir)
    if not (keys_dir / _VERIFIER).exists():
        if not (keys_dir / RECOVERY).exists():
            recipient = new_recovery(keys_dir, recovery_out)
            publish_key(keys_dir / RECOVERY, f"{recipient}\n".encode())
        IdentityPlace(keys_dir, keychain).make(kept_in)
        publish_key(keys_dir / _CONTENT_ID, secrets.token_bytes(_KEY_BYTES))
        publish_key(keys_dir / _AUDIT, secrets.token_bytes(_KEY_BYTES))
        publish_key(keys_dir / _VERIFIER, f"{_verifier(read_key(keys_dir / _AUDIT))}\n".encode())
    return load_keys(keys_dir, kept_in, keychain)


def load_keys(keys_dir: Path, kept_in: KeptIn = "file", keychain: Keychain | None = None) -> Keys:
    """The keys that `init_keys` made; `keys-missing` if one is absent or damaged, `keys-open` if others may read it.

    `keys-elsewhere` if the identity does not lie where it should, `keychain-missing`, `keychain-locked`, and
    `rekey-unfinished` while a change of keys waits to be gone on with.
    """
    keychain = keychain or Keychain()
    if IdentityPlace(keys_dir, keychain, ".next").found():
        raise PermanentError("rekey-unfinished")
    return read_keys(keys_dir, IdentityPlace(keys_dir, keychain).read(kept_in))


def read_keys(keys_dir: Path, identity: age.Identity) -> Keys:
    """All keys, with this identity; `keys-missing`, `keys-open`."""
    recovery = read_text(keys_dir / RECOVERY, private=False).strip()
    content_id_key, audit_seed = read_key(keys_dir / _CONTENT_ID), read_key(keys_dir / _AUDIT)
    if not age.is_recipient(recovery) or {len(content_id_key), len(audit_seed)} != {_KEY_BYTES}:
        raise PermanentError("keys-missing")
    verifier = _verifier(audit_seed)
    if read_text(keys_dir / _VERIFIER, private=False).strip() != str(verifier):
        raise PermanentError("keys-missing")
    return Keys(identity, recovery, content_id_key, audit_seed, verifier)


def new_recovery(keys_dir: Path, recovery_out: Path) -> str:
    """Write a new recovery identity, unless one lies there already; its recipient. `recovery-unusable`."""
    if recovery_out.resolve().is_relative_to(keys_dir.resolve()):  # it would be taken for a key of this machine
        raise PermanentError("recovery-unusable")
    fresh = age.identity_text(age.generate_identity(), datetime.now(UTC))
    publish_key(recovery_out, _ADVICE.encode() + fresh, unwritable="recovery-unusable")
    # Read back, since the name may have been taken. No look at the mode: sticks with exFAT keep none.
    identity = age.parse_identity(read_text(recovery_out, private=False))
    if identity is None:
        raise PermanentError("recovery-unusable")
    return identity.recipient


def _verifier(audit_seed: bytes) -> NoteKey:
    """The public half, under a name of its own: two installations must not share an origin (C2SP tlog-checkpoint)."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if len(audit_seed) != _KEY_BYTES:
        raise PermanentError("keys-missing")
    public = Ed25519PrivateKey.from_private_bytes(audit_seed).public_key().public_bytes_raw()
    return NoteKey(f"chartdraft/audit/{sha256(public).hexdigest()[:16]}", public)
