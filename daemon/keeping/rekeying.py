"""New keys for a home: made, put to use on all that was sealed, and only then the old ones destroyed.

1. Nothing else works here: the home's lock is held. Nothing lies in the inbox that only the old key opens.
2. The keys to come are made beside the old ones. From here on everything else refuses to start until this has come to its end.
3. Whatever rests in the vault is sealed anew, and then opened with the keys to come alone.
4. The keys to come are the keys; the old identity is gone. Senders' recipients are published, the trail says so.

Each step may be repeated: whoever finds the keys to come goes on with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from daemon import wiring
from daemon.config import Home
from daemon.model.crash_point import crash_point
from daemon.model.errors import PermanentError, RetryableError
from daemon.serving.caller import caller_facts
from daemon.serving.one_instance import single_instance

if TYPE_CHECKING:
    from daemon.adapters.keys import Keys
    from daemon.adapters.vault.rekeying import Rekeying

Phase = Literal["sealing", "checking"]
Told = Callable[[Phase, int, int], None]
"""Is told how many of how many files are done."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. To go on with a change that was interrupted, nothing is: it was said when it was begun."""

    recovery_out: Path | None = None
    keep_recovery: bool = False
    remove_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What was done: files that were sealed anew, and files that nobody could open and that were removed."""

    blobs: int
    removed: int


def rekey(home: Home, wish: Wish, told: Told = lambda phase, done, of: None) -> Rekeyed:
    """Change this home's keys, or go on with a change that was interrupted.

    `wrong-use` unless just one of `recovery_out` and `keep_recovery` says what becomes of the recovery key, `already-running`,
    `rekey-inbox`, `rekey-unreadable`, `inbox-away`, `volume-away`; what making and reading keys raises.
    """
    from daemon.adapters.key_change import KeyChange
    from daemon.adapters.keychain import Keychain
    from daemon.adapters.vault.rekeying import Rekeying

    if not home.keys.is_dir():
        raise PermanentError("config-missing")
    wiring.refuse_newer(home)
    clock = wiring.SystemClock()
    with single_instance(home.lock):
        change = KeyChange(home.keys, Keychain())
        _refuse_without_inbox(home)
        if not change.is_begun():
            if (wish.recovery_out is None) != wish.keep_recovery:
                raise PermanentError("wrong-use")
            _refuse_sealed_files(home.inbox)
            wiring.bring_up_to_date(home, clock)
            change.begin(home.settings.keys_in, wish.recovery_out)
        keys, older = change.keys()
        vault = Rekeying(home.vault, keys, older, clock.now())
        removed = _through(vault, wish, told)
        change.adopt(keys)
        done = Rekeyed(len(vault.blobs()), removed)
        _tell(home, keys, done)
        change.end()
    return done


def _through(vault: Rekeying, wish: Wish, told: Told) -> int:
    """Seal all anew, and see that it opens; how many files were removed because it does not."""
    of = len(vault.blobs())
    vault.convert(_counted("sealing", of, told))
    unreadable = vault.unreadable(_counted("checking", of, told))
    if unreadable and not wish.remove_unreadable:
        raise PermanentError("rekey-unreadable")
    vault.remove(unreadable)
    vault.settle()
    return len(unreadable)


def _tell(home: Home, keys: Keys, done: Rekeyed) -> None:
    """Senders and the trail, once for these keys."""
    from daemon.adapters.home_setup import furnish_inbox

    furnish_inbox(home.inbox, wiring.documents(home), keys.recipients_text())
    crash_point("rekey-recipients")
    machine, recovery = (sha256(each.encode()).hexdigest()[:16] for each in keys.recipients)
    facts = {"machine": machine, "recovery": recovery, "blobs": done.blobs, "removed": done.removed, **caller_facts()}
    trail = wiring.audit(home, held=keys)
    trail.record("keys-changed", key=f"keys-changed:{machine}", job="-", **facts)
    trail.checkpoint()
    trail.close()
    crash_point("rekey-recorded")


def _refuse_without_inbox(home: Home) -> None:
    """The new recipients are published there, and what lies there may be sealed to the old."""
    from daemon.adapters.folder_sights import volume_away

    if volume_away(home.volume)():
        raise RetryableError("volume-away")
    if not home.inbox.is_dir():
        raise RetryableError("inbox-away")


def _refuse_sealed_files(inbox: Path) -> None:
    if any(path.name.lower().endswith(".age") for path in inbox.rglob("*")):
        raise PermanentError("rekey-inbox")


def _counted(phase: Phase, of: int, told: Told) -> Callable[[], None]:
    numbers: Iterator[int] = iter(range(1, of + 1))
    return lambda: told(phase, next(numbers, of), of)
