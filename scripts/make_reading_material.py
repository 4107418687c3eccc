#!/usr/bin/env python3
"""Makes the recordings and forms of tests/assets/reading anew, by which `chartdraft eval reading` measures. Every patient is invented.

Usage: make_reading_material.py [--speak TOOL] [--spoken DIR] [--fonts DIR ...] [--only speech|forms]

Needs ffmpeg and espeak-ng, and in the Python that runs it: numpy, Pillow. Fonts for forms: Debian's fonts-dejavu-core,
fonts-liberation2, fonts-klee, fonts-dkg-handwriting, installed or unpacked below a --fonts folder.

TOOL speaks English: `TOOL OUT.wav --voice NAME --speed X < text`, run by this Python. Without it the recordings in its voices stay
as they are. What was spoken is kept in --spoken, so that a run that was stopped goes on. Noise, echo and forms are seeded.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

import reading_forms as forms
import reading_speech as speech

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "assets" / "reading"


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--speak", type=Path, metavar="TOOL")
    args.add_argument("--spoken", type=Path, metavar="DIR")
    args.add_argument("--fonts", type=Path, nargs="*", default=[], metavar="DIR")
    args.add_argument("--only", choices=["speech", "forms"])
    options = args.parse_args()
    if options.only != "forms":
        with tempfile.TemporaryDirectory() as spoken:
            clips = speech.write_all(FOLDER, options.speak, options.spoken or Path(spoken))
        write(FOLDER / "speech.json", clips)
    if options.only != "speech":
        write(FOLDER / "forms.json", forms.write_all(FOLDER, tuple(options.fonts)))


def write(path: Path, listed: list[dict[str, object]]) -> None:
    path.write_text(
        "[\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in listed) + "\n]\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
