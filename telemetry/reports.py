"""Of which firing a report speaks whose sender does not tell firings apart by their start. No Django here.

Such a sender names an alert (a PagerDuty incident, a Sentry issue, a Datadog monitor) and says how it is at a moment.
What it says may come late, twice, or be the first that we hear.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telemetry.events import AlertEvent

SLACK = timedelta(seconds=5)
"""By how much an end may seem to come before its start: senders cut the one to seconds and not the other."""


@dataclass(frozen=True)
class Firing:
    """A firing that is known: from `starts_at` to `ends_at`, None while it fires."""

    starts_at: datetime
    ends_at: datetime | None = None
    cycle: str = ""


def settle(event: AlertEvent, known: Sequence[Firing]) -> AlertEvent | None:
    """The report as one of a firing with a start, among those known of its fingerprint; None where it is old news."""
    if event.told_at is None:
        return event
    own = [one for one in known if one.cycle == event.cycle] if event.cycle else list(known)
    return _end(event, own) if event.status == "resolved" else _begin(event, event.told_at, own, known)


def overtakes(event: AlertEvent) -> bool:
    """Whether it ends what else fires under its fingerprint."""
    return event.status == "firing" and bool(event.cycle)


def _end(event: AlertEvent, own: Sequence[Firing]) -> AlertEvent | None:
    """Of the firing that is not over. An end that nobody heard the start of stands for itself."""
    at = event.told_at or event.starts_at
    ended = event.ends_at or at
    open_ones = [one for one in own if one.ends_at is None and (event.cycle or one.starts_at - at <= SLACK)]
    if open_ones:
        start = max(one.starts_at for one in open_ones)
        return replace(event, starts_at=start, ends_at=max(ended, start))
    return None if own else replace(event, ends_at=max(ended, event.starts_at))


def _begin(event: AlertEvent, at: datetime, own: Sequence[Firing], known: Sequence[Firing]) -> AlertEvent | None:
    """Of the firing that goes on, else the begin of one that is later than all that is over."""
    before = [one for one in own if one.starts_at <= at]
    if going_on := [one.starts_at for one in before if one.ends_at is None]:
        return replace(event, starts_at=max(going_on))
    if any(one.starts_at > at for one in known) or any(one.ends_at and one.ends_at >= at for one in before):
        return None
    over = [one.ends_at for one in own if one.ends_at]
    start = event.starts_at if all(event.starts_at > end for end in over) else at
    taken = {one.starts_at for one in known}
    while start in taken:
        start += timedelta(microseconds=1)
    return replace(event, starts_at=start)
