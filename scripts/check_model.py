"""Asks one language model's file everything that drafting relies on, and prints a line for each case. Exit code 3 if one fails."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from model_cases import CASES, Asked, outcome  # noqa: E402 - after the path to this repository

from daemon.adapters.reading.engine_process import EngineProcess  # noqa: E402
from daemon.adapters.sandbox.choose import isolation  # noqa: E402
from daemon.model.limits import Limits  # noqa: E402


def main() -> int:
    """0 if the model keeps to all of it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path)
    options.add_argument("--adapter", type=Path, help="a LoRA of the model, as GGUF")
    options.add_argument("--threads", type=int, default=1)
    chosen = options.parse_args()
    limits = Limits()
    adapter = str(chosen.adapter.resolve()) if chosen.adapter else ""
    # The child is shut in: it reads the folder that both files lie in, and none beside it but the program's own.
    folder = Path(os.path.commonpath([chosen.file.resolve().parent, Path(adapter or chosen.file).resolve().parent]))
    command_line = isolation(None, folder).command_line
    child = EngineProcess("llm", limits=limits, threads=chosen.threads, command_line=command_line)
    asked = Asked(child, chosen.file.resolve(), chosen.threads, adapter)
    failed = 0
    try:
        for case in CASES:
            started = time.monotonic()
            wrong = outcome(case, asked)
            failed += bool(wrong)
            says = f"FAILED: {wrong}" if wrong else "ok"
            print(f"{case.__name__.replace('_', ' '):42} {says} ({time.monotonic() - started:.1f} s)", flush=True)
    finally:
        child.close()
    print(f"{len(CASES) - failed} of {len(CASES)} hold.")
    return 3 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
