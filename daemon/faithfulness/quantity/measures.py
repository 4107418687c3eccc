"""What is measured in a patient, by the words that name it: vital signs, laboratory values, scores, sizes."""

from __future__ import annotations

from daemon.faithfulness.reading.tokens import Token

_FAMILIES = {
    "blood pressure": "bp pressure pressures systolic diastolic",
    "heart rate": "hr pulse heartrate",
    "respiratory rate": "rr respirations respiration respiratory resp",
    "temperature": "temp temperature tmax febrile afebrile",
    "oxygen saturation": "saturation saturations spo2 spo sao satting sat sats saturating ox oximetry o2 oxygen oxygenation",
    "weight": "weight wt weighs weighed weigh weighing", "height": "height ht", "BMI": "bmi", "A1c": "a1c hba1c hgba1c a1cs hbaic",
    "glucose": "glucose sugar sugars", "LDL": "ldl", "HDL": "hdl", "triglycerides": "triglycerides triglyceride",
    "cholesterol": "cholesterol", "creatinine": "creatinine", "GFR": "gfr egfr", "BUN": "bun", "sodium": "sodium", "potassium": "potassium",
    "hemoglobin": "hemoglobin haemoglobin hgb hb", "hematocrit": "hematocrit haematocrit hct", "white blood cells": "wbc leukocytes", "platelets": "platelets platelet plt",
    "TSH": "tsh", "INR": "inr", "PSA": "psa", "BNP": "bnp probnp", "troponin": "troponin", "ferritin": "ferritin", "calcium": "calcium",
    "magnesium": "magnesium", "AST": "ast", "ALT": "alt", "bilirubin": "bilirubin", "albumin": "albumin", "lipase": "lipase", "lactate": "lactate",
    "ESR": "esr", "CRP": "crp", "testosterone": "testosterone", "T4": "t4", "ejection fraction": "ejection ef lvef",
    "pain": "pain", "PHQ-9": "phq phq9", "GAD-7": "gad gad7", "MMSE": "mmse", "MoCA": "moca", "Apgar": "apgar apgars", "GCS": "gcs", "uric acid": "uric",
    "range of motion": "flexion extension abduction adduction rotation", "T-score": "tscore",
}  # fmt: skip
FAMILY = {word: name for name, words in _FAMILIES.items() for word in words.split()}
_SPELT = {("good", "cholesterol"): "HDL", ("bad", "cholesterol"): "LDL", ("pulse", "oxygenation"): "oxygen saturation", ("heart", "rate"): "heart rate", ("pulse", "ox"): "oxygen saturation", ("a", "one", "c"): "A1c", ("a1", "c"): "A1c",
          ("a", "1", "c"): "A1c", ("hba", "1", "c"): "A1c", ("hgba", "1", "c"): "A1c", ("hb", "a1", "c"): "A1c", ("a", "1c"): "A1c", ("pulse", "oximetry"): "oxygen saturation", ("body", "mass"): "BMI",
          ("white", "blood"): "white blood cells", ("white", "count"): "white blood cells"}  # fmt: skip
_BREAKS = frozenset({".", ";", "?", "!"})
_REACH = 9
"""Words between a measure and its value: "your blood pressure today in the office was a little high at"."""


def measure_before(tokens: list[Token], index: int, reach: int = _REACH) -> str | None:
    """The measure that the number at token `index` is the value of: the last one named before it in its sentence."""
    for at in range(index - 1, max(-1, index - 1 - reach), -1):
        if tokens[at].text in _BREAKS and not (at + 1 < len(tokens) and tokens[at + 1].glued):
            return None
        if (found := measure_at(tokens, at)) is not None:
            return found
    return None


def measure_at(tokens: list[Token], at: int) -> str | None:
    """The measure whose last word is at token `at`."""
    word = tokens[at].text
    if word in {"rate", "ox", "oximetry", "c", "1c", "mass", "blood", "count", "cholesterol", "oxygenation"}:
        for size in (3, 2):
            if name := _SPELT.get(tuple(token.text for token in tokens[max(0, at - size + 1) : at + 1])):
                return name
    if word == "hemoglobin" and at + 1 < len(tokens) and tokens[at + 1].text.startswith("a"):
        return None
    return FAMILY.get(word)
