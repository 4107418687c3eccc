"""Whether a folder is one that a cloud service copies away (DESIGN 10: refused unless an agreement exists)."""

from __future__ import annotations

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
_MARKERS = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".tmp.drivedownload": "Google Drive"}


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
            if (place / marker).exists():
                return provider
    return _desktop_and_documents(resolved, user_home.resolve())


def _desktop_and_documents(resolved: Path, user_home: Path) -> str | None:
    """macOS offers to keep Desktop and Documents in iCloud; their mirror in CloudDocs tells that it does."""
    mirror = user_home / "Library" / "Mobile Documents" / "com~apple~CloudDocs"
    for name in ("Desktop", "Documents"):
        if resolved.is_relative_to(user_home / name) and (mirror / name).exists():
            return "iCloud Drive"
    return None
