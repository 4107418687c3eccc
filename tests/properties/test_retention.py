"""What goes from the vault and what stays: whatever the jobs, the days and the settings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.model.blob_reference import BlobReference, VaultDay, parse_reference
from daemon.model.job import STATES
from daemon.model.retention import LEFTOVER_DAYS, Holding, Plan, Policy, Present, plan

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LETTERS = "abcdefg"


def blobs(kind: str) -> st.SearchStrategy[str]:
    days = st.integers(0, 12).map(lambda ago: date(2026, 11, 22) - timedelta(days=ago))
    keyed = st.builds(
        lambda day, name: str(BlobReference(name * 26, VaultDay(day, kind))), days, st.sampled_from(LETTERS)
    )  # type: ignore[arg-type]
    return st.one_of(keyed, keyed, st.sampled_from(LETTERS).map(lambda name: name * 26))


ORIGINALS = st.lists(blobs("original"), max_size=3, unique=True).map(tuple)
MADE = st.lists(blobs("made"), max_size=2, unique=True).map(tuple)
HOLDINGS = st.lists(
    st.builds(
        Holding,
        job=st.sampled_from(["joba", "jobb", "jobc", "jobd"]),
        revision=st.integers(1, 2),
        state=st.one_of(st.just("delivered"), st.sampled_from(STATES)),
        since=st.integers(-24, 12 * 24).map(lambda hours: NOW - timedelta(hours=hours)),
        manifest=blobs("made"),
        originals=st.one_of(ORIGINALS, ORIGINALS, ORIGINALS, st.none()),
        made=MADE,
    ),
    max_size=4,
)
POLICIES = st.builds(Policy, st.sampled_from([0, 1, 5, 10**7]), st.sampled_from([0, 1, 5]))
EXTRA = st.lists(st.one_of(blobs("original"), blobs("made")), max_size=6)


def lying(holdings: list[Holding], extra: list[str], gone: set[str]) -> Present:
    """A vault that holds what the jobs hold, but for what is gone, and more."""
    found: dict[VaultDay | None, list[str]] = {None: []}
    named = {blob for each in holdings for blob in (each.manifest, *(each.originals or ()), *each.made)}
    for blob in sorted((named | set(extra)) - gone):
        reference = parse_reference(blob)
        assert reference is not None
        found.setdefault(reference.day, []).append(blob)
    return found


def is_over(holding: Holding, days: int) -> bool:
    return holding.state == "delivered" and days > 0 and NOW - holding.since >= timedelta(days=days)


def must_stay(holdings: list[Holding], policy: Policy) -> set[str]:
    """As the table in the module's head says it, job by job."""
    stays: set[str] = set()
    for each in holdings:
        originals, made = is_over(each, policy.originals_days), is_over(each, policy.drafts_days)
        stays |= set() if originals else set(each.originals or ())
        stays |= set() if made else set(each.made)
        stays |= set() if originals and made else {each.manifest}
    return stays


def goes(planned: Plan, present: Present) -> set[str]:
    ended = {blob for day in planned.days for blob in present[day]}
    return {blob for each in planned.removals for blob in each.blobs} | set(planned.leftovers) | ended


@given(holdings=HOLDINGS, extra=EXTRA, policy=POLICIES)
def test_what_a_job_needs_stays(holdings: list[Holding], extra: list[str], policy: Policy) -> None:
    present = lying(holdings, extra, set())
    assert goes(plan(holdings, present, policy, NOW), present).isdisjoint(must_stay(holdings, policy))


@given(holdings=HOLDINGS, extra=EXTRA, policy=POLICIES)
def test_what_no_job_needs_any_more_goes(holdings: list[Holding], extra: list[str], policy: Policy) -> None:
    present = lying(holdings, extra, set())
    named = {blob for each in holdings for blob in (each.manifest, *(each.originals or ()), *each.made)}
    due = named - must_stay(holdings, policy)
    planned = plan(holdings, present, policy, NOW)
    assert due <= goes(planned, present)
    at_rest = all(each.state in {"delivered", "attention"} for each in holdings)
    if at_rest and not planned.unclear:
        old = {blob for blob in set(extra) - named if is_left_over(blob)}
        assert old <= goes(planned, present)


def is_left_over(blob: str) -> bool:
    reference = parse_reference(blob)
    assert reference is not None
    return reference.day is not None and (NOW.date() - reference.day.date).days > LEFTOVER_DAYS


@given(holdings=HOLDINGS, extra=EXTRA, policy=POLICIES)
def test_what_is_young_or_comes_while_work_is_done_is_no_leftover(
    holdings: list[Holding], extra: list[str], policy: Policy
) -> None:
    planned = plan(holdings, lying(holdings, extra, set()), policy, NOW)
    assert all(map(is_left_over, planned.leftovers))
    assert all((NOW.date() - day.date).days > LEFTOVER_DAYS for day in planned.days)
    if any(each.state not in {"delivered", "attention"} for each in holdings):
        assert (planned.leftovers, planned.days) == ((), ())


@given(holdings=HOLDINGS, extra=EXTRA, policy=POLICIES)
def test_a_second_time_there_is_nothing_to_do(holdings: list[Holding], extra: list[str], policy: Policy) -> None:
    present = lying(holdings, extra, set())
    first = plan(holdings, present, policy, NOW)
    gone = goes(first, present)
    left = {day: [blob for blob in each if blob not in gone] for day, each in present.items() if day not in first.days}
    again = plan(holdings, left, policy, NOW)
    assert (again.removals, again.leftovers) == ((), ())


@given(holdings=HOLDINGS, extra=EXTRA)
def test_settings_that_keep_everything_keep_everything_that_has_a_job(
    holdings: list[Holding], extra: list[str]
) -> None:
    planned = plan(holdings, lying(holdings, extra, set()), Policy(0, 0), NOW)
    assert planned.removals == ()
