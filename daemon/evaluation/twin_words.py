"""What errors are made of: units that are confused, drugs that look or sound alike, frequencies, and names that nobody bears here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

UNITS: Mapping[str, str] = {
    "mg": "mcg", "mcg": "mg", "g": "mg", "grams": "milligrams", "milligrams": "micrograms", "micrograms": "milligrams",
    "mL": "L", "ml": "l", "milliliters": "liters", "liters": "milliliters", "day": "week", "days": "weeks", "week": "month",
    "weeks": "months", "month": "year", "months": "years", "year": "month", "years": "months", "hour": "day", "hours": "days",
    "minute": "hour", "minutes": "hours", "pounds": "kilograms", "lbs": "kg", "kg": "lbs", "kilograms": "pounds", "inches": "feet", "cm": "mm",
    "mm": "cm", "centimeters": "millimeters", "millimeters": "centimeters", "packs": "cigarettes", "miles": "feet", "feet": "inches",
}  # fmt: skip
SMALL_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

_LOOKALIKES = (
    ("hydroxyzine", "hydralazine"), ("metformin", "metronidazole"), ("prednisone", "prednisolone"), ("lamotrigine", "lamivudine"),
    ("clonidine", "clonazepam"), ("tramadol", "trazodone"), ("bupropion", "buspirone"), ("celebrex", "celexa"), ("zantac", "xanax"),
    ("losartan", "valsartan"), ("lisinopril", "fosinopril"), ("amlodipine", "felodipine"), ("glipizide", "glyburide"),
    ("metoprolol", "propranolol"), ("atorvastatin", "simvastatin"), ("furosemide", "torsemide"), ("omeprazole", "esomeprazole"),
    ("ibuprofen", "naproxen"), ("tylenol", "toradol"), ("lasix", "luvox"), ("norvasc", "navane"), ("lipitor", "lopressor"),
    ("penicillin", "penicillamine"), ("allopurinol", "haloperidol"), ("carvedilol", "captopril"), ("cozaar", "colazal"), ("protonix", "lotronex"),
    ("symbicort", "spiriva"), ("ultram", "voltaren"), ("flexeril", "floxin"), ("gabapentin", "gemfibrozil"), ("zoloft", "zocor"),
    ("brilinta", "brintellix"), ("motrin", "neurontin"), ("naprosyn", "niaspan"), ("clindamycin", "clarithromycin"), ("bumex", "buspar"),
)  # fmt: skip
"""Pairs after the list of confused drug names of the Institute for Safe Medication Practices, and neighbours of a class."""
LOOKALIKE: Mapping[str, str] = {one: other for pair in _LOOKALIKES for one, other in (pair, pair[::-1])}
OTHER_DRUGS: Mapping[str, tuple[str, ...]] = {
    "warfarin": ("coumadin", "jantoven"), "sertraline": ("zoloft",), "gabapentin": ("neurontin", "gralise"), "ciprofloxacin": ("cipro",),
    "methotrexate": ("trexall", "otrexup"), "levothyroxine": ("synthroid", "unithroid", "levoxyl", "euthyrox"), "digoxin": ("lanoxin",),
    "tamsulosin": ("flomax",), "doxycycline": ("vibramycin", "doryx"), "spironolactone": ("aldactone",),
}  # fmt: skip
"""Drugs that have nothing to do with most notes, each with its other names, for which it is no error."""

FREQUENCIES: Sequence[tuple[str, str]] = (
    ("once daily", "three times daily"), ("twice daily", "four times daily"), ("once a day", "three times a day"),
    ("twice a day", "four times a day"), ("three times a day", "once a day"), ("three times daily", "once daily"),
    ("3 times a day", "once a day"), ("3 times daily", "once daily"), ("2 times a day", "4 times a day"), ("daily", "weekly"),
    ("every day", "every week"), ("weekly", "daily"), ("twice a week", "twice a day"), ("once a week", "once a day"),
    ("nightly", "every morning"), ("at night", "in the morning"), ("at bedtime", "every 8 hours"), ("every morning", "every evening"),
    ("every other day", "every day"), ("every 4 hours", "every 12 hours"), ("every 6 hours", "every 12 hours"),
    ("every 8 hours", "every 24 hours"), ("every 12 hours", "every 4 hours"), ("a day", "a week"), ("per day", "per week"),
    ("per week", "per month"), ("a week", "a month"), ("monthly", "weekly"), ("bid", "qid"), ("b.i.d.", "q.i.d."), ("qd", "tid"), ("qhs", "tid"),
    ("tid", "qd"), ("q6h", "q12h"), ("q8h", "q24h"),
)  # fmt: skip
"""How often is said, and an error in it: the first that stands in a sentence counts."""

NAMES = ("Hawthorne", "Okonkwo", "Lindqvist", "Castellano", "Abernathy", "Featherstone")
