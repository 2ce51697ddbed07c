"""The weekdays and hours to which a layer is restricted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from oncall.rotas.coverage import Interval, union
from oncall.rotas.walltime import DAY, first_instant, last_instant, wall_at

EVERY_DAY = frozenset(range(7))
MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class ClockWindow:
    """Open from `opens` to `closes` on the weekdays named (Monday is 0); both in minutes after midnight.

    A window that closes no later than it opens closes on the day after, so that equal times make a whole
    day; it belongs to the weekday on which it opens. `closes` may be 1440, midnight at the end of the day.
    """

    weekdays: frozenset[int] = EVERY_DAY
    opens: int = 0
    closes: int = MINUTES_OF_DAY

    def on(self, day: date, zone: tzinfo) -> Interval:
        """The window that opens on `day`. Of a time the clock shows twice it takes the first to open and
        the last to close, so that a window is never shorter than people read it."""
        midnight = datetime.combine(day, time())
        closes = self.closes if self.closes > self.opens else self.closes + MINUTES_OF_DAY
        return Interval(
            first_instant(midnight + timedelta(minutes=self.opens), zone),
            last_instant(midnight + timedelta(minutes=closes), zone),
        )


def open_intervals(windows: Sequence[ClockWindow], zone: tzinfo, since: datetime, until: datetime) -> list[Interval]:
    """When any of the windows is open, sorted, touching windows made one.

    Whole windows: the first may open before `since` and the last close after `until`.
    """
    return union(_openings(windows, zone, since, until))


def is_ever_open(windows: Sequence[ClockWindow], zone: tzinfo, since: datetime, until: datetime) -> bool:
    """Whether any of the windows is open at some instant of [since, until)."""
    return any(_openings(windows, zone, since, until))


def _openings(windows: Sequence[ClockWindow], zone: tzinfo, since: datetime, until: datetime) -> Iterator[Interval]:
    for day in _days(wall_at(since, zone), wall_at(until, zone)):
        for window in windows:
            if day.weekday() in window.weekdays:
                opening = window.on(day, zone)
                if max(opening.start, since) < min(opening.end, until):
                    yield opening


def _days(since: datetime, until: datetime) -> Iterator[date]:
    """The dates on which a window that concerns [since, until) may open; a day more at each end, for the
    window that crosses midnight and for the zone that skips a whole day (Samoa, 2011)."""
    day = since.date() - 2 * DAY
    while day <= until.date() + DAY:
        yield day
        day += DAY
