"""Draws lines of print and of handwriting by the thousand, as a scanner shows them; what `train_handwriting.py` learns from."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

HAND = ("dkg", "dkgIt", "dkgBI", "Breip", "KleeOne-Regular", "KleeOne-SemiBold", "Delphine", "Ecolier-court", "femkeklaver",
        "BecauseWeBuild-Regular", "BecauseWeConnect-Regular", "BecauseWeCreate-Regular", "YOzBSP", "YOzRSP90", "YOzRS_i", "YOzBSP90")  # fmt: skip
HAND_HELD = ("Kristi", "SteveHand", "Rufscript010", "BecauseWeLearn-Regular", "BecauseWeMentor-Regular", "BecauseWeOrganize-Regular",
             "setofont", "breipfont")  # fmt: skip
PRINT_HELD = ("Carlito", "NimbusRoman", "C059", "OpenSans", "Inconsolata", "FreeMono", "LiberationSerif", "ComicNeue-Italic",
              "DejaVuSansCondensed", "URWGothic", "Dustismo_Roman", "OCRA.")  # fmt: skip
PRINT = ("DejaVu", "Liberation", "ComicNeue", "Caladea", "FreeSans", "FreeSerif", "NimbusSans", "NimbusMono", "P052", "URWBookman", "Lato",
         "dustismo", "Dustismo", "OCRA", *PRINT_HELD)  # fmt: skip
NOT = ("Math", "Hairline", "LatoThin", "Lato-Thin", "Condensed-Extra", "90i", "D050000L", "Symbols")
PEN = (
    "DejaVuSans-ExtraLight",
    "ComicNeue-Light.",
    "Lato-Light.",
    "FreeMono.",
    "LiberationSerif-Italic",
    "URWGothic-Book.",
)
WORDS = (
    "Eleanor", "Whitcombe", "Margaret", "Oduya", "Losartan", "50", "mg", "daily", "twice", "a", "day", "Metformin",
    "500", "once", "at", "bedtime", "penicillin", "hives", "knee", "pain", "and", "swelling", "left", "right",
    "shoulder", "since", "2019", "no", "allergies", "known", "Mother", "diabetes", "stroke", "Smith", "03/14/1968",
    "555-0142", "120/80", "10:30", "Dr.", "Nguyen", "O'Brien", "quit", "in", "none", "N/A", "yes", "asthma",
    "walking", "stairs", "chest", "tightness", "three", "months", "ago", "Springfield", "Maple", "Street", "62704",
    "insurance", "AB-20774", "warfarin", "2.5", "every", "evening", "headache", "nausea", "as", "needed", "Friday",
    "physical", "therapy", "surgery", "1996", "gallbladder", "removed", "C-section", "school", "bus", "driver",
    "retired", "nurse", "husband", "Robert", "glass", "of", "wine", "week", "fever", "101.2", "cough", "sore",
    "throat", "amoxicillin", "rash", "5", "ft", "4", "in", "188", "pounds", "lisinopril", "10", "mg",
)  # fmt: skip
LABELS = (
    "Name", "Date of birth", "Patient name", "Address", "Phone", "Insurance number", "Emergency contact",
    "Reason for visit", "Current medications", "Allergies", "Social history", "Do you smoke?",
    "Please check all that apply", "Signature of patient or guardian",
    "I agree that the information above is true and complete", "NEW PATIENT INTAKE FORM",
    "PHYSICAL THERAPY EVALUATION", "Maple Street Family Medicine", "Heart disease", "High blood pressure",
    "Page 1 of 3", "Dose", "How often", "Blood pressure", "2. Current medications", "Sulfa drugs",
    "swelling of the lips", "Losartan 50 mg daily", "04/17/1957", "555-0134", "Sex", "Age", "Weight", "M", "F",
    "In case of emergency please notify", "Relationship to patient", "For office use only", "Rev. 04/2024",
    "Fax (555) 010-4477", "Last seen by Dr. A. Castellan on 3/2/2025",
)  # fmt: skip


def fonts(folders: tuple[Path, ...]) -> dict[str, list[Path]]:
    """Font files by kind: hand, hand held out, print, print held out, pen (print that is bent into handwriting)."""
    files = sorted({path for folder in folders for path in folder.rglob("*.[ot]tf")})
    found: dict[str, list[Path]] = {"hand": [], "hand_held": [], "print": [], "print_held": [], "pen": []}
    for path in files:
        name = path.stem
        if any(part in path.name for part in NOT):
            continue
        if name in HAND:
            found["hand"].append(path)
        elif name in HAND_HELD:
            found["hand_held"].append(path)
        elif any(path.name.startswith(one) for one in PRINT_HELD):
            found["print_held"].append(path)
        elif any(path.name.startswith(one) for one in PRINT):
            found["print"].append(path)
        if any(path.name.startswith(one) for one in PEN):
            found["pen"].append(path)
    return found


@dataclass(frozen=True)
class Page:
    """What all lines of a page share: the printer's fonts and ink, the pen's, and the scanner."""

    seed: int
    size: int
    fonts: tuple[Path, Path]
    ink: tuple[int, int, int]
    pen: tuple[int, int, int]
    hand: Path | None


def page(dice: random.Random, files: dict[str, list[Path]], *, held: bool) -> Page:
    """A page's own ways. Half of them are written on by a pen that no font has."""
    printed = files["print_held" if held else "print"]
    hand = dice.choice(files["hand_held" if held else "hand"]) if dice.random() < 0.55 else None
    one = dice.choice(printed)
    other = one if dice.random() < 0.4 else dice.choice(printed)
    size = dice.choice([22, 26, 28, 32, 36, 40])
    return Page(dice.getrandbits(32), size, (one, other), some_ink(dice, hand=False), some_ink(dice, hand=True), hand)


