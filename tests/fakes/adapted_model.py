"""A language model as the store has it, and an adapter for its weights: small files that nothing could load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from daemon.adapters.models.installed_model import InstalledModel, write_record
from tests.fakes.hub import sha256

WEIGHTS, LORA = b"GGUF weights", b"GGUF adapter"


def put_model(models: Path, name: str = "tiny", weights: bytes = WEIGHTS, said: bool | None = None) -> InstalledModel:
    """Install it below `models`."""
    folder = models / name
    folder.mkdir(parents=True)
    (folder / "tiny.gguf").write_bytes(weights)
    files = {"tiny.gguf": sha256(weights)}
    model = InstalledModel(name, "language", folder, files, "tiny.gguf", "MIT", said, "nowhere")
    write_record(model)
    return model


def put_adapter(folder: Path, name: str = "trained", **card: Any) -> Path:
    """Ship one below `folder` for `WEIGHTS`; the path of its weights."""
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.gguf").write_bytes(LORA)
    facts = {"base_sha256": sha256(WEIGHTS), "sha256": sha256(LORA), "forms": ["note"], "rank": 32}
    (folder / f"{name}.json").write_text(json.dumps(facts | card))
    return folder / f"{name}.gguf"
