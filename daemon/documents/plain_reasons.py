"""Why a document's file is refused, in the words of the person who wrote it: which key, and what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_REASONS = {
    "extra_forbidden": "there is no such key here; is it misspelt?",
    "missing": "is missing",
    "string_type": "should be a text in quotation marks",
    "list_type": 'should be a list: ["one", "another"]',
    "dict_type": "should be a table of its own",
    "int_type": "should be a whole number",
    "bool_type": "should be true or false",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
}
_PATTERNS = {
    "key": "should be small letters, digits and -, beginning with a letter",
    "cues": "should be a phrase in small letters, of 3 to 80 characters",
    "fields": "should be a label in small letters, of at most 80 characters",
    "headings": "should be a heading in small letters, of at most 80 characters",
}


def plain_key(loc: Sequence[str | int], parsed_toml: Mapping[str, Any]) -> str:
    """Where it is: `section “plan”: cues, number 2`, as the file's reader counts; `loc` is pydantic's path."""
    said: list[str] = []
    here: Any = parsed_toml
    for step in loc:
        if not isinstance(here, dict | list):
            break  # pydantic goes on with which kind of value it tried
        here = _inside(here, step)
        if isinstance(step, int):
            name = here.get("key") or here.get("item") if isinstance(here, dict) else None
            place = f" “{name}”" if isinstance(name, str) else f" number {step + 1}"
            said[-1:] = [said[-1] + place] if said else [place.strip()]
        else:
            said.append(step)
    return ": ".join(said) or "-"


def plain_reason(error: Mapping[str, Any]) -> str:
    """Why, from one of pydantic's errors: its own message where that can be understood without knowing pydantic."""
    kind = error["type"]
    if kind == "literal_error":
        return f"should be {error['ctx']['expected']}"
    if kind == "string_pattern_mismatch":
        names = [step for step in error["loc"] if isinstance(step, str)]
        return _PATTERNS.get(names[-1] if names else "", "should be one line of text")
    if kind == "string_too_long":
        return f"should have at most {error['ctx']['max_length']} characters"
    message: str = error["msg"]
    return _REASONS.get(kind, message)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
