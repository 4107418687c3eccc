"""A source from a file's text: a transcript or dictation in plain text, captions, or JSON as scribes and recognizers write it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.faithfulness.reading.captions import caption_turns, is_captions, joined
from daemon.faithfulness.reading.json_text import object_in, string_of
from daemon.faithfulness.reading.transcript import Times, Transcript, Turn, role_of, transcript_of, turns_of
from daemon.faithfulness.texts import Texts
from daemon.model.errors import PermanentError

_LISTS = (
    "segments",
    "turns",
    "utterances",
    "dialogue",
    "dialog",
    "transcript",
    "conversation",
    "monologues",
    "results",
)
_WHOLE = ("dialogue", "dialog", "transcript", "conversation", "source", "text")
_TEXT = ("text", "utterance", "content", "transcript", "sentence", "value", "message")
_NAME = ("speaker", "role", "name", "speaker_label", "speakerLabel", "from", "speaker_id", "channel")
_START, _END = (
    ("start", "start_time", "startTime", "begin", "from_time"),
    ("end", "end_time", "endTime", "stop", "to_time"),
)


def read_source(text: str) -> Transcript:
    """The passages of a source. `source-unreadable` for JSON of an unknown form, and for what holds no words."""
    data = object_in(text, "source-unreadable")
    found = source_of(data) if data is not None else transcript_of(_plain(text))
    if found is None or not found.texts.by_id:
        raise PermanentError("source-unreadable")
    return found


def source_of(data: Any) -> Transcript | None:
    """The passages that a JSON value holds, or none where it is no source."""
    if isinstance(data, Mapping) and isinstance(data.get("passages"), list):
        return _passages(data["passages"])
    turns = _turns(data)
    return None if turns is None else transcript_of(turns)


def _plain(text: str) -> Sequence[Turn]:
    return caption_turns(text) if is_captions(text) else turns_of(text)


def _turns(data: Any) -> Sequence[Turn] | None:
    if isinstance(data, list):
        return _listed(data)
    if not isinstance(data, Mapping):
        return None
    for key in _LISTS:
        if isinstance(data.get(key), list) and (turns := _listed(data[key])) is not None:
            return turns
    for key in _WHOLE:
        if isinstance(data.get(key), str):
            return _plain(string_of(data[key]))
        if isinstance(data.get(key), Mapping) and (turns := _turns(data[key])) is not None:
            return turns
    return None


def _listed(items: Sequence[Any]) -> Sequence[Turn] | None:
    if all(isinstance(item, str) for item in items):
        return _plain("\n".join(map(string_of, items)))
    turns = [turn for item in items if isinstance(item, Mapping) and (turn := _turn(item)) is not None]
    if len(turns) < len(items):
        return None
    return joined(turns) if any(turn.start is not None for turn in turns) else turns


def _turn(item: Mapping[str, Any]) -> Turn | None:
    text = next((item[key] for key in _TEXT if isinstance(item.get(key), str)), None)
    if text is None:
        return None
    name = next((item[key] for key in _NAME if isinstance(item.get(key), str | int)), "")
    times = [next((item[key] for key in keys if _is_time(item.get(key))), None) for keys in (_START, _END)]
    return Turn(string_of(text), string_of(str(name)), *(None if time is None else float(time) for time in times))


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e7 and math.isfinite(value)


def _passages(items: Sequence[Any]) -> Transcript | None:
    """Passages as they are: their ids where each has one of its own, and their times where an anchor says so."""
    if not all(isinstance(item, Mapping) and isinstance(item.get("text"), str) for item in items):
        return None
    names = [item.get("id") for item in items]
    own = all(isinstance(name, str) and name for name in names) and len(set(map(str, names))) == len(names)
    texts: dict[str, str] = {}
    speakers: dict[str, str] = {}
    times: dict[str, Times] = {}
    for number, item in enumerate(items, 1):
        name = string_of(item["id"]) if own else f"p{number}"
        texts[name] = string_of(item["text"])
        if isinstance(item.get("speaker"), str) and item["speaker"]:
            speakers[name] = role_of(item["speaker"])
        anchor = item.get("anchor")
        if isinstance(anchor, Mapping) and _is_time(anchor.get("start")) and _is_time(anchor.get("end")):
            times[name] = (float(anchor["start"]), float(anchor["end"]))
    return Transcript(Texts(texts, speakers), times)