def line(dice: random.Random, on: Page, files: dict[str, list[Path]], *, hand: bool) -> NDArray[np.uint8]:
    """One line, BGR, cut out as closely as a detector of text does."""
    if not hand:
        text = dice.choice(LABELS) + dice.choice(["", ":", ":"]) if dice.random() < 0.6 else some_words(dice)
        text = text.upper() if dice.random() < 0.12 else text
        size = int(on.size * dice.choice([0.8, 1, 1, 1, 1, 1.4]))
        ink = on.ink if dice.random() < 0.93 else some_ink(dice, hand=False)
        return worn(dice, set_in_print(text, on.fonts[dice.random() < 0.35], size), ink, on.seed)
    size = int(on.size * dice.uniform(0.9, 1.7))
    text = some_words(dice)
    mask = by_font(dice, on.hand, size, text) if on.hand else by_pen(dice, files, size, " ".join(text.split()[:3]))
    return worn(dice, mask, on.pen, on.seed)


def some_words(dice: random.Random) -> str:
    text = " ".join(dice.sample(WORDS, dice.choice([1, 1, 2, 2, 3, 4, 6])))
    return text.upper() if dice.random() < 0.08 else text


def some_ink(dice: random.Random, *, hand: bool) -> tuple[int, int, int]:
    """BGR. Blue pens and black ones; print is black, and sometimes of a colour."""
    if hand and dice.random() < 0.45:
        return dice.choice([(120, 40, 25), (150, 60, 40), (160, 30, 30), (90, 40, 40)])
    if not hand and dice.random() < 0.12:
        return dice.choice([(150, 70, 20), (120, 40, 25), (40, 40, 170), (60, 110, 20)])
    shade = dice.randint(10, 80)
    return shade, shade, shade


def set_in_print(text: str, path: Path, size: int, spare: float = 0.6) -> NDArray[np.float32]:
    font = ImageFont.truetype(path, size)
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    edge = int(size * spare)
    image = Image.new("L", (max(8, int(right - left)) + 2 * edge, max(8, int(bottom - top)) + 2 * edge), 0)
    ImageDraw.Draw(image).text((edge - left, edge - top), text, font=font, fill=255, anchor="ls")
    return np.asarray(image, dtype=np.float32) / 255


