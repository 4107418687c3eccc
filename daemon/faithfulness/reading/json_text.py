"""JSON in a file that may as well be plain text."""

from __future__ import annotations

import json
from typing import Any

from daemon.model.errors import PermanentError


def object_in(text: str, code: str) -> Any:
    """The object or list that `text` is, or None for plain text; `code` where it begins as an object and is none.

    "[doctor] Hello" begins like a list, so what begins so and is no JSON is plain text.
    """
    opening = text.lstrip()[:1]
    if opening not in {"{", "["}:
        return None
    try:
        return json.loads(text)
    except RecursionError:
        raise PermanentError(code) from None
    except ValueError:
        if opening == "{" and _is_meant_as_json(text):
            raise PermanentError(code) from None
        return None


def string_of(value: str) -> str:
    r"""A string of JSON without the halves of characters that JSON lets stand alone ("\ud800"): nothing could print them."""
    return value if value.isascii() else value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _is_meant_as_json(text: str) -> bool:
    return text.lstrip()[1:].lstrip()[:1] in {'"', "'", "}", ""}
