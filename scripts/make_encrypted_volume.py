"""Makes an encrypted volume that holds inbox and outbox, and tells Chartdraft of it.

1. Refuse what cannot work: no home yet, a daemon that runs, a cloud's folder, a mount point that is in use.
2. Seal the passphrase for the recovery key, let the machine keep it, make the image, mount it.
3. Make inbox and outbox on it; with --move, move what lies in the old ones: copied, checked, then removed.
4. Put inbox_dir, outbox_dir and encrypted_volume into config.toml, and let the volume be mounted at each start.
Each step finds what an earlier run did, so that it can be repeated, and mounts a volume that is there already.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import volume_linux
import volume_macos
from volume_moving import files_in, move, people_files
from volume_parts import Plan, Tools, VolumeError, own, size_bytes
from volume_passphrase import SEALED_NAME, choose, seal, show
from volume_settings import with_settings

from daemon.config import Home, load_home
from daemon.model.errors import ChartdraftError

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
Volume = volume_macos.MacVolume | volume_linux.LuksVolume


@dataclass(frozen=True, slots=True)
class Folders:
    """Where inbox and outbox are, and where they will be."""

    old: tuple[Path, Path]
    new: tuple[Path, Path]

    @property
    def moves(self) -> list[tuple[Path, Path]]:
        """The pairs that are not on the volume yet."""
        return [pair for pair in zip(self.old, self.new, strict=True) if pair[0] != pair[1]]


def main(arguments: Sequence[str], tools: Tools | None = None, platform: str = sys.platform) -> int:
    """Make it; the exit status. `tools` and `platform` are given by tests."""
    chosen = _parser().parse_args(arguments)
    try:
        _make(chosen, tools or Tools(), mac=platform == "darwin")
    except (VolumeError, ChartdraftError) as error:
        print(f"Not done: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"Not done: {error.filename or ''}: {error.strerror}; please mend that and run this again.", file=sys.stderr
        )
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nNot done; run this again to go on.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make-encrypted-volume", description="An encrypted volume for inbox and outbox. Safe to repeat."
    )
    add = parser.add_argument
    add("--home", type=Path, metavar="DIR", help="as for chartdraft: everything of one installation")
    add("--config", type=Path, metavar="FILE", help="as for chartdraft: the settings file")
    add("--size", default="20g", help="how much it holds at most, such as 500m or 20g (20g)")
    add("--mount", type=Path, metavar="DIR", help="where it is mounted (Volume, beside the inbox)")
    add("--image", type=Path, metavar="FILE", help="where its ciphertext lies (beside the state folder)")
    add("--name", default="chartdraft", help="how this machine calls it, if there are several (chartdraft)")
    add("--move", action="store_true", help="move what lies in inbox and outbox: copied, checked, then removed")
    add("--ask", action="store_true", help="type a passphrase of your own, instead of a random one")
    add("--no-keep", action="store_true", help="the machine keeps no passphrase: someone types it after each start")
    add("--show", action="store_true", help="show the passphrase once on this terminal, to be put into a safe")
    add("--yes", action="store_true", help="do not ask whether to go on")
    return parser


def _make(chosen: argparse.Namespace, tools: Tools, *, mac: bool) -> None:
    home = _home(chosen.home, chosen.config)
    plan = _plan(chosen, home, mac=mac)
    volume: Volume = volume_macos.MacVolume(plan, tools, Path.home()) if mac else volume_linux.LuksVolume(plan, tools)
    folders = _folders(home, plan)
    volume.check()
    _check(home, plan, folders, tools, move_asked=chosen.move)
    _agree(plan, volume, folders, move_asked=chosen.move, yes=chosen.yes, mac=mac)
    passphrase = choose(home, plan, volume.kept(), ask=chosen.ask)
    seal(home, plan, passphrase)
    if plan.keep and volume.kept() is None:
        volume.keep(passphrase)
    _mount(plan, volume, tools, passphrase)
    _fill(plan, folders, move_asked=chosen.move)
    _set(home, plan, folders)
    _init(chosen, plan, tools)
    for line in volume.at_start() if plan.keep else (volume.not_at_start(),):
        print(line)
    if chosen.show:
        show(passphrase)
    _say_what_next(home, plan, folders)


def _home(home: Path | None, config: Path | None) -> Home:
    """The home of who asked, also through sudo, which changes the home folder."""
    if os.geteuid() == 0 and home is None and (user := os.environ.get("SUDO_UID", "")).isdigit():
        os.environ["HOME"] = pwd.getpwuid(int(user)).pw_dir
    found = load_home(home, config)
    if not (found.keys / "recovery.pub").is_file() or not found.config.is_file():
        raise VolumeError("There is no Chartdraft here yet; please run `chartdraft init` first.")
    return found


def _plan(chosen: argparse.Namespace, home: Home, *, mac: bool) -> Plan:
    if not _NAME.fullmatch(chosen.name):
        raise VolumeError("--name: please use small letters, digits and hyphens.")
    size_bytes(chosen.size)
    suffix = volume_macos.SUFFIX if mac else volume_linux.SUFFIX
    mount = _resolved(chosen.mount or home.volume or home.inbox.parent / "Volume")
    image = _resolved(chosen.image or home.state.parent / f"Chartdraft{suffix}")
    if image.suffix != suffix:
        raise VolumeError(f"--image: please give it a name that ends in {suffix}.")
    owner = home.state.stat()
    return Plan(chosen.name, image, mount, chosen.size, (owner.st_uid, owner.st_gid), keep=not chosen.no_keep)


def _resolved(path: Path) -> Path:
    """As the system's list of mounts has it. Others than printable signs have no place in unit files and settings."""
    found = path.expanduser().resolve()
    if not str(found).isprintable():
        raise VolumeError("A folder's name holds signs that cannot be printed; please choose another.")
    return found


