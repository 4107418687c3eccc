"""The account of a service of the whole machine: making it, and giving it what it works on.

It owns the state folder, and it may write inbox and outbox, which the group of the same name shares, so that colleagues who are in that
group can use them. The settings stay their owner's: the service reads them and cannot change them.
"""

from __future__ import annotations

import grp
import os
import pwd
import stat
import subprocess
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from daemon.adapters.atomic_file import disk_errors
from daemon.adapters.machine.commands import NOT_FOUND, TIMEOUT_SECONDS, Ran, Runner
from daemon.adapters.machine.service_errors import ServiceError
from daemon.model.background_service import ACCOUNT, PATH

Ids = tuple[int, int]
"""A user id and a group id."""

# `sysadminctl -help`: "Role accounts require name starting with _ and UID in 200-400 range". Apple's own end below 300.
_ROLE_IDS = range(399, 299, -1)


def account_ids() -> Ids | None:
    """The account, if it exists."""
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        return None
    return account.pw_uid, account.pw_gid


def taken_ids() -> set[int]:
    """All numbers that stand for an account or a group."""
    return {each.pw_uid for each in pwd.getpwall()} | {each.gr_gid for each in grp.getgrall()}


def creation_commands(platform: str, taken: Collection[int]) -> list[list[str]]:
    """The command lines that make the account and its group: without a password, a shell or a home folder."""
    if platform == "darwin":
        number = str(next(one for one in _ROLE_IDS if one not in taken))
        who = ["-addUser", ACCOUNT, "-fullName", "Chartdraft", "-UID", number, "-GID", number]
        return [
            ["dseditgroup", "-o", "create", "-i", number, "-r", "Chartdraft", ACCOUNT],
            ["sysadminctl", *who, "-shell", "/usr/bin/false", "-home", "/var/empty", "-roleAccount"],
        ]
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    return [["useradd", *options, "--shell", "/usr/sbin/nologin", "--comment", "Chartdraft", ACCOUNT]]


def make_account(platform: str, run: Runner, taken: Collection[int], look: Callable[[], Ids | None]) -> Ids:
    """The account, made if it is not there; `service-account`, with the commands."""
    found = look()
    if found:
        return found
    commands = creation_commands(platform, taken)
    for command in commands:
        run(command)
    # Whether it worked is seen by its result: sysadminctl ends with 0 also when it failed.
    found = look()
    if not found:
        raise ServiceError("service-account", *(" ".join(["sudo", *command]) for command in commands))
    return found


def hand_over(*, state: Path, shared: Sequence[Path], models: Path, config: Path, root: Path | None, ids: Ids) -> None:
    """Give the account its folders; `state-unwritable`.

    `shared` are inbox and outbox; `models` are only to be read, and no secret; `root` is the folder around them all, if it is the
    home's own. A file that has other names elsewhere is left alone: whoever could write here might have linked one of the system's.
    """
    uid, gid = ids
    with disk_errors():
        for _, _, files, descriptor in os.fwalk(state, follow_symlinks=False):
            for name in files:
                if os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_nlink == 1:
                    os.chown(name, uid, gid, dir_fd=descriptor, follow_symlinks=False)
            os.chown(descriptor, uid, gid)
        state.chmod(0o700)
        for folder in (*shared, *_subfolders(shared)):
            with _opened(folder, os.O_DIRECTORY) as descriptor:
                os.fchown(descriptor, uid, gid)
                # Files get the folder's group, so that the account can read what a colleague put in, and they what it delivers.
                os.fchmod(descriptor, 0o2770)
            _take_over_ours(folder, ids)
        os.chown(config, -1, gid, follow_symlinks=False)
        config.chmod(0o640)
        if root is not None and not stat.S_IMODE(root.stat().st_mode) & stat.S_IXOTH:
            os.chown(root, -1, gid)
            root.chmod(stat.S_IMODE(root.stat().st_mode) | 0o050)
        for path in (models, *models.rglob("*")):
            _let_read(path)


def _take_over_ours(folder: Path, ids: Ids) -> None:
    """Give the account what was put there by whoever installs: the notes on how to use the folder, the status page."""
    for path in folder.iterdir():
        if not stat.S_ISREG(path.lstat().st_mode):
            continue
        with _opened(path) as descriptor:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and found.st_uid == os.geteuid():
                os.fchown(descriptor, *ids)


@contextmanager
def _opened(path: Path, kind: int = 0) -> Iterator[int]:
    """The file or folder itself, whatever a colleague who may write here puts in its place meanwhile; OSError for a link."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | kind)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _let_read(path: Path) -> None:
    """Let every account read a file, and look into a folder."""
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode):
        path.chmod(stat.S_IMODE(found.st_mode) | 0o055)
    elif stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
        path.chmod(stat.S_IMODE(found.st_mode) | 0o044)


def _subfolders(shared: Sequence[Path]) -> list[Path]:
    return [path for folder in shared for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]


def run_as(command: Sequence[str], ids: Ids) -> Ran:
    """Run a command as the account, with no more in its environment than the service has."""
    uid, gid = ids
    try:
        done = subprocess.run(
            list(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
            cwd="/",
            env={"PATH": PATH},
            user=uid,
            group=gid,
            extra_groups=[],
        )
    except (OSError, subprocess.SubprocessError):
        return Ran(NOT_FOUND)
    return Ran(done.returncode, done.stdout, done.stderr)
