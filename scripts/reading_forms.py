"""Draws the forms of tests/assets/reading, with what stands in them: fields, tick boxes and circled words, in the wear of scanner and camera."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from asset_pages import Fonts
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = (1700, 1300)  # pixels: a half sheet at 200 dots per inch
QUALITY = 58
SERIF, SANS, PLAIN, TYPED = (
    "LiberationSerif-Regular.ttf",
    "LiberationSans-Regular.ttf",
    "DejaVuSans.ttf",
    "LiberationMono-Regular.ttf",
)
HAND, PEN = "KleeOne-SemiBold.ttf", "dkg.ttf"
Pairs = tuple[tuple[str, str], ...]
_STATES = {"none": "no", "faint": "unclear", "out": "unclear"}
"""Of the marks that are no "yes". A box that was scribbled over, or hardly touched, is neither."""


@dataclass(frozen=True)
class Form:
    """What is printed. A field's answer "" is left blank, "~" before it is written by hand. `marks`: a label, and how its box is."""

    name: str
    title: str
    font: str
    fields: Pairs
    question: str
    marks: Pairs
    degrees: float = 0.0
    quarter: int = 0  # turns to the left
    wear: tuple[str, ...] = ()


FORMS = (
    Form("intake", "NEW PATIENT INTAKE", PLAIN,
         (("Patient name", "Margaret Oduya"), ("Date of birth", "04/17/1957"), ("Pharmacy", "Corner Drugs"), ("Phone", "555-0134"),
          ("Medication", "Losartan 50 mg daily"), ("Allergies", "Sulfa: rash"), ("Emergency contact", "")),
         "Have you ever had any of these?",
         (("Asthma", "cross"), ("Diabetes", "none"), ("Stroke", "none"), ("Cancer", "tick"), ("Anemia", "none"), ("Gout", "fill"))),
    Form("dental", "DENTAL HEALTH HISTORY", SERIF,
         (("Name", "Tobias Lindqvist"), ("Birth date", "11/02/1988"), ("Last cleaning", "March 2025"), ("Dentist", "Dr. Amira Castellan"),
          ("Current medicine", "Amoxicillin 500 mg"), ("Reason for visit", "Broken lower molar"), ("Insurance number", "MX-20774")),
         "Please check all that apply",
         (("Bleeding gums", "tick"), ("Dry mouth", "none"), ("Jaw pain", "cross"), ("Grinding", "none"), ("Latex allergy", "none"), ("Dentures", "cross"))
         , degrees=2.4),
    Form("cardiac", "CARDIAC REHABILITATION REFERRAL", SANS,
         (("Patient", "Harold Vance"), ("Referred by", "Dr. Nguyen"), ("Ejection fraction", "45 percent"), ("Resting pulse", "68"),
          ("Metoprolol dose", "25 mg twice daily"), ("Atorvastatin dose", "80 mg at night"), ("Next visit", "")),
         "Reason for referral",
         (("Heart attack", "none"), ("Bypass surgery", "cross"), ("Stent", "tick"), ("Valve repair", "none"), ("Heart failure", "cross"), ("Angina", "none")),
         degrees=-1.8, wear=("specks",)),
    Form("physio", "PHYSICAL THERAPY EVALUATION", PLAIN,
         (("Client", "Renata Soares"), ("Date of injury", "08/29/2026"), ("Side", "Left shoulder"), ("Pain today", "6 of 10"),
          ("Flexion", "120 degrees"), ("Goal", "Lift 10 pounds overhead"), ("Surgeon", "")),
         "What makes it worse?",
         (("Lifting", "cross"), ("Sitting", "none"), ("Sleeping", "cross"), ("Walking", "none"), ("Reaching", "tick"), ("Driving", "none")),
         degrees=1.0, quarter=1),
    Form("vaccine", "VACCINATION CONSENT", SERIF,
         (("Full name", "Ikenna Bellweather"), ("Born", "06/30/2015"), ("Guardian", "Adaeze Bellweather"), ("Vaccine", "Influenza 0.5 mL"),
          ("Lot", "FL7782B"), ("Site", "Right deltoid"), ("Physician", "Dr. Simone Achterberg")),
         "Does the child have",
         (("Fever today", "none"), ("Egg allergy", "none"), ("Seizures", "tick"), ("Weak immune system", "none"), ("Asthma", "cross"), ("Recent vaccine", "none")),
         quarter=2),
    Form("pain", "PAIN CLINIC QUESTIONNAIRE", SANS,
         (("Name", "Oleander Fitch"), ("Pain began", "2 years ago"), ("Gabapentin", "300 mg three times a day"), ("Tramadol", "50 mg as needed"),
          ("Worst time", "Early morning"), ("Last injection", "05/12/2026"), ("Work", "")),
         "How does it feel?",
         (("Burning", "cross"), ("Stabbing", "none"), ("Aching", "tick"), ("Numb", "none"), ("Throbbing", "fill"), ("Cramping", "none")),
         degrees=-3.0, wear=("noise",)),
    Form("prenatal", "PRENATAL VISIT RECORD", PLAIN,
         (("Patient", "Lucinda Farrow"), ("Weeks", "31"), ("Weight", "162 pounds"), ("Blood pressure", "114/70"),
          ("Fundal height", "30 cm"), ("Fetal heart rate", "144"), ("Next appointment", "12/03/2026")),
         "Since your last visit, any",
         (("Bleeding", "none"), ("Headache", "cross"), ("Swelling", "tick"), ("Contractions", "none"), ("Fluid loss", "none"), ("Blurred vision", "none")),
         degrees=0.6, wear=("stamp",)),
    Form("eye", "EYE CLINIC QUESTIONNAIRE", SERIF,
         (("Name", "Bartholomew Quick"), ("Right eye", "20/40"), ("Left eye", "20/25"), ("Timolol", "One drop twice daily"),
          ("Pressure", "17 and 22"), ("Diabetes since", "2011"), ("Driver", "")),
         "Do you notice",
         (("Halos", "none"), ("Floaters", "tick"), ("Flashes", "none"), ("Double vision", "none"), ("Redness", "cross"), ("Tearing", "cross")),
         degrees=1.5, wear=("shadow",)),
    Form("sleep", "SLEEP STUDY HISTORY", TYPED,
         (("Patient", "~Wilma Stratton"), ("Height", "5 ft 4 in"), ("Weight", "~188 pounds"), ("Bedtime", "10:30 PM"),
          ("Zolpidem", "~5 mg at night"), ("Naps", "2 a week"), ("Partner reports", "Loud snoring")),
         "In the last month",
         (("Snoring", "cross"), ("Gasping", "tick"), ("Restless legs", "none"), ("Sleepwalking", "none"), ("Headaches", "cross"), ("Nightmares", "none")),
         degrees=-0.8, wear=("specks",)),
    Form("home", "HOME CARE MEDICATION LIST", SANS,
         (("Client", "~Gideon Pemberton"), ("Warfarin", "2.5 mg every evening"), ("Digoxin", "125 mcg daily"), ("Insulin", "~14 units at bedtime"),
          ("Potassium", "20 mEq daily"), ("Nurse", "C. Ravenscroft"), ("Reviewed on", "10/21/2026")),
         "Help is needed with",
         (("Bathing", "tick"), ("Dressing", "none"), ("Meals", "cross"), ("Walking", "none"), ("Medicines", "cross"), ("Shopping", "none")),
         degrees=2.0, wear=("stamp", "noise")),
    Form("allergy", "ALLERGY CLINIC HISTORY", SANS,
         (("Name", "Philippa Osei-Grant"), ("Birth date", "02/09/1994"), ("Cetirizine", "10 mg every morning"), ("Reaction to", "Peanut: swelling of the lips"),
          ("EpiPen", "0.3 mg, carried"), ("Skin test", "May 2024"), ("School nurse", "")),
         "In which months?",
         (("March", "tick"), ("April", "cross"), ("May", "cross"), ("August", "faint"), ("September", "none"), ("October", "none"))),
    Form("thyroid", "ENDOCRINE FOLLOW-UP", SERIF,
         (("Patient", "Desmond Achebe"), ("Levothyroxine", "112 mcg daily"), ("Last TSH", "4.7 on 09/02/2026"), ("Weight change", "Minus 6 pounds"),
          ("Neck", "No lump noticed"), ("Calcium", "600 mg with dinner"), ("Other doctors", "")),
         "Lately, have you had",
         (("Cold hands", "cross"), ("Hair loss", "none"), ("Tremor", "none"), ("Palpitations", "out"), ("Constipation", "tick"), ("Hoarse voice", "none")),
         degrees=-2.6, wear=("noise",)),
    Form("kidney", "NEPHROLOGY NEW PATIENT", PLAIN,
         (("Patient name", "Ludmila Horvath"), ("Referred by", "Dr. Esteban Quiroga"), ("Creatinine", "1.8 mg/dL"), ("Lisinopril", "40 mg daily"),
          ("Furosemide", "20 mg every other day"), ("Dialysis", "Never"), ("Transplant", "")),
         "Family members with",
         (("Kidney stones", "none"), ("Cysts", "tick"), ("Gout", "none"), ("High pressure", "cross"), ("Diabetes", "cross"), ("Deafness", "none")),
         degrees=0.4, quarter=3),
    Form("skin", "DERMATOLOGY INTAKE", TYPED,
         (("Client", "Yusuf Karaman"), ("Age", "61"), ("Spot on", "Right temple, 8 mm"), ("Since", "About 5 months"),
          ("Methotrexate", "15 mg once a week"), ("Folic acid", "1 mg daily"), ("Sunscreen", "")),
         "Does the spot",
         (("Itch", "none"), ("Bleed", "cross"), ("Grow", "tick"), ("Hurt", "none"), ("Change color", "faint"), ("Crust", "fill")),
         degrees=-1.2, wear=("shadow", "specks")),
    Form("lung", "PULMONARY FUNCTION VISIT", SANS,
         (("Name", "Agnieszka Nowak"), ("Pack years", "22"), ("Quit", "June 2019"), ("Tiotropium", "18 mcg once daily"),
          ("Albuterol", "2 puffs as needed"), ("Oxygen at night", "2 liters"), ("Last chest film", "10/30/2025")),
         "What brings on your cough?",
         (("Cold air", "cross"), ("Dust", "cross"), ("Smoke", "tick"), ("Exercise", "none"), ("Lying down", "none"), ("Meals", "none")),
         degrees=2.9, wear=("stamp",)),
    Form("bone", "OSTEOPOROSIS SCREENING", SERIF,
         (("Patient", "~Constance Whitby"), ("Height now", "5 ft 2 in"), ("Alendronate", "70 mg every Sunday"), ("Vitamin D", "~2000 units"),
          ("Falls this year", "3"), ("Hip fracture", "Mother, left hip"), ("Bone density", "")),
         "Have you ever taken",
         (("Prednisone", "tick"), ("Warfarin", "none"), ("Estrogen", "cross"), ("Heparin", "none"), ("Lithium", "none"), ("Phenytoin", "none")),
         degrees=1.7, wear=("specks",)),
    Form("child", "WELL CHILD VISIT", PLAIN,
         (("Child", "Mateo Villanueva"), ("Born", "01/19/2023"), ("Weight", "13.4 kg"), ("Length", "92 cm"),
          ("Sleeps", "11 hours"), ("Amoxicillin in", "April 2026"), ("Day care", "")),
         "Your child can",
         (("Walk", "cross"), ("Run", "cross"), ("Climb stairs", "out"), ("Say two words", "tick"), ("Use a spoon", "cross"), ("Stack blocks", "none")),
         degrees=-0.5),
    Form("heart", "ANTICOAGULATION CLINIC", SANS,
         (("Name", "Roswitha Kessler"), ("Apixaban", "5 mg twice daily"), ("Atrial fibrillation since", "2018"), ("Last bleed", "Nose, 03/2026"),
          ("Aspirin", "Stopped in 2020"), ("Hemoglobin", "12.9"), ("Dentist told", "")),
         "Please tick what you take",
         (("Ibuprofen", "none"), ("Fish oil", "tick"), ("Ginkgo", "none"), ("Naproxen", "none"), ("Turmeric", "cross"), ("Diclofenac", "none")),
         degrees=0.9, quarter=1, wear=("noise",)),
)  # fmt: skip