def _folders(home: Home, plan: Plan) -> Folders:
    old = (home.inbox, home.outbox)
    new = tuple(path if path.is_relative_to(plan.mount) else plan.mount / path.name for path in old)
    return Folders(old, (new[0], new[1]))


def _check(home: Home, plan: Plan, folders: Folders, tools: Tools, *, move_asked: bool) -> None:
    from daemon.adapters.preflight.cloud_folders import cloud_provider
    from daemon.serving.one_instance import is_running

    if home.volume is not None and home.volume.resolve() != plan.mount:
        raise VolumeError(f"The settings name another encrypted volume, {home.volume}; please give --mount that one.")
    for path in (plan.mount, plan.image.parent):
        if provider := cloud_provider(path, Path.home()):
            raise VolumeError(f"{path} is kept by {provider}; please choose a folder that no cloud service copies.")
    kept_apart = (*folders.new, *folders.old, home.state, home.config)
    if plan.image.is_relative_to(plan.mount) or any(plan.mount.is_relative_to(path) for path in kept_apart):
        raise VolumeError("The volume cannot be mounted inside inbox, outbox or state, nor hold its own image.")
    if any(path.resolve().is_relative_to(plan.mount) for path in (home.state, home.config)):
        raise VolumeError(
            f"State and settings stay outside of the volume; please choose another --mount than {plan.mount}."
        )
    if not tools.is_mount(plan.mount) and plan.mount.exists() and any(plan.mount.iterdir()):
        why = "the volume would hide it; please move it elsewhere" if plan.image.exists() else "choose another --mount"
        raise VolumeError(f"Something lies in {plan.mount} itself: {why}.")
    if folders.moves and is_running(home.lock):
        raise VolumeError(
            "Chartdraft is running; please stop it (`chartdraft service uninstall`, and `install` afterwards) and run this again."
        )
    lying = sum(len(people_files(old)) for old, _ in folders.moves)
    if lying and not move_asked:
        raise VolumeError(
            f"Inbox and outbox hold {lying} files; run this again with --move, which moves them to the volume."
        )


