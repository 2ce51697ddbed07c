"""The rules of the schedule done the slow way: by looking at the clock on the wall every quarter of an hour.

It shares no arithmetic with the code it judges. "The first instant at which the clock shows nine, or the
first after the gap" is when the highest time that the clock has shown reaches nine; "the last instant at
which it shows nine" has come when it shows nine or more and will only show more.
"""

from bisect import bisect_right
from calendar import monthrange
from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from oncall.rotas.clockwindow import ClockWindow
from oncall.rotas.layer import Advance, Layer
from oncall.rotas.rotation import Rotation
from oncall.rotas.schedule import Seat

STEP = timedelta(minutes=15)
DAY = timedelta(days=1)
UNITS = {"hourly": timedelta(hours=1), "daily": DAY, "weekly": 7 * DAY}


class Walk:
    """From an instant on, by steps: what the clock shows, the most it has shown, the least it will yet."""

    def __init__(self, zone: ZoneInfo, begin: datetime, length: timedelta) -> None:
        self.ticks = [begin + STEP * n for n in range(length // STEP)]
        self.shows = [tick.astimezone(zone).replace(tzinfo=None) for tick in self.ticks]
        self.high = list(accumulate(self.shows, max))
        self.later = [*list(accumulate(reversed(self.shows), min))[-2::-1], self.shows[-1] + STEP]


def people_at_each_tick(seat: Seat, walk: Walk) -> list[frozenset[str]]:
    """Who has the seat at each tick, by the letter of the rules."""
    rotas = [(layer.priority, on_layer(layer, walk)) for layer in seat.layers]
    answer = []
    for index, tick in enumerate(walk.ticks):
        taken = [override for override in seat.overrides if override.start <= tick < override.end]
        if taken:
            answer.append(frozenset(taken[-1].people))
            continue
        active = [(priority, rota[index]) for priority, rota in rotas if rota[index]]
        best = max((priority for priority, _ in active), default=0)
        answer.append(frozenset(person for priority, group in active if priority == best for person in group))
    return answer


def on_layer(layer: Layer, walk: Walk) -> list[tuple[str, ...]]:
    """Who is on duty on one layer at each tick; the walk begins before the layer does."""
    handoffs = handoff_walls(layer.rotation, walk.high[-1])
    turns = [bisect_right(handoffs, high) - 1 for high in walk.high]
    active = [
        turn >= 0 and not is_over(layer.rotation, handoffs[turn], walk.high[tick]) and is_open(layer, walk, tick)
        for tick, turn in enumerate(turns)
    ]
    order = list(range(len(handoffs)))
    if layer.advance is Advance.ACTIVE:
        worked = sorted({turn for turn, works in zip(turns, active, strict=True) if works})
        order = [bisect_right(worked, turn) - 1 for turn in order]
    groups = layer.participants
    return [
        groups[(layer.first + order[turn]) % len(groups)] if works else ()
        for turn, works in zip(turns, active, strict=True)
    ]


def handoff_walls(rotation: Rotation, last: datetime) -> list[datetime]:
    """Every handoff from the start on, walked to by the calendar."""
    walls = [rotation.start]
    while walls[-1] <= last:
        if rotation.kind == "monthly":
            walls.append(month_later(rotation.start, len(walls) * rotation.every))
        else:
            walls.append(walls[-1] + rotation.every * UNITS[rotation.kind])
    return walls


def month_later(start: datetime, months: int) -> datetime:
    first = start.replace(day=1)
    for _ in range(months):
        first = (first + 32 * DAY).replace(day=1)
    return first.replace(day=min(start.day, monthrange(first.year, first.month)[1]))


def is_over(rotation: Rotation, handoff: datetime, high: datetime) -> bool:
    ended = rotation.duration is not None and high >= handoff + rotation.duration
    return ended or (rotation.until is not None and high >= rotation.until)


def is_open(layer: Layer, walk: Walk, tick: int) -> bool:
    shows, high, later = walk.shows[tick], walk.high[tick], walk.later[tick]
    return not layer.restrict or any(
        opens <= high and not (shows >= opens + length and later > opens + length)
        for window in layer.restrict
        for days in range(-3, 3)
        for opens in (datetime.combine((high + days * DAY).date(), time()) + timedelta(minutes=window.opens),)
        for length in (open_for(window),)
        if opens.weekday() in window.weekdays
    )


def open_for(window: ClockWindow) -> timedelta:
    minutes = window.closes - window.opens
    return timedelta(minutes=minutes if minutes > 0 else minutes + 24 * 60)


def utc_midnight(date: str) -> datetime:
    return datetime.fromisoformat(date).replace(tzinfo=UTC)
