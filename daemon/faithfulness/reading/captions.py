"""Captions (WebVTT, SubRip) and other pieces with times, whose borders follow the clock: joined to what was said in one go."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape

from daemon.faithfulness.reading.transcript import Turn, closed, seconds, turns_of

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_CUE = re.compile(rf"[ \t]*(?P<start>{_TIME})[ \t]+-->[ \t]+(?P<end>{_TIME})(?:[ \t][^\n]*)?$")
_VOICE = re.compile(r"[ \t]*<v(?:\.[^\s>]{1,40})?[ \t]+(?P<name>[^>\n]{1,60})>")
_MARK = re.compile(r"</?[a-z0-9:.]{1,40}(?: [^>\n]{0,60})?>")
_ENDS = re.compile(r"[.!?][\"'”’)]*\s*$")
_LONGEST = 600  # characters; speech recognition without full stops would else be one passage


def is_captions(text: str) -> bool:
    """Whether `text` is WebVTT or SubRip: cues are its lines that hold two times and an arrow."""
    return any(_CUE.match(line) for line in text[:5000].splitlines())


def caption_turns(text: str) -> list[Turn]:
    """The cues of `text` (W3C WebVTT, SubRip), their marks left out, joined to sentences. A voice is a speaker's name."""
    turns: list[Turn] = []
    said: list[str] = []
    begun: Turn | None = None
    for line in [*text.splitlines(), ""]:
        if (cue := _CUE.match(line)) is not None:
            begun, said = Turn("", "", seconds(cue["start"]), seconds(cue["end"])), []
        elif line.strip() and begun is not None:
            said.append(line)
        elif begun is not None:
            turns.append(_voiced(replace(begun, text=" ".join(said))))
            begun = None
    return joined(_named(turns))


def joined(turns: Iterable[Turn]) -> list[Turn]:
    """Pieces of the same speaker as one turn, until a sentence ends: from when the first begins to when the last ends."""
    whole: list[Turn] = []
    for turn in turns:
        last = whole[-1] if whole else None
        if last is None or last.name != turn.name or _ENDS.search(last.text[-8:]) or len(last.text) > _LONGEST:
            whole.append(turn)
        else:
            text = f"{last.text.rstrip()} {turn.text.lstrip()}"
            whole[-1] = replace(last, text=text, end=turn.end if turn.end is not None else last.end)
    return closed([turn for turn in whole if turn.text.strip()])


def _voiced(turn: Turn) -> Turn:
    voice = _VOICE.match(turn.text)
    return replace(
        turn, text=unescape(_MARK.sub("", _VOICE.sub("", turn.text))), name=voice["name"].strip() if voice else ""
    )


def _named(turns: list[Turn]) -> list[Turn]:
    """With the speakers that stand in the text of the cues ("Doctor: …"), where no voices name them; who speaks goes on."""
    if any(turn.name for turn in turns):
        return turns
    names = {turn.text: turn.name for turn in turns_of("\n".join(turn.text for turn in turns))}
    if not any(names.values()):
        return turns
    named: list[Turn] = []
    for turn in turns:
        found = turns_of(turn.text)
        speaks = found[0].name if len(found) == 1 else ""
        before = named[-1].name if named else ""
        named.append(replace(turn, text=found[0].text if speaks else turn.text, name=speaks or before))
    return named