def _agree(plan: Plan, volume: Volume, folders: Folders, *, move_asked: bool, yes: bool, mac: bool) -> None:
    if plan.image.exists():
        print(f"The image {plan.image} is there; it is mounted at {plan.mount}.")
    else:
        kind = volume_macos.KIND if mac else volume_linux.KIND
        print(f"To be made: {kind} of {plan.size} at {plan.image}, mounted at {plan.mount}.")
    print(
        f"Its passphrase is kept in {volume.where_kept}."
        if plan.keep
        else "Its passphrase is kept nowhere on this machine."
    )
    for old, new in folders.moves:
        count = f" ({len(files_in(old))} files are moved)" if move_asked else ""
        print(f"  {old} becomes {new}{count}")
    if folders.moves and not yes and input("Go on? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise VolumeError("nothing was changed, as you wished.")


def _mount(plan: Plan, volume: Volume, tools: Tools, passphrase: bytes) -> None:
    if not plan.image.exists():
        plan.image.parent.mkdir(parents=True, exist_ok=True)
        print("Making the image …", flush=True)
        volume.create(passphrase)
    if tools.is_mount(plan.mount):
        if not volume.is_ours():
            raise VolumeError(f"Something else is mounted at {plan.mount}; please choose another --mount.")
        return
    plan.mount.mkdir(mode=0o700, parents=True, exist_ok=True)
    volume.prepare_mount_point()
    volume.mount(passphrase)
    if not tools.is_mount(plan.mount) or not volume.is_ours():
        raise VolumeError(f"The volume did not appear at {plan.mount}; please run this again.")
    volume.settle()


def _fill(plan: Plan, folders: Folders, *, move_asked: bool) -> None:
    for folder in folders.new:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        own(folder, plan)
    for old, new in folders.moves:
        if move_asked and old.is_dir():
            print(f"Moved {move(old, new)} files from {old}")


def _set(home: Home, plan: Plan, folders: Folders) -> None:
    from daemon.adapters.atomic_file import part_in, write_all

    text = home.config.read_text(encoding="utf-8-sig")
    inbox, outbox = folders.new
    values = {"inbox_dir": str(inbox), "outbox_dir": str(outbox), "encrypted_volume": str(plan.mount)}
    changed = with_settings(text, values)
    if changed == text:
        return
    found = home.config.stat()
    with part_in(home.config.parent) as part:
        write_all(part.file, changed.encode())
        if os.geteuid() == 0:
            os.chown(part.path, found.st_uid, found.st_gid)
        part.publish(home.config, replace=True, mode=found.st_mode & 0o777)


def _init(chosen: argparse.Namespace, plan: Plan, tools: Tools) -> None:
    """The documents' folders, RECIPIENT.txt and README.txt, made by Chartdraft itself under its own account."""
    options = [("--home", chosen.home), ("--config", chosen.config)]
    given = [word for name, value in options if value is not None for word in (name, str(value))]
    other = plan.owner if os.geteuid() == 0 and plan.owner[0] else None
    tools.run(str(Path(sys.executable).parent / "chartdraft"), *given, "init", account=other)


def _say_what_next(home: Home, plan: Plan, folders: Folders) -> None:
    print(f"The encrypted volume is mounted at {plan.mount}; inbox and outbox lie on it:")
    for folder in folders.new:
        print(f"  {folder}")
    for old, _ in folders.moves:
        if old.exists():
            print(f"Nothing is taken from {old} any more; it can go when it is empty.")
    print(
        f"Network shares and phones that used the old folders need the new ones. The recovery key opens {home.state / SEALED_NAME}:"
    )
    print(f"  age -d -i RECOVERY_FILE {SEALED_NAME}")
    print("Without this machine, the recovery key and a note of the passphrase, nobody can open the volume.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
