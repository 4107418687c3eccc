"""Linux: an ext4 file system in a LUKS2 image file, mounted at the machine's start by a systemd unit. Needs root.

The key file is root's alone. It lies on the same disk as the image, so it keeps off other accounts and whoever gets a backup
or the image; against a thief of the whole disk, that disk needs encryption too (or: no key file, and a person types it).
"""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from volume_parts import Plan, Tools, VolumeError, size_bytes

KIND, SUFFIX = "a LUKS2 image file", ".luks"
_KEYS, _UNITS = Path("/etc/chartdraft"), Path("/etc/systemd/system")
_OPTIONS = "nodev,nosuid,noexec"
_UNIT = """\
# Written by scripts/make-encrypted-volume.
[Unit]
Description=Chartdraft's encrypted volume
RequiresMountsFor={image_folder}

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={cryptsetup} open --type luks2 --key-file {key} {image} {name}
ExecStart=-{e2fsck} -p {device}
ExecStart={mount} -o {options} {device} {mount_point}
ExecStop={umount} {mount_point}
ExecStop={cryptsetup} close {name}

[Install]
WantedBy=multi-user.target
"""


class LuksVolume:
    """The volume of one plan on Linux. `keys` and `units` are where root keeps such things."""

    def __init__(self, plan: Plan, tools: Tools, keys: Path = _KEYS, units: Path = _UNITS) -> None:
        self._plan, self._tools = plan, tools
        self.key = keys / f"{plan.name}.key"
        self.unit = units / f"{plan.name}-volume.service"
        self.where_kept = str(self.key)
        self._device = f"/dev/mapper/{plan.name}"

    def check(self) -> None:
        """Refuse what cannot work, before anything is made."""
        if os.geteuid() != 0:
            raise VolumeError("Mounting needs root: please run this with sudo.")
        for program in ("cryptsetup", "mkfs.ext4"):
            if shutil.which(program) is None:
                raise VolumeError(f"{program} is missing: please install cryptsetup and e2fsprogs.")

    def kept(self) -> bytes | None:
        """The passphrase in the key file."""
        try:
            with self.key.open("rb") as file:
                if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise VolumeError(f"Others can read {self.key}; please run: chmod 600 {self.key}")
                return file.read() or None
        except FileNotFoundError:
            return None

    def keep(self, passphrase: bytes) -> None:
        """Write the key file, for root alone."""
        from daemon.adapters.atomic_file import publish_bytes

        self.key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        publish_bytes(self.key, passphrase, replace=True, mode=0o600)

    def create(self, passphrase: bytes) -> None:
        """Make the image under another name, with all its room, and give it its own when it is whole."""
        plan = self._plan
        making = plan.image.with_name(f"{plan.image.stem}-making{SUFFIX}")
        self._reserve(making, size_bytes(plan.size))
        self._tools.run(
            *("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--key-file", "-", str(making)),
            secret=passphrase,
        )
        self._open(making, passphrase)
        try:
            self._tools.run("mkfs.ext4", "-q", "-m", "0", "-L", "chartdraft", self._device)
        finally:
            self._tools.run("cryptsetup", "close", plan.name)
        making.rename(plan.image)

    def mount(self, passphrase: bytes) -> None:
        """Open and mount it."""
        if not self._tools.succeeds("cryptsetup", "status", self._plan.name):
            self._open(self._plan.image, passphrase)
        self._tools.run("mount", "-o", _OPTIONS, self._device, str(self._plan.mount))

    def is_ours(self) -> bool:
        """Whether what is mounted there is the plan's mapping."""
        mount = str(self._plan.mount)
        found = self._tools.run("findmnt", "--noheadings", "--output", "SOURCE", "--mountpoint", mount)
        return found.decode(errors="replace").strip() == self._device

    def prepare_mount_point(self) -> None:
        """While the volume is away nothing may land below it: no account may write there, root neither where ext4 can say so."""
        mount = self._plan.mount
        self._tools.succeeds("chattr", "-i", str(mount))
        os.chown(mount, 0, 0)
        mount.chmod(0o555)
        self._tools.succeeds("chattr", "+i", str(mount))

    def settle(self) -> None:
        """What the volume needs once it is mounted: it belongs to who runs Chartdraft."""
        os.chown(self._plan.mount, *self._plan.owner)
        self._plan.mount.chmod(0o700)

    def at_start(self) -> tuple[str, ...]:
        """Let it be mounted at each start; what to say of it."""
        from daemon.adapters.atomic_file import publish_bytes

        if not self.unit.parent.is_dir():
            return (f"There is no {self.unit.parent} here: after a start, run scripts/make-encrypted-volume again.",)
        publish_bytes(self.unit, self._unit_text().encode(), replace=True, mode=0o644)
        if self._tools.succeeds("systemctl", "enable", self.unit.name):
            return (f"It is mounted at each start ({self.unit}).",)
        return (f"Not yet mounted at the machine's start; please run: systemctl enable {self.unit.name}",)

    def not_at_start(self) -> str:
        """How a volume whose passphrase is not kept is mounted."""
        return "After each start it waits for its passphrase: run sudo scripts/make-encrypted-volume again."

    def _open(self, image: Path, passphrase: bytes) -> None:
        command = ("cryptsetup", "open", "--type", "luks2", "--key-file", "-", str(image), self._plan.name)
        self._tools.run(*command, secret=passphrase)

    @staticmethod
    def _reserve(path: Path, size: int) -> None:
        """All its room at once: a sparse image on a full disk loses what was written to it."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                os.fchmod(descriptor, 0o600)
                os.posix_fallocate(descriptor, 0, size)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise VolumeError(f"No room for the image at {path} ({error.strerror}); try a smaller --size.") from None

    def _unit_text(self) -> str:
        plan = self._plan
        programs = {name: quoted(shutil.which(name) or f"/usr/sbin/{name}") for name in _PROGRAMS}
        return _UNIT.format(
            **programs,
            key=quoted(str(self.key)),
            image=quoted(str(plan.image)),
            image_folder=quoted(str(plan.image.parent)),
            name=plan.name,
            device=quoted(self._device),
            mount_point=quoted(str(plan.mount)),
            options=_OPTIONS,
        )


_PROGRAMS = ("cryptsetup", "e2fsck", "mount", "umount")


def quoted(text: str) -> str:
    """One word of a unit file (systemd.syntax(7), systemd.service(5)): quoted, with `%` and `$` doubled."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"'
