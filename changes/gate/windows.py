"""When a freeze holds, by the wall clock of its zone. No Django here."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from changes.gate.facts import FreezeFacts
from oncall.rotas.clockwindow import open_intervals
from oncall.rotas.coverage import Interval

AHEAD = timedelta(days=8)  # windows come again after a week: one that lasts longer than this never ends
BACK = timedelta(days=8)


def holding(freeze: FreezeFacts, at: datetime) -> Interval | None:
    """The stretch of time in which the freeze holds that `at` lies in, begin inclusive, end exclusive, in UTC.

    None where it does not hold. One of every week, without a gap, is said to hold until eight days from now.
    """
    if (freeze.start and at < freeze.start) or (freeze.end and at >= freeze.end):
        return None
    if not freeze.windows:
        return Interval(freeze.start, freeze.end) if freeze.start and freeze.end else None
    return next((one for one in coming(freeze, at - BACK, at + AHEAD) if one.start <= at < one.end), None)


def coming(freeze: FreezeFacts, since: datetime, until: datetime) -> list[Interval]:
    """The stretches in which it holds between two instants, the next first."""
    if not freeze.windows:
        whole = Interval(freeze.start, freeze.end) if freeze.start and freeze.end else None
        return [whole] if whole and whole.start < until and whole.end > since else []
    found = open_intervals(freeze.windows, ZoneInfo(freeze.timezone), since, until)
    cut = ((max(one.start, freeze.start or one.start), min(one.end, freeze.end or one.end)) for one in found)
    return [Interval(start, end) for start, end in cut if start < end]


def told(moment: datetime, zone: str) -> str:
    """`2026-11-30 08:00 Europe/Berlin`."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}"
