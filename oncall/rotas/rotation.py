"""The handoffs of a rotation: hourly, daily, weekly or monthly, every n, by the wall clock of a zone.

The n-th handoff is computed from the start, never by walking there: a rotation that began ten years ago costs
what one that begins today costs.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oncall.rotas.coverage import Interval
from oncall.rotas.walltime import first_instant, instant_of, last_instant, wall_at, wall_of


class Kind(StrEnum):
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


HOURS = {Kind.HOURLY: 1, Kind.DAILY: 24, Kind.WEEKLY: 24 * 7}


class Turn(NamedTuple):
    """The n-th turn of a rotation, counted from 0 at its start, and when it runs."""

    number: int
    time: Interval


@dataclass(frozen=True, slots=True)
class Rotation:
    """Handoffs every `every` hours, days, weeks or months, counted on the wall clock from `start`.

    `start` and `until` are wall times, or instants when they carry an offset. `duration`, wall-clock time
    too, ends each turn early; one that is longer than the turn changes nothing. Until the start, and from
    `until` on, there are no turns.
    """

    kind: Kind
    start: datetime
    zone: ZoneInfo
    every: int = 1
    duration: timedelta | None = None
    until: datetime | None = None

    @property
    def begins(self) -> datetime:
        """The instant of the first handoff."""
        return instant_of(self.start, self.zone)

    def handoff(self, number: int) -> datetime:
        """The instant at which turn `number` begins; never earlier than the handoff before it."""
        if number == 0:
            return self.begins
        return max(self.begins, first_instant(self.wall(number), self.zone))

    def number_at(self, instant: datetime) -> int:
        """The last turn that has begun at `instant`; 0 before the start."""
        number = max(0, self._estimate(instant))
        while number and self.handoff(number) > instant:
            number -= 1
        while self.handoff(number + 1) <= instant:
            number += 1
        return number

    def turn(self, number: int) -> Turn:
        """Turn `number`, as long as it lasts: none, for an hour that the clocks skip."""
        return Turn(number, Interval(self.handoff(number), self._end(number, self.handoff(number + 1))))

    def turns(self, since: datetime, until: datetime) -> Iterator[Turn]:
        """The turns that run at some instant of [since, until), whole; those that last none are left out."""
        number = self.number_at(since)
        start = self.handoff(number)
        while start < until:
            following = self.handoff(number + 1)
            end = self._end(number, following)
            if start < end and end > since:
                yield Turn(number, Interval(start, end))
            number, start = number + 1, following

    def wall(self, number: int) -> datetime:
        """What the clock should show when turn `number` begins."""
        wall = wall_of(self.start, self.zone)
        if self.kind is Kind.MONTHLY:
            return _months_later(wall, number * self.every)
        return wall + timedelta(hours=number * self.every * HOURS[self.kind])

    def _estimate(self, instant: datetime) -> int:
        """The turn by wall clock alone: right, but for the hours around a change of the clocks."""
        start, wall = wall_of(self.start, self.zone), wall_at(instant, self.zone)
        if self.kind is Kind.MONTHLY:
            return ((wall.year - start.year) * 12 + wall.month - start.month) // self.every
        return (wall - start) // timedelta(hours=self.every * HOURS[self.kind])

    def _end(self, number: int, following: datetime) -> datetime:
        end = following
        if self.duration is not None:
            wall = self.wall(number) + self.duration
            early = first_instant(wall, self.zone)
            if early <= self.begins:  # the start is an instant in the second pass of a repeated hour
                early = last_instant(wall, self.zone)
            end = min(end, early)
        return end if self.until is None else min(end, instant_of(self.until, self.zone))


def _months_later(wall: datetime, months: int) -> datetime:
    """The same day and time `months` later; a day which that month lacks falls on its last."""
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    return wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
