"""Three settings are put into config.toml; its comments, its order and all else stay. Rules alone."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

from volume_parts import VolumeError

_TABLE = re.compile(r"^[ \t]*\[", re.MULTILINE)
_AS_EXPECTED = "please set inbox_dir, outbox_dir and encrypted_volume in it by hand"


def with_settings(text: str, values: Mapping[str, str]) -> str:
    """The text with these keys of its root set; `VolumeError` if the result would say anything else besides.

    A key stands on a line of its own, as in config.example.toml; one that is missing is added above the first table.
    """
    before = _parsed(text)
    for key, value in values.items():
        text = _with(text, key, value)
    if _parsed(text) != {**before, **values}:
        raise VolumeError(f"The settings file is not written as expected; {_AS_EXPECTED}.")
    return text


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise VolumeError(f"The settings file cannot be read ({error}); please mend it and run this again.") from None


def _with(text: str, key: str, value: str) -> str:
    table = _TABLE.search(text)
    root = text[: table.start()] if table else text
    rest = text[len(root) :]
    line = re.compile(
        rf"""^(?P<key>[ \t]*{re.escape(key)}[ \t]*=[ \t]*)(?:"[^"\\\n]*"|'[^'\n]*')(?P<rest>.*)$""", re.MULTILINE
    )
    written = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    changed, found = line.subn(lambda match: f"{match['key']}{written}{match['rest']}", root)
    if found > 1:
        raise VolumeError(f"The settings file is not written as expected ({key}); {_AS_EXPECTED}.")
    if not found:
        changed = f"{root}{'' if not root or root.endswith(chr(10)) else chr(10)}{key} = {written}\n"
    return changed + rest
