"""The three folders: there, real, apart, private, and not copied to a cloud."""

from __future__ import annotations

import errno
import os
import pwd
import shlex
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from daemon.adapters.preflight.check import NAMES, Folders, account_name, joined, refused
from daemon.adapters.preflight.cloud_folders import cloud_provider
from daemon.model.background_service import ACCOUNT
from daemon.model.error_catalog import CATALOG
from daemon.model.preflight_check import Check, Level

_INIT = "chartdraft init"
_PRIVACY = "System Settings > Privacy & Security > Full Disk Access: add"
_CLOUD = "move the folder out of it (inbox_dir, outbox_dir, state_dir); or set cloud_agreement = true"


def check_folders(
    folders: Folders, *, cloud_agreement: bool, away: bool = False, seen: bool = False
) -> Iterator[Check]:
    """Folders are there, real, apart, private and not copied to a cloud. `away`: the volume of inbox and outbox is. `seen`: a
    daemon saw them before, and waits for what is missing now."""
    yield _apart(folders)
    for name, folder in folders.named():
        yield _real(name, folder, away=away and name != "state", seen=seen and name != "state")
    yield _private(folders.state)
    clouds = [(name, _not_in_a_cloud(folder, agreement=cloud_agreement)) for name, folder in folders.named()]
    yield joined("cloud-folders", clouds, "No folder is in a cloud-synced folder that is known.")


def check_access(folders: Folders, outbox_mode: str) -> Check:
    """What people put in and pick up is for the practice's accounts alone, and for those that the settings mean."""
    found = [(name, _no_strangers(folder)) for name, folder in folders.named()[:2]]
    mode = _mode(folders.outbox)
    if mode is not None and outbox_mode != "0600" and mode & 0o050 != 0o050:
        sentence = f"Drafts are to be opened by the group (outbox_mode {outbox_mode}), but the outbox keeps it out."
        found.append(("outbox", Check("folder-access", "warn", sentence, f"chmod g+rx {_quoted(folders.outbox)}")))
    return joined("folder-access", found, f"Drafts are written with mode {outbox_mode}; no other account looks in.")


def check_unknown_folders(count: int | None) -> Check:
    """Files in a folder that is neither a document's nor a packet would wait for ever."""
    code = "inbox-folders"
    if count is None:
        return Check(code, "warn", "The folders in the inbox could not be looked at.")
    if count:
        sentence = f"{count} folder(s) in the inbox are neither a document's nor a packet: nothing is taken from them."
        return Check(
            code, "warn", sentence, "see the notes in the outbox, or `chartdraft documents list` for the names"
        )
    return Check(code, "ok", "Every folder in the inbox is a document's or a packet.")


def _apart(folders: Folders) -> Check:
    paths = [path.resolve() for _, path in folders.named()]
    nested = any(a == b or a.is_relative_to(b) for a in paths for b in paths if a is not b)
    if nested:
        return refused("folders-apart", "folders-overlap", "set inbox_dir, outbox_dir and state_dir in config.toml")
    return Check("folders-apart", "ok", "Inbox, outbox and state are apart.")


def _real(name: str, folder: Path, *, away: bool, seen: bool) -> Check:
    code = f"folder-{name}"
    if folder.is_symlink():
        return refused(code, "folder-symlink", f"set {name}_dir to {_quoted(folder.resolve())} in config.toml")
    if not folder.is_dir():
        if away:
            return Check(code, "warn", f"The {name} is away with its encrypted volume.", "", "volume-away")
        if seen:
            sentence = f"The {name} is not there at the moment; it is waited for."
            error = "inbox-away" if name == "inbox" else "outbox-unwritable"
            return Check(code, "warn", sentence, "connect the share or the disk that it lies on, or put it back", error)
        return Check(code, "refuse", f"The {name} folder is not there.", _INIT)
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        level: Level = "warn" if name == "outbox" else "refuse"  # an outbox that is away for a while is waited for
        sentence = f"The {name} folder cannot be read and written by this account."
        return Check(code, level, sentence, _give_back(folder))
    if _kept_out_of(folder):
        sentence = f"macOS keeps this program out of the {name}: folders like Documents, shares and outer disks need its leave."
        mend = f"{_PRIVACY} {Path(sys.executable).resolve()} (again after each update of Python); or move the {name}"
        return Check(code, "warn" if name == "outbox" else "refuse", sentence, mend)
    return Check(code, "ok", f"The {name} is {folder}.")


def _kept_out_of(folder: Path) -> bool:
    """What macOS's privacy settings refuse is EPERM, whatever the folder's permissions say; a terminal may look where a
    service may not, so this is seen best by `run` itself."""
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def _give_back(folder: Path) -> str:
    """Make it this account's; but not what belongs to the service of the whole machine, which could not work any more then."""
    if folder.stat().st_uid == _uid(ACCOUNT):
        return "this home is the whole machine's: ask its administrator, who runs the same command with sudo"
    return f"sudo chown -R {shlex.quote(account_name())} {_quoted(folder)}"


def _uid(account: str) -> int | None:
    try:
        return pwd.getpwnam(account).pw_uid
    except KeyError:
        return None


def _private(state: Path) -> Check:
    code = "state-private"
    if not state.is_dir():
        return Check(code, "warn", "There is no state folder yet.", _INIT)
    found = state.stat()
    if found.st_uid != os.geteuid():
        mend = _give_back(state)
        return refused(
            code, "folder-open", f"{mend} && chmod 700 {_quoted(state)}" if mend.startswith("sudo") else mend
        )
    if stat.S_IMODE(found.st_mode) & 0o077:
        return refused(code, "folder-open", f"chmod 700 {_quoted(state)}")
    return Check(code, "ok", "Only this account can read the state folder.")


def _no_strangers(folder: Path) -> Check:
    mode = _mode(folder)
    if mode is not None and mode & 0o007:
        sentence = "Every account of this machine can look into the {names}."
        return Check("folder-access", "warn", sentence, f"chmod o-rwx {_quoted(folder)}")
    return Check("folder-access", "ok", "")


def _mode(folder: Path) -> int | None:
    try:
        return stat.S_IMODE(folder.stat().st_mode)
    except OSError:
        return None


def _not_in_a_cloud(folder: Path, *, agreement: bool) -> Check:
    code, error = "cloud-folders", "folder-cloud"
    provider = cloud_provider(folder, Path.home())
    if provider is None:
        return Check(code, "ok", "")
    if agreement:
        sentence = f"In {provider}: {NAMES}; the settings say that an agreement exists."
        return Check(code, "warn", sentence, "", error)
    return Check(code, "refuse", f"In {provider}: {NAMES}. {CATALOG[error].sentence}", _CLOUD, error)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
