"""Runs one target under atheris: an error that it does not declare ends the process, and leaves the input that brought it."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["daemon", "tests.fuzz.targets"]):
    from tests.fuzz import targets

if __name__ == "__main__":
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, targets.planted if name == "planted" else targets.TARGETS[name])
    atheris.Fuzz()
