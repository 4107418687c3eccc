"""Draws the four pages of tests/assets/packet/: what a practice scans of one new patient, besides the visit's memo."""

from __future__ import annotations

from pathlib import Path

from asset_pages import INK, LETTER, PRINT, Fonts
from PIL import Image, ImageDraw

Line = tuple[str, str]
"""A printed label and the answer written behind it; an empty label: printed text alone."""

PAGES: list[tuple[str, list[Line]]] = [
    (
        "NEW PATIENT INFORMATION",
        [
            ("Name:", "Rosa Delgado"),
            ("Date of birth:", "07/22/1975"),
            ("Sex:", "female"),
            ("Phone:", "419-555-0142"),
            ("Address:", "8 Orchard St, Ashford"),
            ("Insurance:", "Buckeye Mutual"),
            ("Member number:", "BM 4471 902"),
            ("Emergency contact:", "Luis Delgado, husband"),
            ("Reason for visit:", "lower back pain, 2 weeks"),
        ],
    ),
    (
        "HEALTH HISTORY",
        [
            ("Surgeries:", "appendix removed 1999"),
            ("Hospital stays:", ""),
            ("", "[X] Asthma   [ ] Diabetes   [ ] Stroke   [ ] Cancer"),
            ("Family history:", "father heart attack at 61"),
            ("Tobacco:", "never"),
            ("Alcohol:", "1 glass of wine a week"),
            ("Occupation:", "works in a warehouse"),
            ("Last tetanus shot:", ""),
        ],
    ),
    (
        "MEDICATIONS AND ALLERGIES",
        [
            ("Medication 1:", "ibuprofen 400 mg three times a day"),
            ("Medication 2:", "albuterol inhaler as needed"),
            ("Medication 3:", ""),
            ("Supplements:", "vitamin D 1000 IU daily"),
            ("Allergies:", "codeine (nausea)"),
            ("Pharmacy:", "Mill Road Pharmacy"),
        ],
    ),
    (
        "RADIOLOGY REPORT",
        [
            ("", "Patient: Rosa Delgado      Date of birth: 07/22/1975"),
            ("", "Examination: X-ray of the lumbar spine, two views"),
            ("", "Date of examination: 11/12/2026"),
            ("", "Findings: Five lumbar vertebrae in normal alignment."),
            ("", "Disc heights are preserved. No fracture is seen."),
            ("", "Mild degenerative change at L4-L5."),
            ("", "Impression: No acute fracture. Mild degenerative change."),
        ],
    ),
]


def write_packet(fonts: Fonts, folder: Path) -> None:
    """The pages as JPEG files, 200 dots per inch, grey, named as a scanner does."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (title, lines) in enumerate(PAGES, 1):
        _page(fonts, title, lines).convert("L").save(folder / f"Scan_{number:04d}.jpg", quality=45, dpi=(200, 200))


def _page(fonts: Fonts, title: str, lines: list[Line]) -> Image.Image:
    image = Image.new("RGB", LETTER, (255, 255, 255))
    draw = ImageDraw.Draw(image)
    draw.text((140, 220), title, font=fonts.bold(56), fill=PRINT, anchor="ls")
    for number, (label, answer) in enumerate(lines):
        y = 400 + number * 150
        if not label:
            draw.text((140, y), answer, font=fonts.label(40), fill=PRINT, anchor="ls")
            continue
        draw.text((140, y), label, font=fonts.label(40), fill=PRINT, anchor="ls")
        draw.text((640, y), answer, font=fonts.hand(50), fill=INK, anchor="ls")
        draw.line((630, y + 14, 1560, y + 14), fill=(150, 150, 150), width=2)
    return image
