"""What of the vault is still needed, and what is to go: a pure rule over what the board, the manifests and the vault say.

Only what was delivered is ever due: an item that is on its way, or that needs attention because it was never drafted, keeps everything.

| what | goes when |
|---|---|
| originals | the job was delivered `originals_days` ago |
| its reading and its draft | the job was delivered `drafts_days` ago |
| its manifest, which says where the originals lie | both times are over |
| a blob that no job names: a claim or a step that a crash cut off, an earlier revision's draft | it is `LEFTOVER_DAYS` old, no job is under way, and the board is surely this vault's (`orphans_belong`) |
| the key of a day | nothing of the day and class is needed, and the day is `LEFTOVER_DAYS` old |

A blob that two jobs name (the same recording for two documents) stays for as long as one of them needs it.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from daemon.model.blob_reference import VaultDay
from daemon.model.job import FINAL_STATES, JobState

LEFTOVER_DAYS = 3
"""A claim or a step may take hours, and a clock may be off by a day; nothing that takes three days is left over."""

LOOK_HOURS = 20
JUMP_DAYS = 4
"""The daily run acts where the last one was between these: longer than a restart takes, no longer than a long weekend."""

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""Before this program was: a time before it was told by a clock that had lost its own, and says nothing of an item's age."""

Look = Literal["acts", "soon", "jumped"]

Present = Mapping[VaultDay | None, Collection[str]]
"""The blobs that lie in the vault, by day; None: of a version that had no day keys."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Days after the delivery; 0: never."""

    originals_days: int
    drafts_days: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What one job holds in the vault. `since`: when it came to be in its state. `originals` None: its manifest cannot be read."""

    job: str
    revision: int
    state: JobState
    since: datetime
    manifest: str
    originals: tuple[str, ...] | None
    made: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """What goes of one job. `over` says whose time is: "o" originals, "m" what was made of them, "om" both."""

    job: str
    revision: int
    over: str
    originals: tuple[str, ...]
    made: tuple[str, ...]

    @property
    def blobs(self) -> tuple[str, ...]:
        """All of it. The manifest is the last: as long as it is there, what else is to go is known."""
        return (*self.originals, *self.made)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done. `unclear`: a manifest that is still needed cannot be read, or the board may not know all jobs, so that nothing counts as left over."""

    removals: tuple[Removal, ...] = ()
    leftovers: tuple[str, ...] = ()
    days: tuple[VaultDay, ...] = ()
    undrafted: int = 0
    unclear: bool = False


@dataclass(slots=True)
class _Named:
    needed: set[str] = field(default_factory=set)
    due: set[str] = field(default_factory=set)


def look(last: datetime | None, now: datetime) -> Look:
    """Whether the daily run may act, when the one before looked at `last`: what is deleted by a wrong clock is gone.

    After a jump, in either direction, it only takes note of the time; a second look, a day later by the same clock, confirms it.
    """
    if last is None or now < last or now - last > timedelta(days=JUMP_DAYS):
        return "jumped"
    return "soon" if now - last < timedelta(hours=LOOK_HOURS) else "acts"


def unnamed(holdings: Iterable[Holding], present: Present) -> list[str]:
    """The blobs that no job names, as far as the manifests can be read."""
    named = {blob for each in holdings for blob in (each.manifest, *(each.originals or ()), *each.made)}
    return sorted(blob for blobs in present.values() for blob in blobs if blob not in named)


def plan(
    holdings: Sequence[Holding], present: Present, policy: Policy, now: datetime, *, orphans_belong: bool = True
) -> Plan:
    """What is to go at this moment. `orphans_belong` False: a blob that no job names may be one of a job that the board has lost,
    or that another machine's board holds; then nothing is left over, and no day's key ends."""
    named = _Named()
    for holding in holdings:
        needed, due = _divided(holding, policy, now)
        named.needed.update(needed)
        named.due.update(due)
    there = {blob for blobs in present.values() for blob in blobs}
    gone = (there & named.due) - named.needed
    unclear = not orphans_belong or any(
        each.originals is None and not all(_is_due(each, policy, now)) for each in holdings
    )
    certain = not unclear and all(each.state in FINAL_STATES for each in holdings)
    old = sorted(day for day in present if day is not None and _is_old(day, now)) if certain else []
    ended = tuple(day for day in old if named.needed.isdisjoint(present[day]))
    leftovers = (blob for day in old if day not in ended for blob in present[day])
    return Plan(
        removals=tuple(_removals(holdings, policy, now, gone)),
        leftovers=tuple(sorted(blob for blob in leftovers if blob not in named.needed | named.due)),
        days=ended,
        undrafted=sum(each.state != "delivered" for each in holdings),
        unclear=unclear,
    )


def _removals(holdings: Iterable[Holding], policy: Policy, now: datetime, gone: set[str]) -> Iterable[Removal]:
    said: set[str] = set()
    # What several jobs named goes with the one that needed it longest: of that one it was not said before.
    for holding in sorted(holdings, key=lambda each: each.since, reverse=True):
        _, due = _divided(holding, policy, now)
        mine = [blob for blob in dict.fromkeys(due) if blob in gone - said]
        said.update(mine)
        if mine:
            originals = tuple(blob for blob in mine if blob in (holding.originals or ()))
            made = tuple(blob for blob in mine if blob not in originals)
            over = "".join(itertools.compress("om", _is_due(holding, policy, now)))
            yield Removal(holding.job, holding.revision, over, originals, made)


def _divided(holding: Holding, policy: Policy, now: datetime) -> tuple[list[str], list[str]]:
    """What of it is needed, and what is due, the manifest last."""
    originals_due, made_due = _is_due(holding, policy, now)
    divided: tuple[list[str], list[str]] = ([], [])
    divided[originals_due].extend(holding.originals or ())
    divided[made_due].extend(blob for blob in holding.made if blob)
    divided[originals_due and made_due].append(holding.manifest)
    return divided


def _is_due(holding: Holding, policy: Policy, now: datetime) -> tuple[bool, bool]:
    """Whether its originals are, and what was made of them."""
    if holding.state != "delivered" or holding.since < FIRST_DAY:
        return False, False
    return _over(holding.since, policy.originals_days, now), _over(holding.since, policy.drafts_days, now)


def _over(since: datetime, days: int, now: datetime) -> bool:
    # Subtracted, not added: a million days after today there is no date.
    return days > 0 and (now - since) >= timedelta(days=min(days, 999_999))


def _is_old(day: VaultDay, now: datetime) -> bool:
    return (now.date() - day.date).days > LEFTOVER_DAYS