def by_font(dice: random.Random, path: Path, size: int, text: str) -> NDArray[np.float32]:
    """A handwriting font, word by word off the line, and bent a little by half."""
    font = ImageFont.truetype(path, size)
    words = text.split()
    edge = size
    width = int(sum(font.getlength(word + " ") * 1.15 + 8 for word in words)) + 2 * edge
    image = Image.new("L", (width, size * 3), 0)
    x, off = edge, dice.choice([0, 2, 4])
    for word in words:
        y = 2 * size - size // 3 + dice.randint(-off, off)
        ImageDraw.Draw(image).text((x, y), word, font=font, fill=255, anchor="ls")
        x += int(font.getlength(word + " ")) + dice.randint(-2, 6)
    mask = np.asarray(image, dtype=np.float32) / 255
    return bent(dice, mask, size, dice.uniform(0.01, 0.05)) if dice.random() < 0.5 else mask


def by_pen(dice: random.Random, files: dict[str, list[Path]], size: int, text: str) -> NDArray[np.float32]:
    """No two letters alike: thin letters, each turned, leaning and sized its own way, joined by half, bent, and drawn with a varying width."""
    sheet = np.zeros((size * 4, int(size * (len(text) + 4) * 0.95)), np.float32)
    x, base = size * 1.0, size * 2.4
    lean, drift = dice.uniform(-0.1, 0.45), dice.uniform(-0.03, 0.03)
    joined, wild = dice.random() < 0.5, dice.uniform(0.4, 1.3)
    source = dice.choice(files["pen"]) if dice.random() < 0.6 else None
    face = dice.choice(
        [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_ITALIC | cv2.FONT_HERSHEY_SIMPLEX]
    )
    font = ImageFont.truetype(source, size) if source else None
    for letter in text:
        if letter == " ":
            x += size * dice.uniform(0.2, 0.5)
            continue
        if font is not None:
            glyph, step, foot = _glyph(font, letter, size)
        else:
            glyph, step, foot = _hershey(face, letter, size)
        turn, grow = dice.gauss(0, 4 * wild), dice.uniform(1 - 0.14 * wild, 1 + 0.14 * wild)
        shear = lean + dice.gauss(0, 0.06 * wild)
        y = base + drift * x + dice.gauss(0, 0.035 * wild) * size
        around = cv2.getRotationMatrix2D((size * 0.5, foot), turn, grow)
        leaning = np.array([[1, -shear, shear * foot], [0, 1, 0], [0, 0, 1]])
        place = np.array([[1, 0, x - size * 0.5], [0, 1, y - foot], [0, 0, 1]])
        whole = place @ leaning @ np.vstack([around, [0, 0, 1]])
        # Only around the letter: the whole sheet for each would take most of the time.
        start = max(0, int(x - size))
        window = sheet[:, start : start + 4 * size]
        whole[0, 2] -= start
        drawn = cv2.warpAffine(glyph, whole[:2], (window.shape[1], window.shape[0]), flags=cv2.INTER_LINEAR)
        np.maximum(window, drawn, out=window)
        x += step * grow * (dice.uniform(0.78, 0.92) if joined else dice.uniform(0.92, 1.15))
    sheet = bent(dice, sheet, size, dice.uniform(0.02, 0.07))
    return _pressed(dice, sheet, size)


def _glyph(font: ImageFont.FreeTypeFont, letter: str, size: int) -> tuple[NDArray[np.float32], float, float]:
    image = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(image).text((size * 0.5, size * 1.4), letter, font=font, fill=255, anchor="ls")
    return np.asarray(image, dtype=np.float32) / 255, font.getlength(letter), size * 1.4


