"""What may stand in a line of the log: the events there are, the keys there are, and for each key what its value may be.

It is an allow-list: a key that is not in the table is left out and counted, and a value that is not what the table says becomes `?`. So
no sentence, no name of a file and no message of an exception can come into the log, whoever writes the line, and by mistake as little as
by intent. Of an exception there remain its class and the places in the code it came through.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Mapping
from types import TracebackType

from daemon.model.error_catalog import CATALOG

Value = str | int | float
_Rule = Callable[[object], bool]

UNSAID = "?"
"""Stands where a value was that must not."""
MOST_PLACES = 12
"""Of the places that an exception came through, the innermost ones: enough to find the fault, in a line of bounded length."""
_MOST = 2**53 - 1  # RFC 8259 6: what every JSON reader agrees on

EVENTS = frozenset({
    *("service-failed", "service-cannot-begin", "service-hangs", "service-waits", "service-goes-on"),
    *("service-starts-anew", "clock-jumped", "drafts-wait", "folder-not-made", "folder-made-again", "page-waits"),
    *("claim-waits", "note-waits", "event-unrecorded", "tidying-waits", "notice-not-shown", "not-kept-awake"),
    *("job-waits", "step-failed", "failure-unrecorded", "purged", "purge-waits", "library-warns", "foreign-record", "connection-refused"),
})  # fmt: skip
"""Every event of the log. What is not among them is not said, even if it looks like a code."""
LEVELS = frozenset({"debug", "info", "warning", "error", "critical"})
_STATES = frozenset({"waiting", "reading", "drafting", "checking", "delivered", "attention"})
_PLACES = frozenset({"inbox", "outbox", "state", "vault", "audit"})


def _like(pattern: str) -> _Rule:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _one_of(values: frozenset[str] | Mapping[str, object]) -> _Rule:
    return lambda value: isinstance(value, str) and value in values


def _is_number(value: object) -> bool:
    return type(value) in {int, float} and math.isfinite(value) and abs(value) <= _MOST  # type: ignore[arg-type] # they are


ALLOWED: dict[str, _Rule] = {
    "time": _like(r"[0-9-]{10}T[0-9:]{8}(\.[0-9]{1,6})?Z"),
    "level": _one_of(LEVELS),
    "event": _one_of(EVENTS),
    "job": _like("[a-z2-7]{26}"),
    "code": _one_of(CATALOG),
    "step": _one_of(_STATES),
    "document": _like("[a-z][a-z0-9-]{0,31}"),
    "place": _one_of(_PLACES),
    # Ours end in one of these; a name does not. An exception handed in as such may have a class of any name: see `_tell_of`.
    "error": _like("[A-Za-z_]{0,56}(Error|Exception|Expired|Timeout|Warning|Interrupt|Exit|Iteration)"),
    "at": _like(rf"[\w.]{{1,80}}:[0-9]{{1,6}}( [\w.]{{1,80}}:[0-9]{{1,6}}){{0,{MOST_PLACES - 1}}}"),
    "about": _like("[a-z]+(-[a-z]+){1,5}"),
    "library": _like("[a-z][a-z0-9_]{0,31}"),
    "attempts": _is_number,
    "count": _is_number,
    "blobs": _is_number,
    "days": _is_number,
    "bytes": _is_number,
    "seconds": _is_number,
    "dropped": _is_number,
}
"""The table. `at`: `module:line`, outermost first. `about`: an event of the audit trail. `library`: whose record it was.
`dropped`: how many keys were left out of this line."""

SET_BY_LOG = frozenset({"time", "level", "event"})
"""What every line has, and nobody hands in as a key."""

_NO_MODULES = frozenset({"py"})
"""Loggers of Python's own that are called as no module is: `py.warnings`."""
_CLASS = re.compile(r"[A-Za-z_]\w{0,63}", re.ASCII)
_MODULE = re.compile(r"[\w.]{1,80}", re.ASCII)


def clean(untrusted: Mapping[str, object]) -> dict[str, Value]:
    """The line that may be written of what was handed in. Never raises, and calls nothing of what it is given."""
    line: dict[str, Value] = {}
    dropped = 0
    for key, value in untrusted.items():
        if key == "error" and (isinstance(value, BaseException) or _is_exception_class(value)):
            line |= _tell_of(value)  # type: ignore[arg-type] # it is one of both
        elif key in ALLOWED:
            line[key] = _said(key, value)
        else:
            dropped += 1
    if dropped:
        line["dropped"] = dropped
    return line


def clean_foreign(level: str, logger: object, error: object) -> dict[str, Value]:
    """What is said of a record that some library, or code that does not know this module, made: that there was one, and whose."""
    said = dict(clean({"level": level.lower(), "event": "library-warns"}))
    first = logger.partition(".")[0] if isinstance(logger, str) else ""
    if first == "chartdraft":
        said["event"] = "foreign-record"
    else:
        # A logger can be called anything; what is called as a module that was imported is called so by its own code.
        said["library"] = _said("library", first) if first in sys.modules or first in _NO_MODULES else UNSAID
    return said | (_tell_of(error) if isinstance(error, BaseException) else {})


def places(traceback: TracebackType | None) -> str:
    """The modules and line numbers that an exception came through: no text of the code, and no variable."""
    found = []
    while traceback is not None:
        module = traceback.tb_frame.f_globals.get("__name__")
        known = module if isinstance(module, str) and module in sys.modules and _MODULE.fullmatch(module) else UNSAID
        found.append(f"{known}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " ".join(place for place in found[-MOST_PLACES:] if not place.startswith(UNSAID))


def _said(key: str, value: object) -> Value:
    return value if ALLOWED[key](value) else UNSAID  # type: ignore[return-value] # the rules let texts and numbers through alone


def _is_exception_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def class_said(kind: type[BaseException]) -> str:
    """The name of an exception's class as its code spells it; `?` of one that was made while running, perhaps of what was read."""
    name, module = kind.__name__, sys.modules.get(str(kind.__module__))
    return name if _CLASS.fullmatch(name) and vars(module or object).get(name) is kind else UNSAID


def _tell_of(error: BaseException | type[BaseException]) -> dict[str, Value]:
    told: dict[str, Value] = {"error": class_said(error if isinstance(error, type) else type(error))}
    at = places(error.__traceback__) if isinstance(error, BaseException) else ""
    return told | ({"at": at} if at else {})


def why_fields(why: str) -> dict[str, object]:
    """How to log a reason that is an error's code or, for what nobody foresaw, an exception's class."""
    return {"code": why} if why in CATALOG else {"error": why}
