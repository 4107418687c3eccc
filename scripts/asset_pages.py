"""Draws the intake forms of samples/ and tests/assets/: printed labels, handwritten answers, the wear of a scanner.

Fonts come from Debian's fonts-dejavu-core (labels), fonts-klee (answers) and fonts-dkg-handwriting (signatures).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

INK = (24, 36, 104)
PRINT = (28, 28, 30)
SHADE = (224, 229, 238)
PAPER = (253, 252, 249)
LETTER = (1700, 2200)  # pixels: US letter at 200 dots per inch


@dataclass(frozen=True)
class Fonts:
    """Finds font files by name in the folders given and in the system's."""

    folders: tuple[Path, ...]

    def get(self, name: str, size: int) -> ImageFont.FreeTypeFont:
        return _font(self.folders, name, size)

    def label(self, size: int = 28) -> ImageFont.FreeTypeFont:
        return self.get("DejaVuSans.ttf", size)

    def bold(self, size: int = 30) -> ImageFont.FreeTypeFont:
        return self.get("DejaVuSans-Bold.ttf", size)

    def hand(self, size: int = 40) -> ImageFont.FreeTypeFont:
        return self.get("KleeOne-SemiBold.ttf", size)


@cache
def _font(folders: tuple[Path, ...], name: str, size: int) -> ImageFont.FreeTypeFont:
    for folder in (*folders, Path("/usr/share/fonts")):
        for path in sorted(folder.rglob(name)):
            return ImageFont.truetype(path, size)
    message = f"font {name} not found; install fonts-dejavu-core, fonts-klee and fonts-dkg-handwriting or give --fonts"
    raise FileNotFoundError(message)


