"""The English words that carry numbers in a visit, a dictation or a form. Lower case throughout."""

from __future__ import annotations

from decimal import Decimal

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_ORDINAL_ONES = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"]
_ORDINAL_TEENS = [
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
]

UNITS = {word: value for value, word in enumerate(_ONES)}
TEENS = {word: value + 10 for value, word in enumerate(_TEENS)}
TENS = {word: value * 10 + 20 for value, word in enumerate(_TENS)} | {"fourty": 40}
SMALL = UNITS | TEENS | TENS
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
DECADES = {word.removesuffix("y") + "ies": value for word, value in TENS.items()}

ORDINAL_UNITS = {word: value + 1 for value, word in enumerate(_ORDINAL_ONES)}
ORDINALS = (
    ORDINAL_UNITS
    | {word: value + 10 for value, word in enumerate(_ORDINAL_TEENS)}
    | {word.removesuffix("y") + "ieth": value for word, value in TENS.items()}
    | {"hundredth": 100}
)
ORDINAL_SUFFIXES = frozenset({"st", "nd", "rd", "th"})

FRACTIONS = {
    "half": Decimal(1) / 2, "halves": Decimal(1) / 2, "third": Decimal(1) / 3, "thirds": Decimal(1) / 3,
    "quarter": Decimal(1) / 4, "quarters": Decimal(1) / 4, "fourth": Decimal(1) / 4, "fourths": Decimal(1) / 4,
    "fifth": Decimal(1) / 5, "fifths": Decimal(1) / 5, "eighth": Decimal(1) / 8, "eighths": Decimal(1) / 8,
}  # fmt: skip
FRACTION_VALUES = {
    "½": Decimal(1) / 2, "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3, "¼": Decimal(1) / 4, "¾": Decimal(3) / 4,
    "⅛": Decimal(1) / 8, "⅜": Decimal(3) / 8, "⅝": Decimal(5) / 8, "⅞": Decimal(7) / 8,
}  # fmt: skip

_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
MONTHS |= {name[:3]: number for name, number in MONTHS.items() if name != "may"} | {"sept": 9}

# Abbreviations of the Latin terms of prescriptions, as times a day.
LATIN_TIMES = {"qd": 1, "qday": 1, "qdaily": 1, "bid": 2, "tid": 3, "qid": 4, "bd": 2, "bds": 2, "tds": 3, "qds": 4}
TIMES = {"once": 1, "twice": 2, "thrice": 3}
PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year", "nightly": "day",
           "hourly": "hour", "fortnightly": "fortnight"}  # fmt: skip
PERIOD_NOUNS = {"day": "day", "night": "day", "morning": "day", "evening": "day", "bedtime": "day", "week": "week",
                "fortnight": "fortnight", "month": "month", "year": "year", "hour": "hour", "minute": "minute"}  # fmt: skip

ROMANS = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
ROMAN_LEADS = frozenset(
    [
        "type",
        "types",
        "stage",
        "stages",
        "grade",
        "grades",
        "class",
        "phase",
        "category",
        "level",
        "factor",
        "bipolar",
        "nerve",
        "nerves",
        "cn",
        "nyha",
        "mallampati",
    ]
)

# Letters that, glued to a number, announce a vital sign rather than begin a name.
VITALS = frozenset(
    ["bp", "hr", "rr", "wt", "ht", "bmi", "temp", "pulse", "resp", "sat", "pox", "age", "wbc", "hgb", "plt"]
)
# Spoken names that stand for a written one: what is said on the left supports what is written on the right.
NAME_ALIASES = {
    "covid": ("covid19",), "coronavirus": ("covid19",), "oxygen": ("o2", "spo2"), "sats": ("o2", "spo2"),
    "sat": ("o2", "spo2"), "saturating": ("o2", "spo2"), "saturation": ("o2", "spo2"), "saturations": ("o2", "spo2"), "satting": ("o2", "spo2"),
    "ox": ("o2", "spo2"), "oximetry": ("o2", "spo2"), "thyroxine": ("t4",),
    "cobalamin": ("b12",), "cyanocobalamin": ("b12",), "cholecalciferol": ("d3",), "ergocalciferol": ("d2",),
}  # fmt: skip
SAME_NAMES = {"hba1c": "a1c", "hgba1c": "a1c", "hbga1c": "a1c", "spo2": "o2", "pao2": "pao2", "covid2019": "covid19"}
# How a letter of a name is spelt when it was heard as a word.
HEARD_LETTERS = {
    "be": "b",
    "bee": "b",
    "see": "c",
    "tea": "t",
    "el": "l",
    "ell": "l",
    "oh": "o",
    "tee": "t",
    "dee": "d",
}

# After "second", an idiom; after "first", a place in a real row. All other "first"s only tell a story.
SECOND_IDIOMS = frozenset(["opinion", "opinions", "hand", "hands", "thought", "thoughts", "guess", "nature"])
FIRST_IN_A_ROW = frozenset(
    [
        "trimester",
        "metatarsal",
        "metacarpal",
        "toe",
        "toes",
        "finger",
        "digit",
        "degree",
        "rib",
        "dose",
        "ray",
        "molar",
        "cranial",
        "mtp",
    ]
)
# "one" counts things only before a unit; before "day" it also needs one of these in front ("one day she fell").
ONE_DAY_LEADS = frozenset(
    [
        "for",
        "in",
        "after",
        "within",
        "over",
        "every",
        "than",
        "only",
        "by",
        "last",
        "past",
        "next",
        "least",
        "about",
        "each",
    ]
)
NOT_A_POINT = frozenset(["this", "that", "the", "some", "what", "any", "which", "starting", "trigger", "pressure"])
