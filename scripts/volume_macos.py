"""macOS: an encrypted APFS sparse bundle, its passphrase in the login keychain, mounted at login by a LaunchAgent.

From hdiutil(1): `-stdinpass` reads a passphrase that ends with NUL or with the input, line feeds included; so none is sent.
From security(1): `-i` reads commands from standard input, which `ps` does not show; `-X` takes a password in hexadecimal, so
nothing in it needs quoting; `find-generic-password -w` prints the password and a line feed.
"""

from __future__ import annotations

import os
import plistlib
from pathlib import Path
from typing import Any

from volume_parts import Plan, Tools, VolumeError

KIND, SUFFIX = "an encrypted APFS sparse bundle", ".sparsebundle"
_ACCOUNT = "chartdraft"
# "$1" mount point, "$2" image, "$3" account, "$4" service. At login the keychain opens; until then, try again later.
_AT_LOGIN = """\
/sbin/mount | /usr/bin/grep -qF " on $1 (" && exit 0
/usr/bin/security find-generic-password -a "$3" -s "$4" -w | /usr/bin/tr -d '\\n' | \
/usr/bin/hdiutil attach -stdinpass -mountpoint "$1" -nobrowse -owners on -quiet "$2"
"""
_RETRY_SECONDS = 60


class MacVolume:
    """The volume of one plan on macOS."""

    where_kept = "the login keychain"

    def __init__(self, plan: Plan, tools: Tools, user_home: Path) -> None:
        self._plan, self._tools = plan, tools
        self._service = f"org.chartdraft.volume.{plan.name}"
        self.agent = user_home / "Library" / "LaunchAgents" / f"{self._service}.plist"

    def check(self) -> None:
        """Refuse what cannot work, before anything is made."""
        if os.geteuid() == 0:
            raise VolumeError("Please run this without sudo: the passphrase belongs into your own login keychain.")

    def kept(self) -> bytes | None:
        """The passphrase that the keychain holds."""
        try:
            found = self._tools.run("security", "find-generic-password", "-a", _ACCOUNT, "-s", self._service, "-w")
        except VolumeError:
            return None
        return found.rstrip(b"\n") or None

    def keep(self, passphrase: bytes) -> None:
        """Put it into the login keychain, where /usr/bin/security may read it unasked, and read it back."""
        line = f"add-generic-password -U -a {_ACCOUNT} -s {self._service} -T /usr/bin/security -X {passphrase.hex()}\n"
        try:
            self._tools.run("security", "-i", secret=line.encode())
        except VolumeError:
            raise VolumeError("The login keychain took no passphrase; please unlock it and run this again.") from None
        if self.kept() != passphrase:
            raise VolumeError("The login keychain does not hold the passphrase; please unlock it and run this again.")

    def create(self, passphrase: bytes) -> None:
        """Make the image under another name, and give it its own when it is whole."""
        plan = self._plan
        making = plan.image.with_name(f"{plan.image.stem}-making{SUFFIX}")
        if making.exists():
            raise VolumeError(f"An unfinished image lies at {making}; please put it into the Trash and run this again.")
        self._tools.run(
            *("hdiutil", "create", "-type", "SPARSEBUNDLE", "-encryption", "AES-256", "-fs", "APFS"),
            *("-size", plan.size, "-volname", "Chartdraft", "-stdinpass", "-quiet", str(making)),
            secret=passphrase,
        )
        making.rename(plan.image)

    def mount(self, passphrase: bytes) -> None:
        """Mount it where the plan says, out of the Finder's sidebar, with owners that count."""
        self._tools.run(
            *("hdiutil", "attach", "-stdinpass", "-mountpoint", str(self._plan.mount)),
            *("-nobrowse", "-owners", "on", "-quiet", str(self._plan.image)),
            secret=passphrase,
        )

    def is_ours(self) -> bool:
        """Whether what is mounted there is the plan's image."""
        found = self._tools.run("hdiutil", "info", "-plist")
        return str(self._plan.image) in images_at(found, str(self._plan.mount))

    def prepare_mount_point(self) -> None:
        """While the volume is away nothing may land below it, so its folder cannot be written."""
        self._plan.mount.chmod(0o500)

    def settle(self) -> None:
        """What the volume needs once it is mounted: Spotlight keeps no index of what stands in it."""
        (self._plan.mount / ".metadata_never_index").touch()

    def at_start(self) -> tuple[str, ...]:
        """Let it be mounted at each login; what to say of it."""
        from daemon.adapters.atomic_file import publish_bytes

        self.agent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        publish_bytes(self.agent, plistlib.dumps(self._login_agent()), replace=True, mode=0o644)
        return (f"It is mounted at each login ({self.agent}).",)

    def not_at_start(self) -> str:
        """How a volume whose passphrase is not kept is mounted."""
        return "After each login it waits for its passphrase: run scripts/make-encrypted-volume again."

    def _login_agent(self) -> dict[str, Any]:
        plan = self._plan
        arguments = [str(plan.mount), str(plan.image), _ACCOUNT, self._service]
        return {
            "Label": self._service,
            "ProgramArguments": ["/bin/sh", "-c", _AT_LOGIN, "sh", *arguments],
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": _RETRY_SECONDS,
            "ProcessType": "Background",
        }


def images_at(info: bytes, mount: str) -> list[str]:
    """The images that `hdiutil info -plist` says are mounted at a folder; none if it says something else."""
    try:
        images = plistlib.loads(info).get("images", [])
    except (plistlib.InvalidFileException, ValueError, AttributeError):
        return []
    return [
        str(image.get("image-path", ""))
        for image in images
        if any(entity.get("mount-point") == mount for entity in image.get("system-entities", []))
    ]
