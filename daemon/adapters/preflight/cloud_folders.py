"""Whether a folder is one that a cloud service copies away (DESIGN 10: refused unless an agreement exists)."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

# Folder names, lower case, that the services' own clients make. macOS keeps those of third parties in CloudStorage.
_NAMES = {
    "mobile documents": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "icloud drive": "iCloud Drive",
    "iclouddrive": "iCloud Drive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "onedrive": "OneDrive",
    "box": "Box",
    "box sync": "Box",
    "pcloud drive": "pCloud",
    "mega": "MEGA",
    "nextcloud": "Nextcloud",
    "cloudstorage": "a cloud service",
}
_MARKERS = {".dropbox.cache": "Dropbox", ".tmp.drivedownload": "Google Drive"}


def cloud_provider(folder: Path, user_home: Path) -> str | None:
    """The service that would copy this folder away, or None. Follows symbolic links; reads no file."""
    resolved = folder.resolve()
    for place in (resolved, *resolved.parents):
        name = place.name.lower()
        if name in _NAMES:
            return _NAMES[name]
        if name.startswith(("onedrive -", "onedrive-", "dropbox (")):
            return "OneDrive" if name.startswith("onedrive") else "Dropbox"
        for marker, provider in _MARKERS.items():
            if _is_there(place / marker, stat.S_ISDIR):
                return provider
        # In a synced folder `.dropbox` is a file; the folder of that name in a home holds the client's own settings.
        if _is_there(place / ".dropbox", stat.S_ISREG):
            return "Dropbox"
    return _desktop_and_documents(resolved, user_home.resolve())


def _desktop_and_documents(resolved: Path, user_home: Path) -> str | None:
    """macOS offers to keep Desktop and Documents in iCloud; their mirror in CloudDocs tells that it does."""
    mirror = user_home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    for name in ("Desktop", "Documents"):
        if resolved.is_relative_to(user_home / name) and _is_there(mirror / name, stat.S_ISDIR):
            return "iCloud Drive"
    return None


def _is_there(path: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(path.stat().st_mode)
    except OSError:  # also a folder that this account may not look into
        return False
