"""Wall clock to instant and back, in an IANA zone.

A wall time is a naive `datetime`; an instant is an aware one, here always in UTC, because Python compares two
datetimes of one zone by their wall clocks. Two wall times are odd: one that does not occur becomes the first
instant after the gap; of one that occurs twice the caller chooses the first or the last.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
STRETCH = timedelta(days=5)  # the closest two changes of a zone since 1970 are 7 days apart (Recife, 2000)


@dataclass(frozen=True, slots=True)
class Transition:
    """The first instant of a new UTC offset, and how far the clock jumped (negative: back)."""

    at: datetime
    jump: timedelta


def wall_at(instant: datetime, zone: tzinfo) -> datetime:
    """What the clock on the wall shows at `instant`."""
    return instant.astimezone(zone).replace(tzinfo=None)


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first instant at which the clock shows `wall`, or the first after the gap that swallows it."""
    return _instant(wall, zone, last=False)


def last_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The last instant at which the clock shows `wall`, or the first after the gap that swallows it."""
    return _instant(wall, zone, last=True)


def instant_of(moment: datetime, zone: tzinfo) -> datetime:
    """A moment as people write it (a wall time, or an instant with an offset) as an instant in UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else first_instant(moment, zone)


def wall_of(moment: datetime, zone: tzinfo) -> datetime:
    """A moment as people write it (a wall time, or an instant with an offset) as a wall time."""
    return wall_at(moment, zone) if moment.tzinfo else moment


def transitions(zone: tzinfo, since: datetime, until: datetime) -> Iterator[Transition]:
    """The changes of UTC offset in [since, until), oldest first."""
    for year in range(since.year, until.year + 1):
        for transition in _transitions_in(zone, year):
            if since <= transition.at < until:
                yield transition


def _instant(wall: datetime, zone: tzinfo, *, last: bool) -> datetime:
    steady = _steady_offset(zone, wall.toordinal() // STRETCH.days)
    if steady is not None:
        return wall.replace(tzinfo=UTC) - steady
    before, after = _offset(wall, zone, fold=0), _offset(wall, zone, fold=1)
    if before < after:  # PEP 495: in a gap, fold 0 tells the offset before it and fold 1 the one after
        utc = wall.replace(tzinfo=UTC)
        return _first_with_offset(zone, after, utc - after, utc - before)
    return (wall - (after if last else before)).replace(tzinfo=UTC)


@lru_cache(maxsize=65536)
def _steady_offset(zone: tzinfo, stretch: int) -> timedelta | None:
    """The offset all through these days of the wall's calendar; None when it changes within them."""
    start = datetime.fromordinal(max(1, stretch * STRETCH.days))
    offset = _offset(start, zone, fold=0)
    return offset if offset == _offset(start + STRETCH, zone, fold=1) else None


def _offset(wall: datetime, zone: tzinfo, *, fold: int) -> timedelta:
    return wall.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta()


def _offset_at(instant: datetime, zone: tzinfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _first_with_offset(zone: tzinfo, offset: timedelta, before: datetime, after: datetime) -> datetime:
    """Where the offset changes to `offset`, to the second: not yet at `before`, already at `after`."""
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _offset_at(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


@lru_cache(maxsize=8192)
def _transitions_in(zone: tzinfo, year: int) -> tuple[Transition, ...]:
    found = []
    look, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    offset = _offset_at(look, zone)
    while look < end:
        following = min(look + STRETCH, end)
        changed = _offset_at(following, zone)
        if changed != offset:
            at = _first_with_offset(zone, changed, look, following)
            found.append(Transition(at, changed - offset))
        look, offset = following, changed
    return tuple(found)
