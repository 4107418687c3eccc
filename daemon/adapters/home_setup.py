"""Setting a home up: folders, keys, settings. Safe to repeat and to interrupt; nothing that is there is replaced."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors, make_folder, publish_bytes
from daemon.adapters.identity_place import KeptIn
from daemon.adapters.keys import init_keys
from daemon.adapters.machine.kept_out import keep_out_of_backups, keep_out_of_index

EXAMPLE_CONFIG = Path(__file__).parent.parent.parent / "config.example.toml"
RECIPIENTS_NAME = "RECIPIENT.txt"


@dataclass(frozen=True, slots=True)
class KeysWanted:
    """The folder of the keys, the file for the recovery identity, and where this machine's own identity is to lie."""

    folder: Path
    recovery_out: Path
    kept_in: KeptIn = "file"


def set_up_home(
    *,
    inbox: Path,
    outbox: Path,
    private: Iterable[Path],
    keys: KeysWanted,
    config: Path,
    documents: Iterable[str],
) -> bool:
    """Make what is missing. `private` are the folders for this account alone. Returns whether keys were made now."""
    fresh = not keys.folder.is_dir()
    with disk_errors():
        for folder in (inbox, outbox):
            make_folder(folder, parents=True)
        for folder in private:
            make_folder(folder, parents=True)
            folder.chmod(0o700)
            keep_out_of_index(folder)
        make_folder(config.parent, parents=True)
        make_folder(keys.recovery_out.parent, mode=0o777, parents=True)
    made = init_keys(keys.folder, keys.recovery_out, keys.kept_in)
    keep_out_of_backups(keys.folder)
    furnish_inbox(inbox, documents, made.recipients_text())
    furnish_outbox(outbox)
    publish_bytes(config, EXAMPLE_CONFIG.read_bytes(), replace=False)
    return fresh


def furnish_inbox(inbox: Path, documents: Iterable[str], recipients_text: str) -> None:
    """What belongs into an inbox; the folder itself is made if only it is missing."""
    with disk_errors():
        make_folder(inbox)
        for key in documents:
            make_folder(inbox / key)
    keep_out_of_index(inbox)
    publish_bytes(inbox / RECIPIENTS_NAME, recipients_text.encode(), replace=True, mode=0o644)


def furnish_outbox(outbox: Path) -> None:
    """What belongs into an outbox; the folder itself is made if only it is missing."""
    with disk_errors():
        make_folder(outbox)
    keep_out_of_index(outbox)


def seal_for(recipients: tuple[str, str], file: Path, target: Path) -> None:
    """Encrypt a file to the public keys alone; `target` appears whole or not at all, and replaces nothing."""
    from daemon.adapters import age
    from daemon.adapters.atomic_file import part_in
    from daemon.model.errors import PermanentError

    try:
        stream = file.open("rb")
    except OSError:
        raise PermanentError("file-missing") from None
    with stream, part_in(target.parent, unwritable="target-unwritable") as part:
        age.encrypt(stream, part.file, recipients)
        if not part.publish(target, replace=False):
            raise PermanentError("file-exists")
