"""How on-call work is shared: hours, nights, weekends and holidays by person, and who was paired with whom. Pure.

All is counted on the wall clock of the schedule's zone.

A **night** runs from 23:00 to 06:00: seven hours that hold midnight to five, as Directive 2003/88/EC asks of night time
in article 2(3); they are the default of the Working Time Regulations 1998 (reg. 2) and of the Arbeitszeitgesetz (§ 2).
A **weekend** runs from Saturday 00:00 until Monday 00:00 (days 6 and 7 of ISO 8601), a **holiday** from midnight to
midnight. Each counts for whoever is on call during three of its hours, the share that makes a night worker in article
2(4): a shift that ends on Monday at one is nobody's night, and a night that two people share may be both's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oncall.rotas.coverage import Interval, covered_time, union
from oncall.rotas.walltime import DAY, first_instant, wall_at

NIGHT_FROM, NIGHT_TO = time(23), time(6)
SATURDAY = 5
COUNTS = timedelta(hours=3)

Duties = Mapping[str, Sequence[Interval]]  # when each person is on duty; intervals may overlap, and then count once


@dataclass(frozen=True, slots=True)
class Load:
    """What one person bears: time on call, and in how many nights, weekends and holidays."""

    time: timedelta = timedelta()
    nights: int = 0
    weekends: int = 0
    holidays: int = 0

    @property
    def hours(self) -> float:
        return round(self.time / timedelta(hours=1), 2)


class Pairing(NamedTuple):
    """How often two people were on duty at the same time, one on each seat, and for how long in all."""

    one: str
    other: str
    times: int
    time: timedelta

    @property
    def hours(self) -> float:
        return round(self.time / timedelta(hours=1), 2)


def loads(duties: Duties, zone: ZoneInfo, holidays: Mapping[str, Collection[date]]) -> dict[str, Load]:
    """What each person bears; `holidays` are the public holidays that each of them has."""
    return {
        person: _load(union(spans), zone, holidays.get(person, ())) for person, spans in duties.items() if union(spans)
    }


def pairings(one: Duties, other: Duties) -> list[Pairing]:
    """Every two people of two seats who were on duty at the same time, the longest together first.

    A stretch together counts once, however many shifts make it up. Nobody is paired with themselves.
    """
    found = []
    for person, spans in one.items():
        for partner, others in other.items():
            together = overlaps(union(spans), union(others)) if partner != person else []
            if together:
                found.append(Pairing(person, partner, len(together), covered_time(together)))
    return sorted(found, key=lambda pairing: (-pairing.time, pairing.one, pairing.other))


def overlaps(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """What both hold; each is sorted and disjoint, as `union` returns it."""
    found = []
    at = 0
    for span in one:
        while at < len(other) and other[at].end <= span.start:
            at += 1
        for index in range(at, len(other)):
            if other[index].start >= span.end:
                break
            found.append(Interval(max(span.start, other[index].start), min(span.end, other[index].end)))
    return union(found)


def is_night(instant: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant falls into the night of this zone."""
    clock = wall_at(instant, zone).time()
    return clock >= NIGHT_FROM or clock < NIGHT_TO


def _load(spans: Sequence[Interval], zone: ZoneInfo, holidays: Collection[date]) -> Load:
    first, last = wall_at(spans[0].start, zone).date(), wall_at(spans[-1].end, zone).date()
    days = list(_dates(first - 2 * DAY, last + DAY))
    nights = (_between(datetime.combine(day, NIGHT_FROM), datetime.combine(day + DAY, NIGHT_TO), zone) for day in days)
    weekends = (_whole_days(day, 2, zone) for day in days if day.weekday() == SATURDAY)
    off = (_whole_days(day, 1, zone) for day in sorted(holidays) if first <= day <= last)
    return Load(
        time=covered_time(spans),
        nights=_counted(spans, nights),
        weekends=_counted(spans, weekends),
        holidays=_counted(spans, off),
    )


def _counted(spans: Sequence[Interval], stretches: Iterator[Interval]) -> int:
    """In how many of these stretches, which are in order, the spans hold three hours."""
    counted, at = 0, 0
    for stretch in stretches:
        while at < len(spans) and spans[at].end <= stretch.start:
            at += 1
        counted += covered_time(_within(spans, at, stretch)) >= COUNTS
    return counted


def _within(spans: Sequence[Interval], at: int, whole: Interval) -> Iterator[Interval]:
    while at < len(spans) and spans[at].start < whole.end:
        yield Interval(max(spans[at].start, whole.start), min(spans[at].end, whole.end))
        at += 1


def _whole_days(day: date, many: int, zone: ZoneInfo) -> Interval:
    midnight = datetime.combine(day, time())
    return _between(midnight, midnight + many * DAY, zone)


def _between(opens: datetime, closes: datetime, zone: ZoneInfo) -> Interval:
    return Interval(first_instant(opens, zone), first_instant(closes, zone))


def _dates(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