@dataclass
class Pen:
    """A half sheet under the pen; what was drawn is told in `text`, line by line."""

    form: Form
    fonts: Fonts
    dice: random.Random
    image: Image.Image = field(default_factory=lambda: Image.new("L", SIZE, 250))
    text: list[str] = field(default_factory=list)

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image)

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        return self.fonts.get(self.form.font, size)

    def printed(self, x: int, y: int, text: str, size: int = 32) -> int:
        self.draw.text((x, y), text, font=self.font(size), fill=25, anchor="ls")
        return x + int(self.font(size).getlength(text))


def write_all(folder: Path, fonts: tuple[Path, ...]) -> list[dict[str, object]]:
    """Draw every form; what stands in each."""
    found = Fonts(fonts)
    listed = []
    for number, form in enumerate(FORMS):
        pen = Pen(form, found, random.Random(number))
        _draw(pen)
        name = f"form-{form.name}.jpg"
        _worn(pen.image, form, number).save(folder / name, quality=QUALITY, optimize=True)
        listed.append(_truth(form, name, pen.text))
    return listed


def _truth(form: Form, name: str, text: list[str]) -> dict[str, object]:
    fields = [
        {
            "label": label,
            "value": value.lstrip("~"),
            "how": "blank" if not value else "hand" if value[0] == "~" else "printed",
        }
        for label, value in form.fields
    ]
    boxes = [{"label": label, "state": _STATES.get(mark, "yes")} for label, mark in form.marks]
    way = " ".join([f"{form.degrees + 90 * form.quarter:g} degrees", *form.wear])
    return {"file": name, "way": way, "text": text, "fields": fields, "boxes": boxes}


