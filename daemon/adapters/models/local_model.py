"""Speech models that are on this machine already: in a folder that somebody brought, or written anew in the format of Apple's MLX.

Nothing is fetched. What is brought is copied, and what its files hash to is recorded: from then on they are compared before each load.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from daemon.adapters.models.fetch import Fetching, check_space, sha256_of
from daemon.adapters.models.installed_model import InstalledModel
from daemon.adapters.models.mlx_weights import write_mlx_weights
from daemon.model.errors import PermanentError, RetryableError
from daemon.model.reading_engines import MLX_MODEL, MLX_WEIGHTS

_LOCAL = ("/", "./", "../", "~/")
_CTRANSLATE2 = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json", "vocabulary.json", "vocabulary.txt")  # fmt: skip


def is_local(untrusted_spec: str) -> bool:
    """Whether a folder is meant."""
    return untrusted_spec.startswith(_LOCAL)


def local_name(untrusted_spec: str) -> str:
    """What a folder's model is called: as the folder, in lower case."""
    return _folder(untrusted_spec).name.lower()


def is_made_here(untrusted_spec: str) -> bool:
    """Whether a model in MLX's format is meant that is written from an installed one."""
    return untrusted_spec.endswith(MLX_MODEL) and "/" not in untrusted_spec


def copy_local(untrusted_spec: str, folder: Path, fetching: Fetching) -> InstalledModel:
    """A speech model from a folder on this machine. Raises PermanentError("model-unknown") where none is there, RetryableError("model-disk")."""
    place = _folder(untrusted_spec)
    weights = next((name for name in (*MLX_WEIGHTS, "model.bin") if (place / name).is_file()), None)
    wanted = _CTRANSLATE2 if weights == "model.bin" else ("config.json", weights or "")
    names = [name for name in wanted if name and (place / name).is_file()]
    if weights is None or "config.json" not in names:
        raise PermanentError("model-unknown")
    check_space(sum((place / name).stat().st_size for name in names), fetching)
    fetching.progress(f"Copying {local_name(untrusted_spec)} …")
    for name in names:
        shutil.copyfile(place / name, folder / name)
    return _recorded(local_name(untrusted_spec), folder, weights, "unknown", "a folder on this machine")


def make_for_mlx(model: InstalledModel, folder: Path, fetching: Fetching) -> InstalledModel:
    """An installed speech model in MLX's format; its files were hashed just now. Raises RetryableError("model-source"|"model-disk")."""
    if model.kind != "speech" or model.main != "model.bin":
        raise RetryableError("model-source")
    check_space(model.size_bytes, fetching)
    fetching.progress(f"Writing {model.name} in the format of MLX …")
    write_mlx_weights(model.main_path, folder)
    made_of = f"{model.name} {model.main_sha256[:12]}, written in the format of MLX"
    return _recorded(model.name + MLX_MODEL, folder, "weights.npz", model.licence, made_of)


def _recorded(name: str, folder: Path, main: str, licence: str, source: str) -> InstalledModel:
    files = {path.name: sha256_of(path) for path in sorted(folder.iterdir())}
    return InstalledModel(name, "speech", folder, files, main, licence, None, source)


def _folder(untrusted_spec: str) -> Path:
    return Path(untrusted_spec).expanduser().resolve()
