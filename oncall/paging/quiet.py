"""Quiet hours: when a page of low urgency waits, by the wall clock of the person. Pure."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from oncall.definition import values
from oncall.rotas.clockwindow import ClockWindow, open_intervals
from oncall.rotas.walltime import DAY


def quiet_until(start: time | None, end: time | None, zone: str, at: datetime) -> datetime | None:
    """The instant, in UTC, at which the quiet hours end that hold at `at` (aware); None where none do.

    Quiet from `start` until just before `end`, to the minute, every day; an `end` no later than `start` is on the
    day after. On the days when clocks change it is a clock window like those of a layer: of a time shown twice it
    begins at the first and ends at the last. No times, equal times (nothing may wait for ever) and a zone that no
    longer exists are no quiet hours: whoever is in doubt is told.
    """
    if start is None or end is None or _minutes(start) == _minutes(end) or not (known := _zone(zone)):
        return None
    window = ClockWindow(opens=_minutes(start), closes=_minutes(end))
    nights = open_intervals([window], known, at, at + 2 * DAY)
    return next((night.end for night in nights if night.start <= at < night.end), None)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _zone(name: str) -> ZoneInfo | None:
    try:
        return values.zone(name)
    except ValueError:
        return None