def _draw(pen: Pen) -> None:
    form = pen.form
    pen.printed(130, 150, form.title, 46)
    pen.text.append(form.title)
    for number, (label, value) in enumerate(form.fields):
        y = 250 + 78 * number
        start = pen.printed(130, y, f"{label}:") + 16
        pen.draw.line([(start, y + 9), (1560, y + 9)], fill=110, width=2)
        if value.startswith("~"):
            _written(pen, start + 8, y, value[1:])
        elif value:
            pen.printed(start + 8, y, value)
        pen.text.append(f"{label}:" + (f" {value}" if value and value[0] != "~" else ""))
    top = 250 + 78 * len(form.fields) + 40
    pen.printed(130, top, form.question, 34)
    pen.text.append(form.question)
    for number, (label, mark) in enumerate(form.marks):
        x, y = 150 + 500 * (number % 3), top + 90 + 90 * (number // 3)
        _box(pen, x, y, mark)
        pen.printed(x + 56, y, label)
        pen.text.append(label)


def _written(pen: Pen, x: int, y: int, text: str) -> None:
    """By hand: word by word, each a little off the line."""
    font = pen.fonts.get(HAND if len(text) % 2 else PEN, 46)
    for word in text.split(" "):
        pen.draw.text((x, y + pen.dice.randint(-4, 3)), word, font=font, fill=50, anchor="ls")
        x += int(font.getlength(word + " ")) + pen.dice.randint(-2, 4)


def _box(pen: Pen, x: int, y: int, mark: str) -> None:
    side, off = 34, pen.dice.randint(-3, 3)
    top = y - 30
    pen.draw.rectangle([(x, top), (x + side, top + side)], outline=30, width=3)
    if mark == "cross":
        pen.draw.line([(x + 5 + off, top + 4), (x + side - 3, top + side - 5 + off)], fill=40, width=4)
        pen.draw.line([(x + side - 5, top + 5 + off), (x + 4 + off, top + side - 4)], fill=40, width=4)
    elif mark == "tick":
        pen.draw.line([(x + 6, top + 16), (x + 15, top + 29), (x + 40 + off, top - 8)], fill=40, width=5, joint="curve")
    elif mark == "faint":
        pen.draw.line([(x + 10, top + 18), (x + 17, top + 25), (x + 25 + off, top + 8)], fill=212, width=3)
    elif mark == "out":
        for turn in range(9):
            start, end = (x - 8 + 5 * turn, top - 9), (x - 3 + 5 * turn + off, top + side + 9)
            pen.draw.line([start, end] if turn % 2 else [(start[0], end[1]), (end[0], start[1])], fill=45, width=5)
        pen.draw.line([(x - 10, top + 12), (x + side + 10, top + 20)], fill=45, width=6)
    elif mark == "fill":
        pen.draw.rectangle([(x + 7, top + 7), (x + side - 6, top + side - 6)], fill=45)


def _worn(image: Image.Image, form: Form, seed: int) -> Image.Image:
    """What a scanner or a camera makes of it."""
    dice = np.random.default_rng(seed)
    if "stamp" in form.wear:
        image = _stamped(image)
    turned = image.rotate(form.degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=250)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.6))).astype(np.float32)
    height, width = pixels.shape
    if "shadow" in form.wear:
        pixels *= 1 - 0.45 * (np.arange(width) / width)[None, :] * (0.6 + 0.4 * np.arange(height) / height)[:, None]
    if "noise" in form.wear:
        pixels += dice.normal(0, 7, pixels.shape)
    if "specks" in form.wear:
        pixels[dice.random(pixels.shape) < 0.0003] = 90
    worn = np.rot90(np.clip(pixels, 0, 255).astype(np.uint8), form.quarter)
    return Image.fromarray(np.ascontiguousarray(worn))


def _stamped(image: Image.Image) -> Image.Image:
    """A round stamp over a free corner, slanted and pale."""
    stamp = Image.new("L", (300, 300), 255)
    draw = ImageDraw.Draw(stamp)
    for edge in (6, 26):
        draw.ellipse([(edge, edge), (300 - edge, 300 - edge)], outline=120, width=5)
    draw.line([(60, 150), (240, 150)], fill=120, width=4)
    turned = stamp.rotate(18, fillcolor=255)
    stamped = image.copy()
    stamped.paste(turned, (1340, 60), turned.point(lambda value: 255 if value < 200 else 0))
    return stamped
