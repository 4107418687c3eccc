"""Errors: a stable code, one sentence a person can act on, and whether trying again can help.

An error carries its code and nothing else, so that no text from a document can travel in one: not through a log,
not through the workflow store, not through an exception's arguments. What people read is looked up by the code.
"""

from __future__ import annotations

from daemon.model.error_catalog import CATALOG, ErrorText


class ChartdraftError(Exception):
    """The root of all errors raised on purpose. Use one of its two subclasses.

    `code` must be a key of `daemon.model.error_catalog.CATALOG`; an unknown code is a programming error (KeyError).
    """

    retryable: bool = False

    def __init__(self, code: str) -> None:
        self.text: ErrorText = CATALOG[code]
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        return f"{self.text.sentence} ({self.code})"

    def __reduce__(self) -> tuple[type[ChartdraftError], tuple[str]]:
        return type(self), (self.code,)


class PermanentError(ChartdraftError):
    """The same input will fail the same way: a person has to act."""


class RetryableError(ChartdraftError):
    """The same input may well succeed later.

    After `text.attempts` failed attempts it counts as permanent; `None` means: wait for as long as it takes.
    """

    retryable = True
