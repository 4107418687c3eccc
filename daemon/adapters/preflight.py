"""Preflight: what must hold before patients' files come in. Each check has a code, a level and how to mend it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from daemon.adapters.cloud_folders import cloud_provider
from daemon.model.error_catalog import CATALOG
from daemon.model.errors import ChartdraftError

Level = Literal["ok", "warn", "refuse"]
# An hour of audio, its ciphertext and a draft take less than 1 GB; below that a day's work may not fit.
LOW_BYTES, TOO_LOW_BYTES = 5_000_000_000, 500_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `refuse` keeps the daemon from starting. `mend` is the command or the step that mends it."""

    code: str
    level: Level
    sentence: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a home, by what they are for."""

    inbox: Path
    outbox: Path
    state: Path

    def named(self) -> tuple[tuple[str, Path], ...]:
        """Name and folder."""
        return (("inbox", self.inbox), ("outbox", self.outbox), ("state", self.state))


def refused(code: str) -> Check:
    """A refusal in the words of the error catalog."""
    return Check(code, "refuse", CATALOG[code].sentence)


def check_folders(folders: Folders, *, cloud_agreement: bool) -> Iterator[Check]:
    """Folders are there, real, apart, private and not copied to a cloud."""
    yield _apart(folders)
    for name, folder in folders.named():
        yield _real(name, folder)
    yield _private(folders.state)
    for name, folder in folders.named():
        yield _not_in_a_cloud(name, folder, agreement=cloud_agreement)


def check_disk(folder: Path) -> Check:
    """Room to work."""
    free = shutil.disk_usage(folder).free
    if free < TOO_LOW_BYTES:
        return Check("disk-space", "refuse", f"Only {free // 1_000_000} MB are free; please free some space.")
    if free < LOW_BYTES:
        return Check("disk-space", "warn", f"Only {free // 1_000_000} MB are free; below 500 MB work stops.")
    return Check("disk-space", "ok", f"{free // 1_000_000_000} GB are free.")


def check_recovery(places: tuple[Path, ...]) -> Check:
    """The recovery identity belongs off this machine."""
    for place in places:
        if place.exists():
            return Check("recovery-here", "warn", f"The recovery key still lies at {place}; move it off this machine.")
    return Check("recovery-here", "ok", "The recovery key is not in its first place any more.")


def check_keys(load: Callable[[], object]) -> Check:
    """The keys are there, whole and private."""
    try:
        load()
    except ChartdraftError as error:
        return refused(error.code)
    return Check("keys", "ok", "The keys are there, and only this account can read them.")


def check_model(name: str, verify: Callable[[], object]) -> Check:
    """A model's files are the ones that were installed."""
    try:
        verify()
    except ChartdraftError as error:
        return Check(error.code, "refuse", f"{name}: {error.text.sentence}")
    return Check(f"model-{name}", "ok", f"The model {name} is as it was installed.")


def check_decoding(decode: Callable[[], None]) -> Check:
    """The language model decodes one token, in a child: a crash there is reported as a crash, not suffered."""
    try:
        decode()
    except ChartdraftError as error:
        return Check("decode-one-token", "refuse", f"The language model could not decode a token: {error}")
    return Check("decode-one-token", "ok", "The language model decoded a token in a child process.")


def check_documents(load: Callable[[], object]) -> Check:
    """The practice's own documents and handouts are valid; what is wrong is told with file, key and reason."""
    try:
        load()
    except ChartdraftError as error:
        return Check(error.code, "refuse", str(error))
    return Check("documents", "ok", "The documents and handouts are valid.")


def check_unknown_folders(count: int) -> Check:
    """Files in a folder that is neither a document's nor a packet would wait for ever."""
    if count:
        return Check(
            "inbox-folders",
            "warn",
            f"{count} folder(s) in the inbox are neither a document's nor a packet: nothing is taken from them.",
        )
    return Check("inbox-folders", "ok", "Every folder in the inbox is a document's or a packet.")


def check_audit(report: Callable[[], bool]) -> Check:
    """The audit trail verifies."""
    try:
        whole = report()
    except ChartdraftError as error:
        return refused(error.code)
    return Check("audit", "ok", "The audit trail verifies.") if whole else refused("audit-broken")


def _apart(folders: Folders) -> Check:
    paths = [path.resolve() for _, path in folders.named()]
    nested = any(a == b or a.is_relative_to(b) for a in paths for b in paths if a is not b)
    return refused("folders-overlap") if nested else Check("folders-apart", "ok", "Inbox, outbox and state are apart.")


def _real(name: str, folder: Path) -> Check:
    if folder.is_symlink():
        return refused("folder-symlink")
    if not folder.is_dir():
        return Check(f"{name}-missing", "refuse", f"The {name} folder is not there; please run `chartdraft init`.")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        level: Level = "warn" if name == "outbox" else "refuse"  # an outbox that is away for a while is waited for
        return Check(f"{name}-unwritable", level, f"The {name} folder cannot be read and written by this account.")
    return Check(name, "ok", f"The {name} is {folder}.")


def _private(state: Path) -> Check:
    if not state.is_dir():
        return Check("state-private", "warn", "There is no state folder yet.")
    found = state.stat()
    if found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o077:
        return refused("folder-open")
    return Check("state-private", "ok", "Only this account can read the state folder.")


def _not_in_a_cloud(name: str, folder: Path, *, agreement: bool) -> Check:
    provider = cloud_provider(folder, Path.home())
    if provider is None:
        return Check(f"{name}-local", "ok", f"The {name} is in no cloud-synced folder that is known.")
    if agreement:
        return Check("folder-cloud", "warn", f"The {name} is in {provider}; the settings say that an agreement exists.")
    return Check("folder-cloud", "refuse", f"The {name} is in {provider}: {CATALOG['folder-cloud'].sentence}")
