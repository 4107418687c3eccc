"""Installs the starter models into the venv it runs in; those that are there are hashed and left alone."""

from __future__ import annotations

import sys

from daemon.adapters.models.catalog import STARTER_MODELS
from daemon.adapters.models.store import ModelStore, default_models_dir
from daemon.model.errors import ChartdraftError


def main() -> int:
    """Exit status 1, and one sentence on stderr, if a model is not there and cannot be fetched."""
    store = ModelStore(default_models_dir())
    for name in STARTER_MODELS:
        try:
            ensure(store, name)
        except ChartdraftError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
    return 0


def ensure(store: ModelStore, name: str) -> None:
    """Leave a model alone if every file hashes as it must; else say so and install it."""
    try:
        store.verify(name)
    except ChartdraftError as error:
        if error.code == "model-altered":
            print(f"The model {name} has been altered and is installed again.", flush=True)
        store.install(name, lambda line: print(line, flush=True))


if __name__ == "__main__":
    sys.exit(main())
