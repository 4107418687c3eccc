"""The engines called bare, in a loop in one process, each model loaded once: what the product's time is compared with.

On stdin a JSON line for each file, {"kind", "path"}; on stdout first {"load_seconds"}, then {"seconds", "passages"} for each.
The functions are those that the engine child runs, and the drafter is the one that the daemon uses; left out is everything
between: processes, pipes, hashing of models, encryption, the workflow, the rendering of files.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

from daemon import wiring
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.reading.untrusted_reading import recording_from, scan_from
from daemon.config import Home, load_home
from daemon.engines import ocr, recording, scan, speech
from daemon.model.passage import Passage


class Bare:
    """Both engines and the drafter, loaded."""

    def __init__(self, home: Home) -> None:
        settings, store = home.settings, wiring.models(home)
        self._settings, self._documents = settings, wiring.documents(home)
        heard, seen = store.get(settings.speech.model).directory, store.get(wiring.OCR_MODEL).directory
        self._folders = {"recording": heard, "scan": seen}
        speech_model, ocr_model = speech.load_model(heard, settings.threads), ocr.Ocr(seen, settings.threads)
        # The readers of a file load their model themselves; here it is there already.
        speech.load_model = lambda directory, threads: speech_model
        ocr.Ocr = lambda directory, threads: ocr_model  # type: ignore[assignment,misc]
        recording.warm_up()
        scan.warm_up()
        self._drafter = QuotingDrafter()

    def item(self, kind: str, path: Path) -> int:
        """Read and draft one file; how many passages it has."""
        settings, limits = self._settings, self._settings.media_limits
        header: dict[str, Any] = {
            "suffix": path.suffix,
            "limits": dataclasses.asdict(limits),
            "model": str(self._folders[kind]),
            "language": settings.speech.language,
            "hotwords": list(settings.speech.hotwords),
        }
        passages: tuple[Passage, ...]
        if kind == "recording":
            reply = recording.read(header, path.read_bytes(), settings.threads, lambda progress: None)
            _, passages, _ = recording_from(reply, "s1", limits)
        else:
            reply = scan.read(header, path.read_bytes(), settings.threads, lambda progress: None)
            _, _, passages, _ = scan_from(reply, "s1", limits)
        self._drafter.draft(self._documents["soap" if kind == "recording" else "intake"], passages)
        return len(passages)


def main() -> None:
    """Load; read and draft the two files named first once, unmeasured; then answer."""
    started = time.monotonic()
    bare = Bare(load_home(Path(sys.argv[1]), None))
    for kind, path in (("recording", sys.argv[2]), ("scan", sys.argv[3])):
        bare.item(kind, Path(path))
    answer(load_seconds=time.monotonic() - started)
    for line in sys.stdin:
        asked = json.loads(line)
        started = time.monotonic()
        passages = bare.item(asked["kind"], Path(asked["path"]))
        answer(seconds=time.monotonic() - started, passages=passages)


def answer(**facts: float) -> None:
    """One line of JSON, at once."""
    print(json.dumps(facts), flush=True)


if __name__ == "__main__":
    main()
