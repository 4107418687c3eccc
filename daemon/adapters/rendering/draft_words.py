"""The words in which drafts speak of places, times, doubts and states: for a clinician and the front desk, not for us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, tzinfo

from daemon.faithfulness import plain_words
from daemon.model.draft import RouteCode, Routing
from daemon.model.error_catalog import CATALOG
from daemon.model.finding import Omission
from daemon.model.passage import Anchor, LineAnchor, PageAnchor, TimeAnchor
from daemon.model.source import Source, SourceKind

_FULL_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# What findings say is worded once, for the terminal too.
Level = plain_words.Level
LEVELS = plain_words.LEVELS
finding_sentence = plain_words.finding_sentence

NOTHING_FOUND = (
    "The automatic checks found nothing to point out. That does not mean that it is right: they cannot see everything. "
    "Please read each line against its source."
)
NO_DOUBT = (
    "The automatic checks found no doubt about a line of the draft; which does not mean that all of them are right."
)
UNSURE_WORDS = (
    "the machine was unsure of them. What they may be, or what it heard first, stands behind, where it has an idea."
)
DOTTED = f"Words with a dotted underline: {UNSURE_WORDS}"
HINT = "Click or tap a line of the draft, or go to it with the Tab key, to see the words that it rests on."
TICKS = "Ticks help you to keep your place. They are not saved: they are gone when this page is closed."

_ROUTES: Mapping[RouteCode, str] = {
    "folder": "it lay in that folder of the inbox",
    "command": "it was asked for by command",
    "spoken-cue": "the memo begins with {}",
    "kind-default": "nothing said otherwise",
    "derived": "it was asked for from what had been read before",
}


def omission_sentence(omission: Omission) -> str:
    """What was said and stands nowhere in the draft."""
    return plain_words.omission_sentence(omission, "draft")


def unsure_of(confidence: float) -> str:
    """What the dotted line under a word means."""
    return f"The reader was unsure of this word: {round(100 * confidence)} %"


def unread_place(anchor: Anchor, names: Mapping[str, str], whole: Collection[str]) -> str:
    """Where something stands or was said that could not be made out: "Page 2, bottom right: …"."""
    where, verb = area(anchor, names, whole), "listen" if isinstance(anchor, TimeAnchor) else "look"
    return f"{where[:1].upper()}{where[1:]}: nothing was guessed. Please {verb} there."


def unread_sentence(source: str, code: str) -> str:
    """That a source of a packet is missing from the draft, and what the desk can do: "Scan 2 could not be read, …"."""
    name = source[:1].upper() + source[1:] if source else "A file"
    reason = CATALOG.get(code, CATALOG["internal"]).sentence
    return f"{name} could not be read, so nothing of it is in this draft. {reason}"


def clock_time(seconds: float) -> str:
    """0:41, 12:05, 1:02:03; rounded down, as players show it."""
    whole = max(int(seconds), 0)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def routing_sentence(title: str, routing: Routing) -> str:
    """Why the sources became this document; empty where nothing is known."""
    reason = _ROUTES.get(routing.code, "").format(f"“{routing.words.strip()}”" if routing.words.strip() else "its name")
    return f"{title}, because {reason}." if reason else ""


def source_names(sources: Sequence[Source]) -> dict[str, str]:
    """A name for each source id: empty where there is but one of its kind, else "recording 1", "scan 2"…"""
    totals = Counter(source.kind for source in sources)
    seen: Counter[SourceKind] = Counter()
    names = {}
    for source in sources:
        seen[source.kind] += 1
        names[source.id] = f"{source.kind} {seen[source.kind]}" if totals[source.kind] > 1 else ""
    return names


def place(anchor: Anchor, names: Mapping[str, str], whole: Collection[str] = ()) -> str:
    """Where to look: "0:41", "page 2", "recording 2, 0:41"; a named scan among `whole`, the ids of those of one page: "scan 3"."""
    name = names.get(anchor.source, anchor.source)
    if name and isinstance(anchor, PageAnchor) and anchor.page == 1 and anchor.source in whole:
        return name
    return f"{name}, {_spot(anchor)}" if name else _spot(anchor)


def one_page(sources: Sequence[Source]) -> frozenset[str]:
    """The ids of the sources that are a single page, so that no page has to be named."""
    return frozenset(source.id for source in sources if source.pages == 1)


def _spot(anchor: Anchor) -> str:
    if isinstance(anchor, TimeAnchor):
        return clock_time(anchor.start)
    return f"page {anchor.page}" if isinstance(anchor, PageAnchor) else f"line {anchor.line}"


def area(anchor: Anchor, names: Mapping[str, str], whole: Collection[str] = ()) -> str:
    """A place with its extent: "0:41 to 0:47", "page 2, top left"."""
    where = place(anchor, names, whole)
    if isinstance(anchor, TimeAnchor):
        end = clock_time(anchor.end)
        return where if clock_time(anchor.start) == end else f"{where} to {end}"
    if isinstance(anchor, LineAnchor):
        return f"{where} to {anchor.last_line}"
    left, top, right, bottom = anchor.box
    if (right - left) * (bottom - top) > 0.6:
        return f"{where} (most of the page)"
    row = _third((top + bottom) / 2, "top", "middle", "bottom")
    column = _third((left + right) / 2, "left", "center", "right")
    return f"{where}, {row} {column}"


def extent(source: Source) -> str:
    """How long a source is: "1 min 3 s", "2 pages", or empty."""
    if source.seconds is not None:
        minutes, seconds = divmod(round(source.seconds), 60)
        return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    if source.pages is not None:
        return f"{source.pages} page" + ("s" if source.pages != 1 else "")
    return ""


def date_and_time(moment: datetime, zone: tzinfo | None) -> str:
    """ "Nov 21, 2026, 9:15 AM EST": no order of numbers to mistake. `zone` None is this machine's."""
    local = moment.astimezone(zone)
    return f"{_MONTHS[local.month - 1]} {local.day}, {local.year}, {_time(local)} {local.tzname() or ''}".rstrip()


def short_moment(moment: datetime, now: datetime, zone: tzinfo | None) -> str:
    """ "9:15 AM" of the same day, else "Nov 20, 9:15 AM", with the year where it is another. `zone` None is this machine's."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return _time(local)
    year = "" if local.year == today.year else f", {local.year}"
    return f"{_MONTHS[local.month - 1]} {local.day}{year}, {_time(local)}"


def _time(local: datetime) -> str:
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'AM' if local.hour < 12 else 'PM'}"


def day(moment: datetime, zone: tzinfo | None) -> str:
    """ "November 21, 2026", as letters are dated. `zone` None is this machine's."""
    local = moment.astimezone(zone)
    return f"{_FULL_MONTHS[local.month - 1]} {local.day}, {local.year}"


def _third(fraction: float, first: str, second: str, third: str) -> str:
    return first if fraction < 1 / 3 else second if fraction < 2 / 3 else third
