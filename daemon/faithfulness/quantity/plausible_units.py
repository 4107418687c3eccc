"""Units in which certain things are never measured, or certain drugs never given. What is not listed here may have any unit.

Laboratory and vital units are the conventional ones of the United States; drugs dosed in micrograms after their labels.
"""

from __future__ import annotations

from daemon.faithfulness.quantity.measures import measure_before
from daemon.faithfulness.quantity.mention import Mention
from daemon.faithfulness.reading.tokens import Token

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
_MASS = {"mg/dl", "mmol/l", "mg", "g/dl"}
_MEASURES = {
    "oxygen saturation": {"%", "l"}, "ejection fraction": {"%"}, "A1c": {"%"}, "hematocrit": {"%"}, "blood pressure": {"mmhg"},
    "heart rate": {"bpm", "beat"}, "respiratory rate": {"bpm", "breath", "times"}, "temperature": {"degree"},
    "weight": {"lb", "kg", "oz", "g"}, "LDL": _MASS, "HDL": _MASS, "cholesterol": _MASS, "triglycerides": _MASS, "glucose": _MASS,
    "creatinine": _MASS | {"umol/l", "ml"}, "BUN": _MASS, "BMI": {"kg"}, "height": {"ft", "inch", "cm", "m"}, "hemoglobin": _MASS | {"g", "%"},
}  # fmt: skip
_TIMES = frozenset({"day", "week", "month", "year", "hour", "minute"})


def is_implausible(unit: str, tokens: list[Token], mention: Mention, drug: str | None) -> bool:
    """Whether `unit`, which nobody said, is one that the measure before the number, or the drug it is a dose of, never has."""
    if drug is not None and unit in {"mg", "mcg", "g", "unit"}:
        return _never_given(unit, drug)
    usual = _MEASURES.get(measure_before(tokens, mention.first) or "")
    if usual is None or unit in _TIMES:
        return False
    return not any(unit == each or unit.startswith((each + "/", each + " ")) for each in usual)


def _never_given(unit: str, drug: str) -> bool:
    if unit == "mcg":
        return not any(each in drug for each in _MICROGRAM_DRUGS)
    if unit == "unit":
        return not any(each in drug for each in _UNIT_DRUGS)
    return any(each in drug for each in _ONLY_MICROGRAMS)