@dataclass
class Sheet:
    """A page under the pen. Positions and sizes are in pixels; randomness is seeded, so a page is reproducible."""

    fonts: Fonts
    size: tuple[int, int] = LETTER
    seed: int = 7
    image: Image.Image = field(init=False)
    draw: ImageDraw.ImageDraw = field(init=False)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", self.size, PAPER)
        self.draw = ImageDraw.Draw(self.image)
        self.dice = random.Random(self.seed)

    def line(self, x0: int, y0: int, x1: int, y1: int, width: int = 2) -> None:
        self.draw.line([(x0, y0), (x1, y1)], fill=(90, 90, 94), width=width)

    def label(self, x: int, y: int, text: str, size: int = 28) -> int:
        """Print `text` on the baseline `y`; returns the x where it ends."""
        font = self.fonts.label(size)
        self.draw.text((x, y), text, font=font, fill=PRINT, anchor="ls")
        return x + int(font.getlength(text))

    def heading(self, y: int, text: str) -> None:
        self.draw.rectangle([(110, y - 36), (self.size[0] - 110, y + 12)], fill=SHADE)
        self.draw.text((126, y), text, font=self.fonts.bold(30), fill=PRINT, anchor="ls")

    def write(self, x: int, y: int, text: str, size: int = 40) -> None:
        """Handwrite `text`: word by word, each a little off the line."""
        font = self.fonts.hand(size)
        for word in text.split(" "):
            self.draw.text((x, y + self.dice.randint(-3, 2)), word, font=font, fill=INK, anchor="ls")
            x += int(font.getlength(word + " ")) + self.dice.randint(-2, 3)

    def blank(self, x: int, y: int, end: int, label: str, answer: str = "") -> None:
        """A label, a rule to write on up to `end`, and the answer on it if there is one."""
        start = self.label(x, y, label) + 14
        self.line(start, y + 8, end, y + 8)
        if answer:
            self.write(start + 10, y, answer)

    def tick(self, x: int, y: int, label: str, *, ticked: bool) -> None:
        """`[X] label` or `[ ] label`, printed the way typewritten forms do."""
        font = self.fonts.get("DejaVuSansMono.ttf", 30)
        self.draw.text((x, y), "[X]" if ticked else "[ ]", font=font, fill=INK if ticked else PRINT, anchor="ls")
        self.label(x + 70, y, label)

    def table(self, y: int, columns: list[tuple[int, str]], rows: list[list[str]], step: int = 62) -> None:
        """Ruled table; `columns` are (left edge, title), the right edge is the page's margin."""
        right, bottom = self.size[0] - 110, y + step * (len(rows) + 1)
        for edge in [*(left for left, _ in columns), right]:
            self.line(edge, y, edge, bottom)
        for number in range(len(rows) + 2):
            self.line(columns[0][0], y + number * step, right, y + number * step)
        for left, title in columns:
            self.label(left + 16, y + step - 18, title)
        for number, row in enumerate(rows, 2):
            for (left, _), cell in zip(columns, row, strict=True):
                self.write(left + 16, y + number * step - 16, cell)

    def smudge(self, box: tuple[int, int, int, int]) -> None:
        """Drag wet ink to the right: what was written in `box` can no longer be read, though some ink is left."""
        clean = self.image.crop(box)
        smeared = clean.filter(ImageFilter.BoxBlur(3))
        for shift in range(6, 96, 6):
            smeared = ImageChops.darker(smeared, ImageChops.offset(clean, shift, shift // 12).point(_faded(shift)))
        self.image.paste(smeared.filter(ImageFilter.GaussianBlur(5)), box[:2])


def _faded(shift: int) -> Callable[[int], float]:
    """How ink pales as it is dragged `shift` pixels."""
    return lambda value: 255 - (255 - value) * (0.95 - shift / 160)


def scanned(image: Image.Image, degrees: float = 0.55, seed: int = 7) -> Image.Image:
    """What an office scanner makes of a page: a slight turn, soft edges, specks, a darker margin, few colours."""
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER).filter(ImageFilter.GaussianBlur(0.7))
    pixels = np.asarray(turned).astype(np.float32)
    rng = np.random.default_rng(seed)
    height, width = pixels.shape[:2]
    pixels -= 14 * np.exp(-np.arange(width) / 40)[None, :, None]  # the lid's shadow along the left edge
    pixels += np.round(rng.normal(0, 0.8, (height, width, 1)))
    specks = rng.random((height, width)) < 0.00012
    pixels[specks] = 120
    worn = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    return worn.quantize(palette=_palette(), dither=Image.Dither.NONE)


def _palette() -> Image.Image:
    """Paper to black, paper to ink and paper to the headings' grey, so that few colours keep the ink blue."""
    ramps = [(PRINT, 26), (INK, 26), (SHADE, 6)]
    colours = [
        round(start + (end - start) * step / (steps - 1))
        for target, steps in ramps
        for step in range(steps)
        for start, end in zip(PAPER, target, strict=True)
    ]
    image = Image.new("P", (1, 1))
    image.putpalette(colours)
    return image


def intake_form(fonts: Fonts) -> Image.Image:
    """samples/intake-form.png: a new patient's form, two answers left blank and one dose smudged."""
    sheet = Sheet(fonts)
    sheet.draw.text((850, 118), "Maple Street Family Medicine", font=fonts.bold(54), fill=PRINT, anchor="ms")
    sheet.draw.text(
        (850, 164), "120 Maple Street, Springfield   Phone 555-0100", font=fonts.label(26), fill=PRINT, anchor="ms"
    )
    sheet.draw.text((850, 232), "NEW PATIENT INTAKE FORM", font=fonts.bold(40), fill=PRINT, anchor="ms")
    _patient(sheet)
    _medicines(sheet)
    _history(sheet)
    _social(sheet)
    return scanned(sheet.image)


def _patient(sheet: Sheet) -> None:
    sheet.heading(300, "1. Patient")
    sheet.blank(126, 372, 1000, "Name:", "Eleanor Whitcombe")
    sheet.blank(1030, 372, 1590, "Date of birth:", "03/14/1968")
    sheet.blank(126, 440, 560, "Sex:", "Female")
    sheet.blank(590, 440, 1100, "Phone:", "555-0142")
    sheet.blank(1130, 440, 1590, "Date:", "11/16/2026")
    sheet.blank(126, 508, 1590, "Reason for visit:", "Knee pain and swelling, both knees, 3 months")


def _medicines(sheet: Sheet) -> None:
    sheet.heading(578, "2. Current medications")
    rows = [
        ["Metformin", "500 mg", "twice a day"],
        ["Amlodipine", "5 mg", "once a day"],
        ["Atorvastatin", "20 mg", "at bedtime"],
    ]
    sheet.table(604, [(126, "Medication"), (760, "Dose"), (1130, "How often")], rows)
    sheet.smudge((772, 794, 1118, 848))
    sheet.heading(922, "3. Allergies")
    rows = [["Penicillin", "hives"], ["Sulfa drugs", "swelling of the lips"]]
    sheet.table(948, [(126, "Allergy"), (760, "Reaction")], rows)


def _history(sheet: Sheet) -> None:
    sheet.heading(1204, "4. Past medical history (mark all that apply)")
    marks = ["Diabetes", "High blood pressure", "High cholesterol"]
    names = [
        "Asthma",
        "Diabetes",
        "Heart disease",
        "High blood pressure",
        "Stroke",
        "High cholesterol",
        "Cancer",
        "Seizures",
    ]
    for number, name in enumerate(names):
        sheet.tick(126 + (number % 3) * 500, 1268 + (number // 3) * 56, name, ticked=name in marks)
    sheet.blank(126, 1462, 1590, "Surgeries:", "Gallbladder removed 2009, C-section 1996")
    sheet.blank(126, 1534, 1590, "Family history:", "Mother: stroke. Father: type 2 diabetes.")


def _social(sheet: Sheet) -> None:
    sheet.heading(1604, "5. Social history")
    sheet.blank(126, 1676, 840, "Tobacco:", "quit in 2015")
    sheet.blank(870, 1676, 1590, "Alcohol:", "1 glass of wine a week")
    sheet.blank(126, 1748, 1590, "Occupation:", "school bus driver")
    sheet.heading(1818, "6. Contact and insurance")
    sheet.blank(126, 1890, 1590, "Emergency contact:")
    sheet.blank(126, 1962, 1590, "Insurance and member number:")
    start = sheet.label(126, 2076, "Patient signature:") + 14
    sheet.line(start, 2084, 1060, 2084)
    pen = sheet.fonts.get("dkg.ttf", 74)
    sheet.draw.text((start + 40, 2070), "E. Whitcombe", font=pen, fill=INK, anchor="ls")
    sheet.blank(1090, 2076, 1590, "Date:", "11/16/2026")


def printed_page(fonts: Fonts, lines: list[str], size: tuple[int, int] = (850, 1100)) -> Image.Image:
    """A clean page of large print, one line under another: what the short test scans are made of. 1-bit grey."""
    image = Image.new("L", size, 255)
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        font = fonts.bold(34) if number == 0 else fonts.label(28)
        draw.text((60, 90 + number * 64), line, font=font, fill=0, anchor="ls")
    return image
