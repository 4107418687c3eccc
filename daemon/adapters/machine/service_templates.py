"""The two templates in `launchd/`, filled in: a property list for launchd, a unit for systemd.

launchd's is a property list itself, so it is filled in as data, and no path can break it. systemd's is text; its rules of quoting are
those of systemd.service(5) ("Command lines"), systemd.syntax(7) ("Quoting") and systemd.unit(5) ("Specifiers").
"""

from __future__ import annotations

import plistlib
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from daemon.model.background_service import LABEL, PATH, ServicePlan
from daemon.model.errors import PermanentError

TEMPLATES = Path(__file__).parents[3] / "launchd"
_ODD = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_PLACE = re.compile(r"\{([a-z_]+)\}")
# A user's own services end with `default.target`, those of the machine with `multi-user.target` (systemd.special(7)).
_USER_TARGET, _SYSTEM_TARGET = "default.target", "multi-user.target"

Values = Mapping[str, Sequence[str]]


def launchd_plist(plan: ServicePlan) -> bytes:
    """The property list, as XML; `service-path`."""
    _refuse_odd_paths(plan)
    values: Values = {
        "label": [LABEL],
        "program": [str(plan.program)],
        "options": plan.options,
        "account": [plan.account] if plan.account else [],
        "path": [PATH],
        "ctype": ["UTF-8"],
        "crash_log": [str(plan.crash_log)],
    }
    template = plistlib.loads((TEMPLATES / f"{LABEL}.plist").read_bytes())
    filled = _filled(template, values)
    filled["EnvironmentVariables"] |= plan.environment
    return plistlib.dumps(filled, sort_keys=False)


def _filled(template: Any, values: Values) -> Any:
    """The template with its strings filled in; what has no value is gone from its dictionary or array."""
    if isinstance(template, dict):
        each = {key: _filled(value, values) for key, value in template.items() if _values(value, values) != []}
        return {key: value[0] if isinstance(template[key], str) else value for key, value in each.items()}
    if isinstance(template, list):
        return [one for each in template for one in (_values(each, values) or [])]
    return _values(template, values) if isinstance(template, str) else template


def _values(template: Any, values: Values) -> list[str] | None:
    """What a string of the template stands for; None if it is no string."""
    if not isinstance(template, str):
        return None
    place = _PLACE.fullmatch(template)
    return list(values[place[1]]) if place else [template]


def plist_command(plist: bytes) -> tuple[str, ...]:
    """The command line in a property list; empty if it is none."""
    try:
        return tuple(map(str, plistlib.loads(plist).get("ProgramArguments", ())))
    except (plistlib.InvalidFileException, ValueError, AttributeError):
        return ()


def systemd_unit(plan: ServicePlan) -> bytes:
    """The unit; `service-path`."""
    _refuse_odd_paths(plan)
    environment = {"PATH": PATH, "LC_CTYPE": "C.UTF-8", **plan.environment}
    values = {
        "command": " ".join(_word(word, dollars=True) for word in (str(plan.program), *plan.options, "run")),
        "account": plan.account,
        "environment": " ".join(_word(f"{name}={value}") for name, value in environment.items()),
        "families": "" if plan.network else "AF_UNIX AF_NETLINK",
        "crash_log": str(plan.crash_log).replace("%", "%%"),
        "target": _SYSTEM_TARGET if plan.system else _USER_TARGET,
    }
    lines = (TEMPLATES / "chartdraft.service").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if all(values[name] for name in _PLACE.findall(line))]
    return "".join(_PLACE.sub(lambda place: values[place[1]], line) + "\n" for line in kept).encode()


def _word(text: str, *, dollars: bool = False) -> str:
    """One word of a unit's line: quoted, and nothing in it expanded."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped.replace("$", "$$") if dollars else escaped}"'


def unit_command(unit: bytes) -> tuple[str, ...]:
    """The command line in a unit that was made here; empty if there is none."""
    for line in unit.decode(errors="replace").splitlines():
        if line.startswith("ExecStart="):
            words = shlex.split(line.removeprefix("ExecStart="))
            return tuple(word.replace("$$", "$").replace("%%", "%") for word in words)
    return ()


def _refuse_odd_paths(plan: ServicePlan) -> None:
    """A line break would begin a new line of the unit; control characters and bytes that are no UTF-8 fit into no property list."""
    texts = (str(plan.program), *plan.options, str(plan.crash_log), *plan.environment.values())
    if any(_ODD.search(text) for text in texts) or not (plan.program.is_absolute() and plan.crash_log.is_absolute()):
        raise PermanentError("service-path")
