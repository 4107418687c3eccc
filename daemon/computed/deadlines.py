"""The deadline that a clause says, in its own words: "by Friday noon", "before the end of the month", "as soon as possible".

No day of the week is turned into a date. "By", "before" and "within" always announce one; "on", "at" or a bare "tomorrow" only where
it ends the clause, since "move the meeting on Monday to Tuesday" gives no deadline.
"""

from __future__ import annotations

import re

_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_PART = r"(?:(?:at\s+)?(?:noon|midnight|lunch(?:time)?|\d{1,2}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?|o['’]clock)?)|(?:early\s+|late\s+)?(?:morning|afternoon|evening|night))"
_SAID_HOUR = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?:\s+(?:thirty|fifteen|forty[- ]five))?(?:\s*(?:a\.?\s?m\.?|p\.?\s?m\.?|o['’]clock))?"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
_ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|twentieth|"
    r"twenty[- ](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[- ]first)"
)
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty|sixty|ninety|a\s+few|the\s+next(?:\s+\w+)?)"
_SPAN = r"(?:business\s+|working\s+|calendar\s+)?(?:minutes?|hours?|days?|weeks?|months?|quarter|year)"
_WHEN = (
    rf"(?:(?:the\s+)?(?:end|close|start|beginning|middle)\s+of\s+(?:(?:the|this|next)\s+)?(?:business(?:\s+(?:day|today|tomorrow|{_DAY}))?|day|week|month|quarter|year|shift|"
    rf"(?:today|tomorrow|{_DAY})|{_MONTH})(?:\s+(?:today|tomorrow|on\s+{_DAY}|{_DAY}))?|c\.?o\.?b\.?|e\.?o\.?d\.?|"
    rf"(?:(?:this|next|the\s+following|the\s+coming|coming)\s+)?{_DAY}(?:\s+{_PART})?(?:\s+(?:this|next)\s+week)?(?:,?\s+(?:the\s+)?{_MONTH}\s+{_ORDINAL}|,?\s+the\s+{_ORDINAL})?|"
    rf"{_MONTH}\s+(?:the\s+)?{_ORDINAL}(?:,?\s+\d{{4}})?|the\s+{_ORDINAL}(?:\s+of\s+{_MONTH})?|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?|"
    rf"(?:today|tonight|tomorrow)(?:\s+{_PART})?|(?:this|next)\s+(?:week|month|quarter|year|morning|afternoon|evening|weekend)|noon|midnight|lunch(?:time)?|"
    rf"\d{{1,2}}(?::\d\d)?\s*(?:a\.?m\.?|p\.?m\.?|o['’]clock)?(?:\s+(?:today|tomorrow|on\s+{_DAY}|{_DAY}))?|{_SAID_HOUR}(?:\s+(?:today|tomorrow|on\s+{_DAY}|{_DAY}))?)"
)
_EVENT = r"(?:the\s+|my\s+|our\s+|her\s+|his\s+|their\s+|your\s+|we\s+|i\s+|they\s+)[^,.;]{3,50}"
_SURE = re.compile(
    rf"\b(?:(?:no|not)\s+later\s+than|by|before|prior\s+to|until|due(?:\s+(?:on|by))?|at\s+the\s+latest\s+by)\s+{_WHEN}(?!\w)(?:\s+at\s+the\s+latest)?|"
    rf"\bwithin\s+(?:the\s+next\s+)?{_COUNT}\s+{_SPAN}\b|\b(?:as\s+soon\s+as\s+possible|as\s+soon\s+as\s+you\s+can|a\.?s\.?a\.?p\.?|right\s+away|immediately|at\s+once|"
    rf"first\s+thing(?:\s+(?:in\s+the\s+morning|tomorrow(?:\s+morning)?|today|(?:on\s+)?{_DAY}(?:\s+morning)?))?)(?!\w)|"
    rf"\b(?:today|tomorrow)\s+at\s+the\s+latest\b",
    re.IGNORECASE,
)
_BEFORE_EVENT = re.compile(rf"\b(?:before|prior\s+to)\s+{_EVENT}$", re.IGNORECASE)
_AT_END = re.compile(
    rf"\b(?:(?:on|at|in|over)\s+(?:the\s+)?)?(?:{_WHEN})\s*[.!?]*$|\bin\s+(?:the\s+next\s+)?{_COUNT}\s+{_SPAN}\s*[.!?]*$|"
    rf"\b(?:in\s+the\s+(?:morning|afternoon|evening)|every\s+(?:day|week|month|morning|evening|{_DAY}))\s*[.!?]*$",
    re.IGNORECASE,
)
_GIVES_A_TIME = re.compile(r"\b(?:to|until|from|instead\s+of|for|and|or|than|of)\s+$", re.IGNORECASE)
_MOVES = re.compile(r"^(?:move|reschedule|rebook|change|switch|swap|ask|tell|remind|postpone)\b", re.IGNORECASE)


def deadline(clause: str, begin: int = 0) -> tuple[int, int] | None:
    """Where the deadline of a clause stands, as (start, end) in characters; the last sure one, else what ends the clause.

    What stands before `begin` is a condition, and gives none.
    """
    sure = [found.span() for found in _SURE.finditer(clause, begin)]
    if sure:
        return sure[-1]
    event = _BEFORE_EVENT.search(clause.rstrip(" .!?"), begin)
    if event is not None:
        return event.span()
    found = _AT_END.search(clause, begin)
    if found is None or _MOVES.match(clause) or _GIVES_A_TIME.search(clause, 0, found.start()):
        return None
    text = found.group().rstrip(" .!?")
    named = re.search(r"[^\W\d_]{3}", text) is not None
    return (found.start(), found.start() + len(text)) if named else None