def _hershey(face: int, letter: str, size: int) -> tuple[NDArray[np.float32], float, float]:
    image = np.zeros((size * 2, size * 2), np.uint8)
    scale = size / 32
    cv2.putText(image, letter, (size // 2, int(size * 1.4)), face, scale, 255, max(1, size // 20), cv2.LINE_AA)
    (width, _), _ = cv2.getTextSize(letter, face, scale, 1)
    return image.astype(np.float32) / 255, float(width), size * 1.4


def bent(dice: random.Random, mask: NDArray[np.float32], size: int, much: float) -> NDArray[np.float32]:
    """Elastic distortion (Simard, Steinkraus and Platt 2003), in widths of a letter."""
    rng = np.random.default_rng(dice.getrandbits(32))
    height, width = mask.shape
    moves = []
    for _ in range(2):
        noise = _noise(rng, (height, width), size * 0.28)
        moves.append(noise / (noise.std() + 1e-6) * much * size)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    return cv2.remap(mask, xs + moves[0], ys + moves[1], cv2.INTER_LINEAR)


def _noise(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> NDArray[np.float32]:
    small = rng.standard_normal((int(shape[0] / reach) + 3, int(shape[1] / reach) + 3)).astype(np.float32)
    return cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC)


def _pressed(dice: random.Random, mask: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """The pen's width, changing along the line."""
    rng = np.random.default_rng(dice.getrandbits(32))
    pen = max(1, round(size * dice.uniform(0.01, 0.05)))
    thick = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pen + 1, 2 * pen + 1)))
    thin = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (pen + 1, pen + 1)))
    noise = _noise(rng, mask.shape, size * 0.4)
    share = (0.5 + 0.35 * noise / (noise.std() + 1e-6)).clip(0, 1)
    return share * thick + (1 - share) * thin


def worn(dice: random.Random, mask: NDArray[np.float32], ink: tuple[int, int, int], seed: int) -> NDArray[np.uint8]:
    """On paper, tilted by what is left after levelling, at a scanner's resolution, cut out. `seed`: the scanner's."""
    scanner = random.Random(seed)
    rng = np.random.default_rng(dice.getrandbits(32))
    rows, columns = np.flatnonzero((mask > 0.3).any(axis=1)), np.flatnonzero((mask > 0.3).any(axis=0))
    if not len(rows):
        return np.full((20, 40, 3), 250, np.uint8)
    if dice.random() < 0.35:  # the rule it stands on
        y = min(int(rows[-1] - dice.uniform(-0.15, 0.3) * (rows[-1] - rows[0])), mask.shape[0] - 3)
        mask = mask.copy()
        mask[y : y + dice.choice([1, 2, 3])] = dice.uniform(0.5, 0.9)
    matrix = cv2.getRotationMatrix2D((mask.shape[1] / 2, mask.shape[0] / 2), random.Random(seed + 1).gauss(0, 0.35), 1)
    mask = cv2.warpAffine(mask, matrix, (mask.shape[1], mask.shape[0]))
    high = rows[-1] - rows[0]
    over, side = int(high * dice.uniform(0.02, 0.2)), int(high * dice.uniform(0, 0.25))
    mask = mask[max(0, rows[0] - over) : rows[-1] + over + 1, max(0, columns[0] - side) : columns[-1] + side + 1]
    paper = np.array([scanner.randint(236, 255)] * 3, np.float32)
    paper[0] -= scanner.randint(0, 8)
    image = paper + mask[..., None].clip(0, 1) * (np.array(ink, np.float32) - paper)
    scale = scanner.choice([0.6, 0.8, 1.0, 1.0, 1.0, 1.3])
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    image = cv2.GaussianBlur(image, (0, 0), scanner.uniform(0.3, 0.9))
    image += rng.normal(0, scanner.choice([0, 0.8, 3, 8]), image.shape)
    if scanner.random() < 0.12:
        grey = image.mean(axis=2, keepdims=True)
        image = np.where(grey > 150, 255.0, 0.0).repeat(3, axis=2)
    done = image.clip(0, 255).astype(np.uint8)
    if scanner.random() < 0.4:
        _, packed = cv2.imencode(".jpg", done, [cv2.IMWRITE_JPEG_QUALITY, scanner.choice([45, 60, 80])])
        done = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return done
