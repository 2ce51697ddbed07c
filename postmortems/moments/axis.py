"""Which stretch of time a picture shows, and where its axis has ticks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from postmortems.moments.figure import Figure, Lane, Panel

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
REACH = 30 * MINUTE
"""Moments this far from the incident are drawn, or as far as it was long: a deploy of last month would squeeze it."""
STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR]
STEPS += [12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY]


def figures(lanes: Sequence[Lane], panels: Sequence[Panel] = ()) -> list[Figure]:
    """The lanes on as few axes as can be read: incidents a month apart get one each. None without a moment."""
    told = sorted((lane for lane in lanes if lane.moments or lane.milestones), key=lambda lane: _extent(lane)[0])
    groups: list[list[Lane]] = []
    for lane in told:
        if groups and _near(groups[-1], lane):
            groups[-1].append(lane)
        else:
            groups.append([lane])
    return [_figure(group, panels) for group in groups]


def _extent(lane: Lane) -> tuple[datetime, datetime]:
    if lane.core:
        return lane.core
    times = [m.at for m in lane.moments] + [m.at for m in lane.milestones]
    return min(times), max(times)


def _near(group: Sequence[Lane], lane: Lane) -> bool:
    """Whether the pause before it is no longer than twice all that there is to show."""
    extents = [_extent(one) for one in (*group, lane)]
    shown = sum((end - start for start, end in extents), timedelta())
    return extents[-1][0] - max(end for _, end in extents[:-1]) <= max(2 * shown, HOUR)


def _figure(lanes: Sequence[Lane], panels: Sequence[Panel]) -> Figure:
    extents = [_extent(lane) for lane in lanes]
    start, end = min(one[0] for one in extents), max(one[1] for one in extents)
    reach = max(end - start, REACH)
    times = [moment.at for lane in lanes for moment in lane.moments]
    times = [at for at in times if start - reach <= at <= end + reach] + [start, end]
    first, last = min(times), max(times)
    length = last - first
    since = first - min(HOUR, max(2 * MINUTE, length / 10))
    until = last + min(HOUR, max(2 * MINUTE, length / 10))
    all_of_them = [moment.at for lane in lanes for moment in lane.moments]
    outside = sum(at < since for at in all_of_them), sum(at > until for at in all_of_them)
    return Figure(since, until, [_within(lane, since, until) for lane in lanes], seen(panels, since, until), outside)


def _within(lane: Lane, since: datetime, until: datetime) -> Lane:
    moments = sorted((m for m in lane.moments if since <= m.at <= until), key=lambda m: m.at)
    return replace(lane, moments=moments, milestones=[m for m in lane.milestones if since <= m.at <= until])


def seen(panels: Sequence[Panel], since: datetime, until: datetime) -> list[Panel]:
    """The panels that have a value in it, with their points of it."""
    low, high = since.timestamp(), until.timestamp()
    cut = [
        replace(panel, lines=[(name, [p for p in points if low <= p[0] <= high]) for name, points in panel.lines])
        for panel in panels
    ]
    return [panel for panel in cut if any(value is not None for _, points in panel.lines for _, value in points)]


def ticks(since: datetime, until: datetime, most: int) -> list[tuple[datetime, str]]:
    """At most `most` round instants of the zone of `since`, with their words: the time, or the day at its beginning."""
    step = next((one for one in STEPS if (until - since) / one <= most), max(STEPS[-1], (until - since) / most))
    midnight = since.replace(hour=0, minute=0, second=0, microsecond=0)
    at, found = midnight, []
    at += step * ((since - midnight) // step)
    while at <= until:
        if at >= since:
            of_day = (at - midnight) % DAY == timedelta()
            found.append((at, f"{at.day} {at:%b}" if of_day or step >= DAY else f"{at:%H:%M}"))
        at += step
    return found
