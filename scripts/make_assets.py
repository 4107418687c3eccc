#!/usr/bin/env python3
"""Makes samples/ and tests/assets/ anew. Every patient in them is invented.

Usage: make_assets.py [--speak TOOL] [--fonts DIR ...]

Needs ffmpeg, and in the Python that runs it: numpy, Pillow, pillow-heif, pikepdf. Fonts: Debian's fonts-dejavu-core,
fonts-klee, fonts-dkg-handwriting, installed or unpacked below a --fonts folder.

Without --speak the speech in samples/visit-memo.m4a, tests/assets/memo.wav and tests/assets/canary-memo.m4a stays as
it is, and the other recordings are made from it. TOOL speaks English: `TOOL OUT.wav --voice NAME --speed X < text`.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import asset_audio as audio
import asset_files as files
import asset_packet as packet
import asset_pages as pages

ROOT = Path(__file__).resolve().parent.parent
SAMPLES, ASSETS = ROOT / "samples", ROOT / "tests" / "assets"

PAGE_ONE = [
    "PATIENT INTAKE FORM",
    "Name: Rosa Delgado",
    "Date of birth: 07/22/1975",
    "Reason for visit: lower back pain, 2 weeks",
    "Medication: ibuprofen 400 mg three times a day",
    "Allergies: codeine (nausea)",
    "[X] Asthma   [ ] Diabetes   [ ] Stroke",
]
PAGE_TWO = [
    "PAGE 2: HISTORY",
    "Surgeries: appendix removed 1999",
    "Family history: father had a heart attack",
    "Tobacco: never",
    "Emergency contact:",
]
CANARY_PAGE = ["PATIENT INTAKE FORM", "Name: Zebulon Quatermass", "Date of birth: 02/03/1950", "Allergies: none known"]


def speak_all(tool: Path) -> None:
    """Speak the three texts; memo.wav stays PCM because every other container is made from it."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "spoken.wav"
        audio.speak(tool, SAMPLES / "visit-memo.txt", wav)
        audio.phone_memo(wav, SAMPLES / "visit-memo.m4a")
        audio.speak(tool, ASSETS / "canary-memo.txt", wav)
        audio.phone_memo(wav, ASSETS / "canary-memo.m4a", "32k")
        for text in sorted((ASSETS / "spoken").glob("*.txt")):
            audio.speak(tool, text, wav)
            audio.phone_memo(wav, text.with_suffix(".m4a"), "24k")
    audio.speak(tool, ASSETS / "memo.txt", ASSETS / "memo.wav")


def draw_all(fonts: pages.Fonts) -> None:
    """Draw the scans, and write the PDFs with and without a text layer."""
    pages.intake_form(fonts).save(SAMPLES / "intake-form.png", optimize=True)
    pages.printed_page(fonts, CANARY_PAGE, (850, 400)).save(ASSETS / "canary-form.png", optimize=True)
    files.write_scans(ASSETS, [pages.printed_page(fonts, PAGE_ONE), pages.printed_page(fonts, PAGE_TWO)])
    typed = files.text_pdf([PAGE_ONE, PAGE_TWO])
    (ASSETS / "two-pages.pdf").write_bytes(typed)
    files.write_locked(ASSETS / "locked.pdf", typed, password="opensesame")
    files.write_hostile(ASSETS, typed)
    packet.write_packet(fonts, ASSETS / "packet")


def main() -> None:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--speak", type=Path, metavar="TOOL")
    args.add_argument("--fonts", type=Path, nargs="*", default=[], metavar="DIR")
    options = args.parse_args()
    if options.speak:
        speak_all(options.speak)
    audio.write_containers(ASSETS / "memo.wav", ASSETS)
    audio.write_broken(ASSETS)
    audio.write_speechless(ASSETS)
    draw_all(pages.Fonts(tuple(options.fonts)))


if __name__ == "__main__":
    main()
