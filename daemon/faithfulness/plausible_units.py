"""Units in which certain things are never measured, or certain drugs never given. What is not listed here may have any unit.

Laboratory and vital units are the conventional ones of the United States; drugs dosed in micrograms after their labels.
"""

from __future__ import annotations

from daemon.faithfulness.mention import Mention
from daemon.faithfulness.sayings import words_before
from daemon.faithfulness.tokens import Token

_MICROGRAM_DRUGS = (
    "levothyroxine", "liothyronine", "thyroid", "fentanyl", "fluticasone", "mometasone", "beclomethasone", "budesonide", "ciclesonide",
    "salmeterol", "formoterol", "albuterol", "levalbuterol", "ipratropium", "tiotropium", "umeclidinium", "vilanterol", "triamcinolone",
    "digoxin", "folic acid", "cyanocobalamin", "vitamin", "ergocalciferol", "cholecalciferol", "calcitriol", "misoprostol", "desmopressin",
    "clonidine", "octreotide", "exenatide", "teriparatide", "filgrastim", "interferon", "buprenorphine", "latanoprost", "estradiol",
    "norethindrone", "levonorgestrel", "biotin", "selenium", "chromium", "iodine", "vaccine", "darbepoetin", "sufentanil", "remifentanil",
    "nitroglycerin", "dexmedetomidine", "olodaterol", "indacaterol", "glycopyrrolate", "methylergonovine", "carboprost", "alprostadil",
    "ziconotide", "cabergoline", "ropinirole", "risperidone", "epinephrine", "norepinephrine", "phenylephrine", "insulin",
)  # fmt: skip
_ONLY_MICROGRAMS = ("levothyroxine", "liothyronine", "fentanyl", "tiotropium", "salmeterol")
_UNIT_DRUGS = (
    "insulin", "heparin", "enoxaparin", "dalteparin", "vitamin", "cholecalciferol", "ergocalciferol", "botulinum", "penicillin", "bacitracin",
    "nystatin", "oxytocin", "vasopressin", "epoetin", "calcitonin", "hyaluronidase", "gonadotropin", "streptokinase", "polymyxin", "interferon",
    "pancrelipase", "lipase", "factor", "antithrombin", "retinol", "follitropin", "asparaginase", "immune", "somatropin", "urokinase", "bleomycin",
)  # fmt: skip
_MEASURES = {
    "saturation": {"%"}, "spo2": {"%"}, "o2": {"%", "l", "l/minute"}, "sats": {"%"}, "fraction": {"%"}, "a1c": {"%"}, "hba1c": {"%"},
    "hematocrit": {"%"}, "pressure": {"mmhg"}, "bp": {"mmhg"}, "pulse": {"bpm", "beat", "beat/minute"}, "rate": {"bpm", "beat", "breath"},
    "temperature": {"degree"}, "temp": {"degree"}, "weight": {"lb", "kg", "oz", "g", "unit"}, "ldl": {"mg/dl", "mmol/l", "mg"},
    "hdl": {"mg/dl", "mmol/l", "mg"}, "cholesterol": {"mg/dl", "mmol/l", "mg"}, "triglycerides": {"mg/dl", "mmol/l", "mg"},
    "glucose": {"mg/dl", "mmol/l", "mg"}, "creatinine": {"mg/dl", "umol/l", "mg", "ml/minute"}, "bmi": {"kg/m2"},
}  # fmt: skip
_DISTANCE = 4


def is_implausible(unit: str, tokens: list[Token], mention: Mention, drug: str | None) -> bool:
    """Whether `unit`, which nobody said, is one that the measure before the number, or the drug it is a dose of, never has."""
    if drug is not None and unit in {"mg", "mcg", "g", "unit"}:
        return _never_given(unit, drug)
    for word in words_before(tokens, mention.first, _DISTANCE):
        if (usual := _MEASURES.get(word)) is not None:
            return not any(unit == each or unit.startswith((each + "/", each + " ")) for each in usual)
    return False


def _never_given(unit: str, drug: str) -> bool:
    if unit == "mcg":
        return not any(each in drug for each in _MICROGRAM_DRUGS)
    if unit == "unit":
        return not any(each in drug for each in _UNIT_DRUGS)
    return any(each in drug for each in _ONLY_MICROGRAMS)
