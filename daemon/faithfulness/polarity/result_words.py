"""Words by which the result of a test is told: which way it came out, and what may stand between a test and its result."""

from __future__ import annotations

import re
from collections.abc import Mapping

from daemon.faithfulness.quantity.little_words import words as listed

RAISED, LOWERED, FINE = "raised", "lowered", "fine"
VALUES: Mapping[str, str] = {
    **dict.fromkeys(listed("positive pos +ve reactive detected abnormal raised elevated high malignant cancerous precancerous"), RAISED),
    **dict.fromkeys(listed("negative neg -ve nonreactive non-reactive undetected undetectable normal unremarkable benign noncancerous non-cancerous nondetected"), FINE),
    "low": LOWERED,
    "clear": FINE,
}  # fmt: skip
"""A word for a result → which way it came out; "low" is neither, and against "high" in any case."""
SIGNS = listed("positive negative pos neg +ve -ve reactive nonreactive non-reactive detected undetected undetectable")
HINTS = (
    "positiv", "negativ", "pos", "neg", "+ve", "-ve", "reactive", "detect", "normal", "raised", "elevated", "high", "low", "benign", "malignan", "cancerous", "clear",
    "unremarkable", "limits",
)  # fmt: skip
ORDINARY = re.compile(r"positiv|negativ|\bpos\b|\bneg\b|[+-]ve\b|reactive|detect|normal|\braised|elevated|\bhigh\b|\blow\b|benign|malignan|cancerous|\bclear\b|unremarkable|limits", re.IGNORECASE)  # fmt: skip
NO_RESULT = listed(
    "sinus saline risk dose doses grade back blood fat carb carbs salt sodium liquids liquid fluids pressure impact energy airway airways mood moods attitude school "
    "suspicion probability intensity side margins effect effects predictive pressure feedback quality speed flow output"
)
"""After these a word for a result says something else: "low back", "clear liquids", "normal sinus rhythm"."""
DENIES = listed("not never isn't wasn't aren't weren't n't without isnt wasnt ain't doesn't didn't no hasn't haven't")
UNSURE = listed(
    "if whether unless would could should may might pending until when once rule await awaiting waiting false possible possibly assuming hopefully suspect "
    "otherwise near nearly almost borderline equivocal indeterminate inconclusive repeat expect expected supposed maybe hoping hope depending wait"
)
LINKS = listed(
    "is was are were be been being came come comes coming back returned return as at all both also again today still now tested test tests testing result results level "
    "levels screen screening reading showed shows show shown the a an your her his their my it and or which that has have had very slightly mildly little bit "
    "somewhat markedly significantly quite really just pretty completely totally entirely within it's that's they're there's again fortunately thankfully unfortunately "
    "so today's actually looks looked look looking appears appeared reported noted found read reads remains remained for to on of out in uh um antibody antigen status but "
    "both swab culture pcr"
)
JOINS = frozenset({",", "and", "or", "nor", "the", "a", "both", "&", "as", "well", "plus", "also", "your", "any"})
HEADS = listed("test tests screen swab titer titre antibody antibodies antigen pcr sign assay serology marker culture")
VERBS = frozenset({"is", "was", "are", "were", "came", "returned", "'s", "comes", "has", "have", "showed", "shows"})
PARTS = frozenset({",", ":", "and", "but", "or", "with", "because", "so", "that's", "your", "my", "her", "his"})
NO_TEST = frozenset(
    {
        "margin",
        "margins",
        "group",
        "type",
        "blood",
        "side",
        "sides",
        "node",
        "nodes",
        "finding",
        "findings",
        "exam",
        "review",
        "cell",
        "cells",
        "stain",
        "patient",
        "history",
        "ros",
        "systems",
    }
)
"""Words before "positive" that name no test, or not which."""
DIETS = frozenset({"high", "low"})
"""Before a name they may speak of a diet or of an illness: "low cholesterol", "high blood sugar"."""
